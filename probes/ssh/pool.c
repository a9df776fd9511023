/* SPDX-License-Identifier: Apache-2.0 */
/* pool - see pool.h. */
#include "pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"

#define SEATS 7			/* connections a host: mid.ssh_connections_per_host, spec 9 */
#define REST_MS 30000		/* how long one is kept for the next job */
#define REST_MAX 64		/* of all hosts; the oldest goes first */

struct waiting { struct waiting *next; struct mid_run *run; };

struct place {
	struct place *next;
	unsigned taken;
	struct waiting *first;
	struct conn *rests;		/* the newest first */
	char where[];
};

struct pool {
	const struct mid_host *h;
	struct mid_run *run;
	struct place *places;
	unsigned resting;
};

struct conn *
conn_new(void)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c != NULL)
		c->fd = -1;
	return c;
}

void
conn_free(struct conn *c)
{
	if (c == NULL)
		return;
	while (c->n > 0)
		link_free(c->hop[--c->n]);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

/* --- places ------------------------------------------------------------------ */

static struct place *
place_at(struct pool *p, const char *where)
{
	struct place *at;

	for (at = p->places; at != NULL; at = at->next)
		if (strcmp(at->where, where) == 0)
			return at;
	at = calloc(1, sizeof(*at) + strlen(where) + 1);
	if (at == NULL)
		return NULL;
	memcpy(at->where, where, strlen(where) + 1);
	at->next = p->places;
	p->places = at;
	return at;
}

static void
drop_if_empty(struct pool *p, struct place *at)
{
	struct place **from;

	if (at->taken > 0 || at->first != NULL || at->rests != NULL)
		return;
	for (from = &p->places; *from != at; from = &(*from)->next)
		;
	*from = at->next;
	free(at);
}

static int
wait_here(struct place *at, struct mid_run *run)
{
	struct waiting **last, *w;

	for (last = &at->first; *last != NULL; last = &(*last)->next)
		if ((*last)->run == run)
			return MID_AGAIN;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return -1;
	w->run = run;
	*last = w;
	return MID_AGAIN;
}

static bool
stop_waiting(struct place *at, const struct mid_run *run)
{
	struct waiting **from, *w;

	for (from = &at->first; *from != NULL && (*from)->run != run; from = &(*from)->next)
		;
	w = *from;
	if (w != NULL)
		*from = w->next;
	free(w);
	return w != NULL;
}

/* Those that came first sit first, as far as the free seats go. */
static void
wake_waiting(struct pool *p, const struct place *at)
{
	const struct waiting *w;
	unsigned seats = at->taken < SEATS ? SEATS - at->taken : 0;

	for (w = at->first; w != NULL && seats > 0; w = w->next, seats--)
		p->h->wake(w->run);
}

/* How many wait before RUN? */
static unsigned
before(const struct place *at, const struct mid_run *run)
{
	const struct waiting *w;
	unsigned n = 0;

	for (w = at->first; w != NULL && w->run != run; w = w->next)
		n++;
	return n;
}

int
pool_enter(struct pool *p, const char *where, struct mid_run *run, struct place **out)
{
	struct place *at = place_at(p, where);

	if (at == NULL)
		return -1;
	if (at->taken + before(at, run) >= SEATS)
		return wait_here(at, run);
	(void)stop_waiting(at, run);
	at->taken++;
	*out = at;
	return 0;
}

void
pool_leave(struct pool *p, struct place *at)
{
	at->taken--;
	wake_waiting(p, at);
	drop_if_empty(p, at);
}

void
pool_forget(struct pool *p, const struct mid_run *run)
{
	struct place *at, *next;

	for (at = p->places; at != NULL; at = next) {
		next = at->next;
		if (stop_waiting(at, run)) {
			wake_waiting(p, at);
			drop_if_empty(p, at);
		}
	}
}

/* --- at rest ------------------------------------------------------------------- */

static bool
lives(const struct conn *c)
{
	char byte;
	ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

bool
pool_rests(const struct place *at)
{
	return at->rests != NULL;
}

struct conn *
pool_take(struct place *at, const char *credential)
{
	struct conn **from = &at->rests, *c;

	while ((c = *from) != NULL) {
		if (strcmp(c->credential, credential) != 0) {
			from = &c->next;
			continue;
		}
		*from = c->next;
		if (lives(c))
			return c;
		conn_free(c);
	}
	return NULL;
}

static void
count_resting(struct pool *p)
{
	const struct place *at;
	const struct conn *c;

	p->resting = 0;
	for (at = p->places; at != NULL; at = at->next)
		for (c = at->rests; c != NULL; c = c->next)
			p->resting++;
}

/* Ends all that rest since before THEN; gives when the oldest of the others began, or -1. */
static int64_t
end_older(struct pool *p, int64_t then)
{
	struct place *at, *next;
	struct conn **from, *c;
	int64_t oldest = -1;

	for (at = p->places; at != NULL; at = next) {
		next = at->next;
		for (from = &at->rests; (c = *from) != NULL;) {
			if (c->rests_since <= then) {
				*from = c->next;
				conn_free(c);
				continue;
			}
			if (oldest < 0 || c->rests_since < oldest)
				oldest = c->rests_since;
			from = &c->next;
		}
		drop_if_empty(p, at);
	}
	return oldest;
}

void
pool_put(struct pool *p, struct place *at, struct conn *c)
{
	c->rests_since = p->h->now_ms(p->run);
	c->rested = true;
	c->next = at->rests;
	at->rests = c;
	count_resting(p);
	if (p->resting > REST_MAX)
		(void)end_older(p, end_older(p, -1));
	p->h->wake(p->run);
}

void
pool_step(struct pool *p, struct mid_wait *wait)
{
	int64_t now = p->h->now_ms(p->run), oldest = end_older(p, now - REST_MS);

	wait->nfds = 0;
	wait->timeout_ms = oldest < 0 ? -1 : oldest + REST_MS - now;
}

/* --- the pool --------------------------------------------------------------------- */

struct pool *
pool_new(const struct mid_host *h, struct mid_run *run)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p != NULL) {
		p->h = h;
		p->run = run;
	}
	return p;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	(void)end_older(p, INT64_MAX);
	free(p);
}
