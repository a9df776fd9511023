/* SPDX-License-Identifier: Apache-2.0 */
/* cmd - the functions behind the rows of commands.c; each gives an exit_status. */
#ifndef MIDCTL_CMD_H
#define MIDCTL_CMD_H

struct asked;

int cmd_status(const struct asked *a);
int cmd_jobs(const struct asked *a);
int cmd_job_show(const struct asked *a);
int cmd_job_cancel(const struct asked *a);
int cmd_job_retry(const struct asked *a);
int cmd_run(const struct asked *a);
int cmd_probes(const struct asked *a);
int cmd_spool(const struct asked *a);
int cmd_log(const struct asked *a);
int cmd_config_check(const struct asked *a);
int cmd_config_show(const struct asked *a);
int cmd_creds_list(const struct asked *a);
int cmd_creds_add(const struct asked *a);
int cmd_creds_test(const struct asked *a);
int cmd_creds_remove(const struct asked *a);
int cmd_creds_why(const struct asked *a);
int cmd_creds_reload(const struct asked *a);
int cmd_hostkeys_list(const struct asked *a);
int cmd_hostkeys_accept(const struct asked *a);
int cmd_hostkeys_remove(const struct asked *a);
int cmd_hostkeys_import(const struct asked *a);
int cmd_facts_parse(const struct asked *a);
int cmd_profiles_test(const struct asked *a);
int cmd_profiles_list(const struct asked *a);
int cmd_profiles_check(const struct asked *a);
int cmd_policy_show(const struct asked *a);
int cmd_policy_check(const struct asked *a);
int cmd_enroll(const struct asked *a);
int cmd_discover(const struct asked *a);
int cmd_discovery(const struct asked *a);
int cmd_pause(const struct asked *a);
int cmd_resume(const struct asked *a);
int cmd_restart(const struct asked *a);
int cmd_poll(const struct asked *a);
int cmd_metrics(const struct asked *a);
int cmd_protect(const struct asked *a);
int cmd_doctor(const struct asked *a);
int cmd_explain(const struct asked *a);
int cmd_bundle(const struct asked *a);
int cmd_import_config(const struct asked *a);
int cmd_audit_verify(const struct asked *a);
int cmd_version(const struct asked *a);
int cmd_completion(const struct asked *a);

#endif
