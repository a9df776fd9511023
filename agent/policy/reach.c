/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach - what of a list of ranges are targets. A range may hold millions of
 * addresses, so it is reckoned with by its ends: what is asked, cut to what is
 * allowed, less what is denied. IPv6 ranges are small by decree; of addresses
 * that carry an IPv4 address inside each is judged by both.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "os.h"
#include "policy/inside.h"
#include "xalloc.h"

#define SPANS_MAX 1500u
#define SIX_MAX 65536u		/* IPv6 addresses of a list: each is asked by itself */
#define JUDGED_MAX 4096u	/* of them, such as are judged one by one: some ms of our loop */

typedef unsigned __int128 number;

struct span { number first, last; };
struct spans { struct span v[SPANS_MAX]; size_t n; };

static number
number_of(const struct address *a)
{
	number n = 0;
	int i;

	for (i = 0; i < 16; i++)
		n = n << 8 | a->b[i];
	return n;
}

static void
address_of(number n, struct address *out)
{
	int i;

	for (i = 15; i >= 0; i--, n >>= 8)
		out->b[i] = (unsigned char)(n & 0xff);
}

static bool
is_four(number n)
{
	return n >> 32 == 0xffff;
}

static int
add(struct spans *s, number first, number last)
{
	if (s->n >= SPANS_MAX)
		return -E_FULL;
	s->v[s->n++] = (struct span){ first, last };
	return 0;
}

/* Less FIRST to LAST. */
static int
cut(struct spans *s, number first, number last)
{
	size_t i, n = s->n;

	for (i = 0; i < n; i++) {
		struct span was = s->v[i];

		if (was.last < first || last < was.first)
			continue;
		if (was.first < first && last < was.last) {
			s->v[i].last = first - 1;
			if (add(s, last + 1, was.last) < 0)
				return -E_FULL;
		} else if (was.first < first) {
			s->v[i].last = first - 1;
		} else if (last < was.last) {
			s->v[i].first = last + 1;
		} else {	/* all of it: the last comes into its place, to be looked at too */
			s->v[i--] = s->v[--n];
			s->v[n] = s->v[--s->n];
		}
	}
	return 0;
}

static int
cut_list(struct spans *s, const char *list)
{
	char word[RANGE_TEXT_MAX];
	struct address first, last;
	int r = 0;

	while (r == 0 && list != NULL && ranges_word(&list, word, sizeof(word)))
		if (span_parse(&first, &last, word) == 0)
			r = cut(s, number_of(&first), number_of(&last));
	return r;
}

/* Only what LIST holds too: less what lies between its ranges. */
static int
keep_list(struct spans *s, const char *list)
{
	struct spans *gaps = xcalloc(1, sizeof(*gaps));
	size_t i;
	int r = add(gaps, 0, ~(number)0);

	if (r == 0)
		r = cut_list(gaps, list);
	for (i = 0; r == 0 && i < gaps->n; i++)
		r = cut(s, gaps->v[i].first, gaps->v[i].last);
	free(gaps);
	return r;
}

/* --- the list that was asked ------------------------------------------------------------ */

/* How many more may come. */
struct room { unsigned six, judged; };

/* May an address of these have another one inside, as address_inner() finds it? */
static bool
may_carry(number first, number last)
{
	const char *list = "64:ff9b::/96 2002::/16 ::/96";
	char word[RANGE_TEXT_MAX];
	struct address a, b;

	while (ranges_word(&list, word, sizeof(word)))
		if (span_parse(&a, &b, word) == 0 && first <= number_of(&b) && number_of(&a) <= last)
			return true;
	return false;
}

static int
judge_one(const struct policy *p, struct spans *s, number n)
{
	struct err denied = { 0 };
	struct address a;

	address_of(n, &a);
	if (policy_address(p, &a, &denied) < 0)
		return 0;
	if (s->n > 0 && s->v[s->n - 1].last + 1 == n) {
		s->v[s->n - 1].last = n;
		return 0;
	}
	return add(s, n, n);
}

static int
judge_each(const struct policy *p, struct spans *s, number first, number last)
{
	number n;
	int r = 0;

	for (n = first; r == 0 && n - first <= last - first; n++)
		r = judge_one(p, s, n);
	return r;
}

/* Of a range that nobody can try: those that this host's table of neighbours has. */
struct wide { const struct policy *p; struct spans *s; number first, last; struct room *room; int r; };

static void
add_near(void *arg, const unsigned char *address)
{
	struct wide *w = arg;
	struct address a;
	number n;

	memcpy(a.b, address, sizeof(a.b));
	n = number_of(&a);
	if (w->r != 0 || n < w->first || w->last < n || w->room->six == 0)
		return;
	w->room->six--;
	w->r = judge_one(w->p, w->s, n);
}

static int
add_six(const struct policy *p, struct spans *s, number first, number last, struct room *room, struct err *err)
{
	struct wide wide = { p, s, first, last, room, 0 };
	bool carries = may_carry(first, last);
	unsigned n;

	if (last - first >= SIX_MAX) {
		os_near_six(add_near, &wide);
		return wide.r;
	}
	if (last - first >= room->six)
		return err_set(err, E_BAD, "IPv6 ranges with more than %u addresses in all cannot be asked one by one: name hosts, "
		    "or ranges of a /112 at most", SIX_MAX);
	if (carries && last - first >= room->judged)
		return err_set(err, E_BAD, "IPv6 ranges with more than %u addresses in all that have an IPv4 address inside: name that, or hosts",
		    JUDGED_MAX);
	n = (unsigned)(last - first) + 1;
	room->six -= n;
	if (!carries)
		return add(s, first, last);
	room->judged -= n;
	return judge_each(p, s, first, last);
}

static int
read_list(const struct policy *p, const char *list, struct spans *s, struct err *err)
{
	struct room room = { SIX_MAX, JUDGED_MAX };
	char word[RANGE_TEXT_MAX];
	struct address first, last;
	number a, b;
	int r = 0;

	while (r == 0 && ranges_word(&list, word, sizeof(word))) {
		if (word[0] == '!' ? span_parse(&first, &last, word + 1) < 0 : span_parse(&first, &last, word) < 0)
			return err_set(err, E_BAD, "\"%.60s\" is no address range: write for example 10.0.0.0/22, "
			    "10.0.0.5-10.0.0.20 or fd00::7", word + (word[0] == '!'));
		a = number_of(&first);
		b = number_of(&last);
		if (word[0] == '!')
			continue;
		if (is_four(a) != is_four(b))
			return err_set(err, E_BAD, "\"%.60s\" begins in one family of addresses and ends in another", word);
		r = is_four(a) ? add(s, a, b) : add_six(p, s, a, b, &room, err);
	}
	return r;
}

static int
leave_out(const char *list, struct spans *s)
{
	char word[RANGE_TEXT_MAX];
	struct address first, last;
	int r = 0;

	while (r == 0 && ranges_word(&list, word, sizeof(word)))
		if (word[0] == '!' && span_parse(&first, &last, word + 1) == 0)
			r = cut(s, number_of(&first), number_of(&last));
	return r;
}

/* --- what policy takes away ----------------------------------------------------------------- */

static int
take_denied(const struct policy *p, struct spans *s)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && targets_never(i) != NULL; i++)
		r = cut_list(s, targets_never(i));
	if (r == 0 && !p->loopback)
		r = cut_list(s, LOOPBACK);
	for (i = 0; r == 0 && i < p->instances; i++)
		if (!ranges_hold(LOOPBACK, &p->instance[i]))
			r = cut(s, number_of(&p->instance[i]), number_of(&p->instance[i]));
	if (r == 0)
		r = cut_list(s, p->deny);
	if (r == 0 && p->allow[0] != '\0')
		r = keep_list(s, p->allow);
	return r;
}

static int
by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* In order, each address once. */
static void
merge(struct spans *s)
{
	size_t i, n = 0;

	qsort(s->v, s->n, sizeof(s->v[0]), by_first);
	for (i = 0; i < s->n; i++) {
		if (n > 0 && s->v[i].first <= s->v[n - 1].last + 1) {
			if (s->v[i].last > s->v[n - 1].last)
				s->v[n - 1].last = s->v[i].last;
		} else {
			s->v[n++] = s->v[i];
		}
	}
	s->n = n;
}

static int
print(const struct spans *s, struct buf *out)
{
	char first[ADDRESS_TEXT], last[ADDRESS_TEXT];
	struct address a;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < s->n; i++) {
		address_of(s->v[i].first, &a);
		address_print(&a, first);
		address_of(s->v[i].last, &a);
		address_print(&a, last);
		r = buf_printf(out, "%s%s-%s", i == 0 ? "" : " ", first, last);
	}
	return r;
}

/* Nothing is left: why the first that was asked is no target. */
static int
say_why(const struct policy *p, const char *list, struct err *err)
{
	char word[RANGE_TEXT_MAX];
	struct address first, last;
	bool wide = false;

	while (ranges_word(&list, word, sizeof(word))) {
		if (word[0] == '!' || span_parse(&first, &last, word) != 0)
			continue;
		if (policy_address(p, &first, err) < 0)
			return -E_AUTH;
		wide = wide || (!is_four(number_of(&first)) && number_of(&last) - number_of(&first) >= SIX_MAX);
	}
	return wide ? err_set(err, E_BAD, "nobody can try all addresses of an IPv6 range of more than %u, and this host's table of neighbours has "
	    "none of it: name hosts, or ranges of a /112 at most", SIX_MAX) :
	    err_set(err, E_AUTH, "policy: no target is left of what was asked, and no range was named that is none");
}

int
policy_reach(const struct policy *p, const char *list, struct buf *out, struct err *err)
{
	struct spans *s = xcalloc(1, sizeof(*s));
	int r = read_list(p, list, s, err);

	merge(s);
	if (r == 0 && s->n > 0) {
		r = leave_out(list, s);
		if (r == 0 && s->n == 0)
			r = err_set(err, E_BAD, "all of what was asked is excluded: nothing is left");
	}
	if (r == 0)
		r = take_denied(p, s);
	merge(s);
	if (r == 0 && s->n == 0)
		r = say_why(p, list, err);
	else if (r == 0)
		r = print(s, out);
	free(s);
	return r == -E_FULL ? err_set(err, E_FULL, "more than %u ranges: name networks, or make several jobs of it", SPANS_MAX) : r;
}
