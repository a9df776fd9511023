/* SPDX-License-Identifier: Apache-2.0 */
/* questions - what else a run asks of midd: names, host keys, what midd.yaml says; see midd/probe.h. */
#include "creds/asker.h"

#include <ctype.h>
#include <inttypes.h>
#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "err.h"
#include "frame.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "policy/policy.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

#define HOSTS_MAX 16

const char *
asker_address(const struct asker *a, const char *host)
{
	const struct asker_host *h;

	if (strcmp(host, "-") == 0)
		return a->address[0] == '\0' ? NULL : a->address;
	for (h = a->hosts; h != NULL; h = h->next)
		if (strcmp(h->name, host) == 0)
			return h->address;
	return NULL;
}

void
asker_tell(struct asker *a, const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	a->ev->told(a->arg, text);
}

struct naming { struct asker *a; char *name; };

static void
on_found(void *arg, int r, const char *address, const struct err *err)
{
	struct naming *n = arg;
	struct asker *a = n->a;
	struct asker_host *h;

	if (!asker_drop(a)) {
		free(n->name);
	} else if (r < 0) {
		asker_tell(a, "%s %s", r == -E_AUTH ? "denied" : "unknown", err->text);
		free(n->name);
	} else {
		h = xcalloc(1, sizeof(*h));
		h->name = n->name;
		h->address = xstrdup(address);
		h->next = a->hosts;
		a->hosts = h;
		a->nhosts++;
		asker_tell(a, "ok %s", address);
	}
	free(n);
}

static bool
in_a_word(char c)
{
	return isalnum((unsigned char)c) || strchr(".-_", c) != NULL;
}

bool
text_names(const char *text, const char *name)
{
	const char *at = text;
	size_t n = strlen(name);

	while (n > 0 && (at = strcasestr(at, name)) != NULL) {
		if ((at == text || !in_a_word(at[-1])) && (at[n] == '\0' || !in_a_word(at[n])))
			return true;
		at++;
	}
	return false;
}

/* A worker that was taken over must not come by credentials for hosts that its job says nothing of. */
static bool
is_named(const struct asker *a, const char *name)
{
	if (text_names(a->source, name))
		return true;
	if (!json_object_is_type(a->params, json_type_object))
		return false;
	json_object_object_foreach(a->params, key, value) {
		(void)key;
		if (json_object_is_type(value, json_type_string) && text_names(json_object_get_string(value), name))
			return true;
	}
	return false;
}

bool
asker_has_target(const struct asker *a)
{
	return pool_topic(a->c->ag->pool, a->topic).network;
}

static void
resolve(struct asker *a, const char *name)
{
	struct naming *n;

	if (a->nhosts >= HOSTS_MAX || name[0] == '\0' || name[0] == '-') {
		asker_tell(a, "denied more than %d hosts in one run, or no name", HOSTS_MAX);
		return;
	}
	if (!is_named(a, name)) {
		log_warn("creds", "job %s (%s): its worker asks for a host that the job does not name: refused", a->job, a->topic);
		asker_tell(a, "denied the job names no such host");
		return;
	}
	n = xcalloc(1, sizeof(*n));
	n->a = asker_hold(a);
	n->name = xstrdup(name);
	policy_resolve(a->c->ag->policy, name, on_found, n);
}

static const char *
or_dash(const char *s)
{
	return s == NULL || s[0] == '\0' ? "-" : s;
}

static void
tell_algorithms(struct asker *a)
{
	const struct config *c = a->c->ag->config;
	char *text = xasprintf("ok %s %s %s %s", or_dash(c->ssh.kex), or_dash(c->ssh.host_keys), or_dash(c->ssh.ciphers),
	    or_dash(c->ssh.macs));

	a->ev->told(a->arg, text);
	free(text);
}

/* Each worker has its share of the packets. */
static void
tell_limits(struct asker *a)
{
	const struct config *c = a->c->ag->config;
	unsigned workers = a->c->ag->pool == NULL ? 1 : pool_workers_max(a->c->ag->pool);
	int64_t packets = c->snmp.packets / (workers > 0 ? workers : 1);

	asker_tell(a, "ok %" PRId64 " %" PRId64 " %" PRId64, packets > 0 ? packets : 1, c->snmp.rate, c->snmp.subnet);
}

/* Which of the addresses ABOUT names are targets. */
static void
tell_targets(struct asker *a, const char *about)
{
	struct err err = { 0 };
	struct buf text;
	int r;

	buf_init(&text, FRAME_EMIT_MAX - 1);
	buf_puts(&text, "ok ");
	r = policy_reach(a->c->ag->policy, about, &text, &err);
	if (r == 0)
		a->ev->told(a->arg, buf_str(&text));
	else
		asker_tell(a, "%s %s", r == -E_AUTH ? "denied" : "wrong", err.text);
	buf_fini(&text);
}

static void
on_sent(void *arg, int r, struct json_object *rows)
{
	struct asker *a = arg;
	struct json_object *o = r < 0 ? NULL : json_object_array_get_idx(rows, 0);
	int64_t ahead;
	char *text;

	if (!asker_drop(a))
		return;
	ahead = json_int(o, "ms", 0) - os_time_ms();	/* a clock that was set back: nobody knows when it was sent */
	text = xasprintf("ok %s", o == NULL || strcmp(json_str(o, "key", ""), a->sent) != 0 || ahead > a->c->ag->config->discovery.full_ms
	    ? "" : json_str(o, "value", ""));
	a->ev->told(a->arg, text);
	free(text);
}

/* Hashes of the CIs of this part of a discovery that the instance has, or will have. */
static void
tell_sent(struct asker *a, const char *who)
{
	char *key = a->sent[0] == '\0' ? xstrdup("") : discovery_sent_key(a->sent, a->topic, who);

	free(a->sent);
	a->sent = key;
	if (a->sent[0] == '\0' || a->c->ag->config->discovery.full_ms <= 0)
		asker_tell(a, "ok ");
	else
		store_targets(a->c->ag->store, "sent", a->sent, os_time_ms() - a->c->ag->config->discovery.full_ms, 1, on_sent, asker_hold(a));
}

static void
on_self(void *arg, const char *answer)
{
	struct asker *a = arg;

	if (asker_drop(a))
		asker_tell(a, "%s", answer);
}

/* Whom this host asks for names. */
static void
tell_resolvers(struct asker *a)
{
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, 1000);
	if (os_resolvers(&text, &err) == 0)
		asker_tell(a, "ok %s", buf_str(&text));
	else
		asker_tell(a, "none %s", err.text);
	buf_fini(&text);
}

void
asker_ask(struct asker *a, const char *what, const char *about)
{
	if (strcmp(what, "resolve") == 0)
		resolve(a, about);
	else if (strcmp(what, "raw") == 0)
		helpers_raw(a, about);
	else if (strcmp(what, "facts") == 0)
		helpers_facts(a);
	else if (strcmp(what, "host-key") == 0 || strcmp(what, "host-key-types") == 0)
		hostkeys_ask(a, what, about);
	else if (strcmp(what, "targets") == 0)
		tell_targets(a, about);
	else if (strcmp(what, "host-authorities") == 0)
		authorities_ask(a, about);
	else if (strcmp(what, "sent") == 0)
		tell_sent(a, about);
	else if (strcmp(what, "self") == 0 && a->selves++ > 0)
		asker_tell(a, "ok");	/* a machine is one */
	else if (strcmp(what, "self") == 0)
		discovery_self(a->c->ag->discovery, a->job, a->source, about, on_self, asker_hold(a));
	else if (strcmp(what, "resolvers") == 0)
		tell_resolvers(a);
	else if (strcmp(what, "ssh-algorithms") == 0)
		tell_algorithms(a);
	else if (strcmp(what, "why-none") == 0)
		tried_why_none(a);
	else if (strcmp(what, "snmp-limits") == 0)
		tell_limits(a);
	else if (strcmp(what, "job") == 0)
		asker_tell(a, "ok %s", a->job);
	else
		a->ev->told(a->arg, "");
}
