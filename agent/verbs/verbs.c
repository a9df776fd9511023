/* SPDX-License-Identifier: Apache-2.0 */
/* verbs - see verbs.h. */
#include "verbs/verbs.h"

#include <stddef.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"

static const struct control_verb verbs[] = {
	{ "status", verb_status, "health, link, lanes, spool, guard" },
	{ "jobs", verb_jobs, "rows: jobs, newest first" },
	{ "job", verb_job, "the road of one job" },
	{ "cancel", verb_cancel, "stop a job" },
	{ "retry", verb_retry, "run an ended job again" },
	{ "run", verb_run, "rows: what a probe gives" },
	{ "probes", verb_probes, "what the workers can do" },
	{ "spool", verb_spool, "results that wait" },
	{ "log", verb_log, "rows: the integration log" },
	{ "version", verb_version, "our version" },
	{ "pause", verb_pause, "take no more jobs" },
	{ "resume", verb_resume, "take jobs again" },
	{ "restart", verb_restart, "begin anew" },
	{ "poll", verb_poll, "ask for work now" },
	{ "config", verb_config, "the values in force" },
	{ "metrics", verb_metrics, "OpenMetrics text" },
	{ "audit", verb_audit, "is the chain whole" },
	{ "creds", verb_creds, "credentials: list, add, remove, test, why" },
	{ "hostkeys", verb_hostkeys, "host keys: list, accept, remove, import" },
	{ "policy", verb_policy, "rules in force, or what they say to one command" },
	{ "discover", verb_discover, "begin a discovery" },
	{ "discovery", verb_discovery, "how a discovery stands, or rows: those under way" },
	{ "ci", verb_ci, "which job has last told of a CI" },
	{ NULL, NULL, NULL }
};

int
verbs_serve(struct agent *ag, struct err *err)
{
	return control_serve(&ag->control, ag->loop, ag->config->paths.control, verbs, ag, err);
}
