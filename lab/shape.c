/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape - see the header.
 */
#include "shape.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "http.h"
#include "instance.h"

#define FIELDS_MAX 500

void
shape_init(struct shape *s, const struct request *req)
{
	const char *list = request_arg(req, "sysparm_fields", "");
	const char *show = request_arg(req, "sysparm_display_value", "");
	char *copy, *name, *save = NULL;

	memset(s, 0, sizeof(*s));
	s->no_link = request_flag(req, "sysparm_exclude_reference_link");
	s->display = strcasecmp(show, "true") == 0 ? SHOW_DISPLAY :
	    strcasecmp(show, "all") == 0 ? SHOW_ALL : SHOW_VALUE;
	copy = xstrdup(list);
	for (name = strtok_r(copy, ", ", &save);
	    name != NULL && s->field_count < FIELDS_MAX;
	    name = strtok_r(NULL, ", ", &save)) {
		s->fields = xrealloc(s->fields,
		    (s->field_count + 1) * sizeof(char *));
		s->fields[s->field_count++] = xstrdup(name);
	}
	free(copy);
}

void
shape_fini(struct shape *s)
{
	size_t i;

	for (i = 0; i < s->field_count; i++)
		free(s->fields[i]);
	free(s->fields);
}

/* The field at the end of a dot-walk that begins in TABLE. */
static const struct field *
field_of(const struct db *db, const char *table, const char *path)
{
	const struct field *f = NULL;
	char name[96];
	size_t n;

	while (*path != '\0') {
		n = strcspn(path, ".");
		if (n >= sizeof(name))
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		f = db_field(db, table, name);
		if (f == NULL)
			return NULL;
		table = f->reference;
		path += n + (path[n] == '.');
	}
	return f;
}

static void
add_link(const struct request *req, const struct field *f, const char *value,
    struct json_object *o)
{
	struct text t = { 0 };

	text_addf(&t, "%s/api/now/table/%s/%s", req->in->base_url,
	    f->reference, value);
	json_put(o, "link", text_str(&t));
	text_fini(&t);
}

static struct json_object *
shape_value(const struct shape *s, const struct request *req,
    const struct field *f, const char *value, const char *shown)
{
	bool linked = f != NULL && strcmp(f->type, "reference") == 0 &&
	    value[0] != '\0' && !s->no_link;
	struct json_object *o;

	/* What a password is kept as is shown to nobody. */
	if (f != NULL && strcmp(f->type, "password") == 0)
		value = shown = "";
	if (s->display != SHOW_ALL && !linked)
		return json_object_new_string(s->display == SHOW_DISPLAY ?
		    shown : value);
	o = json_object_new_object();
	if (s->display != SHOW_VALUE)
		json_put(o, "display_value", shown);
	if (linked)
		add_link(req, f, value, o);
	if (s->display != SHOW_DISPLAY)
		json_put(o, "value", value);
	return o;
}

struct json_object *
shape_row(const struct shape *s, const struct request *req,
    struct json_object *row)
{
	struct json_object *out = json_object_new_object();
	char key[256];

	json_object_object_foreach(row, name, v) {
		const char *value = json_object_get_string(v);

		if (str_suffix(name, DB_DISPLAY) || strlen(name) > 200)
			continue;
		snprintf(key, sizeof(key), "%s%s", name, DB_DISPLAY);
		json_object_object_add(out, name, shape_value(s, req,
		    field_of(req->in->db, req->params[0], name), value,
		    json_str(row, key, value)));
	}
	return out;
}

struct json_object *
shape_rows(const struct shape *s, const struct request *req,
    struct json_object *rows)
{
	struct json_object *out = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++)
		json_object_array_add(out, shape_row(s, req,
		    json_object_array_get_idx(rows, i)));
	return out;
}

void
url_encode(struct text *out, const char *name, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *s;
	char esc[4] = "%";

	text_addf(out, "%s%s=", out->len > 0 ? "&" : "", name);
	for (s = value; *s != '\0'; s++) {
		if (isalnum((unsigned char)*s) || strchr("-_.~", *s) != NULL) {
			text_add_mem(out, s, 1);
			continue;
		}
		esc[1] = hex[(unsigned char)*s >> 4];
		esc[2] = hex[(unsigned char)*s & 15];
		text_add(out, esc);
	}
}
