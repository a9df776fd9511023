/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attached - rows whose payload hangs on them as payload.txt: fetched first,
 * a few at a time and each once, then they go on as any other row. One that
 * can't be had is asked for again after ever longer pauses, so that others
 * have their turn.
 */
#include <stdlib.h>
#include <string.h>

#include "flow/inside.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "xalloc.h"

#define FETCHES_MAX 4		/* at once: each may be PAYLOAD_MAX */
#define PAUSING_MAX 256		/* remembered; of more, those that failed first are asked for with the next poll */
#define PAUSE_MIN 1000
#define PAUSE_MAX 300000

/* A row whose payload.txt is being fetched, or could not be had just now. The job is made when it has come. */
struct attached {
	struct flow *f;
	struct ecc_row row;
	char *text[8];
	int64_t pause_ms, until;	/* loop time; 0 it is under way */
	struct attached *next;
};

/* It stays "ready" until then, and comes with every poll. */
static struct attached *
find(const struct flow *f, const char *id)
{
	struct attached *at = f->intake.attached;

	while (at != NULL && strcmp(at->row.sys_id, id) != 0)
		at = at->next;
	return at;
}

static void
attached_free(struct attached *gone)
{
	struct attached **at;
	size_t i;

	for (at = &gone->f->intake.attached; *at != gone; at = &(*at)->next)
		;
	*at = gone->next;
	for (i = 0; i < 8; i++)
		free(gone->text[i]);
	free(gone);
}

/* The list begins with what came last. */
static void
forget_eldest(struct flow *f)
{
	struct attached *at, *eldest = NULL;
	size_t n = 0;

	for (at = f->intake.attached; at != NULL; at = at->next)
		if (at->until != 0) {
			eldest = at;
			n++;
		}
	if (n > PAUSING_MAX)
		attached_free(eldest);
}

static void
pause_for(struct attached *at, const struct verdict *v)
{
	struct flow *f = at->f;
	int64_t ms = at->pause_ms;

	at->pause_ms = ms == 0 ? PAUSE_MIN : ms * 2 > PAUSE_MAX ? PAUSE_MAX : ms * 2;
	ms = v->retry_after_ms > at->pause_ms ? v->retry_after_ms : at->pause_ms;
	at->until = loop_now(f->ag->loop) + ms;
	log_warn("intake", "job %s: its payload attachment can't be had (%s): asked again in %lld s",
	    at->row.sys_id, v->why, (long long)(ms + 999) / 1000);
	forget_eldest(f);
}

static void
attached_done(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	struct attached *at = arg;
	struct flow *f = at->f;

	f->intake.fetches--;
	f->intake.arriving--;
	if (!f->closing && v->said != SAID_NO && !(v->said == SAID_YES && n == 1)) {
		pause_for(at, v);
		return;
	}
	if (v->said == SAID_YES && n == 1 && !f->closing && row_is_attached(&rows[0])) {
		/* To look again would be to fetch it with every poll, for ever. */
		at->row.payload = "";
		intake_refuse(f, &at->row, "payload.txt is <see_attachment/> itself");
	} else if (v->said == SAID_YES && n == 1 && !f->closing) {
		at->row.payload = rows[0].payload;
		at->row.payload_len = rows[0].payload_len;
		intake_rows(f, &at->row, 1);
	} else if (!f->closing && v->said == SAID_NO) {
		at->row.payload = "";
		intake_refuse(f, &at->row, v->why);
	}
	attached_free(at);
}

static void
begin(struct flow *f, const struct ecc_row *row, int64_t pause_ms)
{
	struct attached *at = xcalloc(1, sizeof(*at));
	const char *const from[] = { row->sys_id, row->agent, row->topic, row->name,
	    row->source, row->sequence, row->correlator, row->created };
	const char **const to[] = { &at->row.sys_id, &at->row.agent, &at->row.topic, &at->row.name,
	    &at->row.source, &at->row.sequence, &at->row.correlator, &at->row.created };
	size_t i;

	at->f = f;
	at->pause_ms = pause_ms;
	at->next = f->intake.attached;
	f->intake.attached = at;
	f->intake.fetches++;
	f->intake.arriving++;
	at->row.priority = row->priority;
	at->row.state = "ready";
	for (i = 0; i < 8; i++)
		*to[i] = at->text[i] = xstrdup(from[i]);
	instance_payload(f->ag->instance, at->row.sys_id, PAYLOAD_MAX, attached_done, at);
}

void
attached_fetch(struct flow *f, const struct ecc_row *row)
{
	struct attached *at = find(f, row->sys_id);
	int64_t pause_ms = at == NULL ? 0 : at->pause_ms;

	if (f->intake.fetches >= FETCHES_MAX || (at != NULL && (at->until == 0 || at->until > loop_now(f->ag->loop))))
		return;
	if (at != NULL)
		attached_free(at);
	begin(f, row, pause_ms);
}

void
attached_fini(struct flow *f)
{
	while (f->intake.attached != NULL)
		attached_free(f->intake.attached);
}
