/* SPDX-License-Identifier: Apache-2.0 */
/*
 * creds - which credential a probe gets for a target, and what became of it.
 *
 * Records come from sources (one row each in creds.c): the instance's store,
 * the local vault. Their values are sealed until the moment a worker asks, and
 * wiped after. Order: what worked there last, then the record's order. A guard
 * counts tries of each account over all probes, durably and before they are
 * made, so that no account is ever locked by us. SSH host keys live here too.
 */
#ifndef MID_CREDS_H
#define MID_CREDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agent;
struct asker;
struct buf;
struct control_call;
struct creds;
struct err;
struct json_object;

/* Takes its configuration, store, seal and policy from AG, which must have them. */
int creds_open(struct creds **out, struct agent *ag, struct err *err);
/* Nothing is answered any more: before the loop is finished; creds_close() after. */
void creds_closing(struct creds *c);
void creds_close(struct creds *c);
/* Reads every source again; records of a source that fails stay as they were. */
void creds_reload(struct creds *c);
/* {sources: [{name, records, loaded_ms, trouble}], records, waiting, resting} for status; the caller's. */
struct json_object *creds_state(const struct creds *c);

/* --- a run that asks (asker.c) ---------------------------------------------------- */

/* Copied. */
struct asker_job {
	const char *job;		/* id, "" by hand */
	const char *topic, *source;
	const char *address;		/* the one policy allowed; "" none */
	const char *tag;		/* only credentials with this tag; "" those for all */
	const char *sent;		/* whose CIs a discovery has sent before; NULL or "" nobody's */
	const char *only;		/* the id or name of the one to use; "" any */
	struct json_object *params;	/* hosts beside its target are those that stand in here; NULL none */
};

/* Called later or at once; FIELDS NULL: none left; borrowed, wiped after. */
struct asker_events {
	void (*give)(void *arg, const char *id, const char *type, struct json_object *fields);
	void (*told)(void *arg, const char *text);
	void (*hand)(void *arg, intptr_t handed);	/* the answer is a descriptor; it is not given away */
};

struct asker *asker_new(struct creds *c, const struct asker_job *job, const struct asker_events *ev, void *arg);
void asker_free(struct asker *a);	/* the run is over; NULL is fine; tries without a verdict count as failed */
void asker_want(struct asker *a, const char *types, const char *host);
void asker_verdict(struct asker *a, const char *id, int verdict, const char *why);
void asker_ask(struct asker *a, const char *what, const char *about);
/* <credentials_debug> for the answer. Number of credentials in it. */
int asker_debug(const struct asker *a, struct buf *out);

/* --- for verbs: each answers CALL ---------------------------------------------------- */

void creds_list(struct creds *c, struct control_call *call);
void creds_add(struct creds *c, struct control_call *call, struct json_object *args);
void creds_remove(struct creds *c, struct control_call *call, const char *name);
void creds_test(struct creds *c, struct control_call *call, const char *name, const char *host);
void creds_why(struct creds *c, struct control_call *call, const char *host);
void hostkeys_list(struct creds *c, struct control_call *call, const char *host);
/* ARGS {host, port, type, key}: this one is right; without key: what was refused last. */
void hostkeys_accept(struct creds *c, struct control_call *call, struct json_object *args);
/* ARGS {line}, of a known_hosts file. {changed: hosts, why: "" or why it was left out}. */
void hostkeys_import(struct creds *c, struct control_call *call, struct json_object *args);
void hostkeys_remove(struct creds *c, struct control_call *call, const char *host, int port);

#endif
