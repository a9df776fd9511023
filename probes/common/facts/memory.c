/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - how much there is, for what, and on which NUMA node.
 */
#include "facts/sections.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define NODE_DIR "sys/devices/system/node"
#define HUGE_DIR "sys/kernel/mm/hugepages"
#define SWAPS_MAX 256

struct pair {
	const char *key, *field;
};

static const struct pair meminfo_keys[] = {
	{ "MemTotal", "mem_total_bytes" },
	{ "MemFree", "mem_free_bytes" },
	{ "MemAvailable", "mem_available_bytes" },
	{ "Buffers", "buffers_bytes" },
	{ "Cached", "cached_bytes" },
	{ "Shmem", "shared_bytes" },
	{ "SwapTotal", "swap_total_bytes" },
	{ "SwapFree", "swap_free_bytes" },
	{ NULL, NULL },
};

static const struct pair node_keys[] = {
	{ "MemTotal", "total_bytes" },
	{ "MemFree", "free_bytes" },
	{ NULL, NULL },
};

static const struct pair huge_keys[] = {
	{ "Hugepagesize", "size_bytes" },
	{ "HugePages_Total", "total" },
	{ "HugePages_Free", "free" },
	{ "HugePages_Rsvd", "reserved" },
	{ NULL, NULL },
};

/* "32836008 kB" in bytes; plain numbers stay. */
static bool
amount(struct str value, uint64_t *v)
{
	return str_leading_u64(value, v) &&
	    (!str_ends(value, "kB") || !__builtin_mul_overflow(*v, 1024, v));
}

static bool
put_key(struct json_object *out, const struct pair *pairs, struct str key,
    struct str value)
{
	uint64_t v;

	for (; pairs->key != NULL; pairs++)
		if (str_eq(key, pairs->key) && amount(value, &v)) {
			out_u64(out, pairs->field, v);
			return true;
		}
	return false;
}

int
parse_meminfo(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	struct json_object *huge = NULL;
	bool any = false;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (put_key(out, meminfo_keys, key, value))
			any = true;
		else if (str_starts(key, "Huge") &&
		    !str_eq(key, "Hugetlb")) {
			if (huge == NULL)
				huge = out_item(out_list(out, "hugepages"));
			(void)put_key(huge, huge_keys, key, value);
		}
	}
	return any ? 0 : -1;
}

/* "Node 1 MemTotal:       16777216 kB" */
int
parse_node_meminfo(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value, word;
	bool any = false;

	while (str_line(&rest, &line)) {
		if (!str_word(&line, &word) || !str_eq(word, "Node") ||
		    !str_word(&line, &word) ||
		    !str_pair(line, ':', &key, &value))
			continue;
		if (put_key(out, node_keys, key, value))
			any = true;
	}
	return any ? 0 : -1;
}

int
parse_swaps(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, f[5];
	struct json_object *list = out_list(out, "swaps"), *item;
	uint64_t size, used;
	int64_t priority;
	char name[FACTS_SMALL];
	unsigned int i, n = 0;

	while (n < SWAPS_MAX && str_line(&rest, &line)) {
		for (i = 0; i < 5 && str_word(&line, &f[i]); i++)
			;
		if (i < 5 || !str_u64(f[2], 10, &size) ||
		    !str_u64(f[3], 10, &used) || size > UINT64_MAX / 1024 ||
		    used > size || !str_i64(f[4], &priority))
			continue;	/* among them the heading */
		item = out_item(list);
		out_text(item, "device", str_octal(f[0], name, sizeof(name)));
		out_text(item, "type", f[1]);
		out_u64(item, "size_bytes", size * 1024);
		out_u64(item, "used_bytes", used * 1024);
		out_i64(item, "priority", priority);
		n++;
	}
	return 0;
}

static void
put_nodes(struct facts_source *src, struct json_object *out)
{
	struct json_object *list = NULL, *item;
	struct facts_names names;
	struct facts_err ignored;
	char path[FACTS_PATH_MAX];
	uint64_t number;
	size_t i;

	if (facts_list(src, NODE_DIR, &names) < 0)
		return;
	for (i = 0; i < names.count; i++) {
		if (!str_starts(str_of(names.name[i]), "node") ||
		    !str_u64(str_of(names.name[i] + 4), 10, &number) ||
		    !facts_path(path, NODE_DIR "/%s/meminfo", names.name[i]) ||
		    !facts_exists(src, path))
			continue;
		if (list == NULL)
			list = out_list(out, "numa_nodes");
		item = out_item(list);
		out_u64(item, "node", number);
		(void)facts_parse_file(src, path, 65536, parse_node_meminfo,
		    item, &ignored);
	}
	facts_names_free(&names);
}

/* "hugepages-2048kB" for each size, where meminfo has only the usual one. */
static void
put_hugepages(struct facts_source *src, struct json_object *out)
{
	static const struct out_row rows[] = {
		{ "nr_hugepages", "total", OUT_NUMBER, 1 },
		{ "free_hugepages", "free", OUT_NUMBER, 1 },
		{ "resv_hugepages", "reserved", OUT_NUMBER, 1 },
		{ NULL, NULL, OUT_TEXT, 0 },
	};
	struct json_object *list, *item;
	struct facts_names names;
	char path[FACTS_PATH_MAX];
	uint64_t kb;
	size_t i;

	if (facts_list(src, HUGE_DIR, &names) < 0)
		return;
	list = out_list(out, "hugepages");
	for (i = 0; i < names.count; i++) {
		if (!str_starts(str_of(names.name[i]), "hugepages-") ||
		    !str_leading_u64(str_of(names.name[i] + 10), &kb) ||
		    kb > UINT64_MAX / 1024 ||
		    !facts_path(path, HUGE_DIR "/%s", names.name[i]))
			continue;
		item = out_item(list);
		out_u64(item, "size_bytes", kb * 1024);
		out_files(item, src, path, rows);
	}
	facts_names_free(&names);
}

int
facts_memory(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err ignored;
	int r;

	r = facts_parse_file(src, "proc/meminfo", 1 << 20, parse_meminfo, out,
	    err);
	put_hugepages(src, out);
	(void)facts_parse_file(src, "proc/swaps", 1 << 20, parse_swaps, out,
	    &ignored);
	put_nodes(src, out);
	return r;
}
