/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query - the words of an encoded query put together: ^ (and), ^OR (binds to
 * the condition before), ^NQ (a whole new query), ORDERBY.
 */
#include "query.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

enum join { JOIN_AND, JOIN_OR, JOIN_NQ };

struct cond {
	enum join join;
	bool ok;
	struct sql sql;
};

struct conds {
	struct cond *at;
	size_t count;
	bool dropped;
};

/* The next piece up to a single ^; ^^ is a ^ of the value. NULL at the end. */
static char *
next_piece(const char **at)
{
	struct text t = { 0 };
	const char *s = *at;

	if (*s == '\0')
		return NULL;
	for (; *s != '\0'; s++) {
		if (*s == '^' && s[1] != '^')
			break;
		if (*s == '^')
			s++;
		text_add_mem(&t, s, 1);
	}
	*at = *s == '^' ? s + 1 : s;
	return text_take(&t);
}

/* A word that orders, groups or ends, and is no condition. */
static bool
is_no_condition(const char *piece)
{
	return *piece == '\0' || strcmp(piece, "EQ") == 0 ||
	    str_prefix(piece, "ORDERBY") || str_prefix(piece, "GROUPBY");
}

static bool
cond_emit(const struct db *db, const struct table *t, const char *piece,
    struct sql *out)
{
	size_t n = strspn(piece, "abcdefghijklmnopqrstuvwxyz0123456789_.");
	struct text expr = { 0 }, shown = { 0 };
	struct operand o = { .db = db, .table = t };
	const struct op *op = op_find(piece + n);
	char *path = xstrndup(piece, n);
	bool ok = false;

	if (op != NULL && path_sql(db, t, "t", path, true, &shown, &o.field) &&
	    path_sql(db, t, "t", path, false, &expr, &o.field)) {
		o.expr = text_str(&expr);
		o.shown = text_str(&shown);
		o.value = piece + n + strlen(op->word);
		ok = op->emit(&o, op, out);
	}
	free(path);
	text_fini(&expr);
	text_fini(&shown);
	return ok;
}

static void
conds_add(struct conds *cs, const struct db *db, const struct table *t,
    const char *piece)
{
	struct cond *c;

	if (is_no_condition(piece))
		return;
	if (cs->count == CONDITIONS_MAX) {
		cs->dropped = true;
		return;
	}
	cs->at = xrealloc(cs->at, (cs->count + 1) * sizeof(*cs->at));
	c = &cs->at[cs->count++];
	memset(c, 0, sizeof(*c));
	if (str_prefix(piece, "NQ")) {
		c->join = JOIN_NQ;
		piece += 2;
	} else if (str_prefix(piece, "OR")) {
		c->join = JOIN_OR;
		piece += 2;
	}
	if (is_no_condition(piece))
		return;
	c->ok = cond_emit(db, t, piece, &c->sql);
	cs->dropped = cs->dropped || !c->ok;
}

static void
sql_append(struct sql *out, const struct sql *part)
{
	size_t i;

	text_add(&out->text, text_str(&part->text));
	out->binds = xrealloc(out->binds,
	    (out->bind_count + part->bind_count) * sizeof(char *));
	for (i = 0; i < part->bind_count; i++)
		out->binds[out->bind_count++] = xstrdup(part->binds[i]);
}

/* (a OR b) AND (c), each query of a union in parentheses of its own. */
static void
conds_emit(const struct conds *cs, struct sql *out)
{
	bool group = false, query = false;
	const struct cond *c;

	text_add(&out->text, "((");
	for (c = cs->at; c < cs->at + cs->count; c++) {
		if (c->join != JOIN_OR && group) {
			text_add(&out->text, ")");
			group = false;
		}
		if (c->join == JOIN_NQ) {
			text_add(&out->text, query ? ") OR (" : "1) OR (");
			query = false;
		}
		if (!c->ok)
			continue;
		if (!group)
			text_add(&out->text, query ? " AND (" : "(");
		else
			text_add(&out->text, " OR ");
		group = query = true;
		sql_append(out, &c->sql);
	}
	if (group)
		text_add(&out->text, ")");
	text_add(&out->text, query ? "))" : "1))");
}

/* An instance may be told to answer a wrong query with no rows at all. */
static bool
strict(const struct db *db)
{
	struct json_object *row;
	bool yes;

	if (!db_has_table(db, "sys_properties") ||
	    db_first((struct db *)(uintptr_t)db, "sys_properties",
		"name=glide.invalid_query.returns_no_rows", &row) < 0)
		return false;
	yes = strcmp(json_str(row, "value", ""), "true") == 0;
	json_object_put(row);
	return yes;
}

void
query_where(const struct db *db, const struct table *t, const char *encoded,
    struct sql *out)
{
	struct conds cs = { 0 };
	const char *at = encoded != NULL ? encoded : "";
	char *piece;
	size_t i;

	if (t->super != NULL)
		text_addf(&out->text, "t.sys_class_name IN (%s) AND ",
		    t->class_list);
	if (strlen(at) > QUERY_MAX)
		at = "";
	while ((piece = next_piece(&at)) != NULL) {
		conds_add(&cs, db, t, piece);
		free(piece);
	}
	conds_emit(&cs, out);
	if (cs.dropped && strict(db))
		text_add(&out->text, " AND 0");
	for (i = 0; i < cs.count; i++)
		sql_fini(&cs.at[i].sql);
	free(cs.at);
}

static bool
is_number(const struct field *f)
{
	return strcmp(f->type, "integer") == 0 ||
	    strcmp(f->type, "decimal") == 0;
}

static void
order_add(const struct db *db, const struct table *t, const char *piece,
    struct sql *out)
{
	bool down = str_prefix(piece, "ORDERBYDESC");
	struct text expr = { 0 };
	const struct field *f;

	if (!str_prefix(piece, "ORDERBY"))
		return;
	piece += strlen(down ? "ORDERBYDESC" : "ORDERBY");
	if (path_sql(db, t, "t", piece, true, &expr, &f))
		text_addf(&out->text, "%s%s%s,", is_number(f) ? "1.0*" : "",
		    text_str(&expr), down ? " DESC" : "");
	text_fini(&expr);
}

void
query_order(const struct db *db, const struct table *t, const char *encoded,
    struct sql *out)
{
	const char *at = encoded != NULL ? encoded : "";
	char *piece;

	text_add(&out->text, " ORDER BY ");
	if (strlen(at) > QUERY_MAX)
		at = "";
	while ((piece = next_piece(&at)) != NULL) {
		order_add(db, t, piece, out);
		free(piece);
	}
	text_add(&out->text, "t.rowid");
}
