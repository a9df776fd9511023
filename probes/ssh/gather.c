/* SPDX-License-Identifier: Apache-2.0 */
/* gather - see gather.h. */
#include "gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/source_bundle.h"
#include "facts/system.h"
#include "facts/tell.h"
#include "script.h"
#include "text.h"

#define BYTES_MAX (64u << 20)	/* the packages of a large host are 5 MB, all else below 2 */
#define FIRST (256u << 10)

struct gather {
	const struct mid_host *h;
	struct mid_run *run;
	char mark[40], *script;
	char *data;
	size_t len, cap;
	struct facts_source *src;
	struct facts_tell *tell;
};

/* 16 random bytes, as hex. */
static int
make_script(struct gather *g)
{
	unsigned char bytes[16];
	size_t i;

	g->h->random(g->run, bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(g->mark + 2 * i, 3, "%02x", bytes[i]);
	g->script = script_of_facts(g->mark, g->h->param_bool(g->run, "sudo", true));
	return g->script == NULL ? -1 : 0;
}

struct gather *
gather_new(const struct mid_host *h, struct mid_run *run)
{
	struct gather *g = calloc(1, sizeof(*g));

	if (g != NULL) {
		g->h = h;
		g->run = run;
	}
	if (g == NULL || make_script(g) < 0) {
		h->fail(run, MID_INTERNAL, "out of memory");
		gather_free(g);
		return NULL;
	}
	return g;
}

void
gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	facts_tell_free(g->tell);
	facts_source_close(g->src);
	free(g->script);
	free(g->data);
	free(g);
}

const char *
gather_script(const struct gather *g)
{
	return g->script;
}

int
gather_put(struct gather *g, const void *p, size_t n)
{
	size_t cap = g->cap == 0 ? FIRST : g->cap;
	char *bigger;

	while (cap < g->len + n)
		cap *= 2;
	if (cap > BYTES_MAX) {
		g->h->fail(g->run, MID_TOO_BIG, "the host sends more than %u MB of facts", BYTES_MAX >> 20);
		return -1;
	}
	if (cap != g->cap) {
		bigger = realloc(g->data, cap);
		if (bigger == NULL) {
			g->h->fail(g->run, MID_INTERNAL, "out of memory");
			return -1;
		}
		g->data = bigger;
		g->cap = cap;
	}
	memcpy(g->data + g->len, p, n);
	g->len += n;
	return 0;
}

/* "This account is currently not available.": the last line of what came instead. */
static void
say_unreadable(struct gather *g)
{
	struct str rest = { g->data, g->len < 4096 ? g->len : 4096 }, line, last = { "", 0 };
	char said[160];

	while (str_line(&rest, &line))
		if (str_trim(line).n > 0)
			last = str_trim(line);
	if (text_clean((const unsigned char *)last.p, last.n, said, sizeof(said)) > 0)
		g->h->fail(g->run, MID_TARGET, "the host sent no facts but \"%s\": is its login shell able to run /bin/sh?", said);
	else
		g->h->fail(g->run, MID_TARGET, "the host sent nothing that could be read: is its login shell able to run /bin/sh?");
}

static int
begin_telling(struct gather *g)
{
	char name[64];
	bool whole;

	if (g->len == 0 || facts_source_bundle(&g->src, g->data, g->len, g->mark, &whole) < 0) {
		say_unreadable(g);
		return -1;
	}
	if (!whole)
		g->h->partial(g->run, "the host stopped in the middle: some facts are missing");
	if (!facts_exists(g->src, "proc/version") && !facts_known(g->src)) {
		facts_uname(g->src, UNAME_S, name, sizeof(name));
		g->h->fail(g->run, MID_UNSUPPORTED, "uname says \"%.40s\", which is none of Linux, a BSD, macOS, Solaris, AIX and HP-UX", name);
		return -1;
	}
	g->tell = facts_tell_new(g->h, g->run, "facts", g->src, g->h->param(g->run, "sections"));
	return g->tell == NULL ? -1 : 0;
}

enum mid_next
gather_step(struct gather *g, struct mid_wait *wait)
{
	if (g->tell == NULL && begin_telling(g) < 0)
		return MID_FAIL;
	return facts_tell_step(g->tell, wait);
}
