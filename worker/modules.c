/* SPDX-License-Identifier: Apache-2.0 */
/* modules - see modules.h. */
#include "modules.h"

#include <dirent.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "linked.h"
#include "log.h"
#include "map.h"
#include "os.h"
#include "params.h"
#include "run.h"
#include "xalloc.h"

#define TOPICS_MAX 1000u

struct modules {
	struct worker *worker;
	struct module *first, **last;
	struct topic *topics;
	size_t n;
};

const struct topic *
modules_topic(const struct modules *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (strcmp(m->topics[i].name, name) == 0)
			return &m->topics[i];
	return NULL;
}

/* --- topics ---------------------------------------------------------------------------- */

static void
topic_add(struct modules *m, const struct topic *t)
{
	const struct topic *was = modules_topic(m, t->name);

	if (was != NULL) {
		log_warn("modules", "the topic %s of %s is served by %s already; the first one stays", t->name,
		    t->module->probe->name, was->module->probe->name);
		return;
	}
	if (m->n >= TOPICS_MAX) {
		log_warn("modules", "more than %u topics; %s is left out", TOPICS_MAX, t->name);
		return;
	}
	if (m->n % 64 == 0)
		m->topics = xrealloc(m->topics, (m->n + 64) * sizeof(*m->topics));
	m->topics[m->n++] = *t;
}

static void
topics_add(struct modules *m, struct module *mod, const char *exec_dir)
{
	const struct mid_probe *p = mod->probe;
	const struct mid_topic *more;
	const char *const *name;
	struct topic t = { .module = mod, .help = p->help, .flags = p->flags, .params = p->params };

	for (name = p->topics; name != NULL && *name != NULL; name++) {
		t.name = *name;
		topic_add(m, &t);
	}
	more = p->more_topics == NULL ? NULL : p->more_topics(exec_dir, &run_host, mod->self);
	for (; more != NULL && more->name != NULL; more++) {
		t = (struct topic){ .module = mod, .name = more->name,
		    .help = more->help != NULL ? more->help : p->help, .flags = more->flags,
		    .timeout_ms = more->timeout_ms, .params = more->params, .own = true };
		topic_add(m, &t);
	}
}

/* --- loading ------------------------------------------------------------------------------ */

static struct modules *
modules_new(struct worker *w)
{
	struct modules *m = xcalloc(1, sizeof(*m));

	m->worker = w;
	m->last = &m->first;
	return m;
}

static struct module *
module_add(struct modules *m, const struct mid_probe *probe, void *library)
{
	struct module *mod = xcalloc(1, sizeof(*mod));

	mod->probe = probe;
	mod->library = library;
	mod->self = run_of_module(m->worker, mod);
	*m->last = mod;
	m->last = &mod->next;
	return mod;
}

static const struct mid_probe *
probe_in(void *library, const char *path)
{
	const struct mid_probe *p = os_library_find(library, "mid_probe");

	if (p == NULL) {
		log_err("modules", "%s exports no mid_probe and is left out", path);
		return NULL;
	}
	if (p->abi != MID_PROBE_ABI || p->size < offsetof(struct mid_probe, cancel)) {
		log_err("modules", "%s speaks ABI %u (%u bytes), this is ABI %u (%zu bytes): build it again; it is left out",
		    path, (unsigned)p->abi, (unsigned)p->size, MID_PROBE_ABI, sizeof(*p));
		return NULL;
	}
	if (p->name == NULL || p->version == NULL || p->open == NULL || p->step == NULL) {
		log_err("modules", "%s has no name, version, open or step and is left out", path);
		return NULL;
	}
	return p;
}

static void
load_map(struct module *mod, const char *map_dir)
{
	struct err err;
	char *links;

	if (mod->probe->map == NULL)
		return;
	if (map_load(&mod->map, map_dir, mod->probe->map, &err) < 0)
		log_warn("modules", "%s: no CIs can be made: %s", mod->probe->name, err.text);
	links = xasprintf("%s-links", mod->probe->map);
	if (map_load(&mod->links, map_dir, links, &err) < 0)
		mod->links = NULL;	/* most maps have none */
	free(links);
}

static void
load_one(struct modules *m, const char *dir, const char *name, const char *map_dir, const char *exec_dir)
{
	char *path = xasprintf("%s/%s", dir, name);
	const struct mid_probe *p = NULL;
	struct module *mod;
	void *library;
	struct err err;

	library = os_library_open(path, &err);
	if (library == NULL)
		log_err("modules", "%s is left out: %s", path, err.text);
	else
		p = probe_in(library, path);
	if (p != NULL) {
		mod = module_add(m, p, library);
		load_map(mod, map_dir);
		topics_add(m, mod, exec_dir);
	} else if (library != NULL) {
		os_library_close(library);
	}
	free(path);
}

static int
is_module(const struct dirent *d)
{
	size_t n = strlen(d->d_name), m = strlen(os_module_suffix);

	return n > m && strcmp(d->d_name + n - m, os_module_suffix) == 0;
}

static void
load_dir(struct modules *m, const char *dir, const char *map_dir, const char *exec_dir)
{
	struct dirent **names;
	int i, n;

	n = scandir(dir, &names, is_module, alphasort);
	if (n < 0) {
		log_warn("modules", "the folder of probes %s can't be read and is left out", dir);
		return;
	}
	for (i = 0; i < n; i++) {
		load_one(m, dir, names[i]->d_name, map_dir, exec_dir);
		free(names[i]);
	}
	free(names);
}

struct modules *
modules_of(struct worker *w, const struct mid_probe *const *probes, const char *map_dir, const char *exec_dir)
{
	struct modules *m = modules_new(w);
	struct module *mod;

	for (; *probes != NULL; probes++) {
		mod = module_add(m, *probes, NULL);
		load_map(mod, map_dir);
		topics_add(m, mod, exec_dir);
	}
	return m;
}

struct modules *
modules_load(struct worker *w, const char *dirs, const char *map_dir, const char *exec_dir)
{
	struct modules *m = modules_of(w, linked_probes, map_dir, exec_dir);
	char *copy = xstrdup(dirs), *at = copy, *dir;

	while ((dir = strsep(&at, os_list_separator)) != NULL)
		if (*dir != '\0')
			load_dir(m, dir, map_dir, exec_dir);
	free(copy);
	return m;
}

void
modules_free(struct modules *m)
{
	struct module *mod;

	if (m == NULL)
		return;
	while ((mod = m->first) != NULL) {
		m->first = mod->next;
		engine_close(mod);
		run_of_module_free(mod->self);
		map_free(mod->map);
		map_free(mod->links);
		if (mod->library != NULL)
			os_library_close(mod->library);
		free(mod);
	}
	free(m->topics);
	free(m);
}

/* --- what HELLO says of them ----------------------------------------------------------------- */

static struct json_object *
describe_params(const struct mid_param *rows)
{
	struct json_object *a = json_object_new_array(), *o;

	for (; rows != NULL && rows->name != NULL; rows++) {
		o = json_object_new_object();
		json_put_str(o, "name", rows->name);
		json_put_str(o, "kind", params_kind_name(rows->kind));
		json_put_bool(o, "required", rows->required);
		json_put_str(o, "default", rows->dflt);
		json_put_str(o, "help", rows->help);
		json_add_take(a, o);
	}
	return a;
}

static struct json_object *
describe_topic(const struct topic *t)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "name", t->name);
	json_put_str(o, "help", t->help);
	json_put_bool(o, "repeatable", (t->flags & MID_REPEATABLE) != 0);
	json_put_bool(o, "exec", (t->flags & MID_EXEC) != 0);
	json_put_bool(o, "local", (t->flags & MID_LOCAL_READ) != 0);
	json_put_bool(o, "network", (t->flags & MID_NETWORK) != 0);
	json_put_int(o, "timeout_ms", t->timeout_ms);
	if (t->own)
		json_put_take(o, "params", describe_params(t->params));
	return o;
}

static struct json_object *
describe_module(const struct modules *m, const struct module *mod)
{
	struct json_object *o = json_object_new_object(), *topics = json_object_new_array();
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->topics[i].module == mod)
			json_add_take(topics, describe_topic(&m->topics[i]));
	json_put_str(o, "name", mod->probe->name);
	json_put_str(o, "version", mod->probe->version);
	json_put_str(o, "help", mod->probe->help);
	json_put_int(o, "flags", mod->probe->flags);
	json_put_str(o, "map", mod->map == NULL ? NULL : mod->probe->map);
	json_put_take(o, "params", describe_params(mod->probe->params));
	json_put_take(o, "topics", topics);
	return o;
}

struct json_object *
modules_describe(const struct modules *m)
{
	struct json_object *a = json_object_new_array();
	const struct module *mod;

	for (mod = m->first; mod != NULL; mod = mod->next)
		json_add_take(a, describe_module(m, mod));
	return a;
}
