/* SPDX-License-Identifier: Apache-2.0 */
/* aix - file systems and adapters as AIX lists them; see formats.h. */
#include <json-c/json.h>

#include "facts/out.h"
#include "formats/formats.h"

/* AIX, lsfs -c: MOUNTPOINT:DEVICE:VFS:... as {MOUNTPOINT: VFS}. */
bool
read_lsfs(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, point, device, vfs;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (line.n == 0 || line.p[0] == '#' || !str_part(&line, ':', &point) || !str_part(&line, ':', &device)
		    || !str_part(&line, ':', &vfs) || point.n == 0 || vfs.n == 0)
			continue;
		put_value(top, point, AS_TEXT, vfs);
		any = true;
	}
	return any;
}

/* "ent0:14108902:DESCRIPTION" of lsdev -Cc adapter; WHOLE, or the name alone. */
static bool
adapters(struct str text, struct json_object *top, bool whole)
{
	struct str line, name, designation;
	struct json_object *o;
	bool any = false;

	while (str_line(&text, &line)) {
		if (!str_part(&line, ':', &name) || name.n == 0 || !str_part(&line, ':', &designation) || (o = out_item(top)) == NULL)
			continue;
		any = true;
		put_value(o, str_of("name"), AS_TEXT, name);
		if (!whole)
			continue;
		put_value(o, str_of("designation"), AS_TEXT, designation);
		put_value(o, str_of("description"), AS_TEXT, str_trim(line));
	}
	return any;
}

bool
read_lsdev_slots(const struct format *f, struct str text, struct json_object *top)
{
	(void)f;
	return adapters(text, top, true);
}

bool
read_lsdev_controllers(const struct format *f, struct str text, struct json_object *top)
{
	(void)f;
	return adapters(text, top, false);
}
