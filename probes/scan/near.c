/* SPDX-License-Identifier: Apache-2.0 */
/* near - see near.h. */
#include "near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "near_os.h"
#include "str.h"
#include "sweep.h"

#define MAKERS_MAX 65536u

/* By the first three bytes (IEEE MA-L), sorted. */
struct maker { uint32_t prefix; char name[40]; };
static struct maker *makers;
static size_t nmakers;

static int
by_prefix(const void *a, const void *b)
{
	const struct maker *x = a, *y = b;

	return x->prefix < y->prefix ? -1 : x->prefix > y->prefix;
}

void
near_load_makers(const char *file)
{
	FILE *f = makers != NULL ? NULL : fopen(file, "re");
	char line[200];
	struct str rest, word;
	uint64_t prefix;

	if (f == NULL)
		return;
	makers = calloc(MAKERS_MAX, sizeof(*makers));
	while (makers != NULL && nmakers < MAKERS_MAX && fgets(line, sizeof(line), f) != NULL) {
		rest = str_of(line);
		if (!str_word(&rest, &word) || word.n != 6 || !str_u64(word, 16, &prefix))
			continue;
		makers[nmakers].prefix = (uint32_t)prefix;
		str_copy(makers[nmakers++].name, sizeof(makers->name), str_trim(rest));
	}
	fclose(f);
	if (makers != NULL)
		qsort(makers, nmakers, sizeof(*makers), by_prefix);
}

static const char *
maker_of(const unsigned char *mac)
{
	const struct maker key = { .prefix = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2] };
	const struct maker *m = nmakers == 0 ? NULL : bsearch(&key, makers, nmakers, sizeof(*makers), by_prefix);

	return m == NULL ? NULL : m->name;
}

static void
tell_one(void *arg, const struct where *w, const unsigned char *mac)
{
	struct sweep *s = arg;
	uint32_t host;

	if (!plan_find(&s->plan, w, &host) || !found_alive(&s->found, host))
		return;
	found_say(&s->found, host, FACT_OF_HOST, "mac_address", "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	if (maker_of(mac) != NULL)
		found_say(&s->found, host, FACT_OF_HOST, "mac_vendor", "%s", maker_of(mac));
}

void
near_tell(struct sweep *s)
{
	near_each(tell_one, s);
}
