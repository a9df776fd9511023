/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attached - rows whose payload hangs on them as payload.txt: fetched first,
 * a few at a time and each once, then they go on as any other row.
 */
#include <stdlib.h>
#include <string.h>

#include "flow/parts.h"
#include "instance/instance.h"
#include "log.h"
#include "xalloc.h"

#define FETCHES_MAX 4		/* at once: each may be PAYLOAD_MAX */

/* A row whose payload.txt is being fetched. The job is made when it has come. */
struct attached { struct flow *f; struct ecc_row row; char *text[8]; struct attached *next; };

/* It stays "ready" until then, and comes with every poll. */
static bool
may_fetch(const struct flow *f, const char *id)
{
	const struct attached *at;

	for (at = f->intake.fetching; at != NULL; at = at->next)
		if (strcmp(at->row.sys_id, id) == 0)
			return false;
	return f->intake.fetches < FETCHES_MAX;
}

static void
attached_free(struct attached *gone)
{
	struct attached **at;
	size_t i;

	for (at = &gone->f->intake.fetching; *at != gone; at = &(*at)->next)
		;
	*at = gone->next;
	gone->f->intake.fetches--;
	gone->f->intake.arriving--;
	for (i = 0; i < 8; i++)
		free(gone->text[i]);
	free(gone);
}

static void
attached_done(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	struct attached *at = arg;
	struct flow *f = at->f;

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
	} else if (!f->closing) {
		log_warn("intake", "job %s: its payload attachment can't be had (%s): asked again with the next poll",
		    at->row.sys_id, v->why);
	}
	attached_free(at);
}

static void
fetch(struct flow *f, const struct ecc_row *row)
{
	struct attached *at = xcalloc(1, sizeof(*at));
	const char *const from[] = { row->sys_id, row->agent, row->topic, row->name,
	    row->source, row->sequence, row->correlator, row->created };
	const char **const to[] = { &at->row.sys_id, &at->row.agent, &at->row.topic, &at->row.name,
	    &at->row.source, &at->row.sequence, &at->row.correlator, &at->row.created };
	size_t i;

	at->f = f;
	at->next = f->intake.fetching;
	f->intake.fetching = at;
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
	if (may_fetch(f, row->sys_id))
		fetch(f, row);
}
