/* SPDX-License-Identifier: Apache-2.0 */
/*
 * door - a listening descriptor on the loop, at which somebody knocks.
 *
 * Where the process or the system has no descriptor left, whoever knocks can't
 * be let in and goes on knocking: the loop would turn without end. The door
 * then rests for a moment, and says so once.
 */
#ifndef MID_DOOR_H
#define MID_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct door;

/* FN when somebody knocks; it accepts until that fails, and says by door_heard() how it ended. NAME (static) is what stands in the log. */
struct door *door_new(struct loop *l, intptr_t fd, const char *name, loop_fn *fn, void *arg);
void door_free(struct door *d);			/* NULL is fine; FD is the caller's, closed after it */
void door_set(struct door *d, bool open);	/* shut: whoever knocks waits in the system's queue */
void door_heard(struct door *d, int r);		/* what the last accept gave; 0: it was the caller who had enough */
unsigned door_rests(const struct door *d);	/* how often it had to */

#endif
