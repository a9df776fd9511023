/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - one job of the topics in ssh.c: a login, then its command or commands one
 * after the other; of a long one a look now and then, with a new login each.
 */
#ifndef MID_SSH_RUN_H
#define MID_SSH_RUN_H

#include <midd/probe.h>

#define PATH_DEFAULT "/usr/sbin:/usr/bin:/bin:/sbin"	/* mid.ssh.set_path, spec 9 */

/* As in struct mid_probe. */
int ssh_open(void **state, const struct mid_host *h, struct mid_run *run);
enum mid_next ssh_step(void *state, struct mid_wait *wait);
bool ssh_cancel(void *state);
void ssh_close(void *state);

#endif
