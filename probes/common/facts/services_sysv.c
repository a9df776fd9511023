/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services_sysv - services that are scripts in etc/init.d.
 *
 * A link "S20name" in the folder of a runlevel starts one there. A script that
 * has a unit of the same name is only left for old times' sake.
 */
#include "facts/services.h"

#include <json-c/json.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define SCRIPT_MAX	262144

/* Debian and SUSE have the first place, Red Hat the second. */
static const struct {
	const char *scripts;
	const char *levels;	/* and the digit and ".d" behind it */
} places[] = {
	{ "etc/init.d", "etc/rc" },
	{ "etc/rc.d/init.d", "etc/rc.d/rc" },
};

static const char *const no_services[] = {
	"README", "rc", "rcS", "rc.local", "rcS.d", "skeleton", "functions",
	"halt", "reboot", "single", "killall", "killprocs", "sendsigs",
	"umountfs", "umountroot", "umountnfs.sh", "boot", "boot.local",
	"before.local", "after.local", "halt.local",
};

/* "Short-Description:" of the LSB header, or "description:" of Red Hat. */
int
parse_init_script(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;

	while (str_line(&rest, &line)) {
		if (!str_starts(line, "#"))
			continue;
		if (!str_pair(str_skip(line, 1), ':', &key, &value))
			continue;
		if (str_eq(key, "Short-Description") ||
		    (str_eq(key, "description") &&
			out_get_text(out, "description") == NULL)) {
			if (str_ends(value, "\\"))
				value.n--;
			out_text(out, "description", value);
		}
	}
	return 0;
}

/* The script that "S20name" starts, or NULL. */
static const char *
started_by(const char *link)
{
	bool is_start = link[0] == 'S' && link[1] >= '0' && link[1] <= '9' &&
	    link[2] >= '0' && link[2] <= '9' && link[3] != '\0';

	return is_start ? link + 3 : NULL;
}

static void
note_level(struct json_object *levels, const char *name, int level)
{
	struct json_object *was;
	int64_t mask = 1 << level;

	if (json_object_object_get_ex(levels, name, &was))
		mask |= json_object_get_int64(was);
	(void)json_object_object_add(levels, name,
	    json_object_new_int64(mask));
}

/* LEVELS: name of a script to a mask of the runlevels that start it. */
static void
find_levels(struct facts_source *src, const char *prefix,
    struct json_object *levels)
{
	char dir[FACTS_PATH_MAX];
	struct facts_names names;
	const char *name;
	size_t i;
	int level;

	for (level = 0; level <= 6; level++) {
		if (!facts_path(dir, "%s%d.d", prefix, level) ||
		    facts_list(src, dir, &names) < 0)
			continue;
		for (i = 0; i < names.count; i++) {
			name = started_by(names.name[i]);
			if (name != NULL)
				note_level(levels, name, level);
		}
		facts_names_free(&names);
	}
}

static void
put_levels(struct json_object *item, int64_t mask)
{
	struct json_object *list;
	char digit[2] = "0";

	/* Levels 2 to 5 are the ones of normal work. */
	out_cstr(item, "enabled", mask & 0x3c ? "enabled" : "disabled");
	if (mask == 0)
		return;
	list = out_list(item, "runlevels");
	for (; digit[0] <= '6'; digit[0]++)
		if (mask & (1 << (digit[0] - '0')))
			out_item_text(list, str_of(digit));
}

/* The unit that replaces "hwclock.sh" is "hwclock.service". */
static bool
has_unit(const struct service_list *list, const char *name)
{
	struct str stem = str_of(name);
	char unit[FACTS_PATH_MAX];

	if (str_ends(stem, ".sh"))
		stem.n -= 3;
	return facts_path(unit, "%.*s.service", (int)stem.n, stem.p) &&
	    service_known(list, unit);
}

static bool
is_service_script(struct service_list *list, const char *name,
    const char *path)
{
	struct facts_stat st;
	size_t i;

	for (i = 0; i < sizeof(no_services) / sizeof(no_services[0]); i++)
		if (strcmp(name, no_services[i]) == 0)
			return false;
	return name[0] != '.' && !has_unit(list, name) &&
	    facts_stat(list->src, path, &st) == 0 && S_ISREG(st.mode) &&
	    (st.mode & 0111) != 0;
}

static void
add_script(struct service_list *list, struct json_object *levels,
    const char *name, const char *path)
{
	struct json_object *item, *mask = NULL;
	struct facts_err err;

	if (!is_service_script(list, name, path))
		return;
	item = service_item(list, name);
	out_cstr(item, "type", "sysv");
	out_cstr(item, "unit_file", path);
	if (item != NULL)
		(void)facts_parse_file(list->src, path, SCRIPT_MAX,
		    parse_init_script, item, &err);
	json_object_object_get_ex(levels, name, &mask);
	put_levels(item, json_object_get_int64(mask));
}

static void
add_place(struct service_list *list, const char *scripts, const char *prefix)
{
	struct json_object *levels = json_object_new_object();
	char path[FACTS_PATH_MAX];
	struct facts_names names;
	size_t i;

	if (levels == NULL || facts_list(list->src, scripts, &names) < 0) {
		json_object_put(levels);
		return;
	}
	find_levels(list->src, prefix, levels);
	for (i = 0; i < names.count; i++)
		if (facts_path(path, "%s/%s", scripts, names.name[i]))
			add_script(list, levels, names.name[i], path);
	facts_names_free(&names);
	json_object_put(levels);
}

void
services_sysv(struct service_list *list)
{
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		add_place(list, places[i].scripts, places[i].levels);
}
