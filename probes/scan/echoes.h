/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echoes - echo requests by a call of the system's own, which needs no right and whose answers are
 * fetched later: os/windows. Linux has sockets for them (dgram.c).
 */
#ifndef MID_SCAN_ECHOES_H
#define MID_SCAN_ECHOES_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct echoes;

struct echoes *echoes_new(void);	/* NULL: the system has no such call */
void echoes_free(struct echoes *e);	/* NULL is fine; does not wait for those under way */
/* Whether one was sent: 1; 0 so many are under way that there is no room now; <0 W can't be reached, errno. */
int echoes_ask(struct echoes *e, const struct where *w, uint32_t host, uint32_t cookie, int patience_ms);
/* One that W itself has answered: its HOST, and how long it took. False: no more now. */
bool echoes_take(struct echoes *e, uint32_t *host, int *after_ms);
int echoes_wait(const struct echoes *e);	/* ms until the next look; -1 none is under way */

#endif
