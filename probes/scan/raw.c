/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - see raw.h.
 *
 * No kernel sends a lost SYN of ours again, so where the sweep is patient each
 * question that stays silent is sent twice.
 */
#include "raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dgram.h"
#include "midd/raw.h"
#include "sweep.h"
#include "tcp.h"

#define PENDING_MAX 32768u
#define OUT_MAX 4096u		/* records that wait to be taken */
#define IN_MAX 4096u
#define READS_A_TURN 16
#define GIVE_MS 10
#define GREET_MS 3000		/* the service manager starts it */

struct pending { int64_t since_ms, due_ms; uint32_t host; uint16_t ask; uint8_t pass; bool again; };
struct given { uint32_t host; uint16_t ask; bool open; };

struct raw {
	struct sweep *s;
	int fd;				/* -1: it has gone */
	int64_t greet_due_ms;
	struct pending out[PENDING_MAX];	/* a ring, in the order of sending */
	uint32_t first, n, waiting;	/* WAITING of the N have no answer */
	struct given given[PENDING_MAX];	/* a ring, for tcp.c and dgram.c */
	uint32_t given_first, ngiven;
	struct raw_record write[OUT_MAX], read[IN_MAX];
	size_t nwrite, nread;		/* bytes */
};

struct raw *
raw_new(struct sweep *s, int fd)
{
	struct raw *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		close(fd);
		return NULL;
	}
	r->s = s;
	r->fd = fd;
	r->greet_due_ms = s->h->now_ms(s->run) + GREET_MS;
	return r;
}

void
raw_free(struct raw *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

static bool
wants_talk(const struct raw *r, unsigned ask)
{
	return r->s->limits.talk && r->s->asks.v[ask].service->talk != TALK_NONE;
}

/* --- out ---------------------------------------------------------------------------------------- */

/* Not what grant.c of midd-raw asks nobody for; and pings only where there is no socket for them, which is cheaper. */
bool
raw_takes(const struct raw *r, uint32_t host, unsigned ask)
{
	enum ask_proto proto = r->s->asks.v[ask].service->proto;
	struct where w;

	if (r->fd < 0 || proto == ASK_UDP || (proto == ASK_ICMP && dgram_no_ping(r->s->dgram) == NULL))
		return false;
	plan_at(&r->s->plan, host, &w);
	return where_is_four(&w) && w.b[12] != 0 && w.b[12] != 127 && w.b[12] < 224 && !(w.b[12] == 169 && w.b[13] == 254);
}

bool
raw_has_room(const struct raw *r)
{
	return r->waiting < r->s->limits.window && r->n + r->ngiven < PENDING_MAX && r->nwrite < sizeof(r->write);
}

static void
send_one(struct raw *r, const struct pending *p)
{
	const struct ask *a = &r->s->asks.v[p->ask];
	struct raw_record q = { .what = a->service->proto == ASK_ICMP ? RAW_ECHO : RAW_SYN };
	struct where w;

	plan_at(&r->s->plan, p->host, &w);
	memcpy(&q.address, w.b + 12, 4);
	q.port = q.what == RAW_ECHO ? 0 : htons(a->port);
	memcpy((char *)r->write + r->nwrite, &q, sizeof(q));
	r->nwrite += sizeof(q);
	r->out[(r->first + r->n++) % PENDING_MAX] = *p;
}

void
raw_ask(struct raw *r, uint32_t host, unsigned ask)
{
	const struct pending p = { .host = host, .ask = (uint16_t)ask, .pass = (uint8_t)r->s->pass, .since_ms = r->s->now_ms,
		.due_ms = r->s->now_ms + sweep_patience_once(r->s) };

	send_one(r, &p);
	r->waiting++;
}

/* --- what others go on with ----------------------------------------------------------------------- */

static void
give(struct raw *r, uint32_t host, unsigned ask, bool open)
{
	r->waiting--;
	found_hand(&r->s->found, host, ask);
	r->given[(r->given_first + r->ngiven++) % PENDING_MAX] = (struct given){ host, (uint16_t)ask, open };
}

static void
give_away(struct raw *r)
{
	const struct given *g;
	bool tcp;

	while (r->ngiven > 0) {
		g = &r->given[r->given_first];
		tcp = r->s->asks.v[g->ask].service->proto == ASK_TCP;
		if (!(tcp ? tcp_has_room(r->s->tcp) : dgram_has_room(r->s->dgram)) ||
		    !(tcp ? tcp_ask(r->s->tcp, g->host, g->ask, g->open) : dgram_ask(r->s->dgram, g->host, g->ask)))
			return;
		r->given_first = (r->given_first + 1) % PENDING_MAX;
		r->ngiven--;
	}
}

/* It has gone: what waits is asked without it. */
static void
end(struct raw *r)
{
	const struct pending *p;
	uint32_t i;

	r->s->h->log(r->s->run, MID_WARN, "midd-raw has gone: the scan goes on by connections");
	close(r->fd);
	r->fd = -1;
	r->nwrite = 0;
	for (i = 0; i < r->n; i++) {
		p = &r->out[(r->first + i) % PENDING_MAX];
		if (p->pass == r->s->pass && found_waits(&r->s->found, p->host, p->ask) && !found_handed(&r->s->found, p->host, p->ask))
			give(r, p->host, p->ask, false);
	}
	r->n = 0;
}

void
raw_flush(struct raw *r)
{
	ssize_t n = r->fd < 0 || r->nwrite == 0 ? 0 : send(r->fd, r->write, r->nwrite, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0) {
		r->nwrite -= (size_t)n;
		memmove(r->write, (char *)r->write + n, r->nwrite);
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		end(r);
	}
}

/* --- in ------------------------------------------------------------------------------------------- */

/* How long ago the question was sent, as near as the oldest ones tell. */
static int
since(const struct raw *r, uint32_t host, unsigned ask)
{
	uint32_t i;

	for (i = 0; i < r->n && i < 64; i++) {
		const struct pending *p = &r->out[(r->first + i) % PENDING_MAX];

		if (p->host == host && p->ask == ask)
			return (int)(r->s->now_ms - p->since_ms);
	}
	return 1;
}

static void
answered(struct raw *r, uint32_t host, unsigned ask, enum answer a)
{
	bool waits = found_waits(&r->s->found, host, ask);

	if (a == OPEN && wants_talk(r, ask)) {
		if (!waits) {	/* late: it counts as under way again */
			found_wait(&r->s->found, host, ask);
			pace_begin(&r->s->pace, host);
			r->waiting++;
		}
		give(r, host, ask, true);
		return;
	}
	r->waiting -= waits;
	sweep_answer(r->s, host, ask, a, since(r, host, ask));
}

static void
take(struct raw *r, const struct raw_record *a)
{
	bool echo = a->what == RAW_ECHOED || a->port == 0;
	const struct ask *q = echo ? asks_find(&r->s->asks, ASK_ICMP, 0) : asks_find(&r->s->asks, ASK_TCP, ntohs(a->port));
	struct where w = { { [10] = 0xff, [11] = 0xff } };
	uint32_t host;
	unsigned ask;

	memcpy(w.b + 12, &a->address, 4);
	if (q == NULL || !plan_find(&r->s->plan, &w, &host))
		return;
	ask = (unsigned)(q - r->s->asks.v);
	if (found_get(&r->s->found, host, ask) != SILENT || found_handed(&r->s->found, host, ask))
		return;
	answered(r, host, ask, a->what == RAW_OPEN || a->what == RAW_ECHOED ? OPEN : a->what == RAW_REFUSED ? REFUSED : BROKEN);
}

/* <0: nothing comes any more. */
static int
read_some(struct raw *r)
{
	ssize_t n = recv(r->fd, (char *)r->read + r->nread, sizeof(r->read) - r->nread, MSG_DONTWAIT);

	if (n > 0)
		r->nread += (size_t)n;
	return n > 0 ? 1 : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static void
drop(struct raw *r, size_t records)
{
	r->nread -= records * sizeof(r->read[0]);
	memmove(r->read, r->read + records, r->nread);
}

static void
receive(struct raw *r)
{
	size_t i, n;
	int turn, more = 1;

	for (turn = 0; more > 0 && turn < READS_A_TURN; turn++) {
		more = read_some(r);
		n = r->nread / sizeof(r->read[0]);
		for (i = 0; i < n; i++)
			take(r, &r->read[i]);
		drop(r, n);
	}
	if (more < 0)
		end(r);
}

int
raw_greet(struct raw *r, struct mid_wait *wait)
{
	int64_t left = r->greet_due_ms - r->s->h->now_ms(r->s->run);
	int more = read_some(r);

	if (r->nread >= sizeof(r->read[0])) {
		more = r->read[0].what == RAW_READY ? 1 : -1;
		drop(r, 1);
		return more;
	}
	wait->fds[0] = (struct mid_fd){ .fd = r->fd, .events = MID_READ };
	wait->nfds = 1;
	wait->timeout_ms = left;
	return more < 0 || left <= 0 ? -1 : 0;
}

/* --- turns ----------------------------------------------------------------------------------------- */

static void
expire(struct raw *r)
{
	struct pending p;

	while (r->n > 0) {
		p = r->out[r->first];
		if (p.pass == r->s->pass && found_waits(&r->s->found, p.host, p.ask) && !found_handed(&r->s->found, p.host, p.ask)) {
			if (p.due_ms > r->s->now_ms || r->nwrite == sizeof(r->write))
				return;
			if (sweep_patient(r->s) && !p.again) {
				p.again = true;
				p.due_ms = r->s->now_ms + sweep_patience_once(r->s);
				r->first = (r->first + 1) % PENDING_MAX;
				r->n--;
				send_one(r, &p);
				continue;
			}
			r->waiting--;
			sweep_answer(r->s, p.host, p.ask, SILENT, 0);
		}
		r->first = (r->first + 1) % PENDING_MAX;
		r->n--;
	}
}

void
raw_turn(struct raw *r)
{
	if (r->fd >= 0)
		receive(r);
	if (r->fd >= 0)
		expire(r);
	give_away(r);
}

unsigned
raw_busy(const struct raw *r)
{
	return r->waiting + r->ngiven;
}

int
raw_wait(struct raw *r, struct mid_wait *wait)
{
	int64_t due;

	if (r->fd >= 0)
		wait->fds[wait->nfds++] = (struct mid_fd){ .fd = r->fd, .events = MID_READ | (r->nwrite > 0 ? MID_WRITE : 0) };
	if (r->ngiven > 0)
		return GIVE_MS;
	if (r->fd < 0 || r->n == 0)
		return -1;
	due = r->out[r->first].due_ms;
	return due <= r->s->now_ms ? 0 : (int)(due - r->s->now_ms);
}
