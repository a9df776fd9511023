/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - runs the chosen sections one after the other and writes the document.
 */
#include "facts/facts.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"

/* What went wrong, in a word that a program can act on. */
static const struct {
	int error;
	const char *class;
	const char *why;
} classes[] = {
	{ ENOENT, "missing", "is not there" },
	{ ENOTDIR, "missing", "is not there" },
	{ EACCES, "denied", "may not be read by this user" },
	{ EPERM, "denied", "may not be read by this user" },
	{ EFBIG, "too_large", "is larger than the limit" },
	{ E2BIG, "too_large", "has more entries than the limit" },
	{ EINVAL, "malformed", "is not what its name says" },
	{ ENOTSUP, "unknowable", "cannot be known from this source" },
	{ ENOMEM, "memory", "needs more memory than there is" },
};

int
facts_fail(struct facts_err *err, int error, const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (classes[i].error == -error) {
			facts_say(err, classes[i].class, "/%s %s", path,
			    classes[i].why);
			return error;
		}
	facts_say(err, "io", "/%s: %s", path, strerror(-error));
	return error;
}

int
facts_say(struct facts_err *err, const char *class, const char *fmt, ...)
{
	va_list ap;

	err->class = class;
	va_start(ap, fmt);
	(void)vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int
facts_parse_file(struct facts_source *src, const char *path, size_t max,
    facts_parse_fn *parse, struct json_object *out, struct facts_err *err)
{
	struct facts_bytes b;
	int r;

	r = facts_read(src, path, max, &b);
	if (r < 0)
		return facts_fail(err, r, path);
	r = parse(b.data, b.len, out);
	facts_bytes_free(&b);
	return r < 0 ? facts_fail(err, -EINVAL, path) : 0;
}

static const struct facts_section *
find_section(struct str name)
{
	const struct facts_section *s;

	for (s = facts_sections; s->name != NULL; s++)
		if (str_eq(name, s->name))
			return s;
	return NULL;
}

static int
check_names(const char *sections, struct facts_err *err)
{
	struct str rest = str_of(sections), name;

	while (str_part(&rest, ',', &name)) {
		name = str_trim(name);
		if (name.n > 0 && find_section(name) == NULL)
			return facts_say(err, "usage",
			    "there is no section \"%.*s\"; doc/facts.md lists them",
			    (int)str_left(name, 40).n, name.p);
	}
	return 0;
}

static bool
is_chosen(const char *sections, const char *section)
{
	struct str rest = str_of(sections), name;
	bool any = false;

	while (str_part(&rest, ',', &name)) {
		name = str_trim(name);
		any = any || name.n > 0;
		if (str_eq(name, section))
			return true;
	}
	return !any;
}

static void
put_error(struct json_object *obj, const struct facts_err *err)
{
	struct json_object *e = out_object(obj, "error");

	out_cstr(e, "class", err->class);
	out_cstr(e, "message", err->message);
}

static int
emit_section(const struct facts_section *s, struct facts_source *src,
    facts_emit_fn *emit, void *arg)
{
	struct facts_err err = { "io", "the section could not be collected" };
	struct json_object *obj = json_object_new_object();
	const char *text;
	char key[64];
	size_t len;
	int r;

	if (obj == NULL)
		return -ENOMEM;
	if (s->collect(src, obj, &err) < 0)
		put_error(obj, &err);
	(void)snprintf(key, sizeof(key), ",\n\"%s\":", s->name);
	text = json_object_to_json_string_length(obj,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	r = text == NULL ? -ENOMEM : emit(arg, key, strlen(key));
	if (r >= 0)
		r = emit(arg, text, len);
	json_object_put(obj);
	return r;
}

int
facts_collect(struct facts_source *src, const char *sections,
    facts_emit_fn *emit, void *arg, struct facts_err *err)
{
	const struct facts_section *s;
	char head[64];
	int r;

	r = check_names(sections, err);
	if (r < 0)
		return r;
	(void)snprintf(head, sizeof(head), "{\"schema\":%d,\"live\":%s",
	    FACTS_SCHEMA, src->live ? "true" : "false");
	r = emit(arg, head, strlen(head));
	for (s = facts_sections; r >= 0 && s->name != NULL; s++)
		if (is_chosen(sections, s->name))
			r = emit_section(s, src, emit, arg);
	if (r >= 0)
		r = emit(arg, "\n}\n", 3);
	if (r < 0)
		facts_say(err, "io", "the facts could not be handed on: %s",
		    strerror(-r));
	return r < 0 ? r : 0;
}
