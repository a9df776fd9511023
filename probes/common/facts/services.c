/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services - what is set to run on this machine, and whether it does.
 */
#include "facts/services.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/sections.h"

bool
service_known(const struct service_list *list, const char *name)
{
	return json_object_object_get_ex(list->by_name, name, NULL);
}

struct json_object *
service_item(struct service_list *list, const char *name)
{
	struct json_object *item;

	if (json_object_object_get_ex(list->by_name, name, &item))
		return item;
	if (json_object_array_length(list->items) >= SERVICES_MAX) {
		list->truncated = true;
		return NULL;
	}
	item = out_item(list->items);
	out_cstr(item, "name", name);
	if (item != NULL && json_object_object_add(list->by_name, name,
		json_object_get(item)) < 0)
		json_object_put(item);
	return item;
}

void
service_alias(struct service_list *list, const char *name)
{
	(void)json_object_object_add(list->by_name, name, NULL);
}

static const char *
manager_of(struct facts_source *src)
{
	char name[64];

	if (facts_exists(src, "run/systemd/system"))
		return "systemd";
	if (facts_read_small(src, "proc/1/comm", name, sizeof(name)) == 0)
		return strcmp(name, "systemd") == 0 ? "systemd" :
		    strcmp(name, "init") == 0 ? "sysv" : "other";
	return NULL;
}

int
facts_services(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct service_list list = {
		.src = src,
		.items = out_list(out, "items"),
		.by_name = json_object_new_object(),
	};

	if (list.items == NULL || list.by_name == NULL) {
		json_object_put(list.by_name);
		return facts_fail(err, -ENOMEM, "etc/systemd/system");
	}
	out_cstr(out, "manager", manager_of(src));
	services_systemd(&list);
	services_sysv(&list);
	if (list.truncated)
		out_bool(out, "truncated", true);
	json_object_put(list.by_name);
	if (json_object_array_length(list.items) == 0)
		return facts_say(err, "missing",
		    "there are no unit files and no /etc/init.d");
	return 0;
}
