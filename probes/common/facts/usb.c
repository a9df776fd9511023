/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usb - the devices on the USB buses.
 */
#include "facts/sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts/ids.h"
#include "facts/out.h"

#define DEVICES_MAX	4096

static const struct out_row rows[] = {
	{ "busnum", "bus", OUT_NUMBER, 0 },
	{ "devnum", "number", OUT_NUMBER, 0 },
	{ "idVendor", "vendor_id", OUT_HEX, 0 },
	{ "idProduct", "device_id", OUT_HEX, 0 },
	{ "bDeviceClass", "class_id", OUT_HEX, 0 },
	{ "manufacturer", "manufacturer", OUT_TEXT, 0 },
	{ "product", "product", OUT_TEXT, 0 },
	{ "serial", "serial", OUT_TEXT, 0 },
	{ "version", "usb_version", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static void
put_device(struct facts_source *src, struct json_object *item,
    struct ids_row *want, const char *name)
{
	char dir[FACTS_PATH_MAX], path[FACTS_PATH_MAX], text[64];
	double speed;

	out_cstr(item, "path", name);
	if (!facts_path(dir, "sys/bus/usb/devices/%s", name) ||
	    !facts_path(path, "%s/speed", dir))
		return;
	out_files(item, src, dir, rows);
	if (facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    str_leading_double(str_of(text), &speed))
		out_real(item, "speed_mbps", speed);
	*want = ids_row_of(item);
}

/* "1-2:1.0" is an interface of device "1-2". */
static size_t
put_devices(struct facts_source *src, const struct facts_names *names,
    struct json_object *out, struct ids_row *want)
{
	struct json_object *items = out_list(out, "items");
	size_t i, count = 0;

	for (i = 0; i < names->count; i++) {
		if (strchr(names->name[i], ':') != NULL)
			continue;
		if (count >= DEVICES_MAX) {
			out_bool(out, "truncated", true);
			break;
		}
		put_device(src, out_item(items), &want[count++],
		    names->name[i]);
	}
	return count;
}

int
facts_usb(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_names names;
	struct ids_row *want;
	size_t count;
	int r;

	r = facts_list(src, "sys/bus/usb/devices", &names);
	if (r == -ENOENT && facts_exists(src, "sys/bus")) {
		(void)out_list(out, "items");	/* no USB in this machine */
		return 0;
	}
	if (r < 0)
		return facts_fail(err, r, "sys/bus/usb/devices");
	want = calloc(names.count + 1, sizeof(*want));
	if (want != NULL) {
		count = put_devices(src, &names, out, want);
		ids_name(src, "usb.ids", want, count);
		free(want);
	}
	facts_names_free(&names);
	return want != NULL ? 0 : facts_fail(err, -ENOMEM,
	    "sys/bus/usb/devices");
}
