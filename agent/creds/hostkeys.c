/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostkeys - the keys by which SSH servers are known again: one row a host,
 * port and type. tofu: a host of which no key is stored is believed once.
 * A changed key is never believed: it is kept beside the old one as offered,
 * until a person accepts it.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "policy/address.h"
#include "store/store.h"
#include "xalloc.h"

#define KIND "hostkey"
#define OFFERED "hostkey-offered"
#define TYPE_MAX 80
#define KEY_MAX 20000

struct question {
	struct asker *a;
	char *address, *type, *key;
	int port;
	bool types_only;
};

static void
question_free(struct question *q)
{
	free(q->address);
	free(q->type);
	free(q->key);
	free(q);
}

static char *
row_key(const char *address, int port, const char *type)
{
	return xasprintf("%s %d %s", address, port, type);
}

static void
learn(struct question *q, const char *kind)
{
	struct creds *c = asker_creds(q->a);
	char *key = row_key(q->address, q->port, q->type);

	store_target_set(c->ag->store, kind, key, q->key, os_time_ms(), NULL, NULL);
	free(key);
}

/* --- the answer --------------------------------------------------------------------------- */

static void
changed(struct question *q)
{
	struct creds *c = asker_creds(q->a);
	char *text = xasprintf("the %s key of %s port %d is not the one that is stored: another host, or somebody in between; "
	    "midctl hostkeys accept %s takes the new one", q->type, q->address, q->port, q->address);

	learn(q, OFFERED);
	log_err("hostkeys", "job %s: %s; no credential was sent", asker_job_id(q->a), text);
	store_audit(c->ag->store, "hostkey-changed", asker_job_id(q->a), text);
	asker_tell(q->a, "changed %s", text);
	free(text);
}

static void
unseen(struct question *q, bool others)
{
	struct creds *c = asker_creds(q->a);

	if (strcmp(c->ag->config->creds.hostkeys, "strict") == 0) {
		learn(q, OFFERED);
		asker_tell(q->a, "unknown no %s key of %s port %d is stored, and creds.hostkeys is strict: "
		    "midctl hostkeys accept %s", q->type, q->address, q->port, q->address);
		return;
	}
	/* A second type for a host whose key is known would let anybody in between offer a fresh one. */
	if (others) {
		changed(q);
		return;
	}
	learn(q, KIND);
	log_info("hostkeys", "job %s: the %s key of %s port %d is kept", asker_job_id(q->a), q->type, q->address, q->port);
	store_audit(c->ag->store, "hostkey-learned", asker_job_id(q->a), q->address);
	asker_tell(q->a, "learned");
}

static void
judge(struct question *q, struct json_object *rows)
{
	char *mine = row_key(q->address, q->port, q->type);
	struct json_object *row;
	size_t i, n = json_object_array_length(rows);

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (strcmp(json_str(row, "key", ""), mine) == 0)
			break;
	}
	free(mine);
	if (i < n && strcmp(json_str(json_object_array_get_idx(rows, i), "value", ""), q->key) == 0)
		asker_tell(q->a, "known");
	else if (i < n)
		changed(q);
	else
		unseen(q, n > 0);
}

static void
tell_types(struct question *q, struct json_object *rows)
{
	struct buf b;
	size_t i, n = json_object_array_length(rows);
	const char *type;

	buf_init(&b, 4000);
	for (i = 0; i < n; i++) {
		type = strrchr(json_str(json_object_array_get_idx(rows, i), "key", ""), ' ');
		(void)buf_printf(&b, "%s", type == NULL ? "" : type);
	}
	if (n == 0)
		asker_tell(q->a, "none");
	else
		asker_tell(q->a, "known%s", buf_str(&b));
	buf_fini(&b);
}

static void
on_rows(void *arg, int r, struct json_object *rows)
{
	struct question *q = arg;

	if (asker_drop(q->a)) {
		if (r < 0)	/* nothing is believed that cannot be checked */
			asker_tell(q->a, "%sthe store of host keys cannot be read", q->types_only ? "none " : "unknown ");
		else if (q->types_only)
			tell_types(q, rows);
		else
			judge(q, rows);
	}
	question_free(q);
}

/* --- the question ---------------------------------------------------------------------------- */

/* "HOST PORT[ TYPE BASE64]" of a worker, which may lie: only hosts of this run. */
static struct question *
question_parse(struct asker *a, const char *about)
{
	char host[300] = "", type[TYPE_MAX + 1] = "", *key = xcalloc(1, KEY_MAX + 1);
	struct question *q = NULL;
	const char *address;
	int port = 0, n;

	n = sscanf(about, "%255s %d %80s %20000s", host, &port, type, key);
	address = n >= 2 && port > 0 && port < 65536 ? asker_address(a, host) : NULL;
	if (address != NULL && (n == 2 || (n == 4 && strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-@.") == strlen(type)))) {
		q = xcalloc(1, sizeof(*q));
		q->address = xstrdup(address);
		q->port = port;
		q->type = xstrdup(type);
		q->key = xstrdup(key);
	}
	free(key);
	return q;
}

void
hostkeys_ask(struct asker *a, const char *what, const char *about)
{
	struct question *q = question_parse(a, about);
	char *prefix;

	if (q == NULL) {
		asker_tell(a, "unknown the question is malformed, or about a host this run has not resolved");
		return;
	}
	q->types_only = strcmp(what, "host-key-types") == 0;
	q->a = asker_hold(a);
	prefix = xasprintf("%s %d ", q->address, q->port);
	store_targets(asker_creds(a)->ag->store, KIND, prefix, 0, 100, on_rows, q);
	free(prefix);
}

/* --- for people --------------------------------------------------------------------------------- */

struct listing {
	struct control_call *call;
	struct creds *c;
	const char *kind;
	char *prefix;
	char *only_type;
	int changed;
};

static void
listing_free(struct listing *l)
{
	free(l->prefix);
	free(l->only_type);
	free(l);
}

static struct listing *
listing_new(struct creds *c, struct control_call *call, const char *host, int port)
{
	struct listing *l = xcalloc(1, sizeof(*l));

	l->c = c;
	l->call = call;
	l->prefix = host[0] == '\0' ? xstrdup("") : port > 0 ? xasprintf("%s %d ", host, port) : xasprintf("%s ", host);
	return l;
}

static void
list_row(struct listing *l, struct json_object *row)
{
	struct json_object *o = json_object_new_object();
	char host[300] = "", type[TYPE_MAX + 1] = "";
	int port = 0;

	(void)sscanf(json_str(row, "key", ""), "%255s %d %80s", host, &port, type);
	json_put_str(o, "host", host);
	json_put_int(o, "port", port);
	json_put_str(o, "type", type);
	json_put_str(o, "key", json_str(row, "value", ""));
	json_put_int(o, "since_ms", json_int(row, "ms", 0));
	json_put_str(o, "state", strcmp(l->kind, KIND) == 0 ? "trusted" : "offered");
	control_row_take(l->call, o);
}

static void
listed(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);

	for (i = 0; i < n; i++)
		list_row(l, json_object_array_get_idx(rows, i));
	if (r == 0 && strcmp(l->kind, KIND) == 0) {
		l->kind = OFFERED;
		store_targets(l->c->ag->store, OFFERED, l->prefix, 0, 0, listed, l);
		return;
	}
	if (r < 0)
		control_no(l->call, -r, "the host keys cannot be read: midctl log tells more");
	else
		control_ok_take(l->call, json_object_new_object());
	listing_free(l);
}

void
hostkeys_list(struct creds *c, struct control_call *call, const char *host)
{
	struct listing *l = listing_new(c, call, host, 0);

	l->kind = KIND;
	store_targets(c->ag->store, KIND, l->prefix, 0, 0, listed, l);
}

static void
answer_changed(struct listing *l, int r, const char *none)
{
	struct json_object *o;

	if (r < 0) {
		control_no(l->call, -r, "the host keys cannot be read: midctl log tells more");
	} else if (l->changed == 0) {
		control_no(l->call, E_NONE, "%s", none);
	} else {
		o = json_object_new_object();
		json_put_int(o, "changed", l->changed);
		control_ok_take(l->call, o);
	}
	listing_free(l);
}

static void
remove_rows(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	const char *key;

	for (i = 0; i < n; i++) {
		key = json_str(json_object_array_get_idx(rows, i), "key", "");
		store_target_set(l->c->ag->store, l->kind, key, NULL, 0, NULL, NULL);
		store_audit(l->c->ag->store, "hostkey-removed", "", key);
		l->changed++;
	}
	if (r == 0 && strcmp(l->kind, KIND) == 0) {
		l->kind = OFFERED;
		store_targets(l->c->ag->store, OFFERED, l->prefix, 0, 0, remove_rows, l);
		return;
	}
	answer_changed(l, r, "no key of that host is stored: midctl hostkeys list");
}

void
hostkeys_remove(struct creds *c, struct control_call *call, const char *host, int port)
{
	struct listing *l;

	if (host[0] == '\0') {
		control_no(call, E_BAD, "which host? midctl hostkeys list shows them");
		return;
	}
	l = listing_new(c, call, host, port);
	l->kind = KIND;
	store_targets(c->ag->store, KIND, l->prefix, 0, 0, remove_rows, l);
}

static void
accept_rows(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	struct json_object *row;
	const char *key;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		key = json_str(row, "key", "");
		store_target_set(l->c->ag->store, KIND, key, json_str(row, "value", ""), os_time_ms(), NULL, NULL);
		store_target_set(l->c->ag->store, OFFERED, key, NULL, 0, NULL, NULL);
		store_audit(l->c->ag->store, "hostkey-accepted", "", key);
		l->changed++;
	}
	answer_changed(l, r, "no key of that host waits to be accepted: midctl hostkeys list");
}

void
hostkeys_accept(struct creds *c, struct control_call *call, struct json_object *args)
{
	const char *host = json_str(args, "host", ""), *type = json_str(args, "type", ""), *key = json_str(args, "key", "");
	int port = (int)json_int(args, "port", 0);
	struct listing *l;
	struct address a;
	char *row;

	if (host[0] == '\0' || strpbrk(host, " \t") != NULL) {
		control_no(call, E_BAD, "which host? midctl hostkeys list shows them");
		return;
	}
	l = listing_new(c, call, host, port);
	if (key[0] == '\0') {
		l->kind = OFFERED;
		store_targets(c->ag->store, OFFERED, l->prefix, 0, 0, accept_rows, l);
		return;
	}
	if (address_parse(&a, host) < 0 || type[0] == '\0' || strlen(type) > TYPE_MAX || strlen(key) > KEY_MAX
	    || strpbrk(type, " \t") != NULL) {
		control_no(call, E_BAD, "a key is given as ADDRESS [PORT] TYPE BASE64, as in known_hosts");
		listing_free(l);
		return;
	}
	row = row_key(host, port > 0 ? port : 22, type);
	store_target_set(c->ag->store, KIND, row, key, os_time_ms(), NULL, NULL);
	store_audit(c->ag->store, "hostkey-accepted", "", row);
	free(row);
	l->changed = 1;
	answer_changed(l, 0, "");
}
