/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_values - what somebody sent, as the database would keep it. The same
 * payload must be no change the second time, so everything the database does
 * to a value on its way in is done here first.
 */
#include "ire_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The first max_length characters; a character is never cut in two. */
static char *
as_string(const struct field *f, const char *s)
{
	int room = f->max_length > 0 ? f->max_length : INT_MAX;
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && room-- == 0)
			break;
	return xstrndup(s, i);
}

static char *
as_integer(const struct field *f, const char *s)
{
	char out[32], *end;
	long long n;

	(void)f;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (errno != 0 || end == s)
		return NULL;
	/* "2400.000" is an integer to an instance. */
	if (*end == '.')
		end += 1 + strspn(end + 1, "0123456789");
	if (*end != '\0')
		return NULL;
	(void)snprintf(out, sizeof(out), "%lld", n);
	return xstrdup(out);
}

static char *
as_decimal(const struct field *f, const char *s)
{
	char *end;

	(void)f;
	errno = 0;
	(void)strtod(s, &end);
	return errno == 0 && end != s && *end == '\0' ? xstrdup(s) : NULL;
}

static char *
as_boolean(const struct field *f, const char *s)
{
	static const char *const yes[] = { "true", "1", "yes" };
	static const char *const no[] = { "false", "0", "no" };
	size_t i;

	(void)f;
	for (i = 0; i < COUNT(yes); i++) {
		if (strcasecmp(s, yes[i]) == 0)
			return xstrdup("true");
		if (strcasecmp(s, no[i]) == 0)
			return xstrdup("false");
	}
	return NULL;
}

static char *
as_date(const struct field *f, const char *s)
{
	char out[DATE_SIZE];
	time_t t = date_parse(s);

	(void)f;
	if (t == (time_t)-1)
		return NULL;
	date_format(out, t);
	return xstrdup(out);
}

static const struct {
	const char *type;
	char *(*convert)(const struct field *, const char *);
} kinds[] = {
	{ "integer", as_integer },
	{ "decimal", as_decimal },
	{ "boolean", as_boolean },
	{ "glide_date_time", as_date },
};

static char *
convert(const struct field *f, const char *s)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].type, f->type) == 0)
			return kinds[i].convert(f, s);
	return as_string(f, s);
}

/* --- references by name ---------------------------------------------------- */

/* Tables in which a name nobody has yet makes a new row. */
static const struct {
	const char *table, *as, *flag;
} grows[] = {
	{ "core_company", "core_company", "manufacturer" },
	{ "cmdb_model", "cmdb_hardware_product_model", NULL },
};

static int
grow(struct run *run, const char *table, const char *name,
    char id[SYS_ID_LEN + 1])
{
	struct json_object *o;
	size_t i;
	int r = DB_E_NONE;

	for (i = 0; i < COUNT(grows); i++) {
		if (strcmp(grows[i].table, table) != 0)
			continue;
		o = json_object_new_object();
		json_put(o, "name", name);
		if (grows[i].flag != NULL)
			json_put(o, grows[i].flag, "true");
		r = db_insert(run->db, grows[i].as, o, id);
		json_object_put(o);
	}
	return r;
}

static int
look_up(struct run *run, const char *table, const char *name,
    char id[SYS_ID_LEN + 1])
{
	struct text query = { 0 };
	struct json_object *row;
	char *quoted = db_quote(name);
	int r;

	text_addf(&query, "%s=%s^ORDERBYsys_created_on",
	    db_display_of(run->db, table), quoted);
	free(quoted);
	r = db_first(run->db, table, text_str(&query), &row);
	text_fini(&query);
	if (r == 0) {
		(void)snprintf(id, SYS_ID_LEN + 1, "%s",
		    json_str(row, "sys_id", ""));
		json_object_put(row);
	}
	return r;
}

/* A reference by display value; *OUT stays NULL when there is no such row. */
static int
by_name(struct run *run, const char *table, const char *name, char **out)
{
	char id[SYS_ID_LEN + 1];
	struct text key = { 0 };
	const char *known;
	int r = 0;

	text_addf(&key, "%s/%s", table, name);
	known = json_str(run->companies, text_str(&key), NULL);
	if (known != NULL) {
		*out = xstrdup(known);
	} else {
		r = look_up(run, table, name, id);
		if (r == DB_E_NONE)
			r = grow(run, table, name, id);
		if (r == 0) {
			json_put(run->companies, text_str(&key), id);
			*out = xstrdup(id);
		}
	}
	text_fini(&key);
	return r == DB_E_NONE ? 0 : r;
}

/* --- the values of one item ------------------------------------------------- */

static int
put_reference(struct run *run, struct item *it, const struct field *f,
    const char *s)
{
	char *id = NULL;
	int r = 0;

	if (is_sys_id(s))
		id = xstrdup(s);
	else if (db_has_table(run->db, f->reference))
		r = by_name(run, f->reference, s, &id);
	if (r < 0)
		return run_db_failed(run);
	if (id == NULL)
		item_warn(it, "INVALID_REFERENCE", "%s: there is no %s called"
		    " \"%.80s\"; left out", f->name, f->reference, s);
	else
		json_put(it->values, f->name, id);
	free(id);
	return 0;
}

static int
put_value(struct run *run, struct item *it, const struct field *f,
    const char *s)
{
	char *value;

	if (f->reference != NULL && f->reference[0] != '\0')
		return put_reference(run, it, f, s);
	value = convert(f, s);
	if (value == NULL)
		item_warn(it, "INVALID_VALUE", "%s: \"%.80s\" is not %s; left"
		    " out", f->name, s, f->type);
	else
		json_put(it->values, f->name, value);
	free(value);
	return 0;
}

int
ire_values(struct run *run, struct item *it)
{
	struct json_object *sent;
	int r = 0;

	it->values = json_object_new_object();
	if (!json_object_object_get_ex(it->raw, "values", &sent))
		return 0;
	json_object_object_foreach(sent, key, v) {
		const struct field *f = db_field(run->db, it->class, key);
		const char *s = v != NULL ? json_object_get_string(v) : "";

		/* Nothing never overwrites something. */
		if (s == NULL || s[0] == '\0' || strncmp(key, "sys_", 4) == 0)
			continue;
		if (f == NULL) {
			item_warn(it, "UNKNOWN_FIELD", "%.80s has no field"
			    " %.80s; left out", it->class, key);
			continue;
		}
		r = put_value(run, it, f, s);
		if (r < 0)
			break;
	}
	return r;
}
