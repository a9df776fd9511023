/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent - the parts of midd, in the order they are started; stopped in
 * reverse (main.c). Verbs and the road reach each other through this.
 */
#ifndef MID_AGENT_H
#define MID_AGENT_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct control_server;
struct creds;
struct discovery;
struct err;
struct flow;
struct instance;
struct loop;
struct loop_timer;
struct metrics_server;
struct policy;
struct pool;
struct seal;
struct renew;
struct self;
struct store;
struct trace;

struct agent {
	struct loop *loop;
	struct config *config;
	struct seal *seal;
	struct store *store;
	struct instance *instance;
	struct policy *policy;
	struct creds *creds;
	struct pool *pool;
	struct self *self;		/* registration, heartbeat, statistics */
	struct renew *renew;
	struct instance *trial;		/* with a new certificate, until it is proved; else NULL */
	struct discovery *discovery;
	struct flow *flow;
	struct trace *trace;		/* NULL: nobody wants spans */
	struct control_server *control;
	struct metrics_server *metrics;	/* NULL: nobody scrapes */

	const char *config_file;
	char *queue_name;		/* "mid.server.NAME" */
	struct loop_timer *watchdog;
	void (*workers_ready)(void *arg, int r, const struct err *err);
	bool closing;
	int64_t started_at;		/* loop time */
	int64_t started_ms;		/* wall clock */
	char *store_note;		/* what store_open() had to repair; NULL nothing */
	bool stopping;
	int exit_status;
	bool exec_again;		/* restart was asked for */
};

/* All answer at once; the rest follows on the loop. */
void agent_stop(struct agent *ag, const char *why, bool again);
int agent_reload(struct agent *ag, struct err *err);

/* This agent's name in the ECC queue, "mid.server.NAME"; borrowed. */
const char *agent_queue_name(const struct agent *ag);

#endif
