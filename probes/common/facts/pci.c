/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pci - the devices on the PCI buses.
 */
#include "facts/sections.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/ids.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define DEVICES_MAX	8192

static const struct out_row rows[] = {
	{ "vendor", "vendor_id", OUT_HEX, 0 },
	{ "device", "device_id", OUT_HEX, 0 },
	{ "class", "class_id", OUT_HEX, 0 },
	{ "revision", "revision", OUT_HEX, 0 },
	{ "subsystem_vendor", "subsystem_vendor_id", OUT_HEX, 0 },
	{ "subsystem_device", "subsystem_device_id", OUT_HEX, 0 },
	{ "numa_node", "numa_node", OUT_NUMBER, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static void
put_hex(struct json_object *item, const char *key, uint64_t v)
{
	char text[8];

	(void)snprintf(text, sizeof(text), "%04x", (unsigned int)(v & 0xffff));
	out_cstr(item, key, text);
}

/* Bus and function, vendor and device, 15 numbers, the driver. */
static void
put_proc_line(struct json_object *items, struct str line)
{
	struct str word, where, ids;
	struct json_object *item;
	uint64_t at, id;
	char text[16];
	int i;

	if (!str_word(&line, &where) || !str_word(&line, &ids) ||
	    !str_u64(where, 16, &at) || !str_u64(ids, 16, &id))
		return;
	item = out_item(items);
	(void)snprintf(text, sizeof(text), "0000:%02x:%02x.%x",
	    (unsigned int)(at >> 8 & 0xff), (unsigned int)(at >> 3 & 0x1f),
	    (unsigned int)(at & 7));
	out_cstr(item, "address", text);
	put_hex(item, "vendor_id", id >> 16);
	put_hex(item, "device_id", id);
	for (i = 0; i < 15 && str_word(&line, &word); i++)
		;
	out_text(item, "driver", line);
}

int
parse_proc_pci(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line;
	struct json_object *items = out_list(out, "items");
	size_t count = 0;

	while (count++ < DEVICES_MAX && str_line(&rest, &line))
		put_proc_line(items, line);
	if (rest.n > 0)
		out_bool(out, "truncated", true);
	return 0;
}

static void
put_device(struct facts_source *src, struct json_object *item,
    const char *address)
{
	char dir[FACTS_PATH_MAX], path[FACTS_PATH_MAX], target[FACTS_PATH_MAX];
	const char *slash;

	out_cstr(item, "address", address);
	if (!facts_path(dir, "sys/bus/pci/devices/%s", address) ||
	    !facts_path(path, "%s/driver", dir))
		return;
	out_files(item, src, dir, rows);
	if (ids_row_of(item).sub_vendor == 0) {
		json_object_object_del(item, "subsystem_vendor_id");
		json_object_object_del(item, "subsystem_device_id");
	}
	if (facts_link(src, path, target, sizeof(target)) == 0) {
		slash = strrchr(target, '/');
		out_cstr(item, "driver", slash != NULL ? slash + 1 : target);
	}
}

static void
put_names(struct facts_source *src, struct json_object *items)
{
	size_t i, count = json_object_array_length(items);
	struct ids_row *want = calloc(count + 1, sizeof(*want));

	if (want == NULL)
		return;
	for (i = 0; i < count; i++)
		want[i] = ids_row_of(json_object_array_get_idx(items, i));
	ids_name(src, "pci.ids", want, count);
	free(want);
}

int
facts_pci(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct json_object *items;
	struct facts_names names;
	size_t i;
	int r;

	r = facts_list(src, "sys/bus/pci/devices", &names);
	if (r < 0) {
		r = facts_parse_file(src, "proc/bus/pci/devices", 4u << 20,
		    parse_proc_pci, out, err);
		if (json_object_object_get_ex(out, "items", &items))
			put_names(src, items);
		return r;
	}
	items = out_list(out, "items");
	for (i = 0; i < names.count && i < DEVICES_MAX; i++)
		put_device(src, out_item(items), names.name[i]);
	if (names.count > DEVICES_MAX)
		out_bool(out, "truncated", true);
	facts_names_free(&names);
	put_names(src, items);
	return 0;
}
