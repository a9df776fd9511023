/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostkeys - the keys by which SSH servers are known again: one row a host,
 * port and type. tofu: a host of which no key is stored is believed once.
 * A changed key is never believed: it is kept beside the old one as offered,
 * until a person accepts it (hostkeys_people.c). Keys are looked for by the
 * address, then by the name, then among hidden names: the first that has any
 * decides, so that what was accepted for an address outweighs an old file.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "creds/known_hosts.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"

#define ROWS_MAX 100		/* of one host */
#define HIDDEN_MAX 20000

enum look { BY_ADDRESS, BY_NAME, HIDDEN };

struct question {
	struct asker *a;
	char *address, *name, *type, *key;
	int port;
	bool types_only;
	enum look look;
};

static void
question_free(struct question *q)
{
	free(q->address);
	free(q->name);
	free(q->type);
	free(q->key);
	free(q);
}

char *
hostkeys_row(const char *host, int port, const char *type)
{
	return xasprintf("%s %d %s", host, port, type);
}

static const char *
type_of(struct json_object *row)
{
	const char *type = strrchr(json_str(row, "key", ""), ' ');

	return type == NULL ? "" : type + 1;
}

static void
learn(struct question *q, const char *kind)
{
	struct creds *c = asker_creds(q->a);
	char *key = hostkeys_row(q->address, q->port, q->type);

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

	learn(q, HOSTKEY_OFFERED);
	log_event(EV_HOSTKEY, LOG_LV_ERR, "hostkeys", "job %s: %s; no credential was sent", asker_job_id(q->a), text);
	store_audit(c->ag->store, "hostkey-changed", asker_job_id(q->a), text);
	asker_tell(q->a, "changed %s", text);
	free(text);
}

static void
unseen(struct question *q, bool others)
{
	struct creds *c = asker_creds(q->a);

	if (strcmp(c->ag->config->creds.hostkeys, "strict") == 0) {
		learn(q, HOSTKEY_OFFERED);
		asker_tell(q->a, "unknown no %s key of %s port %d is stored, and creds.hostkeys is strict: "
		    "midctl hostkeys accept %s", q->type, q->address, q->port, q->address);
		return;
	}
	/* A second type for a host whose key is known would let anybody in between offer a fresh one. */
	if (others) {
		changed(q);
		return;
	}
	learn(q, HOSTKEY);
	log_info("hostkeys", "job %s: the %s key of %s port %d is kept", asker_job_id(q->a), q->type, q->address, q->port);
	store_audit(c->ag->store, "hostkey-learned", asker_job_id(q->a), q->address);
	asker_tell(q->a, "learned");
}

/* A name may have several of one type: any of them is right. */
static void
judge(struct question *q, struct json_object *rows)
{
	struct json_object *row;
	size_t i, n = json_object_array_length(rows);
	bool of_type = false;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		if (strcmp(type_of(row), q->type) != 0)
			continue;
		of_type = true;
		if (strcmp(json_str(row, "value", ""), q->key) == 0)
			break;
	}
	if (i < n)
		asker_tell(q->a, "known");
	else if (of_type)
		changed(q);
	else
		unseen(q, n > 0);
}

static void
tell_types(struct question *q, struct json_object *rows)
{
	struct buf b;
	size_t i, n = json_object_array_length(rows);

	buf_init(&b, 4000);
	for (i = 0; i < n; i++)
		(void)buf_printf(&b, " %s", type_of(json_object_array_get_idx(rows, i)));
	if (n == 0)
		asker_tell(q->a, "none");
	else
		asker_tell(q->a, "known%s", buf_str(&b));
	buf_fini(&b);
}

/* Those of ROWS that hide this host. */
static struct json_object *
that_hide_it(const struct question *q, struct json_object *rows)
{
	struct json_object *found = json_object_new_array(), *row;
	size_t i, n = json_object_array_length(rows);
	char *host;

	for (i = 0; i < n && json_object_array_length(found) < ROWS_MAX; i++) {
		row = json_object_array_get_idx(rows, i);
		host = xstrndup(json_str(row, "key", ""), strcspn(json_str(row, "key", ""), " "));
		if (known_hash_fits(host, q->address, q->port) || known_hash_fits(host, q->name, q->port))
			json_add_take(found, json_object_get(row));
		free(host);
	}
	return found;
}

static void look(struct question *q);

static void
answer(struct question *q, int r, struct json_object *rows)
{
	if (r < 0)	/* nothing is believed that cannot be checked */
		asker_tell(q->a, "%sthe store of host keys cannot be read", q->types_only ? "none " : "unknown ");
	else if (q->types_only)
		tell_types(q, rows);
	else
		judge(q, rows);
	question_free(q);
}

static void
on_rows(void *arg, int r, struct json_object *rows)
{
	struct question *q = arg;

	if (!asker_drop(q->a)) {
		question_free(q);
	} else if (r == 0 && q->look == HIDDEN) {
		rows = that_hide_it(q, rows);
		answer(q, 0, rows);
		json_object_put(rows);
	} else if (r == 0 && json_object_array_length(rows) == 0) {
		q->look++;
		look(q);
	} else {
		answer(q, r, rows);
	}
}

static void
look(struct question *q)
{
	char *prefix = q->look == HIDDEN ? xstrdup("|1|")
	    : xasprintf("%s %d ", q->look == BY_NAME ? q->name : q->address, q->port);

	store_targets(asker_creds(asker_hold(q->a))->ag->store, HOSTKEY, prefix, 0, q->look == HIDDEN ? HIDDEN_MAX : ROWS_MAX,
	    on_rows, q);
	free(prefix);
}

/* --- the question ---------------------------------------------------------------------------- */

/* "HOST PORT[ TYPE BASE64]" of a worker, which may lie: only hosts of this run. */
static struct question *
question_parse(struct asker *a, const char *about)
{
	char host[300] = "", type[KNOWN_TYPE_MAX + 1] = "", *key = xcalloc(1, KNOWN_KEY_MAX + 1);
	struct question *q = NULL;
	const char *address;
	int port = 0, n;

	n = sscanf(about, "%255s %d %80s %20000s", host, &port, type, key);
	address = n >= 2 && port > 0 && port < 65536 ? asker_address(a, host) : NULL;
	if (address != NULL && (n == 2 || (n == 4 && known_key_fits(type, key)))) {
		q = xcalloc(1, sizeof(*q));
		q->a = a;
		q->address = xstrdup(address);
		q->name = xstrdup(strcmp(host, "-") == 0 ? asker_source(a) : host);
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

	if (q == NULL) {
		asker_tell(a, "unknown the question is malformed, or about a host this run has not resolved");
		return;
	}
	q->types_only = strcmp(what, "host-key-types") == 0;
	look(q);
}
