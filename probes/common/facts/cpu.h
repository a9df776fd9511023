/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu - the parts of the cpu section, each in a file of its own.
 */
#ifndef MID_FACTS_CPU_H
#define MID_FACTS_CPU_H
#include "facts/cpuset.h"
#include "facts/facts.h"

struct json_object;

/* Which CPUs there are; a set is empty when the source does not tell. */
struct cpu_sets {
	struct cpuset online, present;
	bool told;		/* by sysfs, not by cpuinfo */
};

/* "Data" in lower case; "" for what is not a type of cache. */
const char *cpu_cache_type(struct str type);

/* Adds part_name, vendor and stepping of an ARM processor. */
void cpu_arm(struct json_object *out);

/* As uname -m: asked, or told from the fields of cpuinfo in INFO (may be NULL). */
void cpu_architecture(struct facts_source *src, struct json_object *info,
    char *buf, size_t size);

/* sockets, cores, cpus: from sysfs, else from the list of cpuinfo. */
void cpu_topology(struct facts_source *src, struct json_object *info,
    const struct cpu_sets *sets, const char *arch, struct json_object *out);
void cpu_caches(struct facts_source *src, const struct cpu_sets *sets,
    struct json_object *out);
void cpu_numa(struct facts_source *src, struct json_object *out);

/* A file of sysfs that is a list ("0-3") or a mask ("f"). */
bool cpu_read_set(struct facts_source *src, const char *path, bool list,
    struct cpuset *out);

#endif
