/* SPDX-License-Identifier: Apache-2.0 */
/* part - a list of ranges in parts of so many addresses. */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "policy/address.h"

/* How many lie from A to B, both counted; 2^32 and more count as one less than that. */
static unsigned
distance(const struct address *a, const struct address *b)
{
	unsigned n = 0;
	int i, digit, borrow = 0;
	bool many = false;

	for (i = 15; i >= 0; i--) {
		digit = b->b[i] - a->b[i] - borrow;
		borrow = digit < 0;
		if (i >= 12)
			n |= (unsigned)(digit & 0xff) << (8 * (15 - i));
		else
			many = many || (digit & 0xff) != 0;
	}
	return many || n >= 0xfffffffeu ? 0xffffffffu : n + 1;
}

static struct address
behind(const struct address *a, unsigned n)
{
	struct address out = *a;
	unsigned long long carry = n;
	int i;

	for (i = 15; i >= 0 && carry > 0; i--) {
		carry += out.b[i];
		out.b[i] = (unsigned char)(carry & 0xff);
		carry >>= 8;
	}
	return out;
}

/* The range that is being cut, or the next of the list; false at its end. */
static bool
next_range(struct range_walk *w)
{
	char word[RANGE_TEXT_MAX];

	if (!w->within)
		w->within = ranges_word(&w->list, word, sizeof(word)) && span_parse(&w->next, &w->last, word) == 0;
	return w->within;
}

unsigned
ranges_part(struct range_walk *w, unsigned max, char *out, size_t room)
{
	char first[ADDRESS_TEXT], last[ADDRESS_TEXT];
	struct address end;
	unsigned n = 0, in;
	size_t len = 0;

	while (n < max && room - len > 2 * ADDRESS_TEXT + 2 && next_range(w)) {
		in = distance(&w->next, &w->last);
		end = in > max - n ? behind(&w->next, max - n - 1) : w->last;
		address_print(&w->next, first);
		address_print(&end, last);
		len += (size_t)snprintf(out + len, room - len, "%s%s-%s", len > 0 ? " " : "", first, last);
		w->within = in > max - n;
		w->next = behind(&end, 1);
		n += w->within ? max - n : in;
	}
	return n;
}

int64_t
ranges_count(const char *list)
{
	struct range_walk w = { .list = list };
	char one[2 * ADDRESS_TEXT + 4];
	int64_t all = 0;
	unsigned n;

	while ((n = ranges_part(&w, 0x7fffffff, one, sizeof(one))) > 0)
		all += n;
	return all;
}

/* What is left out must never be lost on the way. */
int
ranges_without(struct buf *out, const char *ranges, const char *exclude)
{
	char word[RANGE_TEXT_MAX];
	int r = buf_puts(out, ranges);

	while (r == 0 && ranges_word(&exclude, word, sizeof(word)))
		r = buf_printf(out, " !%s", word);
	return r;
}
