/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services_cgroup - which services run: those that have processes.
 *
 * systemd puts every service into a control group with its name below
 * system.slice, and takes the group away when the service has ended. What
 * leaves no process behind on purpose ("oneshot") cannot be judged this way.
 */
#include "facts/services.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"

#define DEPTH_MAX	4
#define PROCS_MAX	262144

static const char *const slices[] = {
	"sys/fs/cgroup/system.slice",
	"sys/fs/cgroup/systemd/system.slice",
	"sys/fs/cgroup/unified/system.slice",
};

/* The lowest number is taken for the main process. */
static uint64_t
count_processes(struct facts_source *src, const char *group, uint64_t *lowest)
{
	char path[FACTS_PATH_MAX];
	struct facts_bytes b;
	struct str rest, line;
	uint64_t pid, count = 0;

	*lowest = 0;
	if (!facts_path(path, "%s/cgroup.procs", group) ||
	    facts_read(src, path, PROCS_MAX, &b) < 0)
		return 0;
	rest = (struct str){ b.data, b.len };
	while (str_line(&rest, &line))
		if (str_u64(line, 10, &pid)) {
			count++;
			if (*lowest == 0 || pid < *lowest)
				*lowest = pid;
		}
	facts_bytes_free(&b);
	return count;
}

/* Its processes may all be in groups of its own below. */
static bool
is_populated(struct facts_source *src, const char *group)
{
	char path[FACTS_PATH_MAX], text[256];

	return facts_path(path, "%s/cgroup.events", group) &&
	    facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    strstr(text, "populated 1") != NULL;
}

static void
take_service(struct service_list *list, const char *group, const char *name)
{
	uint64_t count, lowest;
	struct json_object *item;

	count = count_processes(list->src, group, &lowest);
	if (count == 0 && !is_populated(list->src, group))
		return;
	item = service_item(list, name);
	out_cstr(item, "state", "running");
	if (count > 0) {
		out_u64(item, "main_pid", lowest);
		out_u64(item, "process_count", count);
	}
}

static bool
walk_slice(struct service_list *list, const char *dir, int depth)
{
	char path[FACTS_PATH_MAX];
	struct facts_names names;
	struct str name;
	size_t i;

	if (depth > DEPTH_MAX || facts_list(list->src, dir, &names) < 0)
		return false;
	for (i = 0; i < names.count; i++) {
		name = str_of(names.name[i]);
		if (!facts_path(path, "%s/%s", dir, names.name[i]))
			continue;
		if (str_ends(name, ".slice"))
			(void)walk_slice(list, path, depth + 1);
		else if (str_ends(name, ".service"))
			take_service(list, path, names.name[i]);
	}
	facts_names_free(&names);
	return true;
}

/* Without a process: stopped, unless it may be active without one. */
static void
judge_others(struct service_list *list)
{
	struct json_object *item;
	const char *type;
	size_t i, n = json_object_array_length(list->items);

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(list->items, i);
		type = out_get_text(item, "type");
		if (!json_object_object_get_ex(item, "state", NULL) &&
		    !json_object_object_get_ex(item, "remains", NULL) &&
		    (type == NULL || strcmp(type, "oneshot") != 0))
			out_cstr(item, "state", "stopped");
	}
}

void
services_running(struct service_list *list)
{
	bool any = false;
	size_t i;

	for (i = 0; !any && i < sizeof(slices) / sizeof(slices[0]); i++)
		any = walk_slice(list, slices[i], 0);
	if (any)
		judge_others(list);
}
