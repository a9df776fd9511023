/* SPDX-License-Identifier: Apache-2.0 */
/* walk - see walk.h. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET_FIRST 24u
#define BUDGET_MAX 96u
#define SILENCES_MAX 3u		/* in a row, each after all tries of a request */
#define QUICK_MS 100		/* who answers within that may be asked more at a time */
#define GOOD_ENOUGH 2u		/* answers in a row before there is one more */

/* Nothing of it is out any more. */
static void
call_back(struct walk *w)
{
	unsigned i;

	for (i = 0; i < WALK_FLIGHTS; i++)
		if (w->flights[i].request.busy)
			engine_cancel(w->engine, &w->flights[i].request);
	w->out = 0;
}

static void
end(struct walk *w, enum walk_end how)
{
	if (w->ended)
		return;
	w->ended = true;
	call_back(w);
	w->asker->ended(w->asker->arg, how);
}

static void
leave(struct walk *w, struct cursor *c, const char *why)
{
	const struct walk_root *root = c->root;

	if (why != NULL)
		w->asker->missing(w->asker->arg, why, &root->oid);
	c->root = NULL;
	if (w->asker->left != NULL)
		w->asker->left(w->asker->arg, (unsigned)(root - w->roots));
}

/* --- asking ------------------------------------------------------------------------ */

/* Where the walk to ROOT begins; to one value right before it. */
static void
begin(struct cursor *c, const struct walk_root *root)
{
	c->root = root;
	c->got = 0;
	c->at.n = 0;
	(void)oid_append(&c->at, root->oid.ids, root->oid.n);
	if (root->exact && c->at.n > 1 && c->at.id[c->at.n - 1]-- == 0)
		c->at.n--;
}

static void
fill_cursors(struct walk *w)
{
	unsigned i;

	for (i = 0; i < w->nopen && w->next_root < w->nroots; i++)
		if (w->cursors[i].root == NULL)
			begin(&w->cursors[i], &w->roots[w->next_root++]);
}

static bool
may(const struct walk *w, const struct cursor *c)
{
	return w->asker->may == NULL || w->asker->may(w->asker->arg, (unsigned)(c->root - w->roots));
}

/* Those whose turn it is. ANY: there are some, even if none of them may or all are out. */
static unsigned
list_names(struct walk *w, struct flight *f, bool *any)
{
	unsigned i, at = w->turn, n = 0;
	struct cursor *c;

	*any = false;
	for (i = 0; i < w->nopen && n < w->wide; i++, at++) {
		if (at >= w->nopen)
			at = 0;
		c = &w->cursors[at];
		if (c->root == NULL)
			continue;
		*any = true;
		if (c->out || !may(w, c))
			continue;
		c->out = true;
		f->names[n] = (struct oid_ref){ c->at.id, c->at.n };
		f->which[n++] = at;
	}
	w->turn = at;
	return n;
}

static void
submit(struct walk *w, struct flight *f, unsigned n)
{
	struct request *r = &f->request;
	bool bulk = r->session->version != SNMP_V1 && !w->one_by_one;

	r->ask = (struct ask){ .type = bulk ? PDU_GETBULK : PDU_GETNEXT, .n = n, .oids = f->names };
	r->ask.repeat = bulk && w->budget / n > 0 ? (int32_t)(w->budget / n) : 1;
	r->weight = bulk ? 1 + w->budget / 24 : 1;
	w->asked++;
	w->out++;
	engine_submit(w->engine, r);
}

static struct flight *
idle_flight(struct walk *w)
{
	unsigned i;

	for (i = 0; i < WALK_FLIGHTS; i++)
		if (!w->flights[i].request.busy)
			return &w->flights[i];
	return NULL;
}

/* As many questions as there may be. */
static void
ask(struct walk *w)
{
	struct flight *f;
	bool any;
	unsigned n;

	w->resting = false;
	while (w->out < w->most && (f = idle_flight(w)) != NULL) {
		fill_cursors(w);
		n = list_names(w, f, &any);
		if (!any) {
			end(w, WALK_DONE);
			return;
		}
		w->resting = n == 0;
		if (n == 0)
			return;
		submit(w, f, n);
	}
}

/* --- how many at a time ------------------------------------------------------------------ */

static void
one_at_a_time(struct walk *w)
{
	w->most = 1;
	w->good = 0;
}

/* One more while they are answered as quickly as one alone; one less when the agent is seen to queue them. */
static void
ask_more(struct walk *w, const struct peer *p)
{
	if (p->rest_ms > 0 || p->gap_ms > 0) {
		one_at_a_time(w);
	} else if (p->rtt_ms > 2 * p->rtt_min_ms + 4) {
		w->most -= w->most > 1;
		w->good = 0;
	} else if (p->rtt_ms > 0 && p->rtt_ms <= QUICK_MS && ++w->good >= GOOD_ENOUGH && w->most < WALK_FLIGHTS) {
		w->most++;
		w->good = 0;
	}
}

/* Less at a time. False: there is no less. */
static bool
ask_less(struct walk *w)
{
	if (w->budget > w->wide) {
		w->budget /= 2;
		w->budget_max = w->budget > 4 ? w->budget : 4;
		return true;
	}
	if (w->wide > 1) {
		w->wide = 1;
		w->budget = 1;
		return true;
	}
	return false;
}

/* --- what is answered -------------------------------------------------------------------- */

/* 0; <0 the asker wants no more. */
static int
take_one(struct walk *w, struct cursor *c, const struct varbind *vb)
{
	int order;

	if (vb->type == VB_END_OF_VIEW || vb->type == VB_NO_OBJECT || vb->type == VB_NO_INSTANCE ||
	    !oid_under(vb->oid, vb->oid_n, c->root->oid.ids, c->root->oid.n) || (c->root->exact && vb->oid_n != c->root->oid.n)) {
		leave(w, c, NULL);
		return 0;
	}
	order = oid_cmp(vb->oid, vb->oid_n, c->at.id, c->at.n);
	if (order <= 0) {
		leave(w, c, "the agent's names do not go forward");
		return 0;
	}
	c->at.n = 0;
	(void)oid_append(&c->at, vb->oid, vb->oid_n);
	w->got++;
	if (w->asker->put(w->asker->arg, (unsigned)(c->root - w->roots), vb) < 0)
		return -1;
	if (c->root->exact)
		leave(w, c, NULL);
	else if (++c->got == c->root->max)
		leave(w, c, "there is more than is taken");
	return 0;
}

/* How many there were; <0: stop. WHOLE: the answer ends where it should. */
static int
take_all(struct walk *w, const struct flight *f, const struct pdu *pdu, bool *whole)
{
	struct varbind_room room;
	struct slice in = pdu->varbinds;
	unsigned n = f->request.ask.n, i = 0, max = n * (unsigned)f->request.ask.repeat;
	struct varbind vb;
	struct cursor *c;
	int r = 0;

	while (i < max && (r = varbind_next(&in, &room, &vb)) == 1) {
		c = &w->cursors[f->which[i++ % n]];
		if (c->root != NULL && take_one(w, c, &vb) < 0)
			return -1;
	}
	*whole = r >= 0;
	return (int)i;
}

static void
grow(struct walk *w, const struct request *r, unsigned got)
{
	if (got == r->ask.n * (unsigned)r->ask.repeat && w->budget < w->budget_max)
		w->budget = w->budget * 2 < w->budget_max ? w->budget * 2 : w->budget_max;
	if (r->sent > 1)
		one_at_a_time(w);
	else
		ask_more(w, r->peer);
}

/* A whole answer was spoilt by one of the names: ERROR_INDEX says which, or each is asked by itself. */
static void
failed(struct walk *w, const struct flight *f, const struct pdu *pdu)
{
	unsigned at = (unsigned)pdu->error_index, n = f->request.ask.n;
	bool once = f->request.ask.repeat <= 1;
	const char *why = pdu->error == ERR_NO_SUCH_NAME ? NULL : "the agent fails there";
	struct cursor *first = &w->cursors[f->which[0]];

	if (pdu->error == ERR_TOO_BIG) {
		if (!ask_less(w) && n == 1 && once)
			leave(w, first, "the agent says that one value is too big");
	} else if (n == 1) {
		if (why == NULL || once)
			leave(w, first, why);
		else
			w->budget = 1;	/* what stands before the one that fails is good */
	} else if (!once && pdu->error != ERR_NO_SUCH_NAME) {
		w->budget = w->budget < n ? w->budget : n;
	} else if (at >= 1 && at <= n) {
		leave(w, &w->cursors[f->which[at - 1]], why);
	} else {
		w->wide = w->budget = 1;
	}
}

static void
answered(struct walk *w, const struct flight *f, const struct pdu *pdu)
{
	const struct request *r = &f->request;
	bool whole;
	int got;

	w->silences = 0;
	if (pdu->error != ERR_NONE) {
		one_at_a_time(w);
		failed(w, f, pdu);
		return;
	}
	got = take_all(w, f, pdu, &whole);
	if (got < 0)
		end(w, WALK_STOPPED);
	else if (got == 0)
		leave(w, &w->cursors[f->which[0]], "the agent answers with nothing, or nonsense");
	else if (!whole && r->ask.n == 1 && got < r->ask.repeat && !ask_less(w))
		leave(w, &w->cursors[f->which[0]], "the agent answers with nonsense");
	else
		grow(w, r, (unsigned)got);
}

/* Those that fall silent together are one silence. */
static void
silent(struct walk *w)
{
	one_at_a_time(w);
	if (w->out > 0)
		return;
	if (w->got == 0 || ++w->silences >= SILENCES_MAX)
		end(w, WALK_SILENT);
	else
		(void)ask_less(w);
}

static void
done(struct request *r, enum outcome how, const struct pdu *pdu)
{
	struct flight *f = r->arg;
	struct walk *w = f->w;
	unsigned i;

	w->out--;
	w->resting = false;
	for (i = 0; i < r->ask.n; i++)
		w->cursors[f->which[i]].out = false;
	if (how == REQUEST_ANSWERED) {
		answered(w, f, pdu);
	} else if (how == REQUEST_SILENT) {
		silent(w);
	} else {
		w->error = r->error;
		end(w, WALK_BROKEN);
	}
	if (!w->ended)
		ask(w);
}

int
walk_start(struct walk *w, struct engine *e, struct peer *p, struct session *s, const struct walk_root *roots, unsigned n,
    const struct walk_asker *asker, const struct walk_how *how)
{
	unsigned wide = how->wide == 0 ? WALK_WIDE : how->wide, i;

	*w = (struct walk){ .engine = e, .asker = asker, .roots = roots, .nroots = n, .nopen = n < WALK_OPEN ? n : WALK_OPEN,
	    .wide = wide < WALK_WIDE_MAX ? wide : WALK_WIDE_MAX, .budget = BUDGET_FIRST, .budget_max = BUDGET_MAX,
	    .one_by_one = how->one_by_one, .most = 1 };
	w->cursors = calloc(w->nopen + 1, sizeof(*w->cursors));
	if (w->cursors == NULL)
		return -1;
	for (i = 0; i < WALK_FLIGHTS; i++) {
		w->flights[i].w = w;
		w->flights[i].request = (struct request){ .peer = p, .session = s, .timeout_ms = how->timeout_ms,
		    .tries = how->tries, .done = done, .arg = &w->flights[i] };
	}
	ask(w);
	return 0;
}

void
walk_resume(struct walk *w)
{
	if (w->resting && !w->ended)
		ask(w);
}

void
walk_stop(struct walk *w)
{
	w->ended = true;
	call_back(w);
	free(w->cursors);
	w->cursors = NULL;
}
