/* SPDX-License-Identifier: Apache-2.0 */
/* sweep - see sweep.h. */
#include "sweep.h"

#include <string.h>

#include "dgram.h"
#include "raw.h"
#include "chat.h"
#include "tcp.h"

#define A_TURN 512u		/* questions begun before others have their turn */
#define LOOKS_A_TURN (64u << 10)	/* questions passed over */
#define PATIENCE_MIN_MS 300
#define KERNEL_AGAIN_MS 1000	/* Linux sends a lost SYN again after a second: TCP_TIMEOUT_INIT */
#define SAMPLE 16u		/* one of so many silent addresses is asked again */
#define FEW 1024u		/* so many silent questions are all asked again, and twice: a second at the default rate */
#define PASSES 3u

int
sweep_open(struct sweep *s)
{
	s->now_ms = s->h->now_ms(s->run);
	s->h->random(s->run, &s->cookie, sizeof(s->cookie));
	if (pace_init(&s->pace, s->plan.n, s->limits.packets_per_s, s->limits.per_network, s->now_ms) < 0)
		return -1;
	s->tls = tls_shared_new();
	s->tcp = tcp_new(s, s->limits.window);
	s->dgram = dgram_new(s);
	return s->tls == NULL || s->tcp == NULL || s->dgram == NULL ? -1 : 0;
}

void
sweep_close(struct sweep *s)
{
	raw_free(s->raw);
	tcp_free(s->tcp);
	dgram_free(s->dgram);
	tls_shared_free(s->tls);
	pace_fini(&s->pace);
	found_fini(&s->found);
	plan_free(&s->plan);
}

bool
sweep_patient(const struct sweep *s)
{
	return s->pass > 1 || (s->pass == 1 && s->few);
}

int
sweep_patience(const struct sweep *s)
{
	int ms = s->limits.connect_ms, quick = 4 * s->rtt_ms + 100;

	if (sweep_patient(s))	/* time for a second packet of the kernel's own */
		return ms < KERNEL_AGAIN_MS + quick ? KERNEL_AGAIN_MS + quick : ms;
	return sweep_patience_once(s);
}

int
sweep_patience_once(const struct sweep *s)
{
	int ms = s->limits.connect_ms, quick = 4 * s->rtt_ms + 100;

	if (s->rtt_ms == 0 || quick > ms)
		return ms;
	return quick < PATIENCE_MIN_MS ? PATIENCE_MIN_MS : quick;
}

uint32_t
sweep_cookie(const struct sweep *s, uint32_t host)
{
	return (s->cookie ^ (host + 1) * 2654435761u) & 0x7fffffffu;
}

static void
measure(struct sweep *s, int after_ms)
{
	after_ms = after_ms < 1 ? 1 : after_ms;
	if (after_ms >= KERNEL_AGAIN_MS && s->rtt_ms > 0 && s->rtt_ms < KERNEL_AGAIN_MS / 4) {
		pace_loss(&s->pace);	/* the first packet was lost */
		s->loss_seen = true;
	} else if (after_ms > s->rtt_ms)
		s->rtt_ms = after_ms;
	else
		s->rtt_ms -= (s->rtt_ms - after_ms) / 256;
}

void
sweep_answer(struct sweep *s, uint32_t host, unsigned ask, enum answer a, int after_ms)
{
	bool waited = found_waits(&s->found, host, ask);

	if (a == OPEN || a == REFUSED) {
		measure(s, after_ms);
		if (s->pass > 0) {
			pace_loss(&s->pace);
			/* Of UDP a host says only so often a second that a port is closed. */
			s->loss_seen = s->loss_seen || s->asks.v[ask].service->proto == ASK_TCP || !found_alive(&s->found, host);
		}
	}
	found_set(&s->found, host, ask, a);
	if (waited)
		pace_done(&s->pace, host);
}

/* Is it asked in this pass? */
static bool
is_due(const struct sweep *s, uint32_t host, unsigned ask)
{
	if (s->pass == 0)
		return true;
	if (found_get(&s->found, host, ask) != SILENT)
		return false;
	if (s->pass == 1)
		return found_alive(&s->found, host) || host % s->sample == 0;
	return true;
}

/* False: not now. */
static bool
begin(struct sweep *s, uint32_t host, unsigned ask)
{
	const struct ask *a = &s->asks.v[ask];
	bool raw = s->raw != NULL && raw_takes(s->raw, host, ask);
	bool room = raw ? raw_has_room(s->raw) : a->service->proto == ASK_TCP ? tcp_has_room(s->tcp) : dgram_has_room(s->dgram);

	if (!room || !pace_ask(&s->pace, host))
		return false;
	found_wait(&s->found, host, ask);
	if (raw)
		raw_ask(s->raw, host, ask);
	if (raw || (a->service->proto == ASK_TCP ? tcp_ask(s->tcp, host, ask, false) : dgram_ask(s->dgram, host, ask))) {
		s->asked++;
		s->again += s->pass > 0;
		return true;
	}
	sweep_answer(s, host, ask, s->pass == 0 ? NOT_ASKED : SILENT, 0);
	return false;
}

static bool
is_idle(const struct sweep *s)
{
	return tcp_busy(s->tcp) == 0 && dgram_busy(s->dgram) == 0 && (s->raw == NULL || raw_busy(s->raw) == 0);
}

static uint32_t
silent_at(const struct sweep *s, uint32_t host)
{
	uint32_t n = 0;
	unsigned ask;

	for (ask = 0; ask < s->asks.n; ask++)
		n += found_get(&s->found, host, ask) == SILENT;
	return n;
}

/*
 * Of few questions that nobody answers all are asked again, and twice. Of many, those where somebody is there, and of the
 * other addresses a sample; whether one of these answers now tells whether packets are lost, and whether a third time is worth it.
 */
static void
look_back(struct sweep *s)
{
	uint64_t alone = 0, all = 0;
	uint32_t host, n;

	for (host = 0; host < s->plan.n; host++) {
		n = silent_at(s, host);
		all += n;
		alone += found_alive(&s->found, host) ? 0 : n;
	}
	s->sample = alone <= FEW ? 1 : SAMPLE;
	s->few = all <= FEW;
}

/* The next pass once all of this one has been answered or given up. */
static void
next_pass(struct sweep *s)
{
	if (s->pass++ == 0)
		look_back(s);
	s->next = 0;
	s->over = s->pass >= PASSES || (s->pass == 2 && !s->loss_seen);
}

/* True: there is more to begin, and nothing holds it back. */
static bool
begin_more(struct sweep *s)
{
	uint64_t all = (uint64_t)s->plan.n * s->asks.n;
	unsigned begun = 0, looked = 0, ask;
	uint32_t host;

	while (s->next < all && begun < A_TURN && looked++ < LOOKS_A_TURN) {
		ask = (unsigned)(s->next / s->plan.n);
		host = plan_order(&s->plan, (uint32_t)(s->next % s->plan.n));
		if (is_due(s, host, ask)) {
			if (!begin(s, host, ask))
				return false;
			begun++;
		}
		s->next++;
	}
	return s->next < all;
}

/* <0 is never. */
static int
sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void
say_wait(struct sweep *s, struct mid_wait *wait, bool more)
{
	int ms = sooner(tcp_wait(s->tcp, wait), dgram_wait(s->dgram, wait));

	if (s->raw != NULL)
		ms = sooner(ms, raw_wait(s->raw, wait));
	if (s->next < (uint64_t)s->plan.n * s->asks.n && pace_wait(&s->pace) > 0)
		ms = sooner(ms, pace_wait(&s->pace));
	wait->timeout_ms = more ? 0 : ms;
}

int
sweep_percent(const struct sweep *s)
{
	uint64_t all = (uint64_t)s->plan.n * s->asks.n;

	return s->pass > 0 || all == 0 ? 99 : (int)(99 * s->next / all);
}

bool
sweep_step(struct sweep *s, struct mid_wait *wait)
{
	bool more;

	wait->nfds = 0;
	s->now_ms = s->h->now_ms(s->run);
	pace_time(&s->pace, s->now_ms);
	tcp_turn(s->tcp);
	dgram_turn(s->dgram);
	if (s->raw != NULL)
		raw_turn(s->raw);
	do {
		more = begin_more(s);
		if (s->next == (uint64_t)s->plan.n * s->asks.n && is_idle(s)) {
			next_pass(s);
			more = true;
		}
	} while (s->next == 0 && !s->over);
	if (s->raw != NULL)
		raw_flush(s->raw);
	if (!s->over)
		say_wait(s, wait, more);
	return s->over;
}
