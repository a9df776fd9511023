/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests - virtual machines and containers, from their managers' own files.
 */
#include "facts/guests.h"

#include <errno.h>
#include <string.h>
#include <json-c/json.h>

#include "facts/out.h"
#include "facts/sections.h"

struct json_object *
guest_new(struct guest_list *list, const char *kind)
{
	struct json_object *item;

	if (json_object_array_length(list->items) >= GUESTS_MAX) {
		list->truncated = true;
		return NULL;
	}
	item = out_item(list->items);
	out_cstr(item, "kind", kind);
	return item;
}

struct json_object *
guest_from_file(struct guest_list *list, const char *kind, const char *path,
    facts_parse_fn *parse)
{
	struct facts_err err;
	struct json_object *item = guest_new(list, kind);

	if (item == NULL || facts_parse_file(list->src, path, GUEST_FILE_MAX,
		parse, item, &err) == 0)
		return item;
	(void)json_object_array_del_idx(list->items,
	    json_object_array_length(list->items) - 1, 1);
	return NULL;
}

void
guests_each(struct guest_list *list, const char *dir, const char *ending,
    guest_fn *fn)
{
	struct facts_names names;
	size_t i;
	int r;

	r = facts_list(list->src, dir, &names);
	/* Homes are kept out of the worker's sight on purpose: said, no error. */
	if (r == -EACCES && strcmp(dir, "home") == 0)
		list->homes_unread = true;
	else if (r == -EACCES || r == -EPERM)
		list->failed = facts_fail(list->err, r, dir);
	if (r < 0)
		return;
	for (i = 0; i < names.count && !list->truncated; i++)
		if (names.name[i][0] != '.' &&
		    str_ends(str_of(names.name[i]), ending))
			fn(list, dir, names.name[i]);
	facts_names_free(&names);
}

int
facts_guests(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct guest_list list = {
		.src = src,
		.items = out_list(out, "items"),
		.err = err,
	};

	if (list.items == NULL)
		return facts_fail(err, -ENOMEM, "var/lib");
	guests_docker(&list);
	guests_podman(&list);
	guests_lxc(&list);
	guests_proxmox(&list);
	guests_libvirt(&list);
	if (list.truncated)
		out_bool(out, "truncated", true);
	if (list.homes_unread)
		out_bool(out, "homes_unread", true);
	return list.failed;
}
