/* SPDX-License-Identifier: Apache-2.0 */
/* survey - see survey.h. */
#include "survey.h"

static void
tell(struct survey *s, unsigned gate, bool open)
{
	s->told[gate] = true;
	s->open[gate] = open;
}

static void
give_up(struct survey *s)
{
	unsigned g;

	for (g = 1; g < GATES; g++)
		if (!s->told[g])
			tell(s, g, true);
}

static void
ask(struct survey *s)
{
	struct request *r = &s->request;
	unsigned g, n = 0;

	for (g = 1; g < GATES && n < s->wide; g++)
		if (!s->told[g]) {
			s->names[n] = (struct oid_ref){ s->gates[g].id, s->gates[g].n };
			s->which[n++] = g;
		}
	if (n == 0) {
		s->ended(s->arg);
		return;
	}
	r->ask = (struct ask){ .type = PDU_GETNEXT, .n = n, .oids = s->names };
	r->weight = 1;
	s->asked++;
	engine_submit(s->engine, r);
}

/* Version 1 has one name spoil all: none follows it. Whatever else is wrong is asked by itself. */
static void
failed(struct survey *s, const struct pdu *pdu)
{
	unsigned at = (unsigned)pdu->error_index;

	if (pdu->error == ERR_NO_SUCH_NAME && at >= 1 && at <= s->request.ask.n)
		tell(s, s->which[at - 1], false);
	else if (s->wide > 1)
		s->wide = 1;
	else
		tell(s, s->which[0], pdu->error != ERR_NO_SUCH_NAME);
}

static void
take(struct survey *s, const struct pdu *pdu)
{
	struct varbind_room room;
	struct slice in = pdu->varbinds;
	struct varbind vb;
	unsigned i, g;

	for (i = 0; i < s->request.ask.n && varbind_next(&in, &room, &vb) == 1; i++) {
		g = s->which[i];
		tell(s, g, vb.type < VB_NO_OBJECT && oid_under(vb.oid, vb.oid_n, s->gates[g].id, s->gates[g].n));
	}
	if (i == 0)
		give_up(s);
}

static void
done(struct request *r, enum outcome how, const struct pdu *pdu)
{
	struct survey *s = r->arg;

	if (how != REQUEST_ANSWERED)
		give_up(s);
	else if (pdu->error != ERR_NONE)
		failed(s, pdu);
	else
		take(s, pdu);
	ask(s);
}

void
survey_start(struct survey *s, struct engine *e, struct peer *p, struct session *session, int timeout_ms, unsigned tries,
    void (*ended)(void *arg), void *arg)
{
	unsigned g;

	*s = (struct survey){ .engine = e, .ended = ended, .arg = arg, .wide = SURVEY_WIDE };
	for (g = 1; g < GATES; g++)
		(void)oid_parse(facts_gates[g], &s->gates[g]);
	s->request = (struct request){ .peer = p, .session = session, .timeout_ms = timeout_ms, .tries = tries, .done = done, .arg = s };
	ask(s);
}

void
survey_stop(struct survey *s)
{
	if (s->engine != NULL)
		engine_cancel(s->engine, &s->request);
}
