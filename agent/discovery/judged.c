/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judged - what the end of a part means for the targets: of a job of facts, here;
 * of a Scan, in scanned.c.
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
#define WHY_MAX 200

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
	if (a == NULL || a->row.state == AIM_ASKING || (a->row.state == AIM_FOUND && aims_claimant(&a->row) == NULL))
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
	const char *other = aims_claimant(row);
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
		log_warn("discovery", "job %s: targets share a serial number or UUID and differ in name or address: midctl discovery, clones",
		    part->parent);
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
