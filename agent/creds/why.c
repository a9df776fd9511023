/* SPDX-License-Identifier: Apache-2.0 */
/*
 * why - what people ask: which credentials there are, whether one opens, and
 * for one host which would be tried, in which order, and which were. Never a
 * secret.
 */
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "os.h"
#include "policy/policy.h"
#include "store/store.h"
#include "xalloc.h"

#define TRIED_ROWS 200

void
creds_list(struct creds *c, struct control_call *call)
{
	unsigned s;
	size_t i;

	for (s = 0; s < SOURCES; s++)
		for (i = 0; i < c->source[s].records.n; i++)
			control_row_take(call, record_json(&c->source[s].records.v[i]));
	control_ok_take(call, creds_state(c));
}

/* --- does it open ------------------------------------------------------------------ */

struct testing { struct control_call *call; char *type, *id; };

static void
testing_free(struct testing *t)
{
	free(t->type);
	free(t->id);
	free(t);
}

static void
opened(void *arg, struct json_object *fields, const struct err *err)
{
	struct testing *t = arg;
	struct json_object *o;
	const char *lacks = fields == NULL ? NULL : type_lacks(t->type, fields);

	if (fields == NULL) {
		control_no(t->call, err->code, "%s", err->text);
	} else if (lacks != NULL) {
		control_no(t->call, E_BAD, "it opens, but has no %s, which a credential of type %s needs", lacks, t->type);
	} else {
		o = json_object_new_object();
		json_put_str(o, "id", t->id);
		json_put_str(o, "type", t->type);
		json_put_str(o, "topic", type_trial(t->type));
		json_put_int(o, "fields", json_object_object_length(fields));
		control_ok_take(t->call, o);
	}
	testing_free(t);
}

void
creds_test(struct creds *c, struct control_call *call, const char *name, const char *host)
{
	struct record *r = creds_find(c, name);
	struct testing *t;

	if (r == NULL) {
		control_no(call, E_NONE, "there is no credential %.80s: midctl creds list", name);
		return;
	}
	t = xcalloc(1, sizeof(*t));
	t->call = call;
	t->type = xstrdup(r->type);
	t->id = xstrdup(r->id);
	(void)values_open(c, r, host, opened, t);
}

/* --- why ------------------------------------------------------------------------------- */

struct asking {
	struct creds *c;
	struct control_call *call;
	char *host, *address;
	struct known known;
	struct json_object *out;
};

static void
asking_end(struct asking *a, int r, const char *text)
{
	if (r < 0)
		control_no(a->call, -r, "%s", text);
	else
		control_ok_take(a->call, json_object_get(a->out));
	known_fini(&a->known);
	json_object_put(a->out);
	free(a->host);
	free(a->address);
	free(a);
}

static const char all_types[] = "ssh_private_key,ssh_password,snmp,snmpv3,basic,windows,vmware,api_key";

/* Those a job without a tag would get. */
static void
put_candidates(struct asking *a)
{
	struct json_object *list = json_object_new_array(), *o;
	struct candidate *v;
	size_t n = order_of(a->c, &a->known, all_types, a->address, "", "", &v), i;

	for (i = 0; i < n; i++) {
		o = record_json(v[i].r);
		json_put_bool(o, "affinity", v[i].affine);
		json_put_str(o, "skipped", v[i].skip);
		json_put_int(o, "failures", guard_failures(a->c->guard, v[i].r, a->address));
		json_add_take(list, o);
	}
	free(v);
	json_put_take(a->out, "order", list);
}

static void
on_tried(void *arg, int r, struct json_object *rows)
{
	struct asking *a = arg;
	struct json_object *list = json_object_new_array(), *o = NULL, *row;
	const char *text;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);

	for (i = n > TRIED_ROWS ? n - TRIED_ROWS : 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		text = json_str(row, "value", "");
		if (json_parse(&o, text, strlen(text), "a row", NULL) < 0)
			continue;
		json_put_int(o, "ms", json_int(row, "ms", 0));
		json_add_take(list, o);
	}
	json_put_take(a->out, "tried", list);
	asking_end(a, r, "the store cannot be read: midctl log tells more");
}

static void
on_refused(void *arg, int r, struct json_object *rows)
{
	struct asking *a = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	const char *id;
	char *prefix;

	a->known.refused = json_object_new_object();
	for (i = 0; i < n; i++) {
		id = strchr(json_str(json_object_array_get_idx(rows, i), "key", ""), ' ');
		if (id != NULL)
			json_put_int(a->known.refused, id + 1, json_int(json_object_array_get_idx(rows, i), "ms", 0));
	}
	put_candidates(a);
	prefix = xasprintf("%s|", a->address);
	store_targets(a->c->ag->store, "tried", prefix, 0, 0, on_tried, a);
	free(prefix);
}

static void
on_affinity(void *arg, int r, struct json_object *rows)
{
	struct asking *a = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	int64_t newest = 0;
	struct json_object *row;
	char *prefix;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (json_int(row, "ms", 0) < newest)
			continue;
		newest = json_int(row, "ms", 0);
		free(a->known.affinity);
		a->known.affinity = xstrdup(json_str(row, "value", ""));
	}
	prefix = xasprintf("%s ", a->address);
	store_targets(a->c->ag->store, "refused", prefix, os_time_ms() - a->c->ag->config->creds.refused_ms, 1000, on_refused, a);
	free(prefix);
}

static void
on_found(void *arg, int r, const char *address, const struct err *err)
{
	struct asking *a = arg;
	char *prefix;

	if (r < 0) {
		asking_end(a, r, err->text);
		return;
	}
	a->address = xstrdup(address);
	json_put_str(a->out, "host", a->host);
	json_put_str(a->out, "address", address);
	prefix = xasprintf("%s ", address);
	store_targets(a->c->ag->store, "affinity", prefix, os_time_ms() - a->c->ag->config->creds.affinity_ms, 100,
	    on_affinity, a);
	free(prefix);
}

void
creds_why(struct creds *c, struct control_call *call, const char *host)
{
	struct asking *a;

	if (host[0] == '\0') {
		control_no(call, E_BAD, "why what? midctl creds why HOST");
		return;
	}
	a = xcalloc(1, sizeof(*a));
	a->c = c;
	a->call = call;
	a->host = xstrdup(host);
	a->out = json_object_new_object();
	policy_resolve(c->ag->policy, host, on_found, a);
}
