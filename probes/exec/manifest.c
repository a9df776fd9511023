/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest - see manifest.h. A manifest that is not wholly right is left out
 * with one line that says why: half a probe would be worse than none.
 */
#include "manifest.h"

#include <dirent.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

#define MANIFESTS_MAX 200
#define MANIFEST_BYTES_MAX 16384
#define ALL_BYTES_MAX 98304u	/* what they say must fit into one HELLO, with all other probes */
#define PARAMS_MAX 64u
#define TIMEOUT_MS_MAX (24 * 3600 * 1000LL)

/* The life of the module: the topics are known to the worker by these pointers. */
static struct {
	struct manifest *all;
	struct mid_topic *topics;	/* the same, as the ABI wants them */
	size_t n;
} table;

struct reader {
	const struct mid_host *host;
	struct mid_run *run;
	const char *dir, *file;
	size_t bytes;		/* of all files so far */
};

static int __attribute__((format(printf, 2, 3)))
no(const struct reader *rd, const char *fmt, ...)
{
	char why[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	rd->host->log(rd->run, MID_WARN, "%s/%s is left out: %s", rd->dir, rd->file, why);
	return -1;
}

/* --- a few typed getters ------------------------------------------------------------------ */

static struct json_object *
member(struct json_object *o, const char *key, enum json_type type)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && json_object_is_type(v, type) ? v : NULL;
}

static const char *
string(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key, json_type_string);

	return v == NULL ? NULL : json_object_get_string(v);
}

static bool
yes(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key, json_type_boolean);

	return v != NULL && json_object_get_boolean(v);
}

static char *
copy(const char *s)
{
	return s == NULL ? NULL : strdup(s);
}

/* --- parameters ---------------------------------------------------------------------------- */

static int
param_kind(const char *name, enum mid_param_kind *out)
{
	static const char *const names[] = { "string", "int", "bool", "ms", "list" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name == NULL || strcmp(name, names[i]) == 0) {
			*out = (enum mid_param_kind)i;
			return 0;
		}
	return -1;
}

static void
params_free(const struct mid_param *rows)
{
	const struct mid_param *p;

	for (p = rows; p != NULL && p->name != NULL; p++) {
		free((void *)(uintptr_t)p->name);
		free((void *)(uintptr_t)p->dflt);
		free((void *)(uintptr_t)p->help);
	}
	free((void *)(uintptr_t)rows);
}

static int
read_param(const struct reader *rd, struct json_object *o, struct mid_param *out)
{
	const char *name = string(o, "name"), *help = string(o, "help");

	if (name == NULL || *name == '\0')
		return no(rd, "a parameter has no name");
	if (param_kind(string(o, "kind"), &out->kind) < 0)
		return no(rd, "the kind of the parameter %.40s is none of string, int, bool, ms, list", name);
	out->name = strdup(name);
	out->required = yes(o, "required");
	out->dflt = copy(string(o, "default"));
	out->help = strdup(help != NULL ? help : "");
	return 0;
}

static int
read_params(const struct reader *rd, struct json_object *o, const struct mid_param **out)
{
	struct json_object *a = member(o, "params", json_type_array);
	size_t n = a == NULL ? 0 : json_object_array_length(a), i;
	struct mid_param *rows;

	if (n > PARAMS_MAX)
		return no(rd, "more than %u parameters", PARAMS_MAX);
	rows = calloc(n + 1, sizeof(*rows));
	if (rows == NULL)
		return no(rd, "out of memory");
	for (i = 0; i < n; i++)
		if (read_param(rd, json_object_array_get_idx(a, i), &rows[i]) < 0) {
			params_free(rows);
			return -1;
		}
	*out = rows;
	return 0;
}

/* --- one manifest ------------------------------------------------------------------------------ */

static void
manifest_free(struct manifest *m)
{
	free(m->program);
	free(m->folder);
	free((void *)(uintptr_t)m->topic.name);
	free((void *)(uintptr_t)m->topic.help);
	params_free(m->topic.params);
	memset(m, 0, sizeof(*m));
}

static bool
good_topic(const char *s)
{
	return s != NULL && strlen(s) > 0 && strlen(s) <= 80 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] == '\0';
}

/* Inside the folder, executable, and nobody else's to change. */
static int
read_program(const struct reader *rd, struct json_object *o, struct manifest *m)
{
	const char *name = string(o, "program"), *unfit;
	char *path;

	if (name == NULL || name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL)
		return no(rd, "\"program\" must name a file in this folder");
	if (asprintf(&path, "%s/%s", rd->dir, name) < 0)
		return no(rd, "out of memory");
	m->program = path;
	unfit = program_unfit(path);
	if (unfit != NULL)
		return no(rd, "its program %.100s %s", name, unfit);
	m->folder = strdup(rd->dir);
	return 0;
}

static int
read_manifest(const struct reader *rd, struct json_object *o, struct manifest *m)
{
	struct json_object *timeout = member(o, "timeout_ms", json_type_int);

	if (!good_topic(string(o, "topic")))
		return no(rd, "\"topic\" must be a name of letters, digits, '_', '.' and '-'");
	if (timeout != NULL)
		m->topic.timeout_ms = json_object_get_int64(timeout);
	if (m->topic.timeout_ms < 0 || m->topic.timeout_ms > TIMEOUT_MS_MAX)
		return no(rd, "\"timeout_ms\" is not between 0 and %lld", TIMEOUT_MS_MAX);
	if (read_program(rd, o, m) < 0 || read_params(rd, o, &m->topic.params) < 0)
		return -1;
	m->topic.name = strdup(string(o, "topic"));
	m->topic.help = copy(string(o, "help"));
	m->topic.flags = MID_EXEC | (yes(o, "repeatable") ? MID_REPEATABLE : 0);
	return 0;
}

/* The caller's; NULL after saying why not. */
static struct json_object *
parse_file(struct reader *rd, int fd)
{
	static char text[MANIFEST_BYTES_MAX];
	struct json_tokener *tok;
	struct json_object *o;
	ssize_t n = read(fd, text, sizeof(text));

	if (n <= 0 || n == (ssize_t)sizeof(text)) {
		no(rd, "it is empty, can't be read or is larger than %d bytes", MANIFEST_BYTES_MAX);
		return NULL;
	}
	rd->bytes += (size_t)n;
	if (rd->bytes > ALL_BYTES_MAX) {
		no(rd, "the manifests of this folder are more than %u bytes", ALL_BYTES_MAX);
		return NULL;
	}
	tok = json_tokener_new_ex(16);
	o = tok == NULL ? NULL : json_tokener_parse_ex(tok, text, (int)n);
	if (!json_object_is_type(o, json_type_object)) {
		no(rd, "it is not a JSON object (byte %zu)", tok == NULL ? 0 : (size_t)json_tokener_get_parse_end(tok));
		json_object_put(o);
		o = NULL;
	}
	json_tokener_free(tok);
	return o;
}

static int
load_file(struct reader *rd, struct manifest *m)
{
	struct json_object *o = NULL;
	char *path;
	int fd = -1, r;

	if (asprintf(&path, "%s/%s", rd->dir, rd->file) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return no(rd, "it can't be opened");
	o = parse_file(rd, fd);
	close(fd);
	r = o == NULL ? -1 : read_manifest(rd, o, m);
	if (r < 0)
		manifest_free(m);
	json_object_put(o);
	return r;
}

/* --- all of them --------------------------------------------------------------------------------- */

static int
is_manifest(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".json") == 0;
}

static void
load_dir(struct reader *rd)
{
	struct dirent **names;
	int i, n;

	n = scandir(rd->dir, &names, is_manifest, alphasort);
	if (n < 0)
		return;
	table.all = calloc((size_t)n + 1, sizeof(*table.all));
	table.topics = calloc((size_t)n + 1, sizeof(*table.topics));
	for (i = 0; i < n; i++) {
		rd->file = names[i]->d_name;
		if (i >= MANIFESTS_MAX)
			no(rd, "more than %d exec probes", MANIFESTS_MAX);
		else if (table.all != NULL && table.topics != NULL && load_file(rd, &table.all[table.n]) == 0) {
			table.topics[table.n] = table.all[table.n].topic;
			table.n++;
		}
		free(names[i]);
	}
	free(names);
}

const struct mid_topic *
manifests_load(const char *dir, const struct mid_host *host, struct mid_run *run)
{
	struct reader rd = { .host = host, .run = run };
	char *real;

	/* A folder that is not there means no exec probes, and is no mistake. */
	if (table.all == NULL && dir != NULL && *dir != '\0' && (real = realpath(dir, NULL)) != NULL) {
		rd.dir = real;
		load_dir(&rd);
		free(real);
	}
	return table.topics;
}

const struct manifest *
manifest_of(const char *topic)
{
	size_t i;

	for (i = 0; i < table.n; i++)
		if (strcmp(table.all[i].topic.name, topic) == 0)
			return &table.all[i];
	return NULL;
}

/* When the module is unloaded. */
static void __attribute__((destructor))
forget(void)
{
	size_t i;

	for (i = 0; i < table.n; i++)
		manifest_free(&table.all[i]);
	free(table.all);
	free(table.topics);
}
