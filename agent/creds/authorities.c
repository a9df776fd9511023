/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authorities - who may vouch for SSH servers by certificates: one row a key, with the patterns
 * of the hosts it is trusted for (@cert-authority of known_hosts). The certificate itself is
 * judged in the worker: midd reads nothing that a server has sent.
 */
#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "control.h"
#include "creds/asker.h"
#include "creds/known_hosts.h"
#include "frame.h"
#include "json.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"

#define AUTHORITIES_MAX 200

void
authority_keep(struct creds *c, const char *patterns, const char *type, const char *key)
{
	char *row = xasprintf("%s %s", type, key);

	store_target_set(c->ag->store, HOST_AUTHORITY, row, patterns, os_time_ms(), NULL, NULL);
	store_audit(c->ag->store, "authority-imported", "", patterns);
	free(row);
}

/* --- the question ---------------------------------------------------------------------------- */

struct asking { struct asker *a; char *name, *address; int port; };

static void
on_rows(void *arg, int r, struct json_object *rows)
{
	struct asking *q = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows), found = 0;
	struct json_object *row;
	const char *patterns;
	struct buf b;

	if (asker_drop(q->a)) {
		buf_init(&b, FRAME_EMIT_MAX - 1);
		(void)buf_printf(&b, "ok %" PRId64, os_time_ms() / 1000);
		for (i = 0; i < n; i++) {
			row = json_object_array_get_idx(rows, i);
			patterns = json_str(row, "value", "");
			if (known_patterns_fit(patterns, q->name, q->port) || known_patterns_fit(patterns, q->address, q->port))
				found += buf_printf(&b, " %s", json_str(row, "key", "")) == 0;
		}
		q->a->ev->told(q->a->arg, found > 0 ? buf_str(&b) : "none");
		buf_fini(&b);
	}
	free(q->name);
	free(q->address);
	free(q);
}

/* "HOST PORT" of a worker, which may lie: only hosts of this run. */
void
authorities_ask(struct asker *a, const char *about)
{
	char host[300] = "";
	struct asking *q;
	const char *address;
	int port = 0;

	address = sscanf(about, "%255s %d", host, &port) == 2 ? asker_address(a, host) : NULL;
	if (address == NULL) {
		asker_tell(a, "none");
		return;
	}
	q = xcalloc(1, sizeof(*q));
	q->a = asker_hold(a);
	q->address = xstrdup(address);
	q->name = xstrdup(strcmp(host, "-") == 0 ? asker_source(a) : host);
	q->port = port;
	store_targets(asker_creds(a)->ag->store, HOST_AUTHORITY, "", 0, AUTHORITIES_MAX, on_rows, q);
}

/* --- for people --------------------------------------------------------------------------------- */

void
authority_row(struct json_object *o, struct json_object *row)
{
	char type[KNOWN_TYPE_MAX + 1] = "";
	const char *key = json_str(row, "key", ""), *blank = strchr(key, ' ');

	(void)sscanf(key, "%80s", type);
	json_put_str(o, "host", json_str(row, "value", ""));
	json_put_int(o, "port", 0);
	json_put_str(o, "type", type);
	json_put_str(o, "key", blank == NULL ? "" : blank + 1);
	json_put_int(o, "since_ms", json_int(row, "ms", 0));
	json_put_str(o, "state", "authority");
}
