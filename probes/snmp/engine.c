/* SPDX-License-Identifier: Apache-2.0 */
/* engine - see engine.h. */
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "patience.h"
#include "session.h"
#include "wire.h"

#define YOUNG_MS 10		/* an answer that has not come by then will not come in the same burst */
#define RESENDS_MAX 4u		/* asked again at once, as after a report of version 3 */
#define BATCHES_A_TURN 16u

struct engine {
	const struct mid_host *h;
	struct mid_run *self;
	struct wire *wire;
	struct requests out;
	struct request_list queue;	/* not sent yet, or to be sent again */
	struct request_list young;	/* sent less than YOUNG_MS ago, in that order */
	struct usm_phrases *phrases;
	struct peers *peers;
	struct engine_limits limits;
	struct engine_counts counts;
	struct patience net;
	unsigned tokens;		/* packets that may go now, in thousandths */
	int64_t filled_ms;
	int64_t now_ms;
	bool stepping, blocked;
	uint32_t ids[64];
	unsigned nids;
};

struct engine *
engine_new(const struct mid_host *h, struct mid_run *self)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->h = h;
	e->self = self;
	e->wire = wire_open();
	e->phrases = usm_phrases_new();
	e->peers = peers_new();
	e->limits = ENGINE_LIMITS;
	if (e->wire == NULL || e->phrases == NULL || e->peers == NULL) {
		engine_free(e);
		return NULL;
	}
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	wire_close(e->wire);
	usm_phrases_free(e->phrases);
	peers_free(e->peers);
	free(e->out.heap);
	free(e);
}

const struct engine_counts *
engine_counts(const struct engine *e)
{
	return &e->counts;
}

struct usm_phrases *
engine_phrases(struct engine *e)
{
	return e->phrases;
}

struct peers *
engine_peers(struct engine *e)
{
	return e->peers;
}

struct engine_limits *
engine_limits(struct engine *e)
{
	return &e->limits;
}

/* --- in and out of the lists ---------------------------------------------------------- */

/* Not to be guessed by who does not see the request. Never 0, never one that is out. */
static int32_t
fresh_id(struct engine *e)
{
	int32_t id;

	do {
		if (e->nids == 0) {
			e->h->random(e->self, e->ids, sizeof(e->ids));
			e->nids = sizeof(e->ids) / sizeof(e->ids[0]);
		}
		id = (int32_t)(e->ids[--e->nids] & 0x7fffffff);
	} while (id == 0 || requests_find(&e->out, id) != NULL);
	return id;
}

static void
grow_old(struct engine *e, struct request *r)
{
	if (r->young)
		list_remove(&e->young, r);
	r->young = false;
}

static void
enqueue(struct engine *e, struct request *r)
{
	grow_old(e, r);
	if (!r->queued)
		list_append(&e->queue, r);
	r->queued = true;
	if (!e->stepping)
		e->h->wake(e->self);
}

/* Out of everything. */
static void
drop(struct engine *e, struct request *r)
{
	grow_old(e, r);
	if (r->queued)
		list_remove(&e->queue, r);
	r->queued = false;
	if (r->heap_at != 0)
		requests_remove(&e->out, r);
	if (e->blocked)
		wire_forget(e->wire, r);
	r->busy = false;
}

static void
finish(struct engine *e, struct request *r, enum outcome how, const struct pdu *pdu)
{
	drop(e, r);
	r->done(r, how, pdu);
}

void
engine_submit(struct engine *e, struct request *r)
{
	r->busy = true;
	r->sent = r->resends = 0;
	r->error = 0;
	if (r->weight == 0)
		r->weight = 1;
	enqueue(e, r);
}

void
engine_cancel(struct engine *e, struct request *r)
{
	if (r->busy)
		drop(e, r);
}

/* --- what comes in ---------------------------------------------------------------------- */

static bool
same_address(const struct peer *p, const struct sockaddr *from)
{
	const struct sockaddr_in *a = (const void *)from;
	const struct sockaddr_in6 *b = (const void *)from;

	if (from->sa_family != p->addr.any.sa_family)
		return false;
	if (from->sa_family == AF_INET)
		return a->sin_port == p->addr.v4.sin_port && a->sin_addr.s_addr == p->addr.v4.sin_addr.s_addr;
	return b->sin6_port == p->addr.v6.sin6_port &&
	    memcmp(&b->sin6_addr, &p->addr.v6.sin6_addr, sizeof(b->sin6_addr)) == 0;
}

/* What went out before anything was known of this network need not wait its whole time. */
static void
reconsider(struct engine *e)
{
	struct request *r;
	int64_t due;
	unsigned i;

	for (i = 0; i < REQUEST_BUCKETS; i++)
		for (r = e->out.by_id[i]; r != NULL; r = r->chain) {
			due = e->now_ms + patience_ms(&e->net, r, e->now_ms);
			if (r->sent == 0 || r->queued || due >= r->due_ms)
				continue;
			r->due_ms = due;
			requests_due_changed(&e->out, r);
		}
}

/* From the first sending on: of one that was sent again it is at most too long. ONLY: the last is what was answered, it alone could be. */
static void
measure(struct engine *e, struct request *r, bool only)
{
	int ms = (int)(e->now_ms - (only ? r->sent_ms : r->first_ms));
	bool first = e->net.rtt_ms == 0, again = r->sent > 1 && !only;

	peer_answered(r->peer, ms < 1 ? 1 : ms, again);
	patience_answered(&e->net, ms, again);
	if (first && e->net.rtt_ms != 0)
		reconsider(e);
}

static void
ask_again_at_once(struct engine *e, struct request *r)
{
	if (r->resends++ >= RESENDS_MAX) {
		finish(e, r, REQUEST_SILENT, NULL);
		return;
	}
	grow_old(e, r);
	requests_remove(&e->out, r);	/* a new id: an answer to the old one is late */
	r->sent = 0;
	enqueue(e, r);
}

static void
take(void *arg, const struct sockaddr *from, const void *data, size_t len)
{
	struct engine *e = arg;
	struct message m;
	struct request *r;
	struct pdu pdu;
	bool only;

	if (message_read(data, len, &m) < 0) {
		e->counts.nonsense++;
		return;
	}
	r = requests_find(&e->out, m.version == SNMP_V3 ? m.id : m.pdu.id);
	if (r == NULL || r->sent == 0) {
		e->counts.late++;
		return;
	}
	if (!same_address(r->peer, from)) {
		e->counts.foreign++;
		return;
	}
	only = m.version == SNMP_V1 && !r->session->settled && r->sent == r->tries;	/* what went before was version 2c */
	switch (session_read(r->session, &m, &pdu, (uint8_t *)(uintptr_t)data, len)) {
	case SESSION_ANSWER:
		e->counts.answers++;
		measure(e, r, only);
		finish(e, r, REQUEST_ANSWERED, &pdu);
		break;
	case SESSION_ASK_AGAIN:
		ask_again_at_once(e, r);
		break;
	case SESSION_REFUSED:
		finish(e, r, REQUEST_REFUSED, NULL);
		break;
	default:
		e->counts.nonsense++;
	}
}

static void
receive(struct engine *e)
{
	unsigned i, turns;

	for (i = 0; i < 2; i++)
		for (turns = 0; turns < BATCHES_A_TURN; turns++)
			if (wire_receive(e->wire, i, take, e) < WIRE_BATCH)
				break;
}

/* --- what has waited long enough ----------------------------------------------------------- */

static void
expire(struct engine *e)
{
	struct request *r;

	while ((r = requests_first(&e->out)) != NULL && r->due_ms <= e->now_ms) {
		if (r->sent > 0 && !r->queued && patience_over(&e->net, r, e->now_ms)) {
			finish(e, r, REQUEST_SILENT, NULL);
			continue;
		}
		r->due_ms = e->now_ms + YOUNG_MS;	/* while it waits for the window its time has not begun */
		requests_due_changed(&e->out, r);
		if (r->queued)
			continue;
		if (r->sent > 0 && r->peer->rtt_ms > 0)
			(r->sent == 1 ? peer_stumbles : peer_suffers)(r->peer);
		enqueue(e, r);
	}
	while ((r = e->young.first) != NULL && r->sent_ms + YOUNG_MS <= e->now_ms)
		grow_old(e, r);
}

/* --- what goes out ---------------------------------------------------------------------------- */

static void
unsent(void *arg, struct request *r, int error)
{
	r->error = error;
	finish(arg, r, REQUEST_UNSENT, NULL);
}

/* Into the table, once. <0: no memory. */
static int
enter(struct engine *e, struct request *r)
{
	r->sent_ms = e->now_ms;
	if (r->sent++ == 0)
		r->first_ms = e->now_ms;
	else
		e->counts.again++;
	e->counts.sent++;
	r->due_ms = e->now_ms + patience_ms(&e->net, r, e->now_ms);
	if (r->heap_at == 0)
		return requests_add(&e->out, r);
	requests_due_changed(&e->out, r);
	return 0;
}

/* Its agent is to be left alone until then. */
static void
put_off(struct engine *e, struct request *r, int64_t until_ms)
{
	if (r->heap_at == 0)
		r->ask.id = fresh_id(e);
	r->due_ms = until_ms;
	if (r->heap_at != 0)
		requests_due_changed(&e->out, r);
	else if (requests_add(&e->out, r) < 0)
		unsent(e, r, ENOMEM);
}

static void
post(struct engine *e, struct request *r, uint8_t *room)
{
	struct ber_out o;

	list_remove(&e->queue, r);
	r->queued = false;
	if (r->peer->next_ms > e->now_ms) {
		put_off(e, r, r->peer->next_ms);
		return;
	}
	r->peer->next_ms = e->now_ms + peer_gap(r->peer, e->limits.rate);
	if (r->heap_at == 0)
		r->ask.id = fresh_id(e);
	out_init(&o, room, WIRE_OUT_MAX);
	if (session_write(r->session, &o, &r->ask, r->sent + 1 >= r->tries && (r->sent + 1 - r->tries) % 2 == 0) < 0) {
		unsent(e, r, EMSGSIZE);
		return;
	}
	if (enter(e, r) < 0) {
		unsent(e, r, ENOMEM);
		return;
	}
	wire_put(e->wire, o.at, out_len(&o), r);
	e->tokens -= e->tokens < 1000 ? e->tokens : 1000;
	r->young = true;
	list_append(&e->young, r);
}

/* What a second allows, a twentieth of it at once. */
static void
fill_tokens(struct engine *e)
{
	uint64_t more = e->limits.packets * (uint64_t)(e->now_ms - e->filled_ms), most = e->limits.packets * 50ull + 1000;

	e->filled_ms = e->now_ms;
	e->tokens = e->tokens + more > most ? (unsigned)most : (unsigned)(e->tokens + more);
}

static bool
may_send(const struct engine *e, unsigned window)
{
	if (e->blocked || e->queue.first == NULL || e->tokens < 1000)
		return false;
	return e->young.first == NULL || e->young.weight + e->queue.first->weight <= window;
}

static void
flush(struct engine *e)
{
	e->blocked = true;	/* so that who is dropped meanwhile is forgotten */
	e->blocked = wire_flush(e->wire, unsent, e) != 0;
}

static void
send_queue(struct engine *e)
{
	unsigned window = wire_window(e->wire);
	uint8_t *room;

	fill_tokens(e);
	flush(e);
	while (may_send(e, window)) {
		room = wire_room(e->wire);
		if (room != NULL)
			post(e, e->queue.first, room);
		else
			flush(e);
	}
	if (!e->blocked)
		flush(e);
}

/* --- the turn ------------------------------------------------------------------------------------ */

static int64_t
next_turn(struct engine *e)
{
	struct request *r = requests_first(&e->out);
	int64_t at = r == NULL ? INT64_MAX : r->due_ms;

	if (e->queue.first != NULL && e->tokens < 1000)
		at = e->now_ms + 1;
	else if (e->queue.first != NULL && e->young.first != NULL && e->young.first->sent_ms + YOUNG_MS < at)
		at = e->young.first->sent_ms + YOUNG_MS;
	if (at == INT64_MAX)
		return -1;
	return at <= e->now_ms ? 0 : at - e->now_ms;
}

void
engine_step(struct engine *e, struct mid_wait *wait)
{
	int fds[2], i;

	e->stepping = true;
	e->now_ms = e->h->now_ms(e->self);
	receive(e);
	expire(e);
	send_queue(e);
	e->stepping = false;
	wire_fds(e->wire, fds);
	wait->nfds = 0;
	for (i = 0; i < 2; i++)
		if (fds[i] >= 0)
			wait->fds[wait->nfds++] = (struct mid_fd){ .fd = fds[i], .events = MID_READ | (e->blocked ? MID_WRITE : 0) };
	wait->timeout_ms = next_turn(e);
}
