/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tried - which credentials a run has tried, and how that went: told to the
 * guard and the affinity, kept for `midctl creds why`, and shown in the
 * answer as credentials_debug. Nothing here is secret.
 */
#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "creds/asker.h"
#include "err.h"
#include "json.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"
#include "xml.h"

static const char *const words[] = {
	[TRIED_OPEN] = "given", [TRIED_WORKED] = "worked", [TRIED_REFUSED] = "refused", [TRIED_NOT] = "not tried",
	[TRIED_SKIPPED] = "skipped", [TRIED_LOST] = "no verdict",
};

struct tried *
tried_new(struct asker *a, const struct candidate *ca)
{
	struct tried *t = xcalloc(1, sizeof(*t));

	t->id = xstrdup(ca->r->id);
	t->name = xstrdup(ca->r->name);
	t->type = xstrdup(ca->r->type);
	t->host = xstrdup(a->at);
	t->why = xstrdup("");
	t->audit = xasprintf("%s for %s on %s", ca->r->id, a->topic, a->at);
	t->order = ca->r->order;
	t->affine = ca->affine;
	t->guarded = type_guarded(ca->r->type);
	t->next = a->tried;
	a->tried = t;
	a->ntried++;
	return t;
}

struct tried *
tried_again(struct asker *a, const struct candidate *ca)
{
	struct tried *t = a->tried;

	while (t != NULL && (t->how != TRIED_WORKED || strcmp(t->id, ca->r->id) != 0 || strcmp(t->host, a->at) != 0))
		t = t->next;
	if (t != NULL) {
		t->again = true;
		t->given = false;
		t->how = TRIED_OPEN;
	}
	return t;
}

/* One that worked may be given again: a long run logs in more than once. */
bool
tried_has(const struct asker *a, const char *id, const char *host)
{
	const struct tried *t = a->tried;

	while (t != NULL && (t->how == TRIED_WORKED || strcmp(t->id, id) != 0 || strcmp(t->host, host) != 0))
		t = t->next;
	return t != NULL;
}

/* --- kept ------------------------------------------------------------------------------ */

static void
keep_row(struct asker *a, const struct tried *t)
{
	struct json_object *o = json_object_new_object();
	int64_t now = os_time_ms();
	char *key = xasprintf("%s|%014" PRId64 "|%08" PRIu64, t->host, now, ++a->c->rows);
	struct buf b;

	json_put_str(o, "job", a->job);
	json_put_str(o, "topic", a->topic);
	json_put_str(o, "source", a->source);
	json_put_str(o, "credential", t->id);
	json_put_str(o, "name", t->name);
	json_put_str(o, "type", t->type);
	json_put_int(o, "order", t->order);
	json_put_bool(o, "affinity", t->affine);
	json_put_str(o, "result", words[t->how]);
	json_put_str(o, "why", t->why);
	buf_init(&b, 8192);
	if (json_write(&b, o) == 0)
		store_target_set(a->c->ag->store, "tried", key, buf_str(&b), now, NULL, NULL);
	buf_fini(&b);
	json_object_put(o);
	free(key);
}

static void
remember(struct asker *a, const struct tried *t)
{
	char *by_type = xasprintf("%s %s", t->host, t->type), *by_id = xasprintf("%s %s", t->host, t->id);

	if (t->how == TRIED_WORKED) {
		store_target_set(a->c->ag->store, "affinity", by_type, t->id, os_time_ms(), NULL, NULL);
		store_target_set(a->c->ag->store, "refused", by_id, NULL, 0, NULL, NULL);
	} else if (t->how == TRIED_REFUSED) {
		store_target_set(a->c->ag->store, "refused", by_id, t->why, os_time_ms(), NULL, NULL);
		if (t->affine)
			store_target_set(a->c->ag->store, "affinity", by_type, NULL, 0, NULL, NULL);
	}
	free(by_type);
	free(by_id);
}

void
tried_end(struct asker *a, struct tried *t, enum tried_how how, const char *why)
{
	if (t->attempt != 0)
		guard_end(a->c->guard, t->attempt, how == TRIED_REFUSED || how == TRIED_LOST);
	t->attempt = 0;
	/* A host that was not reached this time says nothing of what has worked: it stays, and is said once. */
	if (t->again && (how == TRIED_WORKED || how == TRIED_NOT)) {
		t->how = TRIED_WORKED;
		return;
	}
	t->how = how;
	free(t->why);
	t->why = xstrndup(why, xml_cut(why, strlen(why), 400));
	remember(a, t);
	keep_row(a, t);
}

void
tried_skip(struct asker *a, const struct candidate *ca)
{
	if (tried_has(a, ca->r->id, a->at))
		return;
	tried_end(a, tried_new(a, ca), TRIED_SKIPPED, ca->skip);
}

void
tried_why_none(struct asker *a)
{
	const struct tried *t = a->tried;
	const struct record *r = a->only[0] == '\0' ? NULL : creds_find(a->c, a->only);

	while (t != NULL && t->how != TRIED_SKIPPED && t->how != TRIED_NOT)
		t = t->next;
	if (t != NULL)
		asker_tell(a, "skipped %s", t->why);
	else if (r == NULL)
		asker_tell(a, "unknown there is no credential %.80s", a->only);
	else
		asker_tell(a, "unfit credential %.80s (type %s) is not for this topic, this address (ranges) or this tag", r->name, r->type);
}

/* One that was given may have been tried: that counts. One that never left us does not. */
void
tried_end_all(struct asker *a)
{
	struct tried *t;

	for (t = a->tried; t != NULL; t = t->next)
		if (t->how == TRIED_OPEN)
			tried_end(a, t, t->given ? TRIED_LOST : TRIED_NOT,
			    t->given ? "the run ended without saying how it went" : "the run ended first");
	a->trying = NULL;
}

void
tried_free(struct asker *a)
{
	struct tried *t;

	while ((t = a->tried) != NULL) {
		a->tried = t->next;
		free(t->id);
		free(t->name);
		free(t->type);
		free(t->host);
		free(t->why);
		free(t->audit);
		free(t);
	}
}

/* --- a worker's verdict ---------------------------------------------------------------------- */

void
asker_verdict(struct asker *a, const char *id, int verdict, const char *why)
{
	static const enum tried_how hows[] = { TRIED_WORKED, TRIED_REFUSED, TRIED_NOT };
	struct tried *t = a->tried;

	while (t != NULL && (!t->given || t->how != TRIED_OPEN || strcmp(t->id, id) != 0))
		t = t->next;
	if (t == NULL || verdict < 0 || (size_t)verdict >= sizeof(hows) / sizeof(hows[0]))
		return;
	tried_end(a, t, hows[verdict], why);
	askers_kick(a->c);
}

#define DEBUG_MAX (60u * 1024)	/* of the 64 kB that a caller has; the newest are left out */
#define ROW_MAX 8192u
#define NAME_SHOWN 200u

/* --- shown -------------------------------------------------------------------------------------- */

/* The oldest first. */
static int
debug_row(const struct tried *t, struct buf *out)
{
	int n = t->next != NULL ? debug_row(t->next, out) : 0;
	struct buf row;

	buf_init(&row, ROW_MAX);
	(void)buf_puts(&row, "<credential id=\"");
	(void)xml_escape(&row, t->id, xml_cut(t->id, strlen(t->id), NAME_SHOWN), NULL);
	(void)buf_puts(&row, "\" name=\"");
	(void)xml_escape(&row, t->name, xml_cut(t->name, strlen(t->name), NAME_SHOWN), NULL);
	(void)buf_printf(&row, "\" type=\"%s\" order=\"%lld\" affinity=\"%s\" result=\"%s\">", t->type,
	    (long long)t->order, t->affine ? "true" : "false", words[t->how]);
	(void)xml_escape(&row, t->why, strlen(t->why), NULL);
	(void)buf_puts(&row, "</credential>");
	if (out->len + row.len <= DEBUG_MAX)	/* half an element would spoil the whole answer */
		(void)buf_put(out, row.data, row.len);
	buf_fini(&row);
	return n + 1;
}

int
asker_debug(const struct asker *a, struct buf *out)
{
	int n;

	if (a->tried == NULL)
		return 0;
	(void)buf_puts(out, "<credentials_debug>");
	n = debug_row(a->tried, out);
	(void)buf_puts(out, "</credentials_debug>");
	return n;
}
