/* SPDX-License-Identifier: Apache-2.0 */
/*
 * several - the commands of a MultiProbe and what each said: parameters
 * command_1, command_2, ... in; one JSON document out,
 * {"commands": [{"command", "exit_status", "stdout", "stderr"}]}.
 */
#ifndef MID_SSH_SEVERAL_H
#define MID_SSH_SEVERAL_H

#include "midd/probe.h"

struct link_exit;
struct several;

struct several *several_new(const struct mid_host *h, struct mid_run *run);	/* NULL after host->fail() */
void several_free(struct several *s);		/* NULL is fine */
const char *several_next(struct several *s);	/* the next command; NULL: that was all */
int several_put(struct several *s, enum mid_kind kind, const void *data, size_t n);	/* <0 after host->fail() */
void several_ended(struct several *s, const struct link_exit *how);
enum mid_next several_tell(struct several *s, struct mid_wait *wait);	/* as a step(): the document */

#endif
