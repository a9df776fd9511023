/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self - our own ecc_agent row: by its sys_id, else by name, else made new;
 * then brought up to date where a column differs.
 */
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "log.h"
#include "xalloc.h"

#define AGENTS TABLE "ecc_agent"
#define PLAIN "sysparm_exclude_reference_link=true"

struct self_call {
	struct instance *in;
	char id[33];
	char *name;
	struct json_object *columns;
	struct buf body;
	record_fn *fn;			/* one of these */
	verdict_fn *updated;
	void *arg;
};

static struct self_call *
call_new(struct instance *in, const char *id, struct json_object *columns, void *arg)
{
	struct self_call *s = xcalloc(1, sizeof(*s));

	s->in = in;
	snprintf(s->id, sizeof(s->id), "%s", id);
	if (json_object_deep_copy(columns, &s->columns, NULL) < 0)
		s->columns = json_object_new_object();
	buf_init(&s->body, 1u << 20);
	s->arg = arg;
	return s;
}

static void
call_end(struct self_call *s, const struct verdict *v, struct json_object *record)
{
	if (s->fn != NULL)
		s->fn(s->arg, v, record);
	if (s->updated != NULL)
		s->updated(s->arg, v);
	json_object_put(s->columns);
	buf_fini(&s->body);
	free(s->name);
	free(s);
}

/* The columns of S as a body for METHOD. */
static void
send_columns(struct self_call *s, const char *method, const char *path, int flags, reply_fn *fn)
{
	struct request rq = { .method = method, .path = path, .flags = flags };

	(void)json_write(&s->body, s->columns);
	rq.body = buf_str(&s->body);
	rq.len = s->body.len;
	request_send(s->in, &rq, fn, s);
}

/* --- changing it ----------------------------------------------------------------------------- */

/* The row in BODY, the caller's; NULL with V spoilt. List: its only or first element. */
static struct json_object *
record_in(const char *body, size_t len, struct verdict *v, struct err *err)
{
	struct json_object *o = NULL, *record;

	if (json_parse(&o, body, len, "the agent's record", err) < 0) {
		verdict_spoil(v, SAID_LATER, err->text);
		return NULL;
	}
	record = json_object_get(json_get(o, "result"));
	json_object_put(o);
	if (record == NULL)
		verdict_spoil(v, SAID_LATER, "the instance gave no record of this agent");
	return record;
}

static void
on_changed(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct self_call *s = arg;
	struct verdict mine = *v;
	struct json_object *record = NULL;
	struct err err = { 0 };

	if (v->said == SAID_YES && s->fn != NULL)
		record = record_in(body, len, &mine, &err);
	call_end(s, &mine, record);
	json_object_put(record);
}

/* Doing it twice is no harm, so its end is never unsure. */
static void
change(struct self_call *s)
{
	char path[160];

	snprintf(path, sizeof(path), AGENTS "/%.32s?" PLAIN, s->id);
	send_columns(s, "PATCH", path, 0, on_changed);
}

static bool
differs(struct json_object *columns, struct json_object *record)
{
	json_object_object_foreach(columns, name, value) {
		if (value == NULL || strcmp(json_str(record, name, ""), json_object_get_string(value)) != 0)
			return true;
	}
	return false;
}

/* --- finding it -------------------------------------------------------------------------------- */

static void
use(struct self_call *s, const struct verdict *v, struct json_object *record)
{
	struct verdict bad = *v;

	if (!rows_id_ok(json_str(record, "sys_id", ""))) {
		verdict_spoil(&bad, SAID_LATER, "the record of this agent has no sys_id");
		call_end(s, &bad, NULL);
		return;
	}
	snprintf(s->id, sizeof(s->id), "%s", json_str(record, "sys_id", ""));
	if (differs(s->columns, record))
		change(s);
	else
		call_end(s, v, record);
}

static void
insert(struct self_call *s)
{
	json_object_object_del(s->columns, "sys_id");
	if (json_get(s->columns, "name") == NULL)
		json_put_str(s->columns, "name", s->name);
	log_info(IN_SUB, "the instance has no agent \"%s\" yet: adding it", s->name);
	/* Sought by name at the next try, so an unclear end does no harm. */
	send_columns(s, "POST", AGENTS "?" PLAIN, 0, on_changed);
}

/* The row of that very name: a condition the instance drops would give us somebody else's. */
static struct json_object *
named(struct json_object *list, const char *name)
{
	struct json_object *one;
	size_t i;

	for (i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		one = json_object_array_get_idx(list, i);
		if (strcmp(json_str(one, "name", ""), name) == 0)
			return one;
	}
	return NULL;
}

static void
on_list(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct self_call *s = arg;
	struct verdict mine = *v;
	struct json_object *list = NULL, *one;
	struct err err = { 0 };

	if (v->said == SAID_YES)
		list = record_in(body, len, &mine, &err);
	one = named(list, s->name);
	if (mine.said != SAID_YES)
		call_end(s, &mine, NULL);
	else if (one != NULL)
		use(s, v, one);
	else
		insert(s);
	json_object_put(list);
}

static void
find_by_name(struct self_call *s)
{
	struct request rq = { .method = "GET" };
	struct buf path;

	buf_init(&path, 4096);
	buf_puts(&path, AGENTS "?sysparm_query=name%3D");
	path_put_query(&path, s->name);
	buf_puts(&path, "%5EORDERBYsys_created_on&sysparm_limit=10&" PLAIN);
	rq.path = buf_str(&path);
	request_send(s->in, &rq, on_list, s);
	buf_fini(&path);
}

static void
on_record(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct self_call *s = arg;
	struct verdict mine = *v;
	struct json_object *record = NULL;
	struct err err = { 0 };

	if (v->status == 404) {
		find_by_name(s);
		return;
	}
	if (v->said == SAID_YES)
		record = record_in(body, len, &mine, &err);
	if (record == NULL)
		call_end(s, &mine, NULL);
	else
		use(s, v, record);
	json_object_put(record);
}

void
instance_register(struct instance *in, const char *sys_id, const char *name,
    struct json_object *columns, record_fn *fn, void *arg)
{
	struct self_call *s = call_new(in, sys_id, columns, arg);
	struct request rq = { .method = "GET" };
	char path[160];

	s->name = xstrdup(name);
	s->fn = fn;
	if (!rows_id_ok(sys_id)) {
		find_by_name(s);
		return;
	}
	snprintf(path, sizeof(path), AGENTS "/%.32s?" PLAIN, sys_id);
	rq.path = path;
	request_send(in, &rq, on_record, s);
}

void
instance_update_self(struct instance *in, const char *sys_id, struct json_object *columns, verdict_fn *fn, void *arg)
{
	struct self_call *s = call_new(in, sys_id, columns, arg);

	s->updated = fn;
	change(s);
}
