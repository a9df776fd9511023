/* SPDX-License-Identifier: Apache-2.0 */
/* hostkeys_people - what a person may do with host keys: list, remove, accept one, take over a file. */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "control.h"
#include "creds/inside.h"
#include "creds/known_hosts.h"
#include "err.h"
#include "json.h"
#include "os.h"
#include "policy/address.h"
#include "store/store.h"
#include "xalloc.h"

#define PORTS_MAX 16

struct listing {
	struct control_call *call;
	struct creds *c;
	const char *kind;
	char *prefix;
	char *only_type;
	int changed;
	/* remove */
	char *host;
	int port, ports[PORTS_MAX];	/* as named, 0 any; of the rows that went */
	unsigned nports;
	struct json_object *gone, *left;	/* keys that were removed; rows that still hold one */
};

static void
listing_free(struct listing *l)
{
	free(l->prefix);
	free(l->only_type);
	free(l->host);
	json_object_put(l->gone);
	json_object_put(l->left);
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
put_row(struct json_object *o, struct json_object *row)
{
	char host[300] = "", type[KNOWN_TYPE_MAX + 1] = "";
	int port = 0;

	(void)sscanf(json_str(row, "key", ""), "%255s %d %80s", host, &port, type);
	json_put_str(o, "host", host);
	json_put_int(o, "port", port);
	json_put_str(o, "type", type);
}

static void
list_row(struct listing *l, struct json_object *row)
{
	struct json_object *o = json_object_new_object();

	if (strcmp(l->kind, HOST_AUTHORITY) == 0) {
		authority_row(o, row);
		control_row_take(l->call, o);
		return;
	}
	put_row(o, row);
	json_put_str(o, "key", json_str(row, "value", ""));
	json_put_int(o, "since_ms", json_int(row, "ms", 0));
	json_put_str(o, "state", strcmp(l->kind, HOSTKEY) == 0 ? "trusted" : "offered");
	control_row_take(l->call, o);
}

static void
listed(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);

	for (i = 0; i < n; i++)
		list_row(l, json_object_array_get_idx(rows, i));
	if (r == 0 && strcmp(l->kind, HOSTKEY) == 0) {
		l->kind = HOSTKEY_OFFERED;
		store_targets(l->c->ag->store, HOSTKEY_OFFERED, l->prefix, 0, 0, listed, l);
		return;
	}
	if (r == 0 && strcmp(l->kind, HOSTKEY_OFFERED) == 0 && l->prefix[0] == '\0') {
		l->kind = HOST_AUTHORITY;
		store_targets(l->c->ag->store, HOST_AUTHORITY, "", 0, 0, listed, l);
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

	l->kind = HOSTKEY;
	store_targets(c->ag->store, HOSTKEY, l->prefix, 0, 0, listed, l);
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
		if (l->left != NULL)
			json_put_take(o, "left", json_object_get(l->left));
		control_ok_take(l->call, o);
	}
	listing_free(l);
}

/* --- removed ------------------------------------------------------------------------------ */

static void
remove_row(struct listing *l, struct json_object *row)
{
	const char *key = json_str(row, "key", "");

	store_target_set(l->c->ag->store, l->kind, key, NULL, 0, NULL, NULL);
	store_audit(l->c->ag->store, "hostkey-removed", "", key);
	if (strcmp(l->kind, HOSTKEY) == 0)
		json_put_bool(l->gone, json_str(row, "value", ""), true);
	l->changed++;
}

/* Does ROW stand under a hidden name that is the host's? */
static bool
hides_it(const struct listing *l, struct json_object *row)
{
	const char *key = json_str(row, "key", "");
	char *name = xstrndup(key, strcspn(key, " "));
	bool fits = known_hash_fits(name, l->host, 22);
	unsigned i;

	if (l->port > 0)
		fits = known_hash_fits(name, l->host, l->port);
	for (i = 0; l->port == 0 && !fits && i < l->nports; i++)
		fits = known_hash_fits(name, l->host, l->ports[i]);
	free(name);
	return fits;
}

/* A key that was removed and stands under another name too still opens that door: it is named, not removed. */
static void
tell_left(struct listing *l, struct json_object *row)
{
	struct json_object *o;

	if (!json_flag(l->gone, json_str(row, "value", ""), false))
		return;
	o = json_object_new_object();
	put_row(o, row);
	json_add_take(l->left, o);
}

static void
sweep(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows), prefix = strlen(l->prefix);
	struct json_object *row;

	l->kind = HOSTKEY;
	for (i = 0; i < n; i++)
		if (hides_it(l, json_object_array_get_idx(rows, i)))
			remove_row(l, json_object_array_get_idx(rows, i));
	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (strncmp(json_str(row, "key", ""), l->prefix, prefix) != 0 && !hides_it(l, row))
			tell_left(l, row);
	}
	answer_changed(l, r, "no key is stored under that name: one that a file gave may stand under another, or a hidden one: midctl hostkeys list");
}

static void
remove_rows(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	struct json_object *row;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (l->nports < PORTS_MAX)
			(void)sscanf(json_str(row, "key", ""), "%*s %d", &l->ports[l->nports++]);
		remove_row(l, row);
	}
	if (r < 0) {
		answer_changed(l, r, "");
	} else if (strcmp(l->kind, HOSTKEY) == 0) {
		l->kind = HOSTKEY_OFFERED;
		store_targets(l->c->ag->store, HOSTKEY_OFFERED, l->prefix, 0, 0, remove_rows, l);
	} else {
		store_targets(l->c->ag->store, HOSTKEY, "", 0, 0, sweep, l);
	}
}

/* An authority goes by its patterns, as they were written. */
static void
remove_authorities(void *arg, int r, struct json_object *rows)
{
	struct listing *l = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	struct json_object *row;

	l->kind = HOST_AUTHORITY;
	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (strcmp(json_str(row, "value", ""), l->host) == 0)
			remove_row(l, row);
	}
	if (r < 0 || strpbrk(l->host, "*?!,") != NULL) {
		answer_changed(l, r, "no authority is trusted for these patterns: midctl hostkeys list");
		return;
	}
	l->kind = HOSTKEY;
	store_targets(l->c->ag->store, HOSTKEY, l->prefix, 0, 0, remove_rows, l);
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
	l->host = xstrdup(host);
	l->port = port;
	l->gone = json_object_new_object();
	l->left = json_object_new_array();
	store_targets(c->ag->store, HOST_AUTHORITY, "", 0, 0, remove_authorities, l);
}

/* --- accepted ------------------------------------------------------------------------------ */

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
		store_target_set(l->c->ag->store, HOSTKEY, key, json_str(row, "value", ""), os_time_ms(), NULL, NULL);
		store_target_set(l->c->ag->store, HOSTKEY_OFFERED, key, NULL, 0, NULL, NULL);
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
		l->kind = HOSTKEY_OFFERED;
		store_targets(c->ag->store, HOSTKEY_OFFERED, l->prefix, 0, 0, accept_rows, l);
		return;
	}
	if (address_parse(&a, host) < 0 || !known_key_fits(type, key)) {
		control_no(call, E_BAD, "a key is given as ADDRESS [PORT] TYPE BASE64, as in known_hosts");
		listing_free(l);
		return;
	}
	row = hostkeys_row(host, port > 0 ? port : 22, type);
	store_target_set(c->ag->store, HOSTKEY, row, key, os_time_ms(), NULL, NULL);
	store_audit(c->ag->store, "hostkey-accepted", "", row);
	free(row);
	l->changed = 1;
	answer_changed(l, 0, "");
}

/* --- a line of known_hosts ------------------------------------------------------------------------- */

static void
keep(struct creds *c, const struct known_line *line, unsigned i)
{
	char *row = hostkeys_row(line->host[i].name, line->host[i].port, line->type);

	store_target_set(c->ag->store, HOSTKEY, row, line->key, os_time_ms(), NULL, NULL);
	store_audit(c->ag->store, "hostkey-imported", "", row);
	free(row);
}

/* A line that is left out is an answer too: the others go on. */
void
hostkeys_import(struct creds *c, struct control_call *call, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	char *text = xstrdup(json_str(args, "line", ""));
	struct known_line line;
	struct err err = { 0 };
	unsigned i, n = 0;

	if (known_line_parse(&line, text, &err) == 0 && line.patterns != NULL) {
		authority_keep(c, line.patterns, line.type, line.key);
		n = 1;
	} else if (err.text[0] == '\0') {
		for (n = line.hosts, i = 0; i < n; i++)
			keep(c, &line, i);
	}
	free(text);
	json_put_int(o, "changed", n);
	json_put_str(o, "why", err.text);
	control_ok_take(call, o);
}
