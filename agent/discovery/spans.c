/* SPDX-License-Identifier: Apache-2.0 */
/* spans - see spans.h. */
#include "discovery/spans.h"

#include <stdlib.h>
#include <string.h>

#include "policy/address.h"
#include "xalloc.h"

struct span { struct address first, last; };

/* Of LIST the words that begin with a !, or the others. */
static void
read_words(struct spans *s, const char *list, bool without)
{
	char word[RANGE_TEXT_MAX];
	struct span one;

	while (ranges_word(&list, word, sizeof(word))) {
		if ((word[0] == '!') != without || span_parse(&one.first, &one.last, word + without) < 0)
			continue;
		if ((s->n & (s->n - 1)) == 0)
			s->v = xrealloc(s->v, (s->n > 0 ? 2 * s->n : 1) * sizeof(*s->v));
		s->v[s->n++] = one;
	}
}

void
spans_read(struct spans *s, const char *list)
{
	read_words(s, list, false);
}

void
spans_read_without(struct spans *s, const char *list)
{
	read_words(s, list, true);
}

static int
by_first(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct address));
}

void
spans_settle(struct spans *s)
{
	size_t i, n = 0;

	if (s->n > 1)
		qsort(s->v, s->n, sizeof(*s->v), by_first);
	for (i = 0; i < s->n; i++)
		if (n == 0 || memcmp(&s->v[n - 1].last, &s->v[i].first, sizeof(struct address)) < 0)
			s->v[n++] = s->v[i];
		else if (memcmp(&s->v[n - 1].last, &s->v[i].last, sizeof(struct address)) < 0)
			s->v[n - 1].last = s->v[i].last;
	s->n = n;
}

static int
in_span(const void *a, const void *span)
{
	const struct span *s = span;

	return memcmp(a, &s->first, sizeof(s->first)) < 0 ? -1 : memcmp(a, &s->last, sizeof(s->last)) > 0;
}

bool
spans_hold(const struct spans *s, const struct address *a)
{
	return s->n > 0 && bsearch(a, s->v, s->n, sizeof(*s->v), in_span) != NULL;
}

void
spans_fini(struct spans *s)
{
	free(s->v);
	*s = (struct spans){ NULL, 0 };
}
