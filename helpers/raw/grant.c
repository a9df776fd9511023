/* SPDX-License-Identifier: Apache-2.0 */
/* grant - see grant.h. */
#include "raw/grant.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "midd/raw.h"

/* Whatever midd says: this host, its link alone, groups, and what is nobody's. */
static const struct grant_span never[] = {
	{ 0x00000000, 0x00ffffff }, { 0x7f000000, 0x7fffffff }, { 0xa9fe0000, 0xa9feffff }, { 0xe0000000, 0xffffffff },
};

static int
by_first(const void *a, const void *b)
{
	const struct grant_span *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static bool
read_span(struct grant *g, char *word)
{
	char *dash = strchr(word, '-');
	struct in_addr first, last;

	if (dash == NULL)
		return false;
	*dash = '\0';
	if (strchr(word, ':') != NULL)
		return true;
	if (inet_pton(AF_INET, word, &first) != 1 || inet_pton(AF_INET, dash + 1, &last) != 1 ||
	    ntohl(first.s_addr) > ntohl(last.s_addr) || g->n == GRANT_SPANS)
		return false;
	g->v[g->n++] = (struct grant_span){ ntohl(first.s_addr), ntohl(last.s_addr) };
	return true;
}

/* So that one search by the first address finds the span. */
static void
join(struct grant *g)
{
	unsigned i, n = 0;

	qsort(g->v, g->n, sizeof(g->v[0]), by_first);
	for (i = 0; i < g->n; i++)
		if (n > 0 && g->v[i].first <= g->v[n - 1].last) {
			if (g->v[i].last > g->v[n - 1].last)
				g->v[n - 1].last = g->v[i].last;
		} else {
			g->v[n++] = g->v[i];
		}
	g->n = n;
}

bool
grant_read(struct grant *g, char *line)
{
	char *word, *rest = line + strlen(RAW_WORD);

	g->n = 0;
	if (strncmp(line, RAW_WORD, strlen(RAW_WORD)) != 0)
		return false;
	while ((word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0' && !read_span(g, word))
			return false;
	join(g);
	return true;
}

bool
grant_has(const struct grant *g, uint32_t address)
{
	uint32_t a = ntohl(address);
	unsigned low = 0, high = g->n, mid;
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (a >= never[i].first && a <= never[i].last)
			return false;
	while (low < high) {	/* the first span that begins behind A */
		mid = (low + high) / 2;
		if (g->v[mid].first <= a)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && a <= g->v[low - 1].last;
}
