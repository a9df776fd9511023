/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self - our own record on the instance: ecc_agent found or made, kept up to
 * date, statistics sent. Work is fetched only while self_ready().
 */
#ifndef MID_SELF_H
#define MID_SELF_H

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct self;

void self_open(struct self **out, struct agent *ag);
void self_closing(struct self *s);		/* no completion touches anything from now on */
void self_close(struct self *s);		/* after the instance is closed; NULL is fine */
void self_begin(struct self *s);		/* registers; tries again with back-off until it can */
bool self_ready(const struct self *s);		/* registered and validated */
const char *self_sys_id(const struct self *s);	/* "" not yet */
const char *self_trouble(const struct self *s);	/* why it is not ready; "" ready */
/* "Up", "Paused", "Down": told to the instance soon. */
void self_status(struct self *s, const char *status);
/* The last word: "Down". DONE when the instance has heard it, or a moment later. */
void self_down(struct self *s, void (*done)(void *arg), void *arg);

#endif
