/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hints - addresses that a host says it has, or sees on its links. Of a range that nobody can try
 * they are the only ones known: those that it sees are a part more that is to be scanned.
 * All hosts of a link see the same, so that each must cost next to nothing.
 */
#include "discovery/hints.h"

#include <string.h>

#include "agent.h"
#include "err.h"
#include "flow/job.h"
#include "json.h"
#include "os.h"
#include "policy/address.h"
#include "policy/policy.h"

#define HINTS_MAX 5000		/* of one host; share/map gives 4,000 */
#define PART_MAX 3800u		/* bytes of addresses in one part, which is the source of a job (PART_TEXT) */

void
hints_begin(struct hints *h, struct quest *q, aims_fn *fn)
{
	*h = (struct hints){ .q = q, .fn = fn };
	buf_init(&h->part, PART_MAX);
}

static void
read_spans(struct hints *h)
{
	const struct quest *q = h->q;
	const char *asked = json_str(q->j->params, "ranges", "");
	const struct aim *p;

	h->read = true;
	for (p = q->first; p != NULL; p = p->next)
		if (p->row.state <= AIM_SCANNED)
			spans_read(&h->parts, p->row.address);
	spans_read(&h->asked, asked[0] == '\0' ? q->j->source : asked);
	spans_read_without(&h->excluded, asked[0] == '\0' ? q->j->source : asked);
	spans_read(&h->excluded, json_str(q->j->params, "exclude", ""));
	spans_settle(&h->parts);
	spans_settle(&h->asked);
	spans_settle(&h->excluded);
}

bool
hints_reach(struct hints *h, const struct address *a)
{
	char text[ADDRESS_TEXT];
	struct err err = { 0 };
	struct buf b;
	bool yes;

	if (!h->read)
		read_spans(h);
	if (!spans_hold(&h->asked, a) || spans_hold(&h->excluded, a))
		return false;
	address_print(a, text);
	buf_init(&b, 2 * ADDRESS_TEXT + 8);
	yes = policy_reach(h->q->d->ag->policy, text, &b, &err) == 0;
	buf_fini(&b);
	return yes;
}

static void
put_part(struct hints *h)
{
	struct aim_row row = { .state = AIM_TO_SCAN, .address = h->part.data, .sure = (int)h->in_part, .ms = os_time_ms() };

	if (h->in_part == 0)
		return;
	memcpy(row.parent, h->q->j->id, sizeof(row.parent));
	h->fn(h->q, &row);
	buf_clear(&h->part);
	h->in_part = 0;
}

void
hints_add(struct hints *h, const char *word)
{
	char text[ADDRESS_TEXT];
	struct address a;

	if (++h->n > HINTS_MAX || address_parse(&a, word) < 0)
		return;
	address_print(&a, text);
	if (aim_find(h->q, text) != NULL || !hints_reach(h, &a) || spans_hold(&h->parts, &a))
		return;
	(void)buf_printf(&h->part, "%s%s-%s", h->in_part++ > 0 ? " " : "", text, text);
	if (h->part.len + 2 * ADDRESS_TEXT > PART_MAX)
		put_part(h);
}

void
hints_end(struct hints *h)
{
	put_part(h);
	spans_fini(&h->parts);
	spans_fini(&h->asked);
	spans_fini(&h->excluded);
	buf_fini(&h->part);
}
