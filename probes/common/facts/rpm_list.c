/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm_list - the packages of a whole rpm database, given as bytes.
 */
#include "facts/packages.h"

#include <errno.h>
#include <json-c/json.h>

#include "facts/image.h"
#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/rpm.h"

int
rpm_take_header(void *arg, const unsigned char *blob, size_t len)
{
	struct package_list *list = arg;
	struct json_object *item;

	if (list->known >= PACKAGES_MAX) {
		list->truncated = true;
		return -E2BIG;
	}
	item = json_object_new_object();
	if (item == NULL)
		return -ENOMEM;
	if (parse_rpm_header((const char *)blob, len, item) < 0 ||
	    json_object_array_add(list->items, item) < 0) {
		json_object_put(item);
		return -EINVAL;
	}
	out_bool(item, "installed", true);
	list->known++;
	list->installed++;
	return 0;
}

static int
parse_database(const char *data, size_t len, rpm_read_fn *read,
    struct json_object *out)
{
	struct package_list list = { .items = out_list(out, "items") };
	struct image img = image_of(data, len);

	if (list.items == NULL)
		return -1;
	return read(&img, rpm_take_header, &list) < 0 ? -1 : 0;
}

int
parse_rpm_bdb(const char *data, size_t len, struct json_object *out)
{
	return parse_database(data, len, rpm_read_bdb, out);
}

int
parse_rpm_ndb(const char *data, size_t len, struct json_object *out)
{
	return parse_database(data, len, rpm_read_ndb, out);
}

int
parse_rpm_sqlite(const char *data, size_t len, struct json_object *out)
{
	return parse_database(data, len, rpm_read_sqlite, out);
}
