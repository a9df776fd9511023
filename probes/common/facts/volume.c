/* SPDX-License-Identifier: Apache-2.0 */
/*
 * volume - logical volumes and the other devices of the device mapper.
 */
#include "facts/block.h"

#include <string.h>

#include "facts/out.h"
#include "facts/sections.h"

static const struct out_row rows[] = {
	{ "dm/name", "name", OUT_TEXT, 0 },
	{ "dm/uuid", "uuid", OUT_TEXT, 0 },
	{ "dm/suspended", "suspended", OUT_BOOL, 0 },
	{ "size", "size_bytes", OUT_NUMBER, SECTOR },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* How the UUID starts says who made it. */
static const struct {
	const char *prefix, *kind;
} kinds[] = {
	{ "LVM-", "lvm" }, { "CRYPT-", "crypt" }, { "mpath-", "multipath" },
	{ "part", "partition" }, { "DMRAID-", "raid" }, { "stratis", "stratis" },
};

static const char *
kind_of(const char *uuid)
{
	size_t i;

	for (i = 0; uuid != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(uuid, kinds[i].prefix,
			strlen(kinds[i].prefix)) == 0)
			return kinds[i].kind;
	return "other";
}

/* "my--vg-root": a single dash parts the two, a double one is a dash. */
static size_t
undouble(struct str *rest, char *to, size_t size)
{
	size_t n = 0, i;

	for (i = 0; i < rest->n && n + 1 < size; i++) {
		if (rest->p[i] == '-') {
			if (i + 1 >= rest->n || rest->p[i + 1] != '-')
				break;
			i++;
		}
		to[n++] = rest->p[i];
	}
	*rest = str_skip(*rest, i + 1);
	to[n] = '\0';
	return n;
}

static void
put_names(struct json_object *item, const char *name)
{
	struct str rest = str_of(name);
	char group[256], volume[256];

	if (undouble(&rest, group, sizeof(group)) == 0 ||
	    undouble(&rest, volume, sizeof(volume)) == 0)
		return;
	out_cstr(item, "group", group);
	out_cstr(item, "volume", volume);
}

static void
put_volume(struct facts_source *src, const char *name, const char *dir,
    void *list)
{
	struct json_object *item;
	const char *kind;

	if (strncmp(name, "dm-", 3) != 0)
		return;
	item = out_item(list);
	out_cstr(item, "device", name);
	out_files(item, src, dir, rows);
	kind = kind_of(out_get_text(item, "uuid"));
	out_cstr(item, "kind", kind);
	if (strcmp(kind, "lvm") == 0)
		put_names(item, out_get_text(item, "name"));
	block_names(src, dir, "slaves", item, "slaves");
}

int
facts_volumes(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	int r;

	r = block_each(src, put_volume, out_list(out, "items"));
	return r < 0 ? facts_fail(err, r, "sys/block") : 0;
}
