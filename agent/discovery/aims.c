/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aims - the targets of a discovery in memory: found by address, counted by state
 * and network, and which of them may be one machine. What the end of a part means
 * for them is judged.c.
 */
#include "discovery/inside.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "xalloc.h"

#define AT "at:"		/* whose: the machine that was asked at that address says so */
#define PROVES "ssh"		/* a way on which a machine proves by its key who it is */
#define ENGINE_DIGITS 10u	/* 5 octets are the fewest */

static const char *const names[AIM_STATES] = {
	[AIM_TO_SCAN] = "to scan", [AIM_SCANNING] = "scanning", [AIM_SCANNED] = "scanned", [AIM_FOUND] = "found", [AIM_ASKING] = "asking",
	[AIM_DONE] = "done", [AIM_FAILED] = "failed", [AIM_SAME] = "same", [AIM_RELATING] = "relating", [AIM_RELATED] = "related",
	[AIM_BEGUN] = "begun", [AIM_KNOWN] = "known", [AIM_CANCELLED] = "cancelled", [AIM_MISSED] = "missed",
};

const char *
aim_state_name(int state)
{
	return state > 0 && state < AIM_STATES ? names[state] : "unknown";
}

static unsigned
bucket_of_n(const char *text, size_t n)
{
	unsigned h = 5381;
	size_t i;

	for (i = 0; i < n; i++)
		h = h * 33 + (unsigned char)text[i];
	return h % AIM_BUCKETS;
}

static unsigned
bucket_of(const char *address)
{
	return bucket_of_n(address, strlen(address));
}

/* Addresses that agree up to the last dot or colon. Two networks may share a number: then they share the limit. */
unsigned
aim_network(const char *address)
{
	const char *dot = strrchr(address, strchr(address, ':') != NULL ? ':' : '.');

	return bucket_of_n(address, dot == NULL ? 0 : (size_t)(dot - address) + 1);
}

unsigned
aims_beside(const struct quest *q, const char *address)
{
	return q->beside[aim_network(address)];
}

/* BY 1 or -1. */
static void
count(struct quest *q, const struct aim_row *row, int by)
{
	q->in[row->state] += (unsigned)by;
	if (row->state == AIM_ASKING)
		q->beside[aim_network(row->address)] += (unsigned)by;
}

struct aim *
aim_find(const struct quest *q, const char *address)
{
	struct aim *a = q->bucket[bucket_of(address)];

	while (a != NULL && strcmp(a->row.address, address) != 0)
		a = a->same_hash;
	return a;
}

static void
copy_row(struct aim_row *to, const struct aim_row *from)
{
	*to = *from;
	to->address = xstrdup(from->address);
	to->ways = xstrdup(from->ways);
	to->topic = xstrdup(from->topic);
	to->what = xstrdup(from->what);
	to->name = xstrdup(from->name);
	to->why = xstrdup(from->why);
	to->whose = xstrdup(from->whose);
	to->who = xstrdup(from->who);
	to->links = NULL;
	to->links_len = 0;
}

/* --- one machine, several addresses --------------------------------------------------------- */

static bool
is_of(const struct aim_row *row, const char *whose)
{
	return row->whose != NULL && strcmp(row->whose, whose) == 0;
}

const char *
aims_claimant(const struct aim_row *row)
{
	return row->whose != NULL && strncmp(row->whose, AT, strlen(AT)) == 0 ? row->whose + strlen(AT) : NULL;
}

bool
aims_is_asked(const struct quest *q, const struct aim_row *row)
{
	const struct aim *a = row->whose == NULL || row->whose[0] == '\0' || aims_claimant(row) != NULL ? NULL : q->whose[bucket_of(row->whose)];

	while (a != NULL && (a->row.state != AIM_ASKING || !is_of(&a->row, row->whose)))
		a = a->whose_next;
	return a != NULL;
}

/* An SNMP engine ID, as a Scan has it. Names tell nothing here: a machine may have one for each address. */
static bool
is_engine(const char *whose)
{
	size_t n = whose == NULL ? 0 : strspn(whose, "0123456789abcdefABCDEF");

	return n >= ENGINE_DIGITS && whose[n] == '\0' && whose[0] == '8';
}

bool
aims_differ(const struct aim_row *a, const struct aim_row *b)
{
	return is_engine(a->whose) && is_engine(b->whose) && strcmp(a->whose, b->whose) != 0;
}

bool
aims_proves(const struct aim_row *row)
{
	const char *at = row->ways == NULL ? NULL : strstr(row->ways, PROVES);

	return at != NULL && (at == row->ways || at[-1] == ',') && (at[strlen(PROVES)] == '\0' || at[strlen(PROVES)] == ',');
}

char *
aims_claim(const char *host)
{
	return xasprintf(AT "%s", host);
}

/* One of them has come to an end. Those that it has not named by then may be machines of their own, to which somebody has
 * given one engine ID or name: nobody waits for anybody any more. */
static void
let_go(struct quest *q, const char *whose)
{
	struct aim *a;

	for (a = q->whose[bucket_of(whose)]; a != NULL; a = a->whose_next)
		if (a->row.state == AIM_FOUND && is_of(&a->row, whose)) {
			free(a->row.whose);
			a->row.whose = NULL;
		}
}

static void
unchain_whose(struct quest *q, struct aim *a)
{
	struct aim **at = &q->whose[a->in_whose - 1];

	while (*at != a)
		at = &(*at)->whose_next;
	*at = a->whose_next;
	a->in_whose = 0;
}

/* Into the bucket of its whose, which may have been another one before. */
static void
chain_whose(struct quest *q, struct aim *a)
{
	const char *whose = a->row.whose != NULL ? a->row.whose : "";
	unsigned b = bucket_of(whose);

	if (whose[0] == '\0' || a->in_whose == b + 1)
		return;
	if (a->in_whose != 0)
		unchain_whose(q, a);
	a->whose_next = q->whose[b];
	q->whose[b] = a;
	a->in_whose = b + 1;
}

void
aim_put(struct quest *q, const struct aim_row *row)
{
	struct aim *a = aim_find(q, row->address);
	struct aim_row copy;
	unsigned b = bucket_of(row->address);
	int was = a == NULL ? 0 : a->row.state;

	copy_row(&copy, row);
	if (a == NULL) {
		a = xcalloc(1, sizeof(*a));
		a->same_hash = q->bucket[b];
		q->bucket[b] = a;
		*q->last = a;
		q->last = &a->next;
		q->n++;
	} else {
		count(q, &a->row, -1);
		aim_row_fini(&a->row);
	}
	a->row = copy;
	count(q, &a->row, 1);
	chain_whose(q, a);
	if (was == AIM_ASKING && (a->row.state == AIM_DONE || a->row.state == AIM_FAILED) && a->row.whose != NULL &&
	    aims_claimant(&a->row) == NULL)
		let_go(q, a->row.whose);
}

void
aim_save(struct quest *q, const struct aim_row *row)
{
	store_aim(q->d->ag->store, row, NULL, NULL);
}

void
aim_set(struct quest *q, const struct aim_row *row)
{
	aim_save(q, row);
	aim_put(q, row);
}

void
aims_free(struct quest *q)
{
	struct aim *a;

	while ((a = q->first) != NULL) {
		q->first = a->next;
		aim_row_fini(&a->row);
		free(a);
	}
}
