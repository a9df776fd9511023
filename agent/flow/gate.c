/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - may this job run at all: its target's name becomes an address, and
 * policy says yes to that address and to the command. What was checked is
 * what the worker gets. Asked anew for each run of a job.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/flow.h"
#include "flow/inside.h"
#include "json.h"
#include "log.h"
#include "policy/policy.h"
#include "seal/seal.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

#define GATE_COMMANDS_MAX 50	/* probes/ssh/several.c runs no more */
#define AUDITED_MAX 2000	/* bytes of a command in the audit */

/* The job may be gone when the name is known. */
struct looking { struct flow *f; char id[33]; int attempts; };

static void
refused(struct job *j, int class, const char *why)
{
	j->gate_class = class;
	snprintf(j->waits_text, sizeof(j->waits_text), "%.*s", (int)sizeof(j->waits_text) - 1, why);
	if (class == CLASS_POLICY) {
		log_event(EV_POLICY, LOG_LV_WARN, "policy", "job %s (%s%s%s): %s", j->id, j->topic, *j->source != '\0' ? " at " : "", j->source,
		    error_without_class(class, why));
		store_audit(j->flow->ag->store, "denied", j->id, why);
	}
}

static void
on_found(void *arg, int r, const char *address, const struct err *err)
{
	struct looking *l = arg;
	struct job *j = l->f->closing ? NULL : job_table_find(&l->f->jobs, l->id);

	if (j != NULL && j->resolving && j->attempts == l->attempts) {
		j->resolving = false;
		if (r == 0)
			j->address = xstrdup(address);
		else
			refused(j, r == -E_AUTH ? CLASS_POLICY : CLASS_UNREACHABLE, err->text);
		dispatch_kick(l->f);
	}
	free(l);
}

static void
look(struct job *j)
{
	struct looking *l = xcalloc(1, sizeof(*l));

	l->f = j->flow;
	l->attempts = j->attempts;
	memcpy(l->id, j->id, sizeof(l->id));
	j->resolving = true;
	policy_resolve(j->flow->ag->policy, j->source, on_found, l);
}

/* A FileProbe has a path; a MultiProbe has several, command_1 and so on; for the others the parameter name, unless it is empty,
 * replaces the column. */
static const char *
gate_command(const char *topic, const char *name, struct json_object *params, unsigned i)
{
	const char *own = json_str(params, "name", "");
	char key[24];

	if (strcmp(topic, "FileProbe") == 0)
		return i == 0 ? json_str(params, "path", "") : NULL;
	if (strcmp(topic, "MultiProbe") != 0)
		return i > 0 ? NULL : own[0] != '\0' ? own : name;
	snprintf(key, sizeof(key), "command_%u", i + 1);
	return i < GATE_COMMANDS_MAX && json_get(params, key) != NULL ? json_str(params, key, "") : NULL;
}

/* What is not plainly "no" is yes: the worker may read it so. */
static bool
as_root(struct json_object *params)
{
	static const char *const no[] = { "", "false", "no", "0" };
	const char *said = json_str(params, "must_sudo", "");
	size_t i;

	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (strcmp(said, no[i]) == 0)
			return false;
	return true;
}

bool
gate_wish(struct command_wish *w, const char *topic, const char *name, struct json_object *params, unsigned i)
{
	w->topic = topic;
	w->command = gate_command(topic, name, params, i);
	w->action = strcmp(topic, "FileProbe") == 0 ? json_str(params, "action", "get") : NULL;
	w->as_root = as_root(params);
	w->path = json_str(params, "path_override", "");
	w->tag = gate_tag(params);
	return w->command != NULL;
}

const char *
gate_tag(struct json_object *params)
{
	return json_str(params, "credential_tag", json_str(params, "credential_alias", ""));
}

/* What the rules have judged. Of a long one the beginning, and a hash by which the whole can be known again. */
static void
audit(struct job *j, const struct command_wish *w)
{
	char *judged = policy_judged(w), *what, hash[33];
	const char *where = w->address[0] == '\0' ? "this host" : w->address;
	size_t n = strlen(judged);

	seal_hash(hash, judged, n);
	if (n <= AUDITED_MAX)
		what = xasprintf("%s on %s: %s", j->topic, where, judged);
	else
		what = xasprintf("%s on %s: %.*s (%zu bytes, whose SHA-256 begins with %s)", j->topic, where, AUDITED_MAX, judged, n, hash);
	store_audit(j->flow->ag->store, "command", j->id, what);
	free(judged);
	free(what);
}

static bool
one_allowed(struct job *j, const struct command_wish *w)
{
	struct err err = { 0 };

	if (policy_command(j->flow->ag->policy, w, &err) < 0) {
		refused(j, CLASS_POLICY, err.text);
		return false;
	}
	audit(j, w);
	return true;
}

static bool
commands_allowed(struct job *j)
{
	struct command_wish w = { .address = j->address == NULL ? "" : j->address };
	unsigned i;

	if (!policy_has_commands(j->topic))
		return true;
	for (i = 0; gate_wish(&w, j->topic, j->name, j->params, i); i++)
		if (!one_allowed(j, &w))
			return false;
	return true;
}

/* 1 yes, 0 not yet, <0 never: then gate_class and waits_text say why. */
int
gate_ask(struct job *j)
{
	if (j->gate_class != 0)
		return -E_AUTH;
	if (j->gate_open)
		return 1;
	if (pool_topic(j->flow->ag->pool, j->topic).network && j->address == NULL && j->source[0] != '\0') {
		if (!j->resolving)
			look(j);
		j->waits_for = "the address of its target";
		return 0;
	}
	j->gate_open = commands_allowed(j);
	return j->gate_open ? 1 : -E_AUTH;
}

void
gate_shut(struct job *j)
{
	free(j->address);
	j->address = NULL;
	j->gate_open = j->resolving = false;
	j->gate_class = 0;
}
