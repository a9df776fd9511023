/* SPDX-License-Identifier: Apache-2.0 */
/* pace - see pace.h. */
#include "pace.h"

#include <stdlib.h>

#define BURST_MS 50		/* of the budget may be spent at once */
#define JUDGE_MS 1000

int
pace_init(struct pace *p, uint32_t hosts, uint32_t packets_per_s, uint32_t per_network, int64_t now_ms)
{
	*p = (struct pace){ .most = packets_per_s, .now = packets_per_s / 4, .filled_ms = now_ms, .judged_ms = now_ms,
		.per_network = per_network };
	p->now = p->now < 1 ? 1 : p->now;
	p->tokens = 1;
	p->out = calloc((hosts >> NETWORK_BITS) + 1, sizeof(*p->out));
	return p->out == NULL ? -1 : 0;
}

void
pace_fini(struct pace *p)
{
	free(p->out);
	p->out = NULL;
}

static void
judge(struct pace *p, int64_t now_ms)
{
	uint32_t step = p->most / 10 < 1 ? 1 : p->most / 10;

	if (p->lost)
		p->now = p->now / 2 < step ? step : p->now / 2;
	else if (p->now < p->most / 2)
		p->now *= 2;
	else
		p->now = p->now + step > p->most ? p->most : p->now + step;
	p->lost = false;
	p->judged_ms = now_ms;
}

void
pace_time(struct pace *p, int64_t now_ms)
{
	double room = (double)p->now * BURST_MS / 1000;

	if (now_ms - p->judged_ms >= JUDGE_MS)
		judge(p, now_ms);
	p->tokens += (double)p->now * (double)(now_ms - p->filled_ms) / 1000;
	p->tokens = p->tokens > room && p->tokens > 1 ? (room > 1 ? room : 1) : p->tokens;
	p->filled_ms = now_ms;
}

void
pace_loss(struct pace *p)
{
	p->lost = true;
}

bool
pace_ask(struct pace *p, uint32_t host)
{
	uint16_t *out = &p->out[host >> NETWORK_BITS];

	if ((p->most > 0 && p->tokens < 1) || *out >= p->per_network)
		return false;
	if (p->most > 0)
		p->tokens -= 1;
	(*out)++;
	return true;
}

void
pace_begin(struct pace *p, uint32_t host)
{
	p->out[host >> NETWORK_BITS]++;
}

void
pace_done(struct pace *p, uint32_t host)
{
	p->out[host >> NETWORK_BITS]--;
}

int
pace_wait(const struct pace *p)
{
	if (p->most == 0 || p->tokens >= 1)
		return 0;
	return (int)((1 - p->tokens) * 1000 / p->now) + 1;
}
