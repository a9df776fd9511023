/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpuset - a set of CPU numbers, as the kernel writes it: "0-3,8" or "f,0000010f".
 */
#ifndef MID_FACTS_CPUSET_H
#define MID_FACTS_CPUSET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define CPUSET_MAX 8192		/* as the largest kernels; higher numbers are ignored */

struct cpuset {
	uint64_t bits[CPUSET_MAX / 64];
};

void cpuset_add(struct cpuset *s, unsigned int cpu);
bool cpuset_has(const struct cpuset *s, unsigned int cpu);
void cpuset_join(struct cpuset *s, const struct cpuset *more);
unsigned int cpuset_count(const struct cpuset *s);
/* The lowest member at or above FROM; CPUSET_MAX when there is none. */
unsigned int cpuset_next(const struct cpuset *s, unsigned int from);

/* False, with OUT empty, when TEXT is not of that form. */
bool cpuset_of_list(struct cpuset *out, struct str text);
bool cpuset_of_mask(struct cpuset *out, struct str text);

/* Writes the list form; cut at SIZE. */
void cpuset_text(const struct cpuset *s, char *to, size_t size);

#endif
