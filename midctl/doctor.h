/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor - every hop between midd and its work, in the order a byte takes
 * them; each is well, or said with its remedy. A hop behind a broken one is
 * not tried: its failure would only repeat what is known.
 */
#ifndef MIDCTL_DOCTOR_H
#define MIDCTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pair.h"

struct asked;
struct json_object;

enum hop_state { HOP_OK, HOP_WARN, HOP_BAD, HOP_SKIPPED };

struct hop {
	enum hop_state state;
	char what[400], remedy[300];
};

/* What one request to the instance came to. */
struct visit {
	bool made;
	int status;			/* 0: no answer; then WHY */
	int code;			/* E_* */
	bool ours;			/* it was not even begun, for want of a file of our own */
	char why[400];
	bool result;			/* it was JSON with a result, as instances answer */
	char location[200];
	int64_t date_s;
	char tls[20];
	int64_t rtt_ms;
};

struct doctor {
	const struct asked *asked;
	struct json_object *options;	/* as midd reads them; NULL: its configuration is wrong */
	struct json_object *status;	/* of the running midd; NULL it does not run */
	int status_code;		/* E_* why not */
	char host[256], port[8];	/* of the instance */
	char proxy_host[256], proxy_port[8];	/* "" none */
	struct pair pair;		/* the certificate in force, and its key */
	bool expired;			/* it is over */
	struct visit agents, queue;
	const char *shut;		/* a file of the login that only the service can read; NULL: none */
};

typedef void hop_fn(struct doctor *d, struct hop *h);

/* What is said of a hop; the second of each is the remedy. */
void hop_ok(struct hop *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void hop_bad(struct hop *h, enum hop_state state, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* An option's value in force; "" when there is none. Borrowed. */
const char *doctor_option(const struct doctor *d, const char *name);
/* It is encrypted to this host, and the service, which opens it, does not run. */
bool doctor_sealed(const char *path);
int64_t doctor_duration(const char *text);	/* "10s" in ms */
int64_t doctor_size(const char *text);		/* "100 MB" in bytes */

/* doctor_net.c: up to the socket. */
hop_fn hop_dns, hop_proxy, hop_tcp;
/* doctor_http.c: from the handshake on. */
hop_fn hop_tls, hop_http, hop_login, hop_role, hop_clock;
/* doctor_host.c: this machine. */
hop_fn hop_config, hop_files, hop_certificate, hop_disk, hop_sandbox, hop_workers, hop_helpers, hop_midd, hop_spool;

/* The whole examination: [{hop, state, what, remedy}], the caller's; *WORST may be NULL. */
struct json_object *doctor_examine(const struct asked *a, enum hop_state *worst);

/* For tests: the judgement of a visit alone. */
void judge_tls(const struct visit *v, struct hop *h);
void judge_http(const struct visit *v, struct hop *h);
void judge_login(const struct visit *v, bool certificate, struct hop *h);
void judge_role(const struct visit *agents, const struct visit *queue, struct hop *h);
void judge_clock(int64_t ahead_s, struct hop *h);
struct os_guard_state;
void judge_sandbox(const struct os_guard_state *g, struct hop *h);

#endif
