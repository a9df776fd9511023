/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs - what midd answers to midctl: one row in verbs.c and one file each.
 * The shapes of the answers are documented in midctl(1).
 */
#ifndef MID_VERBS_H
#define MID_VERBS_H

struct agent;
struct buf;
struct control_call;
struct err;
struct job_row;
struct json_object;

/* Listens on the control socket of the configuration. */
int verbs_serve(struct agent *ag, struct err *err);

/* CTX is the struct agent. */
typedef void verb_fn(void *ctx, struct control_call *call, struct json_object *args);
verb_fn verb_status, verb_jobs, verb_job, verb_cancel, verb_retry, verb_run, verb_probes, verb_spool, verb_log,
    verb_version, verb_pause, verb_resume, verb_restart, verb_poll, verb_config, verb_metrics, verb_audit,
    verb_creds, verb_hostkeys, verb_policy, verb_discover, verb_discovery, verb_ci;

/* All figures as OpenMetrics text; ARG is the struct agent. 0, or -E_FULL at OUT's ceiling. */
int verbs_metrics_text(void *arg, struct buf *out);

/* --- rows.c: what several verbs say -------------------------------------------- */

struct json_object *verbs_job_json(const struct job_row *r);
/*
 * The one job whose id begins with args.id: FN gets it; else CALL is answered
 * here with what is wrong, and FN is not called.
 */
typedef void verbs_job_fn(struct agent *ag, struct control_call *call, const struct job_row *row,
    struct json_object *args);
void verbs_find_job(struct agent *ag, struct control_call *call, struct json_object *args, verbs_job_fn *fn);

#endif
