/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu_cache - caches, each counted once however many CPUs share it, and the
 * NUMA nodes.
 */
#include "facts/cpu.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"

#define CPU_DIR "sys/devices/system/cpu"
#define NODE_DIR "sys/devices/system/node"
#define INDEX_MAX 16		/* caches of one CPU */

struct cache {
	char type[16];
	uint64_t level, size_bytes, total_bytes;
	unsigned int instances;
	struct cpuset seen;	/* CPUs whose cache of this index was counted */
};

const char *
cpu_cache_type(struct str type)
{
	if (str_eq(type, "Data"))
		return "data";
	if (str_eq(type, "Instruction"))
		return "instruction";
	return str_eq(type, "Unified") ? "unified" : "";
}

static bool
read_attr(struct facts_source *src, const char *dir, const char *name,
    char *text, size_t size)
{
	char path[FACTS_PATH_MAX];

	return facts_path(path, "%s/%s", dir, name) &&
	    facts_read_small(src, path, text, size) == 0;
}

/* "32K", "1M" */
static uint64_t
read_size(struct facts_source *src, const char *dir)
{
	char text[32];
	uint64_t v;

	if (!read_attr(src, dir, "size", text, sizeof(text)) ||
	    !str_leading_u64(str_of(text), &v) || v > UINT32_MAX)
		return 0;
	return v << (strchr(text, 'M') != NULL ? 20
		: strchr(text, 'K') != NULL   ? 10 : 0);
}

/* Who shares it; the CPU alone when the source does not tell. */
static void
read_shared(struct facts_source *src, const char *dir, unsigned int cpu,
    struct cpuset *out)
{
	char path[FACTS_PATH_MAX];

	if ((facts_path(path, "%s/shared_cpu_list", dir) &&
		cpu_read_set(src, path, true, out)) ||
	    (facts_path(path, "%s/shared_cpu_map", dir) &&
		cpu_read_set(src, path, false, out)))
		return;
	memset(out, 0, sizeof(*out));
	cpuset_add(out, cpu);
}

/* False when this CPU has no such cache. */
static bool
read_cache(struct facts_source *src, unsigned int cpu, unsigned int index,
    struct cache *c)
{
	char dir[FACTS_PATH_MAX], text[32];
	struct cpuset shared;
	uint64_t size;

	if (cpuset_has(&c->seen, cpu))
		return true;
	if (!facts_path(dir, CPU_DIR "/cpu%u/cache/index%u", cpu, index) ||
	    !read_attr(src, dir, "level", text, sizeof(text)) ||
	    !str_u64(str_of(text), 10, &c->level))
		return false;
	if (c->instances == 0 &&
	    read_attr(src, dir, "type", text, sizeof(text)))
		str_copy(c->type, sizeof(c->type),
		    str_of(cpu_cache_type(str_of(text))));
	size = read_size(src, dir);
	read_shared(src, dir, cpu, &shared);
	cpuset_add(&shared, cpu);
	cpuset_join(&c->seen, &shared);
	if (c->instances++ == 0)
		c->size_bytes = size;
	c->total_bytes += size;
	return true;
}

static void
put_cache(struct json_object *list, const struct cache *c)
{
	struct json_object *item = out_item(list);

	out_u64(item, "level", c->level);
	out_cstr(item, "type", c->type);
	if (c->size_bytes > 0)
		out_u64(item, "size_bytes", c->size_bytes);
	out_u64(item, "instances", c->instances);
	if (c->total_bytes > 0)
		out_u64(item, "total_bytes", c->total_bytes);
}

void
cpu_caches(struct facts_source *src, const struct cpu_sets *sets,
    struct json_object *out)
{
	struct json_object *list = NULL;
	unsigned int cpu, index;
	struct cache c;

	for (index = 0; index < INDEX_MAX; index++) {
		memset(&c, 0, sizeof(c));
		for (cpu = cpuset_next(&sets->online, 0); cpu < CPUSET_MAX;
		     cpu = cpuset_next(&sets->online, cpu + 1))
			if (!read_cache(src, cpu, index, &c))
				break;
		if (c.instances == 0)
			return;
		if (list == NULL)
			list = out_list(out, "caches");
		put_cache(list, &c);
	}
}

static void
put_node(struct facts_source *src, const char *name, uint64_t number,
    struct json_object *list)
{
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	struct json_object *item = out_item(list);
	struct cpuset set;

	out_u64(item, "node", number);
	if ((facts_path(path, NODE_DIR "/%s/cpulist", name) &&
		cpu_read_set(src, path, true, &set)) ||
	    (facts_path(path, NODE_DIR "/%s/cpumap", name) &&
		cpu_read_set(src, path, false, &set))) {
		cpuset_text(&set, text, sizeof(text));
		out_cstr(item, "cpus", text);
	}
}

/* A system without the folder has one node, and is not asked which CPUs it has. */
void
cpu_numa(struct facts_source *src, struct json_object *out)
{
	struct facts_names names;
	struct json_object *list = NULL;
	uint64_t number, count = 0;
	size_t i;

	if (facts_list(src, NODE_DIR, &names) == 0) {
		for (i = 0; i < names.count; i++) {
			if (!str_starts(str_of(names.name[i]), "node") ||
			    !str_u64(str_of(names.name[i] + 4), 10, &number))
				continue;
			if (list == NULL)
				list = out_list(out, "numa_nodes");
			put_node(src, names.name[i], number, list);
			count++;
		}
		facts_names_free(&names);
	}
	out_u64(out, "numa_node_count", count > 0 ? count : 1);
}
