/* SPDX-License-Identifier: Apache-2.0 */
/* address - see address.h. */
#include "policy/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"


static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };

int
address_parse(struct address *out, const char *text)
{
	char t[RANGE_TEXT_MAX];
	struct address a;
	size_t n = strcspn(text, "%");

	if (n >= sizeof(t))
		return -E_BAD;
	memcpy(t, text, n);
	t[n] = '\0';
	memcpy(a.b, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, t, a.b + 12) != 1 && inet_pton(AF_INET6, t, a.b) != 1)
		return -E_BAD;
	*out = a;
	return 0;
}

void
address_print(const struct address *a, char out[ADDRESS_TEXT])
{
	if (memcmp(a->b, mapped, sizeof(mapped)) == 0)
		inet_ntop(AF_INET, a->b + 12, out, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->b, out, ADDRESS_TEXT);
}

bool
address_inner(const struct address *a, struct address *inner)
{
	static const unsigned char compatible[12];
	const unsigned char *v4 = NULL;

	if (memcmp(a->b, nat64, sizeof(nat64)) == 0 || memcmp(a->b, compatible, sizeof(compatible)) == 0)
		v4 = a->b + 12;
	else if (a->b[0] == 0x20 && a->b[1] == 0x02)
		v4 = a->b + 2;
	if (v4 == NULL)
		return false;
	memcpy(inner->b, mapped, sizeof(mapped));
	memcpy(inner->b + 12, v4, 4);
	return true;
}

int
range_parse(struct range *out, const char *text)
{
	char t[RANGE_TEXT_MAX], *slash, *end;
	struct range r;
	long bits;
	int width;

	if (strlen(text) >= sizeof(t))
		return -E_BAD;
	memcpy(t, text, strlen(text) + 1);
	slash = strchr(t, '/');
	if (slash != NULL)
		*slash = '\0';
	width = strchr(t, ':') == NULL ? 32 : 128;
	if (address_parse(&r.a, t) < 0)
		return -E_BAD;
	r.bits = 128;
	if (slash != NULL) {
		bits = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end != '\0' || bits < 0 || bits > width)
			return -E_BAD;
		r.bits = 128 - width + (int)bits;
	}
	*out = r;
	return 0;
}

/* The ends of a range: the bits that do not count are all 0, or all 1. */
static void
range_ends(const struct range *r, struct address *first, struct address *last)
{
	int i, free_bits;

	*first = *last = r->a;
	for (i = 0; i < 16; i++) {
		free_bits = 8 * (i + 1) - r->bits;
		free_bits = free_bits < 0 ? 0 : free_bits > 8 ? 8 : free_bits;
		first->b[i] &= (unsigned char)(0xff << free_bits);
		last->b[i] |= (unsigned char)~(0xff << free_bits);
	}
}

int
span_parse(struct address *first, struct address *last, const char *word)
{
	char t[RANGE_TEXT_MAX], *dash;
	struct range r;

	if (range_parse(&r, word) == 0) {
		range_ends(&r, first, last);
		return 0;
	}
	if (strlen(word) >= sizeof(t))
		return -E_BAD;
	memcpy(t, word, strlen(word) + 1);
	dash = strchr(t, '-');
	if (dash == NULL)
		return -E_BAD;
	*dash = '\0';
	if (address_parse(first, t) < 0 || address_parse(last, dash + 1) < 0)
		return -E_BAD;
	return memcmp(first->b, last->b, 16) <= 0 ? 0 : -E_BAD;
}

bool
ranges_word(const char **list, char *out, size_t max)
{
	size_t n;

	*list += strspn(*list, ", ;\t\r\n");
	n = strcspn(*list, ", ;\t\r\n");
	if (n == 0)
		return false;
	snprintf(out, max, "%.*s", (int)(n < max ? n : max - 1), *list);
	*list += n;
	return true;
}

bool
ranges_hold(const char *list, const struct address *a)
{
	char word[RANGE_TEXT_MAX];
	struct address first, last;

	while (list != NULL && ranges_word(&list, word, sizeof(word)))
		if (span_parse(&first, &last, word) == 0 && memcmp(first.b, a->b, 16) <= 0 && memcmp(a->b, last.b, 16) <= 0)
			return true;
	return false;
}

int
ranges_check(const char *list, struct err *err)
{
	char word[RANGE_TEXT_MAX];
	struct address first, last;

	while (list != NULL && ranges_word(&list, word, sizeof(word)))
		if (span_parse(&first, &last, word) < 0)
			return err_set(err, E_BAD, "\"%.60s\" is no address range: write for example 10.0.0.0/8, "
			    "10.0.0.5-10.0.0.20 or fd00::/8", word);
	return 0;
}
