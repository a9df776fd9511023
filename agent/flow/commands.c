/* SPDX-License-Identifier: Apache-2.0 */
/* commands - see commands.h. */
#include "flow/commands.h"

#include <json-c/json_object.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "self.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xml.h"

static void
refuse(struct command_result *res, int class, const char *why)
{
	res->class = class;
	snprintf(res->error, sizeof(res->error), "%.299s", why);
}

static void
say_take(struct command_result *res, struct json_object *o)
{
	(void)json_write(&res->output, o);
	json_object_put(o);
}

static void
do_pause(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	flow_pause(f, "the instance");
	(void)buf_puts(&res->output, "paused");
}

static void
do_resume(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	flow_resume(f, "the instance");
	(void)buf_puts(&res->output, "resumed");
}

static void
after_stop(struct flow *f)
{
	agent_stop(f->ag, "the instance said stop", false);
}

static void
after_restart(struct flow *f)
{
	agent_stop(f->ag, "the instance said restart", true);
}

static void
do_stop(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)row;
	(void)buf_puts(&res->output, "stopping");
	res->after = after_stop;
}

static void
do_restart(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)row;
	(void)buf_puts(&res->output, "restarting");
	res->after = after_restart;
}

static void
do_status(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	say_take(res, flow_state(f));
}

static void
do_workers(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	say_take(res, pool_state(f->ag->pool));
}

/* Jobs are found by the correlator, or by the sys_id in name. */
static void
do_cancel(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	int n = 0;

	if (row->correlator[0] != '\0')
		n = flow_cancel(f, NULL, row->correlator, "cancelled by the instance");
	else if (row->name[0] != '\0')
		n = flow_cancel(f, row->name, NULL, "cancelled by the instance");
	else
		refuse(res, CLASS_BAD_PARAM, "cancel needs an agent_correlator, or a sys_id in name");
	(void)buf_printf(&res->output, "%d cancelled", n);
}

static void
do_clear_queue(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	log_warn("control", "the instance clears the queue: waiting jobs are cancelled");
	(void)buf_printf(&res->output, "%d cancelled", flow_cancel(f, NULL, NULL, "the instance cleared the queue"));
}

static void
do_poll_now(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)row;
	flow_poll_now(f);
	(void)buf_puts(&res->output, "ok");
}

static void
do_reload(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	struct err err = { 0 };

	(void)row;
	if (agent_reload(f->ag, &err) < 0)
		refuse(res, CLASS_BAD_PARAM, err.text);
	else
		(void)buf_puts(&res->output, "reloaded");
}

static void
do_gc(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)row;
	malloc_trim(0);
	(void)buf_puts(&res->output, "ok");
}

static void
do_nothing(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)buf_printf(&res->output, "%.100s: nothing to do for midd", row->source);
}

static void
no_script(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	log_event(EV_SCRIPT, LOG_LV_WARN, "control", "the instance asked to run a script in the agent (%s): refused", row->sys_id);
	store_audit(f->ag->store, "script-refused", row->sys_id, "SystemCommand script");
	refuse(res, CLASS_POLICY, "midd runs no script from the instance, ever");
}

static void
no_upgrade(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)row;
	refuse(res, CLASS_UNSUPPORTED, "midd is managed by the package manager of its host: upgrade it there");
}

static void
no_such(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	(void)f;
	(void)row;
	refuse(res, CLASS_UNSUPPORTED, "midd does not serve this command");
}

/* SystemCommand rows by their source column. */
static const struct command {
	const char *source;
	void (*fn)(struct flow *, const struct ecc_row *, struct command_result *);
} commands[] = {
	{ "pause", do_pause }, { "pauseMid", do_pause },
	{ "unpause", do_resume }, { "resume", do_resume }, { "resumeMid", do_resume },
	{ "stop", do_stop },
	{ "restart", do_restart }, { "restartService", do_restart },
	{ "status", do_status }, { "mid_status_change", do_status }, { "getResourceState", do_status },
	{ "threaddump", do_workers },
	{ "cancel", do_cancel }, { "cancel_discovery", do_cancel },
	{ "clear_queue", do_clear_queue },
	{ "resetQueryWindow", do_poll_now },
	{ "load_properties", do_reload }, { "credentials_reload", do_reload },
	{ "gc", do_gc },
	{ "load_ip_access", do_nothing }, { "privileged_command_reload", do_nothing },
	{ "acls_change", do_nothing }, { "connection_cache_update", do_nothing },
	{ "probe_cache", do_nothing }, { "range_cache", do_nothing }, { "invalidate_cache", do_nothing },
	{ "service_account_reload", do_nothing }, { "clear_cookies", do_nothing },
	{ "FileChange", do_nothing }, { "mibs_reload", do_nothing }, { "environment_clear", do_nothing },
	{ "CitChanged", do_nothing }, { "CustomOperationChanged", do_nothing },
	{ "PatternExtensionChanged", do_nothing }, { "MetadataRulesChanged", do_nothing },
	{ "script", no_script },
	{ "upgradeNow", no_upgrade }, { "autoUpgrade", no_upgrade },
	{ "installNmap", no_upgrade }, { "uninstallNmap", no_upgrade },
	{ "grabNdl", no_such }, { "grabLog", no_such }, { "deleteLog", no_such },
	{ "updateConfig", no_such }, { "delete_mid_keypair", no_such },
};

void
command_do(struct flow *f, const struct ecc_row *row, struct command_result *res)
{
	size_t i;

	if (strcmp(row->topic, "HeartbeatProbe") == 0) {
		do_status(f, row, res);
		return;
	}
	log_info("control", "SystemCommand %s (%s)", row->source, row->sys_id);
	store_audit(f->ag->store, "system-command", row->sys_id, row->source);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].source, row->source) == 0) {
			commands[i].fn(f, row, res);
			return;
		}
	res->class = CLASS_UNSUPPORTED;
	snprintf(res->error, sizeof(res->error), "midd knows no SystemCommand \"%.100s\"", row->source);
}
