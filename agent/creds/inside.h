/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of creds/ know of each other: record.c (what a
 * record says), vault.c and instance.c (where records come from), values.c,
 * command.c and kv.c (who opens them), order.c (which is next), guard.c
 * (how often an account was tried), asker.c (a run's dealings), hostkeys.c.
 */
#ifndef MID_CREDS_INSIDE_H
#define MID_CREDS_INSIDE_H

#include "buf.h"
#include "creds/creds.h"

#define RECORDS_MAX 5000u	/* of one source */
#define RECORD_TEXT_MAX 4000u	/* of one column */
#define SEALED_MAX (60u * 1024)
#define FIELDS_MAX 32

struct agent;
struct loop_timer;
struct source;

/* --- a record: everything but its values (record.c) ---------------------------- */

struct record {
	char *id;			/* "vault:NAME" or "instance:SYS_ID": for logs and probes */
	char *name, *type, *user;
	char *tags, *ranges;		/* lists; ranges "": everywhere */
	char *via;			/* who opens it: a row of openers[] in values.c */
	char *ref;			/* its name there */
	int64_t order;
	bool per_target;		/* an account on each target: failures there count there alone */
	void *sealed;			/* for via "vault" and "instance" */
	size_t sealed_len;
	const struct source *source;
};

struct records { struct record *v; size_t n; };

/* O: {name, type, user, order, tags, ranges, via, ref, scope, sealed (base64)}. ID is made of PREFIX and KEY. */
int record_parse(struct record *out, const char *prefix, const char *key, struct json_object *o, struct err *err);
struct json_object *record_json(const struct record *r);	/* no values; the caller's */
void record_fini(struct record *r);
void records_fini(struct records *rs);
bool record_is_for(const struct record *r, const char *types, const char *address, const char *tag, const char *only);
/* Words in a comma list. */
bool list_has(const char *list, const char *word);
bool type_guarded(const char *type);		/* a wrong try may lock the account */
bool type_known(const char *type);
const char *type_trial(const char *type);	/* the topic that tries one of this type; NULL none */
bool topic_is_trial(const char *topic);
/* The first field TYPE needs and FIELDS lacks; NULL none. */
const char *type_lacks(const char *type, struct json_object *fields);

/* --- sources: rows in creds.c ------------------------------------------------------ */

struct loaded { struct creds *c; unsigned source; };

struct source {
	const char *name;
	/* Reads all records; answers once with source_loaded(). */
	void (*load)(struct creds *c, unsigned index);
};
/* RS is swallowed when ERR is NULL; else what was there stays. */
void source_loaded(struct creds *c, unsigned index, struct records *rs, const struct err *err);
void source_load(struct creds *c, unsigned index);	/* again; its answer comes by source_loaded() */
void vault_load(struct creds *c, unsigned index);
void instance_load(struct creds *c, unsigned index);

#define SOURCES 2
struct source_state {
	struct records records;
	int64_t loaded_ms;		/* wall clock; 0 never */
	char trouble[300];
	bool loading, again;
};

struct creds {
	struct agent *ag;
	struct source_state source[SOURCES];
	struct asker *askers;
	struct guard *guard;
	struct opening *opening;	/* values on their way */
	struct kv *kv;
	struct loop_timer *timer;	/* a source in trouble is asked again */
	bool closing;
	uint64_t rows;			/* keeps rows of one millisecond apart */
	bool kicking, kick_again;	/* askers_kick() */
};
extern const struct source creds_sources[SOURCES];
/* FN for each record, until it gives true. */
struct record *creds_find(struct creds *c, const char *id_or_name);

/* --- values.c: the fields of a record ------------------------------------------------- */

/* FIELDS borrowed, wiped after the call; NULL and ERR when they can't be had. */
typedef void values_fn(void *arg, struct json_object *fields, const struct err *err);
struct opening;
/* FN once, later. The record may go meanwhile. NULL is never returned. */
struct opening *values_open(struct creds *c, const struct record *r, const char *address, values_fn *fn, void *arg);
void values_forget(struct opening *o);		/* FN is not called any more; NULL is fine */
void values_done(struct opening *o, struct json_object *fields, const struct err *err);
/* Overwrites every string in O, then lets it go. */
void values_wipe(struct json_object *o);
const char *opening_ref(const struct opening *o);
const char *opening_type(const struct opening *o);
const char *opening_address(const struct opening *o);
struct creds *opening_creds(const struct opening *o);
/* Words others use (username, pswd, pkey) become ours. O is swallowed. */
struct json_object *values_rename_take(struct json_object *o);
struct program;
/* The fields in TEXT, a JSON object; KV: in the data of its data. NULL: there are none. The caller's: values_wipe(). */
struct json_object *values_read(const char *text, size_t len, bool kv);
void opening_set_program(struct opening *o, struct program *p);
void openings_cancel(struct creds *c);	/* at closing */
void command_open(struct opening *o);
void kv_open(struct opening *o);
void kv_close(struct creds *c);

/* --- guard.c ------------------------------------------------------------------------------ */

enum guard_says { GUARD_YES, GUARD_WAIT, GUARD_NO };
struct guard;
void guard_open(struct creds *c);		/* reads what an earlier life has tried */
void guard_close(struct guard *g);
bool guard_ready(const struct guard *g);
/* May the account of R be tried on ADDRESS now? WAIT: tries are under way that may yet be good. */
enum guard_says guard_may(struct guard *g, const struct record *r, const char *address, int64_t *wait_ms);
/* Counts a try, durably, before it is made; FN when it is on the disk. Gives its number. */
uint64_t guard_begin(struct guard *g, const struct record *r, const char *address, void (*fn)(void *, int), void *arg);
/* BAD: it counts for creds.lock_window; else it never was. */
void guard_end(struct guard *g, uint64_t n, bool bad);
int guard_failures(struct guard *g, const struct record *r, const char *address);

/* --- order.c -------------------------------------------------------------------------------- */

/* What the store knows of a target, read once for each run and host. */
struct known {
	char *affinity;			/* id of the record that worked last; NULL none */
	struct json_object *refused;	/* id -> ms, lately */
};
void known_fini(struct known *k);

struct candidate {
	struct record *r;
	bool affine;
	const char *skip;		/* why it is not tried; NULL it is */
};
/* In the order they are tried; the skipped ones last. *OUT is the caller's: free(). */
size_t order_of(struct creds *c, const struct known *k, const char *types, const char *address, const char *tag,
    const char *only, struct candidate **out);

/* --- asker.c, hostkeys.c ------------------------------------------------------------------------ */

struct asker;
void askers_kick(struct creds *c);		/* the guard, a source or the store has news */
struct asker_host { char *name, *address; struct asker_host *next; };
/* Does NAME stand in TEXT, as a word of its own and in any case? */
bool text_names(const char *text, const char *name);
/* Its topic opens connections; no other gets credentials, whatever its worker says. */
bool asker_has_target(const struct asker *a);
/* The address of HOST ("-": the target) as this run knows it; NULL: it has not asked. */
const char *asker_address(const struct asker *a, const char *host);
void asker_tell(struct asker *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A completion may come when the asker is gone: hold and drop it. */
struct asker *asker_hold(struct asker *a);
bool asker_drop(struct asker *a);		/* false: it is gone, say nothing */
struct creds *asker_creds(const struct asker *a);
const char *asker_job_id(const struct asker *a);
const char *asker_source(const struct asker *a);	/* as the job names its target */

/* --- authorities.c ------------------------------------------------------------------------------- */

void authority_keep(struct creds *c, const char *patterns, const char *type, const char *key);
void authorities_ask(struct asker *a, const char *about);
void authority_row(struct json_object *o, struct json_object *row);	/* as hostkeys_list() tells it */

#define HOST_AUTHORITY "hostauthority"
#define HOSTKEY "hostkey"			/* kinds of rows in the store: trusted, */
#define HOSTKEY_OFFERED "hostkey-offered"	/* and refused until a person says otherwise */
void hostkeys_ask(struct asker *a, const char *what, const char *about);
char *hostkeys_row(const char *host, int port, const char *type);	/* the key of its row; the caller's */

#endif
