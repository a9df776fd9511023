/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aims - the targets of a discovery, and what the end of a part means for them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "discovery/hints.h"
#include "discovery/inside.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/job.h"
#include "flow/result.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "policy/address.h"
#include "seal/seal.h"
#include "xalloc.h"

#define CLONES_MAX (256u << 10)
#define AT "at:"		/* whose: the machine that was asked at that address says so */
#define PROVES "ssh"		/* a way on which a machine proves by its key who it is */
#define WHY_MAX 200
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

/* Somebody has called its address his. */
static bool
is_claimed(const struct aim_row *row)
{
	return row->whose != NULL && strncmp(row->whose, AT, strlen(AT)) == 0;
}

bool
aims_is_asked(const struct quest *q, const struct aim_row *row)
{
	const struct aim *a = row->whose == NULL || row->whose[0] == '\0' || is_claimed(row) ? NULL : q->whose[bucket_of(row->whose)];

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
	    !is_claimed(&a->row))
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

/* --- what a job of facts has given ------------------------------------------------------------ */

/* True: none of its CIs had to be sent, for the instance has them as they are. */
static bool
is_unchanged(const struct job *part)
{
	const char *sent = json_str(part->out->notes, "cis_sent", "");

	return strncmp(sent, "0 of ", 5) == 0 && strcmp(sent, "0 of 0") != 0;
}

/* What relates it to others, sealed; the caller's. Relate reads it line by line: a worker that was taken over spoils its own. */
static void
seal_links(struct quest *q, struct job *part, struct aim_row *row)
{
	const struct buf *links = &part->out->links;
	struct buf plain, sealed;
	struct err err = { 0 };
	char aad[128];

	if (links->len < 2 || links->data[0] != '{' || memchr(links->data, '\n', links->len) != NULL)
		return;
	buf_init(&plain, links->len + 40);
	(void)buf_printf(&plain, "{\"unchanged\":%s,%s", is_unchanged(part) ? "true" : "false", buf_str(links) + 1);
	snprintf(aad, sizeof(aad), "links:%s", q->j->id);
	buf_init(&sealed, plain.len + 4096);
	if (seal_rest(q->d->ag->seal, &sealed, aad, plain.data, plain.len, &err) == 0)
		row->links = buf_take(&sealed, &row->links_len);
	else
		log_err("discovery", "job %s: %s", part->id, err.text);
	buf_wipe(&plain);
	buf_fini(&sealed);
}

/* True: all of its CIs go out, whatever was sent before. */
static bool
is_whole(const struct job *part)
{
	const char *sent = json_str(part->out->notes, "cis_sent", ""), *all = strstr(sent, " of ");

	return all == NULL || (strncmp(sent, all + 4, (size_t)(all - sent)) == 0 && all[4 + (all - sent)] == '\0');
}

/* Which CIs the instance will have when this part is delivered: the next discovery sends the others only, as long as discovery.full
 * after all were sent. */
static void
save_sent(struct quest *q, struct job *part)
{
	const struct outcome *o = part->out;
	char *key;

	if (o->class != CLASS_OK || o->partial || o->sent.len == 0)
		return;
	key = discovery_sent_key(part->name, part->topic, json_str(o->notes, "who", ""));
	if (is_whole(part))
		store_target_set(q->d->ag->store, "sent", key, buf_str(&o->sent), os_time_ms(), NULL, NULL);
	else
		store_target_renew(q->d->ag->store, "sent", key, buf_str(&o->sent), os_time_ms());
	free(key);
}

/* WORD is another address of HOST, which is done. One that answers by SSH is asked all the same: a host that lies would hide it. */
static void
judge_other(struct hints *h, const char *word, const struct address *address, const char *host)
{
	struct quest *q = h->q;
	const struct aim *a = aim_find(q, word), *says = aim_find(q, host);
	struct aim_row row = { .address = (char *)(uintptr_t)word };
	char why[200], *mark;

	/* One that may still be found: in a part to come, or seen by somebody in an IPv6 range that nobody tries. */
	if (a == NULL && q->in[AIM_TO_SCAN] + q->in[AIM_SCANNING] == 0 && (strchr(word, ':') == NULL || !hints_reach(h, address)))
		return;
	if (a != NULL && says != NULL && aims_differ(&a->row, &says->row))
		return;		/* that one has told us otherwise itself */
	if (a != NULL)
		row = a->row;
	else
		memcpy(row.parent, q->j->id, sizeof(row.parent));
	snprintf(why, sizeof(why), OTHER "%s", host);
	mark = aims_claim(host);
	row.ms = os_time_ms();
	if (a == NULL || (row.state == AIM_FOUND && !aims_proves(&row))) {
		row.state = a == NULL ? AIM_KNOWN : AIM_SAME;
		row.why = why;
	} else {
		row.whose = mark;
	}
	if (a == NULL || a->row.state == AIM_ASKING || (a->row.state == AIM_FOUND && !is_claimed(&a->row)))
		h->fn(q, &row);
	free(mark);
}

/* What a host says of addresses: its own need not be asked; those it sees are a part more that is to be scanned. */
static void
judge_addresses(struct quest *q, struct job *part, const char *host, aims_fn *fn)
{
	char *text = xstrndup(buf_str(&part->out->said), part->out->said.len), *rest = text, *word;
	struct hints hints;
	struct address a;

	hints_begin(&hints, q, fn);
	while ((word = strsep(&rest, " \n")) != NULL)
		if (word[0] == '+')
			hints_add(&hints, word + 1);
		else if (address_parse(&a, word) >= 0 && strcmp(word, host) != 0)
			judge_other(&hints, word, &a, host);
	hints_end(&hints);
	free(text);
}

/* True: another address of its machine has come to its end and has named ROW, and this one names that one too. WHY of WHY_MAX. */
static bool
is_twice(struct job *part, const struct aim_row *row, char *why)
{
	const char *other = is_claimed(row) ? row->whose + strlen(AT) : NULL;
	char *text, *rest, *word;
	bool found = false;

	if (other == NULL || part->out->class != CLASS_OK)
		return false;
	rest = text = xstrndup(buf_str(&part->out->said), part->out->said.len);
	while (!found && (word = strsep(&rest, " \n")) != NULL)
		found = strcmp(word, other) == 0;
	free(text);
	snprintf(why, WHY_MAX, OTHER "%s", other);
	return found;
}

/* The next way that is left, behind the one that was tried. */
static char *
ways_left(const char *ways)
{
	const char *comma = ways == NULL ? NULL : strchr(ways, ',');

	return xstrdup(comma == NULL ? "" : comma + 1);
}

/* How its CI is called ("CLASS NAME"), of plain characters; else as DNS calls it. OUT of AIM_WORD. */
static char *
name_of(const struct job *part, const struct aim_row *row, char out[AIM_WORD])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-/ ";
	const char *name = strchr(json_str(part->out->notes, "ci", ""), ' ');
	size_t n = 0;

	for (; name != NULL && *++name != '\0' && n + 1 < AIM_WORD;)
		if (strchr(plain, *name) != NULL)
			out[n++] = *name;
	out[n] = '\0';
	return n == 0 || part->out->class != CLASS_OK ? row->name : out;
}

static void
judge_target(struct quest *q, struct job *part, const struct aim *a, aims_fn *fn)
{
	const struct outcome *o = part->out;
	struct aim_row row = a->row;
	char *ways = ways_left(row.ways), why[WHY_MAX], name[AIM_WORD];

	row.links = NULL;
	row.name = name_of(part, &row, name);
	row.class = o->class;
	row.ms = os_time_ms();
	row.why = (char *)(uintptr_t)(o->message[0] != '\0' ? o->message : is_unchanged(part) ? UNCHANGED : NULL);
	row.ways = ways;
	row.who = (char *)(uintptr_t)who_of(json_str(o->notes, "who", ""));
	row.state = o->class == CLASS_OK ? AIM_DONE : ways[0] != '\0' && o->class != CLASS_CANCELLED ? AIM_FOUND : AIM_FAILED;
	if (is_twice(part, &row, why)) {
		row.state = AIM_SAME;
		row.why = why;
	}
	if (row.state == AIM_DONE && fn == aim_save)
		seal_links(q, part, &row);
	if (o->class == CLASS_OK && fn == aim_save)
		save_sent(q, part);
	fn(q, &row);
	free(row.links);
	free(ways);
	if (row.state == AIM_DONE)
		judge_addresses(q, part, a->row.address, fn);
}

/* Which targets say that they are one machine and are not; told with the answer. The aim keeps it as its name. */
static char *
clones_told(struct job *part, aims_fn *fn)
{
	const struct buf *links = &part->out->links;

	if (links->len == 0 || links->len > CLONES_MAX)
		return xstrdup("");
	if (fn == aim_save && strncmp(buf_str(links), "{\"clones\"", 9) == 0)
		log_warn("discovery", "job %s: %s", part->parent, "targets share a serial number or UUID and differ in name or address: "
		    "midctl discovery, clones");
	return xstrndup(links->data, links->len);
}

void
aims_judge(struct quest *q, struct job *part, aims_fn *fn)
{
	struct aim *a = aim_find(q, part->source);
	struct aim_row row;
	char *clones;

	if (a == NULL || strcmp(a->row.child, part->id) != 0)
		return;
	if (a->row.state == AIM_SCANNING) {
		aims_scanned(q, part, a, fn);
	} else if (a->row.state == AIM_RELATING) {
		if (fn == aim_save)
			save_sent(q, part);
		row = a->row;
		row.name = clones = clones_told(part, fn);
		row.state = AIM_RELATED;
		row.class = part->out->class;
		row.why = part->out->message[0] == '\0' ? NULL : part->out->message;
		row.ms = os_time_ms();
		fn(q, &row);
		free(clones);
	} else if (a->row.state == AIM_ASKING) {
		judge_target(q, part, a, fn);
	}
}

void
aims_lost(struct quest *q, const struct aim *a, aims_fn *fn)
{
	struct aim_row row = a->row;
	char *ways = ways_left(row.ways);

	row.why = (char *)(uintptr_t)"its job has ended, and nobody knows how: midctl job";
	row.ms = os_time_ms();
	row.class = CLASS_INTERNAL;
	if (row.state == AIM_SCANNING) {
		row.state = AIM_SCANNED;
	} else if (row.state == AIM_RELATING) {
		row.state = AIM_RELATED;
	} else if (row.state == AIM_ASKING) {
		row.ways = ways;
		row.state = ways[0] != '\0' ? AIM_FOUND : AIM_FAILED;
	}
	if (row.state != a->row.state)
		fn(q, &row);
	free(ways);
}
