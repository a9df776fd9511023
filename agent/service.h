/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service - what the service manager hears of us (sd_notify(3)): ready,
 * reloading, stopping, one line of status, and a watchdog that is fed only
 * while the road makes progress.
 */
#ifndef MID_SERVICE_H
#define MID_SERVICE_H

struct agent;

void service_ready(struct agent *ag);
void service_say(struct agent *ag, const char *state);
void service_reloading(struct agent *ag);
void service_close(struct agent *ag);

#endif
