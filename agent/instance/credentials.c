/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials - the instance's records of credentials: what they are for, and
 * their values sealed to our certificate. How ServiceNow itself hands them to
 * a MID Server is not documented: where u_sealed is missing, a record is a
 * name that another vault knows (creds.external).
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define FIELDS "sys_id,name,type,order,active,user_name,tag,credential_id,use_external_store,u_sealed,u_ranges,u_scope"
#define PATH TABLE "discovery_credentials?sysparm_query=active%%3Dtrue%%5EORDERBYorder%%5EORDERBYsys_id" \
	"&sysparm_exclude_reference_link=true&sysparm_limit=%u&sysparm_offset=%u&sysparm_fields=" FIELDS
#define PAGE 500u
#define ROWS_MAX 5000u

struct fetching {
	struct instance *in;
	struct json_object *rows;
	list_fn *fn;
	void *arg;
};

static void ask_page(struct fetching *f);

static void
fetch_end(struct fetching *f, const struct verdict *v)
{
	f->fn(f->arg, v, f->rows);
	json_object_put(f->rows);
	free(f);
}

static void
on_page(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct fetching *f = arg;
	struct verdict mine = *v;
	struct json_object *o = NULL, *list = NULL;
	struct err err = { 0 };
	size_t i, n = 0;

	if (v->said == SAID_YES && json_parse(&o, body, len, "the credentials", &err) < 0)
		verdict_spoil(&mine, SAID_LATER, err.text);
	list = json_arr(o, "result");
	if (mine.said == SAID_YES && list == NULL)
		verdict_spoil(&mine, SAID_LATER, "the instance gave no list of credentials");
	for (i = 0; list != NULL && i < json_object_array_length(list); i++, n++)
		json_add_take(f->rows, json_object_get(json_object_array_get_idx(list, i)));
	json_object_put(o);
	if (mine.said == SAID_YES && n == PAGE && json_object_array_length(f->rows) < ROWS_MAX)
		ask_page(f);
	else
		fetch_end(f, &mine);
}

static void
ask_page(struct fetching *f)
{
	char path[600];
	struct request rq = { .method = "GET", .path = path };

	snprintf(path, sizeof(path), PATH, PAGE, (unsigned)json_object_array_length(f->rows));
	request_send(f->in, &rq, on_page, f);
}

void
instance_credentials(struct instance *in, list_fn *fn, void *arg)
{
	struct fetching *f = xcalloc(1, sizeof(*f));

	f->in = in;
	f->rows = json_object_new_array();
	f->fn = fn;
	f->arg = arg;
	ask_page(f);
}
