/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - every command and every option of the command line, one row
 * each. Help, completion and the test of the manual page walk these rows.
 */
#include "midctl.h"

#include "cmd.h"

#define AT(member) offsetof(struct asked, member)

const struct flag flags[] = {
	{ "--json", NULL, NULL, AT(json), FLAG_SWITCH, F_JSON, "print JSON instead of a screen" },
	{ "--watch", "-w", NULL, AT(watch), FLAG_SWITCH, F_WATCH, "show it again every two seconds" },
	{ "--failed", NULL, NULL, AT(failed), FLAG_SWITCH, F_FAILED, "only jobs that failed" },
	{ "--open", NULL, NULL, AT(open), FLAG_SWITCH, F_OPEN, "only jobs that are not ended" },
	{ "--limit", "-n", "N", AT(limit), FLAG_NUMBER, F_LIMIT, "at most N rows (20)" },
	{ "--job", NULL, "ID", AT(job), FLAG_TEXT, F_JOB, "only lines of this job" },
	{ "--origin", NULL, NULL, AT(origin), FLAG_SWITCH, F_ORIGIN, "say where each value was written" },
	{ "--why", NULL, "TEXT", AT(why), FLAG_TEXT, F_WHY, "the reason, for the instance and the log" },
	{ "--source", NULL, "HOST", AT(source), FLAG_TEXT, F_RUN, "the target" },
	{ "--name", NULL, "TEXT", AT(name), FLAG_TEXT, F_RUN, "the job's name column" },
	{ "--timeout", NULL, "TIME", AT(timeout), FLAG_TEXT, F_RUN, "how long it may take, such as 30s (10m)" },
	{ "--no-daemon", NULL, NULL, AT(no_daemon), FLAG_SWITCH, F_RUN, "start a worker of one's own, without midd" },
	{ "--read", NULL, "DIR", AT(read), FLAG_READ, F_RUN, "own worker: a folder it may read" },
	{ "--probes", NULL, "DIR", AT(probes), FLAG_TEXT, F_RUN, "own worker: where the probe modules are" },
	{ "--maps", NULL, "DIR", AT(maps), FLAG_TEXT, F_RUN, "own worker: where the maps are" },
	{ "--exec", NULL, "DIR", AT(exec), FLAG_TEXT, F_RUN, "own worker: where the exec probes are" },
	{ "--worker", NULL, "FILE", AT(worker), FLAG_TEXT, F_RUN, "own worker: its program" },
	{ "--control", NULL, "PATH", AT(control), FLAG_TEXT, F_ANY, "the socket of midd ($MIDD_CONTROL)" },
	{ "--config", NULL, "FILE", AT(config), FLAG_TEXT, F_ANY, "the configuration ($MIDD_CONFIG)" },
	{ "--help", "-h", NULL, AT(help), FLAG_SWITCH, F_ANY, "this text" },
	{ NULL, NULL, NULL, 0, FLAG_SWITCH, 0, NULL }
};

const struct command commands[] = {
	{ "status", "", 0, 0, F_JSON | F_WATCH, "is midd well, and what is it doing",
	  { "midctl status -w", "midctl status --json | jq .problems" }, cmd_status },
	{ "jobs", "", 0, 0, F_JSON | F_FAILED | F_OPEN | F_LIMIT, "list jobs, newest first",
	  { "midctl jobs --failed", "midctl jobs --open --limit 50" }, cmd_jobs },
	{ "job show", "ID", 1, 1, F_JSON, "the road of one job; ID may be cut short",
	  { "midctl job show 4f0c1a", "midctl job show 4f0c1a --json" }, cmd_job_show },
	{ "job cancel", "ID", 1, 1, F_JSON | F_WHY, "stop a job and tell the instance",
	  { "midctl job cancel 4f0c1a", "midctl job cancel 4f0c1a --why 'wrong range'" }, cmd_job_cancel },
	{ "job retry", "ID", 1, 1, F_JSON, "run a failed or quarantined job again",
	  { "midctl job retry 4f0c1a", "midctl job retry 4f0c1a --json" }, cmd_job_retry },
	{ "run", "TOPIC [name=value ...]", 1, -1, F_JSON | F_RUN, "run a probe by hand, and print what it gives",
	  { "midctl run Echo text=hello", "midctl run LocalInventory sections=os,cpu --json" }, cmd_run },
	{ "probes", "", 0, 0, F_JSON, "what the workers can do",
	  { "midctl probes", "midctl probes --json | jq -r '.[].topics[]'" }, cmd_probes },
	{ "spool", "", 0, 0, F_JSON, "results that wait for the instance",
	  { "midctl spool", "midctl spool --json" }, cmd_spool },
	{ "log", "", 0, 0, F_JSON | F_JOB | F_LIMIT, "the integration log",
	  { "midctl log -n 100", "midctl log --job 4f0c1a" }, cmd_log },
	{ "config check", "", 0, 0, F_JSON, "is the configuration right",
	  { "midctl config check", "midctl config check --config ./midd.yaml" }, cmd_config_check },
	{ "config show", "", 0, 0, F_JSON | F_ORIGIN, "every option and its value",
	  { "midctl config show --origin", "midctl config show --json" }, cmd_config_show },
	{ "pause", "", 0, 0, F_JSON, "take no more jobs; what runs goes on",
	  { "midctl pause", "midctl pause && midctl jobs --open" }, cmd_pause },
	{ "resume", "", 0, 0, F_JSON, "take jobs again",
	  { "midctl resume", "midctl resume --json" }, cmd_resume },
	{ "poll", "", 0, 0, F_JSON, "ask the instance for work now",
	  { "midctl poll", "midctl poll && midctl status" }, cmd_poll },
	{ "metrics", "", 0, 0, F_JSON, "figures as OpenMetrics text",
	  { "midctl metrics", "midctl metrics > /var/lib/node_exporter/midd.prom" }, cmd_metrics },
	{ "audit verify", "", 0, 0, F_JSON, "is the chain of the audit whole",
	  { "midctl audit verify", "midctl audit verify --json" }, cmd_audit_verify },
	{ "version", "", 0, 0, F_JSON, "versions of midctl and of the running midd",
	  { "midctl version", "midctl version --json" }, cmd_version },
	{ "completion", "bash", 1, 1, 0, "completion for the shell",
	  { "midctl completion bash > /etc/bash_completion.d/midctl", ". <(midctl completion bash)" }, cmd_completion },
	{ NULL, NULL, 0, 0, 0, NULL, { NULL, NULL }, NULL }
};
