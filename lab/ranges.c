/* SPDX-License-Identifier: Apache-2.0 */
/* ranges - see the header. */
#include "ranges.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static bool
address(const char *s, unsigned char out[16], bool *v4)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	*v4 = inet_pton(AF_INET, s, out + 12) == 1;
	if (*v4)
		memcpy(out, mapped, sizeof(mapped));
	return *v4 || inet_pton(AF_INET6, s, out) == 1;
}

/* The bits after the first BITS all 0 in LOW, all 1 in HIGH. */
static void
spread(struct range *r, int bits)
{
	int i;

	for (i = bits; i < 128; i++) {
		r->low[i / 8] &= (unsigned char)~(0x80 >> i % 8);
		r->high[i / 8] |= (unsigned char)(0x80 >> i % 8);
	}
}

static bool
number(const char *s, long max, long *out)
{
	char *end;

	*out = strtol(s, &end, 10);
	return s[0] >= '0' && s[0] <= '9' && *end == '\0' && *out <= max;
}

/* WORD is ours to write in. */
static bool
parse_word(char *word, struct range *r)
{
	char *at = strpbrk(word, "/-"), kind = at != NULL ? *at : '\0';
	bool v4, v4_too;
	long n;

	if (at != NULL)
		*at++ = '\0';
	if (!address(word, r->low, &v4))
		return false;
	memcpy(r->high, r->low, sizeof(r->high));
	if (kind == '/') {
		if (!number(at, v4 ? 32 : 128, &n))
			return false;
		spread(r, (int)n + (v4 ? 96 : 0));
	} else if (kind == '-') {
		if (!address(at, r->high, &v4_too) || v4 != v4_too)
			return false;
	}
	return memcmp(r->low, r->high, sizeof(r->low)) <= 0;
}

bool
ranges_parse(struct ranges *r, const char *text, char wrong[64])
{
	char word[64], copy[64];
	size_t n;

	memset(r, 0, sizeof(*r));
	for (;; text += n) {
		text += strspn(text, ", \t\r\n;");
		n = strcspn(text, ", \t\r\n;");
		if (n == 0)
			return true;
		(void)snprintf(word, sizeof(word), "%.*s", (int)n, text);
		memcpy(copy, word, sizeof(copy));
		r->at = xrealloc(r->at, (r->count + 1) * sizeof(*r->at));
		if (n >= sizeof(word) || r->count == RANGES_MAX ||
		    !parse_word(copy, &r->at[r->count])) {
			memcpy(wrong, word, sizeof(word));
			return false;
		}
		r->count++;
	}
}

void
ranges_fini(struct ranges *r)
{
	free(r->at);
	memset(r, 0, sizeof(*r));
}

bool
ranges_meet(const struct ranges *a, const struct ranges *b)
{
	size_t i, j;

	for (i = 0; i < a->count; i++)
		for (j = 0; j < b->count; j++)
			if (memcmp(a->at[i].low, b->at[j].high, 16) <= 0 &&
			    memcmp(b->at[j].low, a->at[i].high, 16) <= 0)
				return true;
	return false;
}

bool
ranges_hold(const struct ranges *a, const struct ranges *b)
{
	size_t i, j;

	for (j = 0; j < b->count; j++) {
		for (i = 0; i < a->count; i++)
			if (memcmp(a->at[i].low, b->at[j].low, 16) <= 0 &&
			    memcmp(b->at[j].high, a->at[i].high, 16) <= 0)
				break;
		if (i == a->count)
			return false;
	}
	return true;
}
