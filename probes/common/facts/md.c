/* SPDX-License-Identifier: Apache-2.0 */
/*
 * md - software RAID: what /proc/mdstat says, and what sysfs adds.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/block.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define ARRAYS_MAX 1024
#define MEMBERS_MAX 1024

/* The array that the lines at hand speak of. */
struct array {
	struct json_object *item, *members;
	uint64_t active, failed, spare;	/* counted in its first line */
	uint64_t wanted, working;	/* "[4/3]" */
	bool running, told;	/* active; with counts of its own */
};

static const struct {
	const char *mark, *state;
} marks[] = {
	{ "(F)", "faulty" }, { "(S)", "spare" }, { "(W)", "writemostly" },
	{ "(J)", "journal" }, { "(R)", "replacement" },
};

/* "sdc1[1](F)" */
static void
put_member(struct array *a, struct str word)
{
	long open = str_find(word, '['), close = str_find(word, ']');
	struct json_object *m;
	const char *state = a->running ? "active" : "inactive";
	uint64_t slot;
	size_t i;

	if (open <= 0 || close < open)
		return;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_ends(word, marks[i].mark))
			state = marks[i].state;
	a->failed += strcmp(state, "faulty") == 0;
	a->spare += strcmp(state, "spare") == 0;
	a->active += strcmp(state, "active") == 0 ||
	    strcmp(state, "writemostly") == 0;
	if (a->members == NULL)
		a->members = out_list(a->item, "members");
	if (a->members == NULL ||
	    json_object_array_length(a->members) >= MEMBERS_MAX)
		return;
	m = out_item(a->members);
	out_text(m, "device", str_left(word, (size_t)open));
	if (str_u64((struct str){ word.p + open + 1,
			(size_t)(close - open - 1) }, 10, &slot))
		out_u64(m, "slot", slot);
	out_cstr(m, "state", state);
}

/* "md11 : active (auto-read-only) raid1 sdb2[0] ..." */
static void
start_array(struct array *a, struct json_object *list, struct str name,
    struct str text)
{
	struct str word;
	bool level = false;

	memset(a, 0, sizeof(*a));
	if (json_object_array_length(list) >= ARRAYS_MAX)
		return;
	a->item = out_item(list);
	out_text(a->item, "name", name);
	if (str_word(&text, &word)) {
		a->running = str_eq(word, "active");
		out_text(a->item, "state", word);
	}
	while (str_word(&text, &word)) {
		if (str_find(word, '[') > 0)
			put_member(a, word);
		else if (str_ends(word, "read-only)"))
			out_bool(a->item, "read_only", true);
		else if (!level) {
			out_text(a->item, "level", word);
			level = true;
		}
	}
}

/* "[4/3]": how many it should have, how many work. */
static void
take_counts(struct array *a, struct str word)
{
	struct str wanted, working;
	uint64_t n, m;

	if (word.n < 5 || !str_ends(word, "]"))
		return;
	word = (struct str){ word.p + 1, word.n - 2 };
	if (!str_pair(word, '/', &wanted, &working) ||
	    !str_u64(wanted, 10, &n) || !str_u64(working, 10, &m))
		return;
	a->wanted = n;
	a->working = m;
	a->told = true;
}

/* "5853468288 blocks super 1.2 level 6, 64k chunk, algorithm 2 [8/8] [UU...]" */
static void
take_blocks(struct array *a, struct str line)
{
	struct str word;
	uint64_t blocks;

	if (str_word(&line, &word) && str_u64(word, 10, &blocks) &&
	    blocks < UINT64_MAX / 1024)
		out_u64(a->item, "size_bytes", blocks * 1024);
	while (str_word(&line, &word)) {
		if (str_starts(word, "["))
			take_counts(a, word);
		if (str_starts(word, "super") && str_word(&line, &word))
			out_text(a->item, "metadata", word);
	}
}

/* "[=>....]  recovery =  8.5% (...)", "resync=DELAYED" */
static void
take_sync(struct array *a, struct str line)
{
	struct str key, value;
	double percent;

	if (str_starts(line, "[")) {
		long end = str_find(line, ']');

		line = str_skip(line, end < 0 ? line.n : (size_t)end + 1);
	}
	if (!str_pair(line, '=', &key, &value) || str_find(key, ' ') >= 0)
		return;
	out_text(a->item, "sync_action", key);
	if (str_leading_double(value, &percent))
		out_real(a->item, "sync_percent", percent);
}

static void
end_array(struct array *a)
{
	if (a->item == NULL)
		return;
	if (a->told) {
		out_u64(a->item, "devices_wanted", a->wanted);
		out_bool(a->item, "degraded", a->working < a->wanted);
	}
	out_u64(a->item, "devices_active",
	    a->told && a->running ? a->working : a->active);
	out_u64(a->item, "devices_failed", a->failed);
	out_u64(a->item, "devices_spare", a->spare);
	a->item = NULL;
}

static bool
is_heading(struct str name)
{
	return str_eq(name, "Personalities") || str_eq(name, "unused devices");
}

int
parse_mdstat(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	struct json_object *list = out_list(out, "items");
	struct array a = { .item = NULL };

	while (list != NULL && str_line(&rest, &line)) {
		if (line.n > 0 && line.p[0] != ' ' && line.p[0] != '\t') {
			end_array(&a);
			if (str_pair(line, ':', &key, &value) &&
			    !is_heading(key))
				start_array(&a, list, key, value);
			continue;
		}
		line = str_trim(line);
		if (a.item == NULL || line.n == 0)
			continue;
		if (line.p[0] >= '0' && line.p[0] <= '9')
			take_blocks(&a, line);
		else if (!str_starts(line, "bitmap"))
			take_sync(&a, line);
	}
	end_array(&a);
	return 0;
}

static void
put_uuids(struct facts_source *src, struct json_object *out)
{
	struct json_object *list, *item;
	char path[FACTS_PATH_MAX];
	size_t i;

	if (!json_object_object_get_ex(out, "items", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		if (out_get_text(item, "name") != NULL &&
		    facts_path(path, "sys/block/%s/md/uuid",
			out_get_text(item, "name")))
			(void)out_file(item, "uuid", src, path);
	}
}

static void
put_from_sysfs(struct facts_source *src, const char *name, const char *dir,
    void *list)
{
	static const struct out_row rows[] = {
		{ "md/array_state", "state", OUT_TEXT, 0 },
		{ "md/level", "level", OUT_TEXT, 0 },
		{ "md/raid_disks", "devices_wanted", OUT_NUMBER, 1 },
		{ "md/metadata_version", "metadata", OUT_TEXT, 0 },
		{ "md/degraded", "degraded", OUT_BOOL, 0 },
		{ "size", "size_bytes", OUT_NUMBER, SECTOR },
		{ NULL, NULL, OUT_TEXT, 0 },
	};
	struct json_object *item;
	char path[FACTS_PATH_MAX];

	if (strncmp(name, "md", 2) != 0 || !facts_path(path, "%s/md", dir) ||
	    !facts_exists(src, path))
		return;
	item = out_item(list);
	out_cstr(item, "name", name);
	out_files(item, src, dir, rows);
}

/* No mdstat: no array, or a tree that has only sysfs. */
int
facts_md(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_bytes b;
	int r;

	r = facts_read(src, "proc/mdstat", 4 << 20, &b);
	if (r == 0) {
		(void)parse_mdstat(b.data, b.len, out);
		facts_bytes_free(&b);
	} else if (r != -ENOENT) {
		return facts_fail(err, r, "proc/mdstat");
	} else {
		(void)block_each(src, put_from_sysfs, out_list(out, "items"));
	}
	put_uuids(src, out);
	return 0;
}
