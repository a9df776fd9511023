/* SPDX-License-Identifier: Apache-2.0 */
/* patience - see patience.h. */
#include "patience.h"

#define FIRST_RETRY_MS 80
#define MORE_TRIES 4u		/* where packets get lost */
#define LOSSY 20		/* of 1024 answers */

void
patience_answered(struct patience *net, int ms, bool again)
{
	net->lossy += ((again ? 1024 : 0) - net->lossy) / 16;
	if (!again)
		net->rtt_ms = net->rtt_ms == 0 ? (ms < 1 ? 1 : ms) : (net->rtt_ms * 15 + ms + 8) / 16;
}

static unsigned
tries(const struct patience *net, const struct request *r)
{
	return net->lossy > LOSSY && r->tries > 1 ? r->tries + MORE_TRIES : r->tries;
}

/* From its first sending on, were every try to wait its whole time. */
static int64_t
time_left(const struct request *r, int64_t now_ms)
{
	return r->first_ms + (int64_t)r->timeout_ms * r->tries - now_ms;
}

/* An agent that has answered before gets all of its tries, however long it is left alone between them. */
bool
patience_over(const struct patience *net, const struct request *r, int64_t now_ms)
{
	return r->sent >= tries(net, r) || (time_left(r, now_ms) <= 0 && (r->sent >= r->tries || r->peer->rtt_ms == 0));
}

int64_t
patience_ms(const struct patience *net, const struct request *r, int64_t now_ms)
{
	const struct peer *p = r->peer;
	int64_t ms = r->timeout_ms, end = time_left(r, now_ms);
	unsigned i;

	if (p->rtt_ms > 0)
		ms = 4 * (int64_t)p->rtt_ms + 4 * (int64_t)p->rtt_var_ms;
	else if (net->rtt_ms > 0)
		ms = 2 * (int64_t)net->rtt_ms;
	ms = ms < FIRST_RETRY_MS ? FIRST_RETRY_MS : ms;
	for (i = 1; i < r->sent; i++)
		ms += ms / 2;
	ms = ms < r->timeout_ms ? ms : r->timeout_ms;
	if (r->sent >= tries(net, r))	/* no sooner than if every try had waited its whole time */
		return p->rtt_ms == 0 || end > ms ? end : ms;
	return p->rtt_ms != 0 || ms < end ? ms : end;
}
