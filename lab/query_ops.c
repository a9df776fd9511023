/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query_ops - every operator of an encoded query, one row each.
 */
#include "query.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

/* sys_id of the dynamic filter "Me" that comes with every instance. */
#define DYNAMIC_ME "90d1921e5f510100a9ad2572f2b477fe"

static bool
type_is(const struct operand *o, const char *type)
{
	return strcmp(o->field->type, type) == 0;
}

static bool
is_date(const struct operand *o)
{
	return type_is(o, "glide_date_time") || type_is(o, "glide_date");
}

static bool
is_number(const struct operand *o)
{
	return type_is(o, "integer") || type_is(o, "decimal");
}

static bool
number_ok(const char *s)
{
	char *end;

	(void)strtod(s, &end);
	return end != s && *end == '\0';
}

/* One side of a comparison; numbers compare as numbers, the rest as text. */
static bool
compare(const struct operand *o, const char *sign, const char *value,
    struct sql *out)
{
	char *v;

	if (is_number(o)) {
		if (!number_ok(value))
			return false;
		text_addf(&out->text, "(%s<>'' AND 1.0*%s%s1.0*", o->expr,
		    o->expr, sign);
		sql_bind(out, value);
		text_add(&out->text, ")");
		return true;
	}
	v = date_value(o->db, value);
	if (v == NULL)
		return false;
	text_addf(&out->text, "(%s<>'' AND %s%s", o->expr, o->expr, sign);
	sql_bind(out, v);
	text_add(&out->text, ")");
	free(v);
	return true;
}

static bool
emit_compare(const struct operand *o, const struct op *op, struct sql *out)
{
	return compare(o, op->sql, o->value, out);
}

static bool
emit_equal(const struct operand *o, const struct op *op, struct sql *out)
{
	char *v = date_value(o->db, o->value);

	if (v == NULL)
		return false;
	text_addf(&out->text, "%s%s", o->expr, op->sql);
	sql_bind(out, v);
	free(v);
	return true;
}

/* A condition without a value: op->sql stands behind the field. */
static bool
emit_plain(const struct operand *o, const struct op *op, struct sql *out)
{
	text_addf(&out->text, "%s%s", o->expr, op->sql);
	return true;
}

static bool
emit_anything(const struct operand *o, const struct op *op, struct sql *out)
{
	(void)o;
	text_add(&out->text, op->sql);
	return true;
}

/* op->sql is the pattern, with v where the value goes; ! in front negates. */
static bool
emit_like(const struct operand *o, const struct op *op, struct sql *out)
{
	bool not = op->sql[0] == '!';
	struct text pattern = { 0 };
	const char *p, *v;

	for (p = op->sql + not; *p != '\0'; p++) {
		if (*p == '%')
			text_add(&pattern, "%");
		for (v = o->value; *p == 'v' && *v != '\0'; v++) {
			if (strchr("%_\\", *v) != NULL)
				text_add(&pattern, "\\");
			text_add_mem(&pattern, v, 1);
		}
	}
	text_addf(&out->text, "%s%s LIKE ", o->shown, not ? " NOT" : "");
	sql_bind(out, text_str(&pattern));
	text_add(&out->text, " ESCAPE '\\'");
	text_fini(&pattern);
	return true;
}

/* The list is bound as one value, so every length is the same statement. */
static bool
emit_in(const struct operand *o, const struct op *op, struct sql *out)
{
	struct json_object *a = json_object_new_array();
	const char *s = o->value, *comma;

	for (; s != NULL; s = comma != NULL ? comma + 1 : NULL) {
		comma = strchr(s, ',');
		json_object_array_add(a, json_object_new_string_len(s,
		    (int)(comma != NULL ? (size_t)(comma - s) : strlen(s))));
	}
	text_addf(&out->text, "%s%s(SELECT value FROM json_each(", o->expr,
	    op->sql);
	sql_bind(out, json_object_to_json_string(a));
	text_add(&out->text, "))");
	json_object_put(a);
	return true;
}

static bool
emit_between(const struct operand *o, const struct op *op, struct sql *out)
{
	const char *at = strchr(o->value, '@');
	char *low;
	bool ok;

	(void)op;
	if (at == NULL)
		return false;
	low = xstrndup(o->value, (size_t)(at - o->value));
	text_add(&out->text, "(");
	ok = compare(o, ">=", low, out);
	text_add(&out->text, " AND ");
	ok = ok && compare(o, "<=", at + 1, out);
	text_add(&out->text, ")");
	free(low);
	return ok;
}

/* "2026-01-31", or "Today@<from>@<to>" as the list view writes it. */
static bool
on_bounds(const struct operand *o, char **from, char **to)
{
	char *copy = xstrdup(o->value), *a = strchr(copy, '@'), *b;
	struct text t = { 0 };

	*from = *to = NULL;
	b = a != NULL ? strchr(a + 1, '@') : NULL;
	if (b != NULL) {
		*b = '\0';
		*from = date_value(o->db, a + 1);
		*to = date_value(o->db, b + 1);
	} else if (a == NULL && strlen(copy) >= 10 &&
	    date_parse(copy) != (time_t)-1) {
		copy[10] = '\0';
		*from = xstrdup(copy);
		text_addf(&t, "%s 23:59:59", copy);
		*to = text_take(&t);
	}
	free(copy);
	return *from != NULL && *to != NULL;
}

static bool
emit_on(const struct operand *o, const struct op *op, struct sql *out)
{
	char *from, *to;
	bool ok = on_bounds(o, &from, &to);

	if (ok) {
		text_addf(&out->text, "%s(%s BETWEEN ", op->sql, o->expr);
		sql_bind(out, from);
		text_add(&out->text, " AND ");
		sql_bind(out, to);
		text_add(&out->text, ")");
	}
	free(from);
	free(to);
	return ok;
}

static bool
emit_relative(const struct operand *o, const struct op *op, struct sql *out)
{
	char when[DATE_SIZE];
	int64_t t;
	bool day = strcmp(op->sql, "=") == 0;

	if (!is_date(o) || !date_relative(o->db, o->value, &t))
		return false;
	date_format(when, (time_t)t);
	if (day)
		when[10] = '\0';
	text_addf(&out->text, day ? "(substr(%s,1,10)%s" : "(%s<>'' AND ",
	    o->expr, day ? "=" : "");
	if (!day)
		text_addf(&out->text, "%s%s", o->expr, op->sql);
	sql_bind(out, when);
	text_add(&out->text, ")");
	return true;
}

static bool
emit_date_part(const struct operand *o, const struct op *op, struct sql *out)
{
	const char *format;
	char part[16];

	(void)op;
	if (!is_date(o) || !date_part(o->value, &format, part))
		return false;
	text_addf(&out->text, "strftime('%s',%s)=", format, o->expr);
	sql_bind(out, part);
	return true;
}

static bool
emit_same(const struct operand *o, const struct op *op, struct sql *out)
{
	const struct field *f;

	text_addf(&out->text, "%s%s", o->expr, op->sql);
	return path_sql(o->db, o->table, "t", o->value, false, &out->text, &f);
}

static bool
emit_instance_of(const struct operand *o, const struct op *op, struct sql *out)
{
	const struct table *t = catalog_table(o->db, o->value);

	(void)op;
	if (t == NULL)
		return false;
	text_addf(&out->text, "%s IN (%s)", o->expr, t->class_list);
	return true;
}

static bool
emit_dynamic(const struct operand *o, const struct op *op, struct sql *out)
{
	(void)op;
	if (strcmp(o->value, DYNAMIC_ME) != 0)
		return false;
	text_addf(&out->text, "%s=", o->expr);
	sql_bind(out, o->db->user_sys_id);
	return true;
}

static const struct op ops[] = {
	{ "=",		emit_equal,	"=" },
	{ "!=",		emit_equal,	"<>" },
	{ "<",		emit_compare,	"<" },
	{ ">",		emit_compare,	">" },
	{ "<=",		emit_compare,	"<=" },
	{ ">=",		emit_compare,	">=" },
	{ "ISEMPTY",	emit_plain,	"=''" },
	{ "ISNOTEMPTY",	emit_plain,	"<>''" },
	{ "EMPTYSTRING", emit_plain,	"=''" },
	{ "ANYTHING",	emit_anything,	"1" },
	{ "SAMEAS",	emit_same,	"=" },
	{ "NSAMEAS",	emit_same,	"<>" },
	{ "STARTSWITH",	emit_like,	"v%" },
	{ "ENDSWITH",	emit_like,	"%v" },
	{ "%",		emit_like,	"%v" },
	{ "LIKE",	emit_like,	"%v%" },
	{ "*",		emit_like,	"%v%" },
	{ "CONTAINS",	emit_like,	"%v%" },
	{ "NOT LIKE",	emit_like,	"!%v%" },
	{ "!*",		emit_like,	"!%v%" },
	{ "IN",		emit_in,	" IN " },
	{ "NOT IN",	emit_in,	" NOT IN " },
	{ "BETWEEN",	emit_between,	NULL },
	{ "ON",		emit_on,	"" },
	{ "NOTON",	emit_on,	"NOT " },
	{ "RELATIVEGT",	emit_relative,	">" },
	{ "RELATIVELT",	emit_relative,	"<" },
	{ "RELATIVEGE",	emit_relative,	">=" },
	{ "RELATIVELE",	emit_relative,	"<=" },
	{ "RELATIVEEE",	emit_relative,	"=" },
	{ "DATEPART",	emit_date_part,	NULL },
	{ "INSTANCEOF",	emit_instance_of, NULL },
	{ "IN_HIERARCHY", emit_instance_of, NULL },
	{ "DYNAMIC",	emit_dynamic,	NULL },
};

const struct op *
op_find(const char *text)
{
	const struct op *best = NULL;
	size_t i;

	for (i = 0; i < COUNT(ops); i++)
		if (str_prefix(text, ops[i].word) && (best == NULL ||
		    strlen(ops[i].word) > strlen(best->word)))
			best = &ops[i];
	return best;
}
