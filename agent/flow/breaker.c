/* SPDX-License-Identifier: Apache-2.0 */
/* breaker - see breaker.h. */
#include "flow/breaker.h"

#include <stdlib.h>
#include <string.h>

#include "flow/job.h"
#include "xalloc.h"

void
breaker_init(struct breaker *b, int limit, int64_t pause_min_ms, int64_t pause_max_ms)
{
	memset(b, 0, sizeof(*b));
	b->limit = limit;
	b->pause_min_ms = pause_min_ms;
	b->pause_max_ms = pause_max_ms;
}

int64_t
breaker_wait(const struct breaker *b, int64_t now)
{
	return b->open_until > now ? b->open_until - now : 0;
}

void
breaker_ok(struct breaker *b)
{
	b->failures = 0;
	b->open_until = 0;
}

int64_t
breaker_failed(struct breaker *b, int64_t now, int64_t at_least, unsigned jitter)
{
	int64_t pause = b->pause_min_ms;
	int i;

	b->failures++;
	if (b->failures < b->limit && at_least < 0)
		return 0;
	for (i = b->limit; i < b->failures && pause < b->pause_max_ms; i++)
		pause *= 2;
	if (pause > b->pause_max_ms)
		pause = b->pause_max_ms;
	pause += pause * (int64_t)(jitter % 1024) / 4096;	/* up to a quarter more */
	if (pause < at_least)
		pause = at_least;
	b->open_until = now + pause;
	return pause;
}

const char *
breaker_name(const struct breaker *b, int64_t now)
{
	if (b->open_until == 0)
		return "closed";
	return b->open_until > now ? "open" : "half";
}

#define BUCKETS 1024u

/* What has failed lately: all of it at once in memory, found by its hash. */
struct one {
	struct one *next;		/* in its bucket, or among the spare ones */
	char *target;
	struct breaker b;
	int64_t touched;
};

struct breakers {
	unsigned max;
	int limit;
	int64_t pause_ms;
	struct one *all, *spare, *bucket[BUCKETS];
};

struct breakers *
breakers_new(unsigned max, int limit, int64_t pause_ms)
{
	struct breakers *bs = xcalloc(1, sizeof(*bs));
	unsigned i;

	bs->max = max;
	bs->limit = limit;
	bs->pause_ms = pause_ms;
	bs->all = xcalloc(max, sizeof(*bs->all));
	for (i = 0; i < max; i++) {
		bs->all[i].next = bs->spare;
		bs->spare = &bs->all[i];
	}
	return bs;
}

void
breakers_free(struct breakers *bs)
{
	unsigned i;

	if (bs == NULL)
		return;
	for (i = 0; i < bs->max; i++)
		free(bs->all[i].target);
	free(bs->all);
	free(bs);
}

/* Where TARGET hangs; there hangs NULL when it has not failed. */
static struct one **
one_find(struct breakers *bs, const char *target)
{
	struct one **at = &bs->bucket[job_hash(target) % BUCKETS];

	while (*at != NULL && strcmp((*at)->target, target) != 0)
		at = &(*at)->next;
	return at;
}

static void
one_drop(struct breakers *bs, struct one **at)
{
	struct one *o = *at;

	*at = o->next;
	free(o->target);
	o->target = NULL;
	o->next = bs->spare;
	bs->spare = o;
}

static void
drop_oldest(struct breakers *bs)
{
	struct one *o = &bs->all[0];
	unsigned i;

	for (i = 1; i < bs->max; i++)
		if (bs->all[i].touched < o->touched)
			o = &bs->all[i];
	one_drop(bs, one_find(bs, o->target));
}

static struct one *
one_make(struct breakers *bs, const char *target)
{
	struct one *o, **bucket = &bs->bucket[job_hash(target) % BUCKETS];

	if (bs->spare == NULL)
		drop_oldest(bs);
	o = bs->spare;
	bs->spare = o->next;
	o->target = xstrdup(target);
	o->next = *bucket;
	*bucket = o;
	breaker_init(&o->b, bs->limit, bs->pause_ms, bs->pause_ms);
	return o;
}

int64_t
breakers_wait(struct breakers *bs, const char *target, int64_t now)
{
	struct one *o = *one_find(bs, target);

	return o == NULL ? 0 : breaker_wait(&o->b, now);
}

void
breakers_note(struct breakers *bs, const char *target, bool failed, int64_t now)
{
	struct one **at = one_find(bs, target), *o = *at;

	if (!failed) {
		if (o != NULL)
			one_drop(bs, at);
		return;
	}
	if (o == NULL)
		o = one_make(bs, target);
	o->touched = now;
	breaker_failed(&o->b, now, -1, 0);
}
