/* SPDX-License-Identifier: Apache-2.0 */
/* breaker - see breaker.h. */
#include "flow/breaker.h"

#include <stdlib.h>
#include <string.h>

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

/* Small on purpose: a linear search of what has failed lately. */
struct breakers {
	unsigned max, n;
	int limit;
	int64_t pause_ms;
	struct one { char *target; struct breaker b; int64_t touched; } *all;
};

struct breakers *
breakers_new(unsigned max, int limit, int64_t pause_ms)
{
	struct breakers *bs = xcalloc(1, sizeof(*bs));

	bs->max = max;
	bs->limit = limit;
	bs->pause_ms = pause_ms;
	bs->all = xcalloc(max, sizeof(*bs->all));
	return bs;
}

void
breakers_free(struct breakers *bs)
{
	unsigned i;

	if (bs == NULL)
		return;
	for (i = 0; i < bs->n; i++)
		free(bs->all[i].target);
	free(bs->all);
	free(bs);
}

static struct one *
one_find(struct breakers *bs, const char *target)
{
	unsigned i;

	for (i = 0; i < bs->n; i++)
		if (strcmp(bs->all[i].target, target) == 0)
			return &bs->all[i];
	return NULL;
}

static struct one *
one_make(struct breakers *bs, const char *target)
{
	struct one *o;
	unsigned i;

	if (bs->n < bs->max) {
		o = &bs->all[bs->n++];
	} else {
		o = &bs->all[0];
		for (i = 1; i < bs->n; i++)
			if (bs->all[i].touched < o->touched)
				o = &bs->all[i];
		free(o->target);
	}
	o->target = xstrdup(target);
	breaker_init(&o->b, bs->limit, bs->pause_ms, bs->pause_ms);
	return o;
}

static void
one_drop(struct breakers *bs, struct one *o)
{
	free(o->target);
	*o = bs->all[--bs->n];
}

int64_t
breakers_wait(struct breakers *bs, const char *target, int64_t now)
{
	struct one *o = bs->n == 0 ? NULL : one_find(bs, target);

	return o == NULL ? 0 : breaker_wait(&o->b, now);
}

void
breakers_note(struct breakers *bs, const char *target, bool failed, int64_t now)
{
	struct one *o = bs->n == 0 ? NULL : one_find(bs, target);

	if (!failed) {
		if (o != NULL)
			one_drop(bs, o);
		return;
	}
	if (o == NULL)
		o = one_make(bs, target);
	o->touched = now;
	breaker_failed(&o->b, now, -1, 0);
}
