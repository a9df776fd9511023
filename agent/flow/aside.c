/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aside - results that the instance does not take, while it takes others. They
 * stay in the spool, are shown, and are offered again after a rest; the others
 * go past them.
 *
 * What it refuses with a status is known by that. What never gets through is
 * not: a proxy that ends the connection because it dislikes a body looks like
 * a network that fails, and takes all with it that is in the same request. So
 * when the oldest results have failed together some times, they go one by one
 * and each that fails is passed by. When one has got through, those are tried
 * again, as it may have been the network: who fails again, while what comes
 * behind it gets through, is set aside.
 */
#include <stdio.h>
#include <string.h>

#include "flow/inside.h"
#include "flow/shipment.h"
#include "log.h"
#include "loop.h"
#include "store/store.h"

#define TOGETHER_MAX 3		/* failures in a row, then one by one */
#define ALONE 50		/* so many */
#define REST_MIN 60000
#define REST_MAX 3600000

static struct aside_row *
find(struct aside *a, uint64_t n)
{
	int i;

	for (i = 0; i < ASIDE_MAX; i++)
		if (a->row[i].n == n)
			return &a->row[i];
	return NULL;
}

int64_t
aside_rests(struct aside *a, uint64_t n, int64_t now)
{
	struct aside_row *r = find(a, n);

	return r != NULL && r->until > now ? r->until - now : 0;
}

int64_t
flow_result_rests(struct flow *f, uint64_t n)
{
	return aside_rests(&f->deliver.aside, n, loop_now(f->ag->loop));
}

/* When the first of those that rest is offered again. */
static void
arm(struct aside *a, int64_t now)
{
	int64_t first = INT64_MAX;
	int i;

	for (i = 0; i < ASIDE_MAX; i++)
		if (a->row[i].n != 0 && a->row[i].until > now && a->row[i].until < first)
			first = a->row[i].until;
	if (first != INT64_MAX)
		loop_timer_arm(a->timer, first - now);
}

static void
put(struct aside *a, uint64_t n, int64_t rest_ms, int64_t now)
{
	struct aside_row *r = find(a, n);

	if (r == NULL)
		r = find(a, 0);
	if (r == NULL)
		r = &a->row[n % ASIDE_MAX];
	*r = (struct aside_row){ n, now + rest_ms, rest_ms };
	arm(a, now);
}

void
aside_refused(struct aside *a, uint64_t n, int64_t now)
{
	put(a, n, REST_MAX, now);
}

void
aside_due(struct aside *a, int64_t now)
{
	a->alone = ALONE;	/* what never got through may not take others with it again */
	arm(a, now);
}

int
aside_count(const struct aside *a)
{
	int i, n = 0;

	for (i = 0; i < ASIDE_MAX; i++)
		n += a->row[i].n != 0;
	return n;
}

/* --- what never gets through ------------------------------------------------------------- */

static void
suspect(struct aside *a, const struct result_row *row, const char *why)
{
	struct suspect *s = a->suspect;
	int i;

	for (i = 0; i < a->suspects && s->n != row->n; i++)
		s++;
	if (i == SUSPECTS_MAX)
		return;		/* there is no room for more: met again in the next round */
	if (i == a->suspects) {
		a->suspects++;
		*s = (struct suspect){ .n = row->n, .page = row->page, .size = row->blob_len };
		snprintf(s->job, sizeof(s->job), "%s", row->job);
	}
	s->again = s->proved;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

bool
aside_failed(struct aside *a, const struct shipment *s, const char *why)
{
	uint64_t first = s->all[0].row.n;

	if (a->alone > 0 && s->count == 1) {
		a->alone--;
		suspect(a, &s->all[0].row, why);
		return true;
	}
	if (first != a->oldest)
		return false;
	a->times = first == a->at ? a->times + 1 : 1;
	a->at = first;
	if (a->times >= TOGETHER_MAX) {
		a->times = 0;
		a->alone = ALONE;
	}
	return false;
}

static void
set_aside(struct flow *f, const struct suspect *s, int64_t now)
{
	struct aside_row *was = find(&f->deliver.aside, s->n);
	int64_t rest = was == NULL ? REST_MIN : was->rest_ms * 2;
	char why[320];

	if (rest > REST_MAX)
		rest = REST_MAX;
	put(&f->deliver.aside, s->n, rest, now);
	snprintf(why, sizeof(why), "others get through, but not this one, of %zu kB: %s", s->size / 1024, s->why);
	log_event(EV_REFUSED_RESULT, LOG_LV_ERR, "deliver", "job %s page %d: %s; kept, offered again in %lld min",
	    s->job, s->page, why, (long long)rest / 60000);
	store_event(f->ag->store, LOG_LV_ERR, "deliver", s->job, why);
	snprintf(f->deliver.aside.why, sizeof(f->deliver.aside.why), "job %.32s: %.150s", s->job, why);
}

static void
suspect_gone(struct aside *a, int i)
{
	a->suspect[i] = a->suspect[--a->suspects];
}

bool
aside_passed(struct flow *f, const struct shipment *s)
{
	struct aside *a = &f->deliver.aside;
	bool news = false;
	int i;

	for (i = a->suspects - 1; i >= 0; i--) {
		news = news || !a->suspect[i].proved;
		a->suspect[i].proved = true;
		if (!a->suspect[i].again)
			continue;
		set_aside(f, &a->suspect[i], loop_now(f->ag->loop));
		suspect_gone(a, i);
	}
	if (news)
		a->alone = ALONE;
	else if (a->alone > 0 && s->count == 1)
		a->alone--;
	return news;
}

void
aside_taken(struct aside *a, uint64_t n)
{
	struct aside_row *r = find(a, n);
	int i;

	if (n != 0 && r != NULL)
		r->n = 0;
	for (i = a->suspects - 1; i >= 0; i--)
		if (a->suspect[i].n == n)
			suspect_gone(a, i);
}

bool
aside_round_over(struct aside *a, int64_t now)
{
	bool again = a->suspects > 0;
	int i;

	for (i = 0; i < ASIDE_MAX; i++)
		if (a->row[i].until <= now)
			a->row[i].n = 0;	/* it was not met in this round: the spool does not have it any more */
	a->suspects = 0;
	a->alone = 0;
	return again;
}
