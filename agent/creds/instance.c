/* SPDX-License-Identifier: Apache-2.0 */
/* instance - the source of records that the instance keeps (discovery_credentials). */
#include "instance/instance.h"

#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "xalloc.h"

/* A row of theirs in our words. *OUT is the caller's. */
static struct json_object *
ours(const struct creds *c, struct json_object *row)
{
	struct json_object *o = json_object_new_object();
	const char *external = c->ag->config->creds.external, *id = json_str(row, "credential_id", "");
	bool sealed = json_str(row, "u_sealed", "")[0] != '\0';

	json_put_str(o, "name", json_str(row, "name", ""));
	json_put_str(o, "type", json_str(row, "type", ""));
	json_put_str(o, "user", json_str(row, "user_name", ""));
	json_put_int(o, "order", strtoll(json_str(row, "order", "100"), NULL, 10));
	json_put_str(o, "tags", json_str(row, "tag", ""));
	json_put_str(o, "ranges", json_str(row, "u_ranges", ""));
	json_put_str(o, "scope", json_str(row, "u_scope", "account"));
	json_put_str(o, "sealed", json_str(row, "u_sealed", ""));
	json_put_str(o, "ref", sealed ? "" : id[0] != '\0' ? id : json_str(row, "name", ""));
	json_put_str(o, "via", sealed ? "instance" : strcmp(external, "vault") == 0 ? "kv" : external);
	return o;
}

static void
take_row(struct creds *c, struct json_object *row, struct records *rs)
{
	const char *id = json_str(row, "sys_id", "");
	struct json_object *o = ours(c, row);
	struct record r = { 0 };
	struct err err = { 0 };

	if (strlen(id) != 32 || strspn(id, "0123456789abcdef") != 32)
		log_warn("creds", "a credential of the instance has no sys_id: left out");
	else if (record_parse(&r, "instance", id, o, &err) < 0)
		log_warn("creds", "credential %s of the instance is left out: %s", id, err.text);
	else {
		rs->v = xrealloc(rs->v, (rs->n + 1) * sizeof(*rs->v));
		rs->v[rs->n++] = r;
	}
	json_object_put(o);
}

struct loading { struct creds *c; unsigned index; };

static void
on_rows(void *arg, const struct verdict *v, struct json_object *rows)
{
	struct loading *l = arg;
	struct records rs = { NULL, 0 };
	struct err err = { 0 };
	size_t i;

	if (v->said != SAID_YES) {
		err_set(&err, v->err_code != 0 ? v->err_code : E_PEER, "%s", v->why);
		source_loaded(l->c, l->index, &rs, &err);
	} else {
		for (i = 0; i < json_object_array_length(rows) && rs.n < RECORDS_MAX; i++)
			take_row(l->c, json_object_array_get_idx(rows, i), &rs);
		source_loaded(l->c, l->index, &rs, NULL);
	}
	free(l);
}

static void
none(void *arg)
{
	struct loading *l = arg;
	struct records rs = { NULL, 0 };

	source_loaded(l->c, l->index, &rs, NULL);
	free(l);
}

void
instance_load(struct creds *c, unsigned index)
{
	struct loading *l = xcalloc(1, sizeof(*l));

	l->c = c;
	l->index = index;
	if (c->ag->config->creds.instance)
		instance_credentials(c->ag->instance, on_rows, l);
	else
		loop_defer(c->ag->loop, none, l);
}
