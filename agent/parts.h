/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts - midd's parts made from its configuration, in order, and let go in
 * reverse.
 */
#ifndef MID_PARTS_H
#define MID_PARTS_H

struct agent;
struct config;
struct err;
struct pair;

/* All but flow and control, which open when the workers are READY. */
int parts_open(struct agent *ag, void (*ready)(void *arg, int r, const struct err *err), struct err *err);
void parts_close(struct agent *ag);
/* What can change without a restart: the instance link. On failure all stays as it was. */
int parts_reconfigure(struct agent *ag, struct config *now, struct err *err);
/* ag->trial: a link that logs in with P. */
int parts_try_pair(struct agent *ag, const struct pair *p, struct err *err);
/* The pair in force has changed: the link and the seal use it from now on. On failure all stays as it was. */
int parts_change_pair(struct agent *ag, struct err *err);
/* What parts_open() would refuse in C, as far as that is known without opening anything. */
int parts_check(const struct config *c, struct err *err);
void parts_log(struct agent *ag);		/* level and form as configured */

#endif
