/* SPDX-License-Identifier: Apache-2.0 */
/*
 * breaker - stops asking who does not answer, and asks again now and then.
 *
 * Closed: all goes. Open after LIMIT failures in a row: nothing goes until the
 * pause is over. Then half: one try decides. Time comes from outside.
 */
#ifndef MID_FLOW_BREAKER_H
#define MID_FLOW_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct breaker {
	int failures;			/* in a row */
	int limit;
	int64_t pause_min_ms, pause_max_ms;
	int64_t open_until;		/* loop time; 0: closed */
};

void breaker_init(struct breaker *b, int limit, int64_t pause_min_ms, int64_t pause_max_ms);
/* 0 when a try is allowed, else ms to wait. */
int64_t breaker_wait(const struct breaker *b, int64_t now);
void breaker_ok(struct breaker *b);		/* it has answered: closed */
/* Pause after this failure, ms; AT_LEAST: what the other side asked for (-1 nothing). JITTER 0..1023. */
int64_t breaker_failed(struct breaker *b, int64_t now, int64_t at_least, unsigned jitter);
const char *breaker_name(const struct breaker *b, int64_t now);	/* "closed", "open", "half" */

/* A bounded set of them by target; the longest untouched one makes room. */
struct breakers;
struct breakers *breakers_new(unsigned max, int limit, int64_t pause_ms);
void breakers_free(struct breakers *bs);	/* NULL is fine */
int64_t breakers_wait(struct breakers *bs, const char *target, int64_t now);	/* ms; 0 a try is allowed */
void breakers_note(struct breakers *bs, const char *target, bool failed, int64_t now);	/* how a try has ended */

#endif
