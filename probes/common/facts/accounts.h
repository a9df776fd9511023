/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accounts - the names behind user numbers, for sections that only see numbers.
 */
#ifndef MID_FACTS_ACCOUNTS_H
#define MID_FACTS_ACCOUNTS_H
#include "facts/source.h"

struct accounts {
	struct facts_bytes text;
	struct account {
		uint64_t uid;
		struct str name;
	} *at;				/* sorted by uid */
	size_t count;
};

/* Never fails: without etc/passwd there are just no names. */
void accounts_load(struct accounts *a, struct facts_source *src);
void accounts_free(struct accounts *a);

/* Borrowed until accounts_free(); empty when nobody has the number. */
struct str accounts_name(const struct accounts *a, uint64_t uid);

#endif
