/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services_systemd - services by systemd's files, without asking systemd.
 *
 * A unit's file is the first of its name in the order of the folders. It is
 * enabled when some folder "*.wants" or "*.requires" below /etc, or a link
 * with another name in /etc itself, points to it.
 */
#include "facts/services.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/unit.h"

#define UNIT_MAX	65536
#define WANTS_DIRS_MAX	256

static const struct {
	const char *dir;
	const char *as_is;	/* the word for all that stands there, or NULL */
} dirs[] = {
	{ "etc/systemd/system", NULL },
	{ "run/systemd/transient", "transient" },
	{ "run/systemd/generator.early", "generated" },
	{ "run/systemd/system", NULL },
	{ "run/systemd/generator", "generated" },
	{ "usr/local/lib/systemd/system", NULL },
	{ "usr/lib/systemd/system", NULL },
	{ "lib/systemd/system", NULL },
	{ "run/systemd/generator.late", "generated" },
};

/* Names of units and instances that something starts. */
struct enabled {
	struct json_object *always;
	struct json_object *runtime;	/* until the next boot */
};

static bool
is_service(struct str name)
{
	return str_ends(name, ".service") && name.n > 8;
}

/* "getty@.service" stands for the instances made of it. */
static bool
is_template(struct str name)
{
	return str_ends(name, "@.service");
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
note(struct json_object *names, const char *name)
{
	(void)json_object_object_add(names, name, NULL);
}

static void
note_wanted(struct json_object *started, struct facts_source *src,
    const char *dir)
{
	struct facts_names names;
	size_t i;

	if (facts_list(src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++)
		if (is_service(str_of(names.name[i])))
			note(started, names.name[i]);
	facts_names_free(&names);
}

/* A link in /etc under another name: an alias, which enables what it means. */
static void
note_alias(struct json_object *started, struct facts_source *src,
    const char *path)
{
	char target[FACTS_PATH_MAX];

	if (facts_link(src, path, target, sizeof(target)) == 0 &&
	    strcmp(target, "/dev/null") != 0 &&
	    strcmp(base_name(target), base_name(path)) != 0)
		note(started, base_name(target));
}

static void
find_enabled(struct json_object *started, struct facts_source *src,
    const char *dir)
{
	char path[FACTS_PATH_MAX];
	struct facts_names names;
	size_t i, wants = 0;
	struct str name;

	if (facts_list(src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++) {
		name = str_of(names.name[i]);
		if (!facts_path(path, "%s/%s", dir, names.name[i]))
			continue;
		if (is_service(name))
			note_alias(started, src, path);
		else if ((str_ends(name, ".wants") ||
			str_ends(name, ".requires") ||
			str_ends(name, ".upholds")) &&
		    wants++ < WANTS_DIRS_MAX)
			note_wanted(started, src, path);
	}
	facts_names_free(&names);
}

static const char *
enabled_word(const struct enabled *e, const struct unit *u, const char *name,
    const char *as_is)
{
	if (json_object_object_get_ex(e->always, name, NULL))
		return "enabled";
	if (json_object_object_get_ex(e->runtime, name, NULL))
		return "enabled-runtime";
	if (as_is != NULL)
		return as_is;
	if (u->only_also)
		return "indirect";
	return u->install ? "disabled" : "static";
}

/* "%i" and "%I" in a template's file stand for what is behind the "@". */
static void
put_expanded(struct json_object *item, const char *key, struct str text,
    const char *name)
{
	const char *at = strchr(name, '@');
	struct str instance = at != NULL ? str_of(at + 1) : str_of("");
	char buf[4096];
	size_t n = 0;

	if (at == NULL || !str_ends(instance, ".service")) {
		out_text(item, key, text);
		return;
	}
	instance.n -= strlen(".service");
	while (text.n > 0 && n < sizeof(buf) - instance.n) {
		if (str_starts(text, "%i") || str_starts(text, "%I")) {
			memcpy(buf + n, instance.p, instance.n);
			n += instance.n;
			text = str_skip(text, 2);
		} else {
			buf[n++] = text.p[0];
			text = str_skip(text, 1);
		}
	}
	out_text(item, key, (struct str){ buf, n });
}

static void
put_unit(struct json_object *item, const struct unit *u, const char *name,
    const char *path)
{
	put_expanded(item, "description", u->description, name);
	out_text(item, "type", u->type.n > 0 ? u->type : STR("simple"));
	put_expanded(item, "exec", u->exec, name);
	out_text(item, "user", u->user);
	if (u->remains)
		out_bool(item, "remains", true);
	out_cstr(item, "unit_file", path);
}

/* Reads the file behind NAME (or its template) into NAME's item. */
static void
add_unit(struct service_list *list, const struct enabled *e, const char *name,
    const char *path, const char *as_is)
{
	char target[FACTS_PATH_MAX];
	struct json_object *item;
	struct facts_bytes b;
	struct unit u;

	if (facts_link(list->src, path, target, sizeof(target)) == 0) {
		if (strcmp(target, "/dev/null") == 0) {
			out_cstr(service_item(list, name), "enabled", "masked");
			return;
		}
		if (strcmp(base_name(target), name) != 0) {
			service_alias(list, name);
			return;
		}
	}
	if (facts_read(list->src, path, UNIT_MAX, &b) < 0)
		return;
	unit_parse(&u, (struct str){ b.data, b.len });
	item = service_item(list, name);
	put_unit(item, &u, name, path);
	out_cstr(item, "enabled", enabled_word(e, &u, name, as_is));
	facts_bytes_free(&b);
}

static void
add_dir(struct service_list *list, const struct enabled *e, const char *dir,
    const char *as_is)
{
	char path[FACTS_PATH_MAX];
	struct facts_names names;
	struct str name;
	size_t i;

	if (facts_list(list->src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++) {
		name = str_of(names.name[i]);
		if (is_service(name) && !is_template(name) &&
		    !service_known(list, names.name[i]) &&
		    facts_path(path, "%s/%s", dir, names.name[i]))
			add_unit(list, e, names.name[i], path, as_is);
	}
	facts_names_free(&names);
}

/* An instance ("getty@tty1.service") has its template's file. */
static void
add_instance(struct service_list *list, const struct enabled *e,
    const char *name)
{
	char path[FACTS_PATH_MAX];
	const char *at = strchr(name, '@');
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (facts_path(path, "%s/%.*s@.service", dirs[i].dir,
			(int)(at - name), name) &&
		    facts_exists(list->src, path)) {
			add_unit(list, e, name, path, NULL);
			return;
		}
}

static void
add_instances(struct service_list *list, const struct enabled *e,
    struct json_object *names)
{
	json_object_object_foreach(names, name, unused) {
		(void)unused;
		if (strchr(name, '@') != NULL && !is_template(str_of(name)) &&
		    !service_known(list, name))
			add_instance(list, e, name);
	}
}

/* What runs and was not listed is an instance that somebody started by hand. */
static void
add_running_instances(struct service_list *list, const struct enabled *e)
{
	size_t i, n = json_object_array_length(list->items);
	struct json_object *item;
	const char *name;

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(list->items, i);
		name = out_get_text(item, "name");
		if (!json_object_object_get_ex(item, "enabled", NULL) &&
		    strchr(name, '@') != NULL)
			add_instance(list, e, name);
	}
}

static void
find_all_enabled(struct enabled *e, struct facts_source *src)
{
	size_t i;

	find_enabled(e->always, src, "etc/systemd/system");
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (strncmp(dirs[i].dir, "run/", 4) == 0)
			find_enabled(e->runtime, src, dirs[i].dir);
}

void
services_systemd(struct service_list *list)
{
	struct enabled e = {
		json_object_new_object(), json_object_new_object(),
	};
	size_t i;

	find_all_enabled(&e, list->src);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		add_dir(list, &e, dirs[i].dir, dirs[i].as_is);
	add_instances(list, &e, e.always);
	add_instances(list, &e, e.runtime);
	services_running(list);
	add_running_instances(list, &e);
	json_object_put(e.always);
	json_object_put(e.runtime);
}
