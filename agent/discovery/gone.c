/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gone - machines of earlier discoveries that this one has looked for and not found, where they were or anywhere.
 * Of each that was done the store has a row of kind "present", by who it is: how often it has been missed since,
 * the discovery that has what it said, and its address. One that is missed is a row of this discovery too, so that
 * what it said is kept as long as somebody looks for it. Missed discovery.stale_after
 * times it goes to Relate, which tells the instance; so does one that is back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "discovery/inside.h"
#include "discovery/spans.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/job.h"
#include "log.h"
#include "os.h"
#include "policy/address.h"
#include "seal/seal.h"
#include "xalloc.h"

#define LINKS_ONE_MAX (8u << 20)

/* Where it has looked; where, and nothing went wrong; and the networks, by their number, in which somebody answers. */
struct look { struct going *going; struct spans at, well; bool answers[AIM_BUCKETS]; };

static struct look *
look_new(struct quest *q)
{
	struct look *l = xcalloc(1, sizeof(*l));
	const struct aim *p;

	l->going = going_new(q);
	for (p = q->first; p != NULL; p = p->next) {
		if (p->row.state <= AIM_SCANNED)
			spans_read(&l->at, p->row.address);
		if (p->row.state == AIM_SCANNED && p->row.class == CLASS_OK && p->row.why == NULL)
			spans_read(&l->well, p->row.address);
		if (p->row.state >= AIM_FOUND && p->row.state <= AIM_SAME)
			l->answers[aim_network(p->row.address)] = true;
	}
	spans_settle(&l->at);
	spans_settle(&l->well);
	return l;
}

static void
look_free(struct look *l)
{
	spans_fini(&l->at);
	spans_fini(&l->well);
	free(l);
}

/* On the store's thread: whose networks are others is not read. */
static bool
has_looked(void *arg, const char *address)
{
	const struct look *l = arg;
	struct address a;

	return address_parse(&a, address) == 0 && spans_hold(&l->at, &a);
}

/* Whether it would have been found. */
static bool
was_looked_for(const struct look *l, const char *address)
{
	struct address a;

	return address_parse(&a, address) == 0 && spans_hold(&l->well, &a);
}

/* What it has said, sealed for this discovery: in ROW, or not. */
static void
take_links(struct quest *q, const struct aim_row *old, struct aim_row *row)
{
	struct buf plain, sealed;
	struct err err = { 0 };
	char aad[128];

	buf_init(&plain, LINKS_ONE_MAX);
	buf_init(&sealed, LINKS_ONE_MAX + 4096);
	snprintf(aad, sizeof(aad), "links:%s", old->child);
	if (old->links != NULL && unseal_rest(q->d->ag->seal, &plain, aad, old->links, old->links_len, &err) == 0) {
		snprintf(aad, sizeof(aad), "links:%s", q->j->id);
		if (seal_rest(q->d->ag->seal, &sealed, aad, plain.data, plain.len, &err) == 0)
			row->links = buf_take(&sealed, &row->links_len);
	}
	if (row->links == NULL && err.code != 0)
		log_warn("discovery", "job %s: what %s said can't be read: %s", q->j->id, old->who, err.text);
	buf_wipe(&plain);
	buf_fini(&sealed);
}

/* Its address was looked at, and it is not there: nobody is, or another machine, which has said who it is. One that answers and
 * does not say who it is may be the one, whatever others say of its address. */
static bool
is_missed(const struct quest *q, const struct look *l, const char *address)
{
	const struct aim *a = aim_find(q, address);

	if (a == NULL)
		return l->answers[aim_network(address)] && was_looked_for(l, address);	/* else the network is gone, not the host */
	return (a->row.state == AIM_SAME || a->row.state == AIM_DONE) && a->row.who != NULL && a->row.who[0] != '\0';
}

static void
miss(struct quest *q, const struct aim_row *old)
{
	char *mark = xasprintf("gone %s", old->who);	/* at its address may be somebody else */
	struct aim_row row = { .address = mark, .who = old->who, .state = AIM_MISSED, .sure = old->sure + 1, .ms = os_time_ms() };

	memcpy(row.parent, q->j->id, sizeof(row.parent));
	if (aim_find(q, mark) == NULL) {	/* else counted before midd was killed */
		take_links(q, old, &row);
		aim_set(q, &row);
		free(row.links);
		store_missed(q->d->ag->store, &row, old->address);
		log_info("discovery", "job %s: %s, which was at %s, is not found, %d times in a row now", q->j->id, old->who, old->address,
		    row.sure);
	}
	free(mark);
}

static void
on_gone(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct look *l = arg;
	struct quest *q = quest_going(l->going);
	struct aim_row row;
	const struct aim *a;
	size_t i;

	for (i = 0; q != NULL && r >= 0 && i < n; i++) {
		a = rows[i].name == NULL ? NULL : aim_find(q, rows[i].name);
		if (rows[i].name == NULL && is_missed(q, l, rows[i].address)) {
			miss(q, &rows[i]);
		} else if (a != NULL) {
			row = a->row;
			row.whose = (char *)(uintptr_t)BACK;
			aim_set(q, &row);
		}
	}
	look_free(l);
	if (q == NULL)
		return;
	if (r >= 0)
		store_present(q->d->ag->store, q->j->id, os_time_ms());
	quest_relate(q);
}

void
quest_gone(struct quest *q)
{
	int64_t most = q->d->ag->config->discovery.stale_after;

	if (most == 0)
		quest_relate(q);
	else
		store_gone(q->d->ag->store, q->j->id, (int)most, has_looked, on_gone, look_new(q));
}
