/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block - what block devices, partitions and volumes share.
 */
#include "facts/block.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define UDEV_KEYS_MAX 256

static bool
is_partition(struct facts_source *src, const char *dir)
{
	char path[FACTS_PATH_MAX];

	return facts_path(path, "%s/partition", dir) && facts_exists(src, path);
}

static bool
has_name(const struct facts_names *names, const char *name)
{
	size_t low = 0, high = names->count, mid;
	int c;

	while (low < high) {
		mid = (low + high) / 2;
		c = strverscmp(names->name[mid], name);
		if (c == 0)
			return true;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static size_t
each_in(struct facts_source *src, const char *top, struct facts_names *names,
    const struct facts_names *but, block_fn *fn, void *arg)
{
	char dir[FACTS_PATH_MAX];
	size_t i, n = 0;

	for (i = 0; i < names->count && n < BLOCK_MAX; i++) {
		if ((but != NULL && has_name(but, names->name[i])) ||
		    !facts_path(dir, "%s/%s", top, names->name[i]) ||
		    (but != NULL && is_partition(src, dir)))
			continue;
		fn(src, names->name[i], dir, arg);
		n++;
	}
	return n;
}

/* Some captured trees have a device in one of the two places only. */
int
block_each(struct facts_source *src, block_fn *fn, void *arg)
{
	struct facts_names block, class;
	int r, r2;

	r = facts_list(src, "sys/block", &block);
	(void)each_in(src, "sys/block", &block, NULL, fn, arg);
	if (r < 0 || !src->live) {
		r2 = facts_list(src, "sys/class/block", &class);
		(void)each_in(src, "sys/class/block", &class, &block, fn, arg);
		r = r2 == 0 ? 0 : r;
		facts_names_free(&class);
	}
	facts_names_free(&block);
	return r;
}

void
block_names(struct facts_source *src, const char *dir, const char *sub,
    struct json_object *out, const char *key)
{
	struct facts_names names;
	struct json_object *list;
	char path[FACTS_PATH_MAX];
	size_t i;

	if (!facts_path(path, "%s/%s", dir, sub) ||
	    facts_list(src, path, &names) < 0)
		return;
	if (names.count > 0) {
		list = out_list(out, key);
		for (i = 0; i < names.count && i < BLOCK_MAX; i++)
			out_item_text(list, str_of(names.name[i]));
	}
	facts_names_free(&names);
}

/* Undoes \x20 and the like in place of what a name may not hold. */
static struct str
unescape(struct str in, char *buf, size_t size)
{
	size_t at = 0;
	uint64_t c;

	while (in.n > 0 && at + 1 < size) {
		if (in.n >= 4 && str_starts(in, "\\x") &&
		    str_u64((struct str){ in.p + 2, 2 }, 16, &c) && c != 0) {
			buf[at++] = (char)c;
			in = str_skip(in, 4);
		} else {
			buf[at++] = in.p[0];
			in = str_skip(in, 1);
		}
	}
	return (struct str){ buf, at };
}

/* "E:ID_FS_TYPE=ext4" of udev's database, "PARTN=1" of a uevent file. */
int
parse_udev_data(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	char plain[FACTS_SMALL];
	unsigned int n = 0;

	while (n < UDEV_KEYS_MAX && str_line(&rest, &line)) {
		if (str_starts(line, "E:"))
			line = str_skip(line, 2);
		if (!str_pair(line, '=', &key, &value) ||
		    str_find(key, ':') >= 0)
			continue;
		out_text_at(out, key, unescape(value, plain, sizeof(plain)));
		n++;
	}
	return 0;
}

void
block_udev(struct facts_source *src, const char *dir, const char *dev,
    struct json_object *found)
{
	struct facts_err ignored;
	char path[FACTS_PATH_MAX];

	if (facts_path(path, "%s/uevent", dir))
		(void)facts_parse_file(src, path, 65536, parse_udev_data,
		    found, &ignored);
	if (*dev != '\0' && facts_path(path, "run/udev/data/b%s", dev))
		(void)facts_parse_file(src, path, 65536, parse_udev_data,
		    found, &ignored);
}

void
block_take(struct json_object *out, const char *field,
    struct json_object *found, const char *key)
{
	if (!json_object_object_get_ex(out, field, NULL))
		out_cstr(out, field, out_get_text(found, key));
}
