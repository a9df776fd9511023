/* SPDX-License-Identifier: Apache-2.0 */
/* life - stop and reload, whoever asks: a signal, the operator, the instance. See agent.h. */
#include <stdlib.h>

#include "agent.h"
#include "config/config.h"
#include "creds/creds.h"
#include "err.h"
#include "flow/flow.h"
#include "log.h"
#include "loop.h"
#include "parts.h"
#include "renew.h"
#include "self.h"
#include "service.h"
#include "trace/trace.h"

#define STOP_GRACE_MS 8000	/* of the 10 s that a stop may take */

const char *
agent_queue_name(const struct agent *ag)
{
	return ag->queue_name;
}

static void
end_loop(void *arg)
{
	struct agent *ag = arg;

	loop_stop(ag->loop);
}

static void
spans_told(void *arg)
{
	struct agent *ag = arg;

	if (ag->exec_again)
		loop_defer(ag->loop, end_loop, ag);
	else
		self_down(ag->self, end_loop, ag);
}

static void
flow_stopped(void *arg)
{
	struct agent *ag = arg;

	trace_flush(ag->trace, spans_told, ag);
}

void
agent_stop(struct agent *ag, const char *why, bool again)
{
	if (ag->stopping) {
		loop_stop(ag->loop);
		return;
	}
	ag->stopping = true;
	ag->exec_again = again;
	log_event(EV_STOPPING, LOG_LV_INFO, "midd", "stopping: %s", why);
	service_say(ag, "STOPPING=1");
	if (ag->flow != NULL)
		flow_stop(ag->flow, STOP_GRACE_MS, flow_stopped, ag);
	else
		end_loop(ag);
}

int
agent_reload(struct agent *ag, struct err *err)
{
	struct config *now;
	char *restart;
	int r;

	service_reloading(ag);
	r = config_load(&now, ag->config_file, err);
	if (r == 0) {
		r = parts_reconfigure(ag, now, err);
		if (r < 0)
			config_free(now);
	}
	if (r < 0) {
		log_event(EV_RELOAD_REFUSED, LOG_LV_ERR, "midd", "reload refused, the old configuration stays: %s", err->text);
		service_say(ag, "READY=1");
		return r;
	}
	restart = config_needs_restart(ag->config, now);
	if (restart[0] != '\0')
		log_event(EV_NEEDS_RESTART, LOG_LV_WARN, "midd", "reloaded; %s", restart);
	else
		log_info("midd", "reloaded");
	free(restart);
	config_free(ag->config);
	ag->config = now;
	parts_log(ag);
	creds_reload(ag->creds);
	renew_begin(ag->renew);
	if (ag->flow != NULL)
		flow_reconfigured(ag->flow);
	service_say(ag, "READY=1");
	return 0;
}
