/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config - what the operator wants: midd.yaml and the drop-ins in midd.d/.
 *
 * One row an option (options.c): parsing, checking, `midctl config show`, the
 * commented etc/midd.yaml and the test of the man page all walk the same rows.
 * A later file wins; each value remembers its file and line. Unknown options
 * are errors that name the nearest known one.
 */
#ifndef MID_CONFIG_H
#define MID_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct json_object;

enum { LANE_INTERACTIVE, LANE_EXPEDITED, LANE_STANDARD, LANES };

struct config_origin;		/* only config/ looks inside */

struct config {
	struct config_origin *origins;	/* where each value was written, one a row */
	char *name;			/* agent name: mid.server.NAME */
	struct {
		char *url, *ca, *cert, *key, *crl, *ocsp;
		char *user, *password_file;
		char *proxy, *proxy_user, *proxy_password_file, *proxy_login, *proxy_keytab, *no_proxy;
		bool proxy_env;
		int64_t connect_ms, total_ms;
		bool batch;
		char *version_shown;	/* text for ecc_agent.version; "" = "midd VERSION" */
	} instance;
	struct { bool renew, new_key; int64_t renew_before_ms; } cert;
	struct {
		char *mode;		/* required, at-rest, off */
		char *instance_cert, *rest_key;
	} seal;
	struct {
		int64_t min_ms, max_ms, pushed_ms;	/* 1 s, 5 s, 40 s */
		bool push;
		int64_t batch;		/* rows a poll */
	} poll;
	struct {
		int64_t lane[LANES];	/* slots: 10, 20, 25 */
		int64_t aging_ms;	/* a waiting job rises one lane */
		int64_t per_target;	/* runs at once for one source */
		int64_t run_ms;		/* deadline of a job that names none */
		int64_t waiting_max;	/* accepted but not running */
		int64_t deaths_max;	/* 2: then quarantine */
	} jobs;
	struct {
		int64_t page_bytes, result_max_bytes;
		int64_t spool_max_bytes, disk_min_bytes;
		int64_t retry_min_ms, retry_max_ms;
		int64_t keep_ms;
	} results;
	struct {
		int64_t max, runs, idle_ms, hung_ms, memory_max_bytes;
		char *program, *probes, *maps, *exec;
	} workers;
	struct {
		char *source_command, *external;
		char *vault_url, *vault_ca, *vault_path, *vault_token_file, *vault_role_id, *vault_secret_file;
		int64_t lock_failures, lock_window_ms, affinity_ms, refused_ms;
		bool instance;
		bool debug;		/* mid.probe.collect_debug_info */
		char *hostkeys;		/* tofu, strict */
	} creds;
	struct {
		bool loopback, learn;
		char *allow, *deny, *rules;
	} policy;
	struct { int64_t packets, rate, subnet; } snmp;	/* a second, in all and to an agent; at once, of a subnet */
	struct { char *kex, *host_keys, *ciphers, *macs; } ssh;	/* lists, with + - ^ as in ssh_config(5) */
	struct { char *ways; int64_t at_once, per_network, full_ms, target_ms, stale_after; } discovery;
	struct { bool ci_to_ire; char *data_source; } cmdb;
	struct { char *state_dir, *control; bool state_relative; } paths;	/* as it is written */
	struct { char *level, *form; } log;
	struct { char *listen; } metrics;
	struct { char *otlp, *ca; } trace;
	struct { int64_t stats_ms, refresh_ms, progress_ms; } report;	/* queue.stats, our record, queue.discovery */
};

/* Reads FILE and FILE's folder midd.d/(*.yaml) in order of name. *OUT is the caller's. The
 * sentence names file and line. FILE NULL: path_default(). */
int config_load(struct config **out, const char *file, struct err *err);
void config_free(struct config *c);
/* [{option, value, default, origin: "file:line" or "default", help}]; secrets are never values
 * here, only file names. The caller's. */
struct json_object *config_show(const struct config *c);
/*
 * midd --check-config (SHOW false) and --show-config [--json]: reads FILE,
 * tells what is wrong or what is in force; --check-config asks MORE too.
 * The exit status: 0 good, 1 not.
 */
int config_main_check(const char *file, bool show, bool json, int (*more)(const struct config *c, struct err *err));
/* Options that differ and need a restart, as one sentence, or "" (the caller's to free). */
char *config_needs_restart(const struct config *was, const struct config *now);

#endif
