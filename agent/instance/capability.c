/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capability - the rows of ecc_agent_capability that say what this agent can
 * do. What an agent writes there is not documented: ours have VALUE "midd", and
 * where an operator has made rows of his own for this agent, those are the word:
 * then ours go.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define CAPABILITIES TABLE "ecc_agent_capability"
#define OURS "midd"
#define ROWS_MAX 500

struct telling {
	struct instance *in;
	char agent[33];
	struct json_object *add, *drop;	/* names to be added, sys_ids of rows to be deleted */
	struct buf body;		/* of the request under way */
	size_t added, dropped;
	verdict_fn *fn;
	void *arg;
};

static void next_row(struct telling *t, const struct verdict *v);

static void
end(struct telling *t, const struct verdict *v)
{
	t->fn(t->arg, v);
	json_object_put(t->add);
	json_object_put(t->drop);
	buf_fini(&t->body);
	free(t);
}

static void
on_changed(void *arg, const struct verdict *v, const char *body, size_t len)
{
	(void)body;
	(void)len;
	next_row(arg, v);
}

static void
add_row(struct telling *t, const char *name)
{
	struct json_object *o = json_object_new_object();
	struct request rq = { .method = "POST", .path = CAPABILITIES "?sysparm_fields=sys_id", .flags = RQ_ASIDE };

	json_put_str(o, "agent", t->agent);
	json_put_str(o, "name", name);
	json_put_str(o, "capability", name);
	json_put_str(o, "value", OURS);
	buf_clear(&t->body);
	(void)json_write(&t->body, o);
	json_object_put(o);
	rq.body = buf_str(&t->body);
	rq.len = t->body.len;
	request_send(t->in, &rq, on_changed, t);
}

static void
drop_row(struct telling *t, const char *id)
{
	char path[160];
	struct request rq = { .method = "DELETE", .path = path, .flags = RQ_ASIDE };

	snprintf(path, sizeof(path), CAPABILITIES "/%.32s", id);
	request_send(t->in, &rq, on_changed, t);
}

/* One after the other: a row that is gone already is no harm. */
static void
next_row(struct telling *t, const struct verdict *v)
{
	if (v->said != SAID_YES && v->status != 404)
		end(t, v);
	else if (t->dropped < json_object_array_length(t->drop))
		drop_row(t, json_object_get_string(json_object_array_get_idx(t->drop, t->dropped++)));
	else if (t->added < json_object_array_length(t->add))
		add_row(t, json_object_get_string(json_object_array_get_idx(t->add, t->added++)));
	else
		end(t, v);
}

/* The place of NAME among those to be added, or -1. */
static int
wanted(const struct telling *t, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(t->add); i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(t->add, i)), name) == 0)
			return (int)i;
	return -1;
}

static void
compare(struct telling *t, struct json_object *rows)
{
	struct json_object *row;
	bool others = false;
	size_t i;
	int at;

	for (i = 0; i < json_object_array_length(rows); i++)
		others = others || strcmp(json_str(json_object_array_get_idx(rows, i), "value", ""), OURS) != 0;
	if (others)
		json_object_array_del_idx(t->add, 0, json_object_array_length(t->add));
	for (i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		at = wanted(t, json_str(row, "capability", ""));
		if (at >= 0)
			json_object_array_del_idx(t->add, (size_t)at, 1);
		else if (strcmp(json_str(row, "value", ""), OURS) == 0 && rows_id_ok(json_str(row, "sys_id", "")))
			json_add_take(t->drop, json_object_new_string(json_str(row, "sys_id", "")));
	}
}

static void
on_rows(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct telling *t = arg;
	struct verdict mine = *v;
	struct json_object *o = NULL;
	struct err err = { 0 };

	if (v->said == SAID_YES && json_parse(&o, body, len, "the agent's capabilities", &err) < 0)
		verdict_spoil(&mine, SAID_LATER, err.text);
	if (mine.said == SAID_YES && json_arr(o, "result") == NULL)
		verdict_spoil(&mine, SAID_LATER, "the instance gave no list of capabilities");
	if (mine.said == SAID_YES) {
		compare(t, json_arr(o, "result"));
		next_row(t, &mine);
	} else {
		end(t, &mine);
	}
	json_object_put(o);
}

void
instance_capabilities(struct instance *in, const char *agent_id, struct json_object *names, verdict_fn *fn, void *arg)
{
	struct telling *t = xcalloc(1, sizeof(*t));
	char path[300];
	struct request rq = { .method = "GET", .path = path, .flags = RQ_ASIDE };

	t->in = in;
	t->fn = fn;
	t->arg = arg;
	buf_init(&t->body, 4096);
	t->drop = json_object_new_array();
	if (json_object_deep_copy(names, &t->add, NULL) < 0)
		t->add = json_object_new_array();
	snprintf(t->agent, sizeof(t->agent), "%s", agent_id);
	snprintf(path, sizeof(path), CAPABILITIES "?sysparm_query=agent%%3D%.32s&sysparm_fields=sys_id,capability,value"
	    "&sysparm_exclude_reference_link=true&sysparm_limit=%d", agent_id, ROWS_MAX);
	request_send(in, &rq, on_rows, t);
}
