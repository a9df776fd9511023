/* SPDX-License-Identifier: Apache-2.0 */
/* plan - see plan.h. */
#include "plan.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool
where_read(struct where *w, struct str s)
{
	char text[WHERE_TEXT];

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	str_copy(text, sizeof(text), s);
	memcpy(w->b, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, w->b + 12) == 1 || inet_pton(AF_INET6, text, w->b) == 1;
}

/* How far B lies behind A, in a number of 32 bits; false: further, or before it. */
static bool
distance(const struct where *a, const struct where *b, uint32_t *out)
{
	uint64_t low_a = 0, low_b = 0;
	int i;

	if (memcmp(a->b, b->b, 8) != 0)
		return false;
	for (i = 8; i < 16; i++) {
		low_a = low_a << 8 | a->b[i];
		low_b = low_b << 8 | b->b[i];
	}
	if (low_b < low_a || low_b - low_a >= UINT32_MAX)
		return false;
	*out = (uint32_t)(low_b - low_a);
	return true;
}

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	uint64_t rest;

	for (; b != 0; b = rest) {
		rest = a % b;
		a = b;
	}
	return a;
}

/* Steps of the golden section reach everything if they share no divisor with N. */
static void
set_order(struct plan *p, uint32_t seed)
{
	p->stride = (uint64_t)((double)p->n * 0.6180339887) | 1u;
	while (common_divisor(p->stride, p->n) != 1)
		p->stride++;
	p->start = seed % p->n;
}

int
plan_read(struct plan *out, const char *ranges, uint32_t max, uint32_t seed)
{
	struct str rest = str_of(ranges), word, first;
	struct plan p = { 0 };
	struct plan_span *more;
	struct where last;
	uint32_t n;

	while (str_word(&rest, &word)) {
		more = realloc(p.spans, (p.nspans + 1) * sizeof(*more));
		if (more == NULL)
			goto out;
		p.spans = more;
		more += p.nspans;
		if (!str_part(&word, '-', &first) || !where_read(&more->first, first) || !where_read(&last, word) ||
		    !distance(&more->first, &last, &n) || n >= max - p.n)
			goto out;
		more->n = n + 1;
		more->before = p.n;
		p.n += more->n;
		p.nspans++;
	}
	if (p.n == 0)
		goto out;
	set_order(&p, seed);
	*out = p;
	return 0;
out:
	free(p.spans);
	*out = (struct plan){ 0 };
	return -1;
}

void
plan_free(struct plan *p)
{
	free(p->spans);
	*p = (struct plan){ 0 };
}

uint32_t
plan_order(const struct plan *p, uint32_t k)
{
	return (uint32_t)((p->start + k * p->stride) % p->n);
}

static int
behind(const struct plan_span *s, const struct where *w)
{
	return memcmp(s->first.b, w->b, 16) > 0;
}

/* The last span for which BEFORE does not hold. */
static const struct plan_span *
span_of(const struct plan *p, const struct where *w, uint32_t i)
{
	unsigned low = 0, high = p->nspans, mid;

	while (high - low > 1) {
		mid = (low + high) / 2;
		if (w != NULL ? behind(&p->spans[mid], w) : p->spans[mid].before > i)
			high = mid;
		else
			low = mid;
	}
	return &p->spans[low];
}

void
plan_at(const struct plan *p, uint32_t i, struct where *out)
{
	const struct plan_span *s = span_of(p, NULL, i);
	uint64_t add = i - s->before;
	int k;

	*out = s->first;
	for (k = 15; k >= 0 && add > 0; k--) {
		add += out->b[k];
		out->b[k] = (unsigned char)(add & 0xff);
		add >>= 8;
	}
}

bool
plan_find(const struct plan *p, const struct where *w, uint32_t *i)
{
	const struct plan_span *s = span_of(p, w, 0);
	uint32_t far;

	if (!distance(&s->first, w, &far) || far >= s->n)
		return false;
	*i = s->before + far;
	return true;
}

bool
where_is_four(const struct where *w)
{
	return memcmp(w->b, mapped, sizeof(mapped)) == 0;
}

void
where_text(const struct where *w, char out[WHERE_TEXT])
{
	bool four = where_is_four(w);

	if (inet_ntop(four ? AF_INET : AF_INET6, four ? w->b + 12 : w->b, out, WHERE_TEXT) == NULL)
		out[0] = '\0';
}

socklen_t
where_to(const struct where *w, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (void *)out;
	struct sockaddr_in6 *six = (void *)out;

	if (where_is_four(w)) {
		*four = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
		memcpy(&four->sin_addr, w->b + 12, 4);
		return sizeof(*four);
	}
	*six = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(port) };
	memcpy(&six->sin6_addr, w->b, 16);
	return sizeof(*six);
}

uint16_t
where_from(struct where *out, const struct sockaddr_storage *from)
{
	const struct sockaddr_in *four = (const void *)from;
	const struct sockaddr_in6 *six = (const void *)from;

	memcpy(out->b, mapped, sizeof(mapped));
	if (from->ss_family == AF_INET) {
		memcpy(out->b + 12, &four->sin_addr, 4);
		return ntohs(four->sin_port);
	}
	if (from->ss_family != AF_INET6)
		return 0;
	memcpy(out->b, &six->sin6_addr, 16);
	return ntohs(six->sin6_port);
}
