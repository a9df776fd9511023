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

/* All but flow and control, which open when the workers are READY. */
int parts_open(struct agent *ag, void (*ready)(void *arg, int r, const struct err *err), struct err *err);
void parts_close(struct agent *ag);
/* What can change without a restart: the instance link. On failure all stays as it was. */
int parts_reconfigure(struct agent *ag, struct config *now, struct err *err);
/* ag->trial: a link that logs in with CERT_FILE and the key we have. */
int parts_try_cert(struct agent *ag, const char *cert_file, struct err *err);
void parts_log(struct agent *ag);		/* level and form as configured */

#endif
