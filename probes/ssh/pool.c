/* SPDX-License-Identifier: Apache-2.0 */
/* pool - see pool.h. */
#include "pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "keyring.h"
#include "link.h"

#define SEATS 7			/* connections a host: mid.ssh_connections_per_host, spec 9 */
#define REST_MS 30000		/* how long one is kept for the next job */
#define REST_MAX 512		/* of all hosts, each with 55 kB; the oldest goes first */
#define LISTS 1024

struct waiting { struct waiting *next; struct mid_run *run; };

struct place {
	struct place *next;		/* in its list */
	unsigned taken;
	struct waiting *first;
	struct conn *rests;		/* the newest first */
	char where[];
};

struct pool {
	const struct mid_host *h;
	struct mid_run *run;
	struct place *lists[LISTS];	/* by a hash of WHERE */
	struct conn *oldest, *newest;	/* of those that rest */
	unsigned resting;
	struct keyring *keys;
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

static struct place **
list_of(struct pool *p, const char *where)
{
	uint32_t h = 2166136261u;

	for (; *where != '\0'; where++)
		h = (h ^ (unsigned char)*where) * 16777619u;
	return &p->lists[h % LISTS];
}

static struct place *
find_place(struct pool *p, const char *where)
{
	struct place *at;

	for (at = *list_of(p, where); at != NULL && strcmp(at->where, where) != 0; at = at->next)
		;
	return at;
}

static struct place *
place_at(struct pool *p, const char *where)
{
	struct place *at = find_place(p, where), **list = list_of(p, where);

	if (at != NULL)
		return at;
	at = calloc(1, sizeof(*at) + strlen(where) + 1);
	if (at == NULL)
		return NULL;
	memcpy(at->where, where, strlen(where) + 1);
	at->next = *list;
	*list = at;
	return at;
}

static void
drop_if_empty(struct pool *p, struct place *at)
{
	struct place **from;

	if (at->taken > 0 || at->first != NULL || at->rests != NULL)
		return;
	for (from = list_of(p, at->where); *from != at; from = &(*from)->next)
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
pool_forget(struct pool *p, const char *where, const struct mid_run *run)
{
	struct place *at = find_place(p, where);

	if (at == NULL || !stop_waiting(at, run))
		return;
	wake_waiting(p, at);
	drop_if_empty(p, at);
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

/* C rests no more. Its place stays, be it empty. */
static void
leave_rest(struct pool *p, struct conn *c)
{
	struct conn **from;

	for (from = &c->at->rests; *from != c; from = &(*from)->next)
		;
	*from = c->next;
	*(c->older == NULL ? &p->oldest : &c->older->newer) = c->newer;
	*(c->newer == NULL ? &p->newest : &c->newer->older) = c->older;
	p->resting--;
}

struct conn *
pool_take(struct pool *p, struct place *at, const char *credential)
{
	struct conn *c, *next;

	for (c = at->rests; c != NULL; c = next) {
		next = c->next;
		if (strcmp(c->credential, credential) != 0)
			continue;
		leave_rest(p, c);
		if (lives(c))
			return c;
		conn_free(c);
	}
	return NULL;
}

static void
end_oldest(struct pool *p)
{
	struct conn *c = p->oldest;
	struct place *at = c->at;

	leave_rest(p, c);
	conn_free(c);
	drop_if_empty(p, at);
}

void
pool_put(struct pool *p, struct place *at, struct conn *c)
{
	c->rests_since = p->h->now_ms(p->run);
	c->at = at;
	c->next = at->rests;
	at->rests = c;
	c->older = p->newest;
	c->newer = NULL;
	*(p->newest == NULL ? &p->oldest : &p->newest->newer) = c;
	p->newest = c;
	if (++p->resting > REST_MAX)
		end_oldest(p);
	if (p->oldest == c)
		p->h->wake(p->run);	/* it had nothing to wait for */
}

void
pool_step(struct pool *p, struct mid_wait *wait)
{
	int64_t now = p->h->now_ms(p->run);

	while (p->oldest != NULL && p->oldest->rests_since <= now - REST_MS)
		end_oldest(p);
	wait->nfds = 0;
	wait->timeout_ms = p->oldest == NULL ? -1 : p->oldest->rests_since + REST_MS - now;
}

/* --- the pool --------------------------------------------------------------------- */

struct pool *
pool_new(const struct mid_host *h, struct mid_run *run)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->h = h;
	p->run = run;
	p->keys = keyring_new();
	if (p->keys != NULL)
		return p;
	pool_free(p);
	return NULL;
}

struct keyring *
pool_keys(struct pool *p)
{
	return p->keys;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	while (p->oldest != NULL)
		end_oldest(p);
	keyring_free(p->keys);
	free(p);
}
