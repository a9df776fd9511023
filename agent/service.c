/* SPDX-License-Identifier: Apache-2.0 */
/* service - see service.h. */
#include "service.h"

#include <stdio.h>
#include <time.h>

#include "agent.h"
#include "config/config.h"
#include "flow/flow.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "self.h"

void
service_say(struct agent *ag, const char *state)
{
	(void)ag;
	(void)os_notify(state);
}

static void
say_status(struct agent *ag, const char *first)
{
	struct instance_state in;
	char text[400];
	const char *trouble;

	instance_state(ag->instance, &in);
	trouble = in.connected ? self_trouble(ag->self) : in.trouble;
	snprintf(text, sizeof(text), "%s\nSTATUS=%s%.200s%s%.120s", first,
	    in.connected ? "connected to " : "not connected to ", in.host, trouble[0] != '\0' ? ": " : "", trouble);
	(void)os_notify(text);
}

/* No ping for the manager when polling or delivery has stopped without a reason: it restarts us. */
static void
feed(void *arg)
{
	struct agent *ag = arg;

	loop_timer_arm(ag->watchdog, os_watchdog_ms() / 2);
	if (flow_alive(ag->flow))
		say_status(ag, "WATCHDOG=1");
	else
		log_event(EV_NO_PROGRESS, LOG_LV_ERR, "midd", "no progress: the watchdog is not fed");
}

void
service_ready(struct agent *ag)
{
	say_status(ag, "READY=1");
	if (os_watchdog_ms() > 0) {
		ag->watchdog = loop_timer_new(ag->loop, feed, ag);
		loop_timer_arm(ag->watchdog, os_watchdog_ms() / 2);
	}
}

void
service_reloading(struct agent *ag)
{
	struct timespec ts;
	char text[80];

	(void)ag;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
	(void)os_notify(text);
}

void
service_close(struct agent *ag)
{
	loop_timer_free(ag->watchdog);
	ag->watchdog = NULL;
}
