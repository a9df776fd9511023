/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asker - a run that asks for credentials, from its first question to its
 * end. A want goes: what does the store know of this target; which is next;
 * may its account be tried (else wait for others' verdicts); the try is
 * counted on the disk; its values are opened; the worker gets them.
 */
#include "creds/asker.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"

#define TRIED_MAX 200

/* --- holding on ------------------------------------------------------------------- */

struct asker *
asker_hold(struct asker *a)
{
	a->held++;
	return a;
}

static void
asker_end(struct asker *a)
{
	struct asker_host *h;

	while ((h = a->hosts) != NULL) {
		a->hosts = h->next;
		free(h->name);
		free(h->address);
		free(h);
	}
	tried_free(a);
	known_fini(&a->known);
	free(a->known_for);
	free(a->types);
	free(a->at);
	free(a->job);
	free(a->topic);
	free(a->source);
	free(a->address);
	free(a->tag);
	free(a->only);
	free(a->sent);
	json_object_put(a->params);
	free(a);
}

bool
asker_drop(struct asker *a)
{
	bool here = !a->gone && !a->c->closing;

	if (--a->held == 0 && a->gone)
		asker_end(a);
	return here;
}

struct creds *
asker_creds(const struct asker *a)
{
	return a->c;
}

const char *
asker_job_id(const struct asker *a)
{
	return a->job;
}

const char *
asker_source(const struct asker *a)
{
	return a->source;
}

struct asker *
asker_new(struct creds *c, const struct asker_job *job, const struct asker_events *ev, void *arg)
{
	struct asker *a = xcalloc(1, sizeof(*a));

	a->c = c;
	a->ev = ev;
	a->arg = arg;
	a->job = xstrdup(job->job);
	a->topic = xstrdup(job->topic);
	a->source = xstrdup(job->source);
	a->address = xstrdup(job->address);
	a->tag = xstrdup(job->tag);
	a->only = xstrdup(job->only);
	a->sent = xstrdup(job->sent == NULL ? "" : job->sent);
	a->params = json_object_get(job->params);
	a->next = c->askers;
	c->askers = a;
	return a;
}

void
asker_free(struct asker *a)
{
	struct asker **at;

	if (a == NULL)
		return;
	for (at = &a->c->askers; *at != a; at = &(*at)->next)
		;
	*at = a->next;
	values_forget(a->opening);
	a->opening = NULL;
	if (!a->c->closing)
		tried_end_all(a);
	a->gone = true;
	if (!a->c->closing)
		askers_kick(a->c);
	if (a->held == 0)
		asker_end(a);
}

/* --- a want ------------------------------------------------------------------------------ */

static void pick(struct asker *a);

static void
give_none(struct asker *a)
{
	a->stage = ASKER_RESTS;
	a->ev->give(a->arg, "", "", NULL);
}

/* Tried or not, it is out of this run; the next one. */
static void
passed_over(struct asker *a, const char *why)
{
	struct tried *t = a->trying;

	a->trying = NULL;
	tried_end(a, t, TRIED_NOT, why);
	pick(a);
}

static void
on_values(void *arg, struct json_object *fields, const struct err *err)
{
	struct asker *a = arg;
	struct tried *t = a->trying;
	const char *lacks;
	char why[ERR_TEXT_MAX];

	a->opening = NULL;
	if (fields == NULL) {
		log_warn("creds", "job %s: credential %s can't be opened: %s", a->job, t->id, err->text);
		passed_over(a, err->text);
		return;
	}
	lacks = type_lacks(t->type, fields);
	if (lacks != NULL) {
		snprintf(why, sizeof(why), "it has no %s", lacks);
		passed_over(a, why);
		return;
	}
	t->given = true;
	a->trying = NULL;
	a->stage = ASKER_RESTS;
	if (!t->again)
		store_audit(a->c->ag->store, "credential", a->job, t->audit);
	a->ev->give(a->arg, t->id, t->type, fields);
}

static void
open_values(struct asker *a)
{
	struct record *r = creds_find(a->c, a->trying->id);

	if (r == NULL) {
		passed_over(a, "it was removed");
		return;
	}
	a->stage = ASKER_OPENS;
	a->opening = values_open(a->c, r, a->at, on_values, a);
}

static void
on_counted(void *arg, int r)
{
	struct asker *a = arg;

	if (!asker_drop(a))
		return;
	if (r == 0)
		open_values(a);
	else
		passed_over(a, "the try can't be counted: the store takes nothing");
}

static void
begin_try(struct asker *a, const struct candidate *ca)
{
	a->trying = tried_again(a, ca);
	if (a->trying == NULL)
		a->trying = tried_new(a, ca);
	if (!type_guarded(ca->r->type)) {
		open_values(a);
		return;
	}
	a->stage = ASKER_COUNTS;
	a->trying->attempt = guard_begin(a->c->guard, ca->r, a->at, on_counted, asker_hold(a));
}

/* The sources, and what was tried before, must be known first. */
static bool
can_pick(const struct creds *c)
{
	unsigned i;

	for (i = 0; i < SOURCES; i++)
		if (c->source[i].loaded_ms == 0 && c->source[i].loading)
			return false;
	return guard_ready(c->guard);
}

static void
pick(struct asker *a)
{
	struct candidate *v;
	size_t i, n;
	int64_t wait;

	a->stage = ASKER_PARKED;
	if (!can_pick(a->c) || a->ntried >= TRIED_MAX) {
		if (a->ntried >= TRIED_MAX)
			give_none(a);
		return;
	}
	n = order_of(a->c, &a->known, a->types, a->at, a->tag, a->only, &v);
	for (i = 0; i < n && v[i].skip == NULL; i++)
		if (!tried_has(a, v[i].r->id, a->at))
			break;
	if (i == n || v[i].skip != NULL) {
		for (; i < n; i++)
			tried_skip(a, &v[i]);
		give_none(a);
	} else if (guard_may(a->c->guard, v[i].r, a->at, &wait) == GUARD_YES) {
		begin_try(a, &v[i]);
	}				/* else parked: askers_kick() */
	free(v);
}

void
askers_kick(struct creds *c)
{
	struct asker *a, *next;

	if (c->closing || c->kicking) {
		c->kick_again = c->kicking;
		return;
	}
	c->kicking = true;
	do {
		c->kick_again = false;
		for (a = c->askers; a != NULL; a = next) {
			next = a->next;
			if (a->stage == ASKER_PARKED)
				pick(a);
		}
	} while (c->kick_again);
	c->kicking = false;
}

/* --- what the store knows of the target ------------------------------------------------------ */

static void
on_refused(void *arg, int r, struct json_object *rows)
{
	struct asker *a = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	struct json_object *row;
	const char *id;

	if (!asker_drop(a))
		return;
	a->known.refused = json_object_new_object();
	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		id = strchr(json_str(row, "key", ""), ' ');
		if (id != NULL && !topic_is_trial(a->topic))	/* somebody wants to know whether it is right now */
			json_put_int(a->known.refused, id + 1, json_int(row, "ms", 0));
	}
	pick(a);
}

static void
on_affinity(void *arg, int r, struct json_object *rows)
{
	struct asker *a = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);
	struct json_object *row;
	const char *type;
	int64_t newest = 0;
	char *prefix;

	if (!asker_drop(a))
		return;
	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		type = strchr(json_str(row, "key", ""), ' ');
		if (type == NULL || !list_has(a->types, type + 1) || json_int(row, "ms", 0) < newest)
			continue;
		newest = json_int(row, "ms", 0);
		free(a->known.affinity);
		a->known.affinity = xstrdup(json_str(row, "value", ""));
	}
	prefix = xasprintf("%s ", a->at);
	store_targets(a->c->ag->store, "refused", prefix, os_time_ms() - a->c->ag->config->creds.refused_ms, 1000,
	    on_refused, asker_hold(a));
	free(prefix);
}

void
asker_want(struct asker *a, const char *types, const char *host)
{
	const char *address = asker_address(a, host[0] == '\0' ? "-" : host);
	char *prefix, *what;

	if (a->stage != ASKER_RESTS || address == NULL || !asker_has_target(a)) {
		a->ev->give(a->arg, "", "", NULL);
		return;
	}
	a->stage = ASKER_READS;
	free(a->types);
	a->types = xstrdup(types);
	free(a->at);
	a->at = xstrdup(address);
	what = xasprintf("%s %s", types, address);
	if (a->known_for != NULL && strcmp(a->known_for, what) == 0) {
		free(what);
		pick(a);
		return;
	}
	free(a->known_for);
	a->known_for = what;
	known_fini(&a->known);
	prefix = xasprintf("%s ", address);
	store_targets(a->c->ag->store, "affinity", prefix, os_time_ms() - a->c->ag->config->creds.affinity_ms, 100,
	    on_affinity, asker_hold(a));
	free(prefix);
}
