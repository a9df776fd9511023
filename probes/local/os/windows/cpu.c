/* SPDX-License-Identifier: Apache-2.0 */
/* cpu - the sections cpu and memory. */
#include "win.h"

#include <json-c/json.h>
#include <psapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0"
#define CACHES_MAX 12

struct cache { BYTE level; PROCESSOR_CACHE_TYPE type; uint64_t size, instances; };
struct counts { uint64_t sockets, cores, logical, nodes; struct cache cache[CACHES_MAX]; size_t ncaches; };

static void
count_cache(struct counts *c, const CACHE_RELATIONSHIP *r)
{
	size_t i;

	for (i = 0; i < c->ncaches; i++)
		if (c->cache[i].level == r->Level && c->cache[i].type == r->Type && c->cache[i].size == r->CacheSize)
			break;
	if (i == CACHES_MAX)
		return;
	if (i == c->ncaches)
		c->cache[c->ncaches++] = (struct cache){ r->Level, r->Type, r->CacheSize, 0 };
	c->cache[i].instances++;
}

static void
count(struct counts *c, const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *r)
{
	WORD i;

	switch (r->Relationship) {
	case RelationProcessorCore:
		c->cores++;
		for (i = 0; i < r->Processor.GroupCount; i++)
			c->logical += (uint64_t)__builtin_popcountll(r->Processor.GroupMask[i].Mask);
		break;
	case RelationProcessorPackage:
		c->sockets++;
		break;
	case RelationNumaNode:
		c->nodes++;
		break;
	case RelationCache:
		count_cache(c, &r->Cache);
		break;
	default:
		break;
	}
}

static void
read_topology(struct counts *c)
{
	DWORD n = 0, at;
	char *all;

	(void)GetLogicalProcessorInformationEx(RelationAll, NULL, &n);
	all = n > 0 ? malloc(n) : NULL;
	if (all != NULL && GetLogicalProcessorInformationEx(RelationAll, (void *)all, &n))
		for (at = 0; at < n; at += ((SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *)(void *)(all + at))->Size)
			count(c, (void *)(all + at));
	free(all);
}

static void
put_caches(struct json_object *out, const struct counts *c)
{
	struct json_object *list = c->ncaches > 0 ? out_list(out, "caches") : NULL, *item;
	size_t i;

	for (i = 0; i < c->ncaches; i++) {
		item = out_item(list);
		out_u64(item, "level", c->cache[i].level);
		out_cstr(item, "type", c->cache[i].type == CacheUnified ? "unified" : c->cache[i].type == CacheData ? "data" :
		    c->cache[i].type == CacheInstruction ? "instruction" : NULL);
		out_u64(item, "size_bytes", c->cache[i].size);
		out_u64(item, "instances", c->cache[i].instances);
		out_u64(item, "total_bytes", c->cache[i].size * c->cache[i].instances);
	}
}

/* "Intel64 Family 6 Model 85 Stepping 7" */
static void
put_identifier(struct json_object *out)
{
	static const struct { const char *word, *key; } words[] = { { "Family ", "family" }, { "Model ", "model" }, { "Stepping ", "stepping" } };
	wchar_t wide[128];
	char text[256], number[16];
	const char *at;
	size_t i;

	(void)win_reg_text(FIRST, L"Identifier", wide, 128);
	win_utf8(text, sizeof(text), wide);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		at = strstr(text, words[i].word);
		if (at != NULL && sscanf(at + strlen(words[i].word), "%15[0-9]", number) == 1)
			out_cstr(out, words[i].key, number);
	}
}

int
win_cpu(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *os = json_object_new_object();
	struct counts c = { 0 };
	uint32_t mhz;

	(void)win_os(src, os, err);
	out_cstr(out, "architecture", out_get_text(os, "architecture"));
	json_object_put(os);
	(void)win_put_reg(out, "vendor", FIRST, L"VendorIdentifier");
	(void)win_put_reg(out, "model_name", FIRST, L"ProcessorNameString");
	put_identifier(out);
	if (win_reg_number(FIRST, L"~MHz", &mhz))
		out_real(out, "mhz", mhz);
	read_topology(&c);
	if (c.cores == 0)
		return win_fail(err, GetLastError(), "the topology of processors");
	out_u64(out, "logical_online", c.logical);
	out_u64(out, "cores", c.cores);
	if (c.sockets > 0) {
		out_u64(out, "sockets", c.sockets);
		out_u64(out, "cores_per_socket", (c.cores + c.sockets - 1) / c.sockets);
	}
	out_u64(out, "threads_per_core", (c.logical + c.cores - 1) / c.cores);
	out_u64(out, "numa_node_count", c.nodes > 0 ? c.nodes : 1);
	put_caches(out, &c);
	out_cstr(out, "byte_order", "little");
	return 0;
}

struct swap { struct json_object *out, *list; uint64_t page, total, used; };

static BOOL CALLBACK
on_pagefile(void *arg, PENUM_PAGE_FILE_INFORMATION info, LPCWSTR name)
{
	struct swap *s = arg;
	struct json_object *item = out_item(s->list);

	win_put(item, "device", name);
	out_cstr(item, "type", "file");
	out_u64(item, "size_bytes", info->TotalSize * s->page);
	out_u64(item, "used_bytes", info->TotalInUse * s->page);
	s->total += info->TotalSize * s->page;
	s->used += info->TotalInUse * s->page;
	return TRUE;
}

int
win_memory(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	MEMORYSTATUSEX m = { .dwLength = sizeof(m) };
	PERFORMANCE_INFORMATION p = { .cb = sizeof(p) };
	struct swap s = { .out = out };
	SYSTEM_INFO si;

	(void)src;
	if (!GlobalMemoryStatusEx(&m))
		return win_fail(err, GetLastError(), "memory");
	GetSystemInfo(&si);
	s.page = si.dwPageSize;
	out_u64(out, "mem_total_bytes", m.ullTotalPhys);
	out_u64(out, "mem_available_bytes", m.ullAvailPhys);
	if (GetPerformanceInfo(&p, sizeof(p)))
		out_u64(out, "cached_bytes", (uint64_t)p.SystemCache * s.page);
	s.list = out_list(out, "swaps");
	if (EnumPageFilesW(on_pagefile, &s) && s.total > 0) {
		out_u64(out, "swap_total_bytes", s.total);
		out_u64(out, "swap_free_bytes", s.total - s.used);
	}
	return 0;
}
