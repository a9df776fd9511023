/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partition - the parts of each disk.
 */
#include "facts/block.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/sections.h"

static const struct out_row rows[] = {
	{ "dev", "dev", OUT_TEXT, 0 },
	{ "partition", "number", OUT_NUMBER, 1 },
	{ "start", "start_bytes", OUT_NUMBER, SECTOR },
	{ "size", "size_bytes", OUT_NUMBER, SECTOR },
	{ "ro", "read_only", OUT_BOOL, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static const struct {
	const char *key, *field;
} udev_rows[] = {
	{ "ID_PART_ENTRY_UUID", "part_uuid" }, { "PARTUUID", "part_uuid" },
	{ "ID_PART_ENTRY_NAME", "part_label" }, { "PARTNAME", "part_label" },
	{ "ID_PART_ENTRY_TYPE", "part_type" }, { "ID_FS_TYPE", "fs_type" },
	{ "ID_FS_UUID", "fs_uuid" }, { "ID_FS_LABEL", "fs_label" },
};

static void
put_partition(struct facts_source *src, const char *disk, const char *name,
    const char *dir, struct json_object *list)
{
	struct json_object *item, *found;
	const char *dev;
	size_t i;

	item = out_item(list);
	out_cstr(item, "name", name);
	out_cstr(item, "disk", disk);
	out_files(item, src, dir, rows);
	found = json_object_new_object();
	dev = out_get_text(item, "dev");
	block_udev(src, dir, dev != NULL ? dev : "", found);
	for (i = 0; i < sizeof(udev_rows) / sizeof(udev_rows[0]); i++)
		block_take(item, udev_rows[i].field, found, udev_rows[i].key);
	json_object_put(found);
	block_names(src, dir, "holders", item, "holders");
}

/* The folder of a disk holds one for each partition, named after it. */
static void
put_partitions(struct facts_source *src, const char *disk, const char *dir,
    void *list)
{
	struct facts_names names;
	char path[FACTS_PATH_MAX], mark[FACTS_PATH_MAX];
	size_t i;

	if (facts_list(src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++)
		if (str_starts(str_of(names.name[i]), disk) &&
		    json_object_array_length(list) < BLOCK_MAX &&
		    facts_path(path, "%s/%s", dir, names.name[i]) &&
		    ((facts_path(mark, "%s/partition", path) &&
			 facts_exists(src, mark)) ||
			(facts_path(mark, "%s/start", path) &&
			    facts_exists(src, mark))))
			put_partition(src, disk, names.name[i], path, list);
	facts_names_free(&names);
}

int
facts_partitions(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	int r;

	r = block_each(src, put_partitions, out_list(out, "items"));
	return r < 0 ? facts_fail(err, r, "sys/block") : 0;
}
