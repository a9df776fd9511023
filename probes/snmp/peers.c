/* SPDX-License-Identifier: Apache-2.0 */
/* peers - see peers.h. */
#include "peers.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u
#define REST_MIN_MS 10
#define CALMER 4		/* by so much of it the rest is shorter after each good answer: a loss now and then is outweighed */
#define LATE_IN_A_ROW 4u		/* answers to a second request: it is slow, nothing was lost */
#define SLOW_MS 500		/* what is quicker is never taken for suffering */

/* A /24 or /64 of which something is walked. */
struct subnet {
	uint8_t key[9];		/* family, then the address's beginning */
	struct subnet *chain;
	unsigned active;
	struct turn *first, *last;	/* who waits */
};

struct peers {
	struct peer *peers[BUCKETS];
	struct subnet *nets[BUCKETS];
};

struct peers *
peers_new(void)
{
	return calloc(1, sizeof(struct peers));
}

void
peers_free(struct peers *all)
{
	free(all);
}

static unsigned
hash(const uint8_t *p, size_t n)
{
	uint32_t h = 2166136261u;

	while (n-- > 0)
		h = (h ^ *p++) * 16777619u;
	return (h ^ h >> 16) % BUCKETS;
}

/* --- by address ------------------------------------------------------------------------ */

static int
read_address(struct peer *p, const char *address, unsigned port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST }, *a = NULL;
	int r = -1;

	*p = (struct peer){ .refs = 1 };
	if (getaddrinfo(address, NULL, &hints, &a) != 0)
		return -1;
	if (a->ai_addrlen <= sizeof(p->addr)) {
		memcpy(&p->addr, a->ai_addr, a->ai_addrlen);
		if (a->ai_family == AF_INET6)
			p->addr.v6.sin6_port = htons((uint16_t)port);
		else
			p->addr.v4.sin_port = htons((uint16_t)port);
		r = 0;
	}
	freeaddrinfo(a);
	return r;
}

static struct peer **
place(struct peers *all, const struct peer *p)
{
	return &all->peers[hash((const uint8_t *)&p->addr, sizeof(p->addr))];
}

struct peer *
peer_get(struct peers *all, const char *address, unsigned port)
{
	struct peer wanted, *p, **b;

	if (read_address(&wanted, address, port) < 0)
		return NULL;
	b = place(all, &wanted);
	for (p = *b; p != NULL; p = p->chain)
		if (memcmp(&p->addr, &wanted.addr, sizeof(p->addr)) == 0) {
			p->refs++;
			return p;
		}
	p = malloc(sizeof(*p));
	if (p == NULL)
		return NULL;
	*p = wanted;
	p->chain = *b;
	*b = p;
	return p;
}

void
peer_drop(struct peers *all, struct peer *p)
{
	struct peer **b;

	if (p == NULL || --p->refs > 0)
		return;
	for (b = place(all, p); *b != p; b = &(*b)->chain)
		;
	*b = p->chain;
	free(p);
}

/* --- turns ------------------------------------------------------------------------------ */

static void
key_of(const struct peer *p, uint8_t key[9])
{
	memset(key, 0, 9);
	key[0] = (uint8_t)p->addr.any.sa_family;
	if (key[0] == AF_INET6)
		memcpy(key + 1, &p->addr.v6.sin6_addr, 8);
	else
		memcpy(key + 1, &p->addr.v4.sin_addr, 3);
}

static struct subnet *
subnet_of(struct peers *all, const struct peer *p)
{
	struct subnet **b, *s;
	uint8_t key[9];

	key_of(p, key);
	b = &all->nets[hash(key, sizeof(key))];
	for (s = *b; s != NULL && memcmp(s->key, key, sizeof(key)) != 0; s = s->chain)
		;
	if (s != NULL || (s = calloc(1, sizeof(*s))) == NULL)
		return s;
	memcpy(s->key, key, sizeof(key));
	s->chain = *b;
	*b = s;
	return s;
}

static void
subnet_free(struct peers *all, struct subnet *s)
{
	struct subnet **b = &all->nets[hash(s->key, sizeof(s->key))];

	while (*b != s)
		b = &(*b)->chain;
	*b = s->chain;
	free(s);
}

bool
turn_take(struct peers *all, struct peer *p, unsigned most, struct turn *t)
{
	struct subnet *s = subnet_of(all, p);

	t->next = NULL;
	t->net = s;
	if (s == NULL)
		return true;
	if (s->active < most) {
		s->active++;
		t->state = TURN_HAS;
		return true;
	}
	t->state = TURN_WAITS;
	if (s->first == NULL)
		s->first = t;
	else
		s->last->next = t;
	s->last = t;
	return false;
}

static void
stop_waiting(struct subnet *s, struct turn *t)
{
	struct turn **at = &s->first, *before = NULL;

	while (*at != t) {
		before = *at;
		at = &(*at)->next;
	}
	*at = t->next;
	if (s->last == t)
		s->last = before;
}

void
turn_end(struct peers *all, struct turn *t)
{
	struct subnet *s = t->net;
	struct turn *next;

	if (t->state == TURN_NONE)
		return;
	if (t->state == TURN_WAITS) {
		stop_waiting(s, t);
	} else if (s->first != NULL) {		/* whose turn is over hands it on */
		next = s->first;
		stop_waiting(s, next);
		next->state = TURN_HAS;
		next->go(next->arg);
	} else if (--s->active == 0) {
		subnet_free(all, s);
	}
	t->state = TURN_NONE;
}

/* --- how it fares ------------------------------------------------------------------------- */

void
peer_answered(struct peer *p, int ms, bool again)
{
	const bool anew = p->rtt_ms == 0 || (p->guessed && !again);
	const int off = anew ? ms / 2 : abs(ms - p->rtt_ms);

	/* Of what was lost the time says nothing; of what is late again and again it does. */
	p->again = again ? p->again + 1 : 0;
	if (again && p->again < LATE_IN_A_ROW && p->rtt_ms != 0)
		return;
	p->guessed = anew && again;
	p->rtt_var_ms = anew ? off : (p->rtt_var_ms * 3 + off) / 4;
	p->rtt_ms = anew ? ms : (p->rtt_ms * 7 + ms) / 8;
	if (anew || ms < p->rtt_min_ms)
		p->rtt_min_ms = ms;
	if (again)
		return;
	if (ms > SLOW_MS && ms > p->rtt_min_ms * 4) {
		peer_suffers(p);
	} else if (p->rest_ms > 0) {
		p->rest_ms -= p->rest_ms / CALMER + 1;
		p->rest_ms = p->rest_ms < REST_MIN_MS / 2 ? 0 : p->rest_ms;
	}
}

static void
rest(struct peer *p, int ms)
{
	p->rest_ms = ms < REST_MAX_MS ? ms : REST_MAX_MS;
}

static int
least_rest(const struct peer *p)
{
	return p->rtt_ms / 2 > REST_MIN_MS && !p->guessed ? p->rtt_ms / 2 : REST_MIN_MS;
}

void
peer_stumbles(struct peer *p)
{
	rest(p, p->rest_ms + least_rest(p));
}

void
peer_suffers(struct peer *p)
{
	rest(p, p->rest_ms * 2 > least_rest(p) ? p->rest_ms * 2 : least_rest(p));
}

int
peer_gap(const struct peer *p, unsigned rate)
{
	int ms = rate == 0 ? 0 : (int)(1000 / rate);

	ms = p->gap_ms > ms ? p->gap_ms : ms;
	return p->rest_ms > ms ? p->rest_ms : ms;
}
