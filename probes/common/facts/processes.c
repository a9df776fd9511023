/* SPDX-License-Identifier: Apache-2.0 */
/*
 * processes - what runs.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>

#include "facts/accounts.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define PROCESSES_MAX	20000
#define COMMAND_LINE_MAX (4u << 20)

struct walk {
	struct facts_source *src;
	struct accounts users;
	uint64_t boot_time_s;
	uint64_t kernel_threads;
};

/* "btime 1700000000" in proc/stat; after many lines about interrupts. */
static uint64_t
boot_time(struct facts_source *src)
{
	struct str rest, line;
	struct facts_bytes b;
	uint64_t v = 0;

	if (facts_read(src, "proc/stat", 4u << 20, &b) < 0)
		return 0;
	rest = (struct str){ b.data, b.len };
	while (str_line(&rest, &line))
		if (str_starts(line, "btime "))
			(void)str_u64(str_skip(line, 6), 10, &v);
	facts_bytes_free(&b);
	return v;
}

/* One small file of a process; it may end at any moment, then there is none. */
static bool
parse_one(struct walk *w, uint64_t pid, const char *file, facts_parse_fn *parse,
    struct json_object *item)
{
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	struct facts_err err;
	size_t len;
	int r;

	if (!facts_path(path, "proc/%llu/%s", (unsigned long long)pid, file))
		return false;
	r = facts_read_into(w->src, path, text, sizeof(text), &len);
	if (r == 0)
		return parse(text, len, item) == 0;
	return r == -EFBIG && facts_parse_file(w->src, path, COMMAND_LINE_MAX,
	    parse, item, &err) == 0;
}

static struct json_object *
collect_one(struct walk *w, uint64_t pid)
{
	struct json_object *item = json_object_new_object(), *after;
	uint64_t uid;

	if (item == NULL)
		return NULL;
	out_u64(item, "pid", pid);
	if (!parse_one(w, pid, "stat", parse_proc_stat, item)) {
		json_object_put(item);
		return NULL;
	}
	(void)parse_one(w, pid, "status", parse_proc_status, item);
	if (json_object_object_get_ex(item, "uid", &after)) {
		uid = json_object_get_uint64(after);
		out_text(item, "user", accounts_name(&w->users, uid));
	}
	if (w->boot_time_s > 0 && json_object_object_get_ex(item,
		"started_after_boot_s", &after))
		out_u64(item, "started_s", w->boot_time_s +
		    (uint64_t)json_object_get_double(after));
	if (json_object_object_get_ex(item, "kernel", NULL))
		w->kernel_threads++;
	else
		(void)parse_one(w, pid, "cmdline", parse_proc_cmdline, item);
	return item;
}

static void
collect_all(struct walk *w, const struct facts_names *names,
    struct json_object *out)
{
	struct json_object *items = out_list(out, "items"), *item;
	uint64_t pid, count = 0;
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (!str_u64(str_of(names->name[i]), 10, &pid))
			continue;
		if (count >= PROCESSES_MAX) {
			out_bool(out, "truncated", true);
			break;
		}
		item = collect_one(w, pid);
		if (item == NULL)
			continue;
		count++;
		if (json_object_array_add(items, item) < 0)
			json_object_put(item);
	}
	out_u64(out, "count", count);
	out_u64(out, "kernel_threads", w->kernel_threads);
}

int
facts_processes(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct walk w = { .src = src };
	struct facts_names names;
	int r;

	r = facts_list(src, "proc", &names);
	if (r < 0)
		return facts_fail(err, r, "proc");
	accounts_load(&w.users, src);
	w.boot_time_s = boot_time(src);
	collect_all(&w, &names, out);
	accounts_free(&w.users);
	facts_names_free(&names);
	return 0;
}
