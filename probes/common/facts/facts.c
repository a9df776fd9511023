/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - runs the chosen sections one after the other and writes the document.
 */
#include "facts/facts.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

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
	if (strcmp(err->class, "denied") == 0)
		out_bool(e, "needs_privilege", true);
}

struct facts_run {
	struct facts_source *src;
	const struct facts_section *next;
	char *sections;
	struct json_object *obj;	/* whose text the caller has */
	char *text;
	struct facts_err err;
	const char *failed;		/* name of the section ERR is of */
	bool begun, ended;
};

int
facts_begin(struct facts_run **out, struct facts_source *src,
    const char *sections, struct facts_err *err)
{
	struct facts_run *run;
	int r;

	r = check_names(sections, err);
	if (r < 0)
		return r;
	run = calloc(1, sizeof(*run));
	if (run != NULL)
		run->sections = strdup(sections != NULL ? sections : "");
	if (run == NULL || run->sections == NULL) {
		free(run);
		return facts_fail(err, -ENOMEM, "");
	}
	run->src = src;
	run->next = facts_sections;
	*out = run;
	return 0;
}

static void
let_go(struct facts_run *run)
{
	json_object_put(run->obj);
	run->obj = NULL;
	free(run->text);
	run->text = NULL;
	run->failed = NULL;
}

void
facts_end(struct facts_run *run)
{
	if (run == NULL)
		return;
	let_go(run);
	free(run->sections);
	free(run);
}

const struct facts_err *
facts_last_error(const struct facts_run *run, const char **section)
{
	*section = run->failed;
	return run->failed != NULL ? &run->err : NULL;
}

/* The member with its key, in one text. */
static int
write_section(struct facts_run *run, const struct facts_section *s,
    const char **text, size_t *len)
{
	const char *body;
	size_t n;
	int head;

	body = json_object_to_json_string_length(run->obj,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	run->text = body != NULL ? malloc(n + 64) : NULL;
	if (run->text == NULL)
		return -ENOMEM;
	head = snprintf(run->text, 64, ",\n\"%.40s\":", s->name);
	memcpy(run->text + head, body, n);
	json_object_put(run->obj);	/* its text is the larger half */
	run->obj = NULL;
	*text = run->text;
	*len = (size_t)head + n;
	return 1;
}

static int
next_section(struct facts_run *run, const char **text, size_t *len)
{
	const struct facts_section *s = run->next++;
	facts_collect_fn *collect;
	int r;

	run->obj = json_object_new_object();
	if (run->obj == NULL)
		return -ENOMEM;
	run->err = (struct facts_err){ "io", "it could not be collected" };
	collect = facts_collector(run->src, s);
	if (collect == NULL)
		r = facts_say(&run->err, "missing", "nothing tells this on %s", facts_system(run->src)->name);
	else
		r = collect(run->src, run->obj, &run->err);
	if (r < 0) {
		put_error(run->obj, &run->err);
		run->failed = s->name;
	}
	return write_section(run, s, text, len);
}

static int
fixed_piece(const char *piece, const char **text, size_t *len)
{
	*text = piece;
	*len = strlen(piece);
	return 1;
}

int
facts_next(struct facts_run *run, const char **text, size_t *len)
{
	let_go(run);
	if (!run->begun) {
		run->begun = true;
		return fixed_piece(run->src->live
			? "{\"schema\":1,\"live\":true"
			: "{\"schema\":1,\"live\":false", text, len);
	}
	while (run->next->name != NULL &&
	    !is_chosen(run->sections, run->next->name))
		run->next++;
	if (run->next->name != NULL)
		return next_section(run, text, len);
	if (run->ended)
		return 0;
	run->ended = true;
	return fixed_piece("\n}\n", text, len);
}
