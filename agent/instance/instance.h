/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instance - everything that is said to the instance, and nothing else.
 *
 * Knows URLs, JSON shapes, status codes and rate limits of the instance's REST
 * APIs (doc: ServiceNow Table, Batch, Attachment, Identification and
 * Reconciliation API). Does not know what a job is. All calls answer later,
 * exactly once, on the loop; each with a verdict that says what is certain.
 */
#ifndef MID_INSTANCE_H
#define MID_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct instance;
struct json_object;
struct loop;

struct instance_config {
	const char *url;		/* https://host[:port] */
	const char *ca_file, *cert_file, *key_file;	/* mutual TLS */
	const char *crl_file;		/* NULL none */
	bool need_staple;		/* OCSP */
	const char *user, *password;	/* basic; warned about; NULL none */
	const char *proxy, *proxy_user, *proxy_password, *proxy_login, *proxy_keytab, *no_proxy;
	bool proxy_env;
	int connect_ms;			/* 0: 10 s */
	int total_ms;			/* 0: 60 s */
	size_t answer_max;		/* bytes; 0: 64 MiB */
	unsigned connections_max;	/* 0: 4 */
	bool batch;			/* the instance has the Batch API */
	const char *data_source;	/* sysparm_data_source of SINK_IRE; NULL: "midd" */
};

int instance_open(struct instance **out, struct loop *loop, const struct instance_config *cfg, struct err *err);
void instance_close(struct instance *in);	/* calls under way get E_CANCELLED first */
/* New certificate, proxy, URL: from the next request on. On failure the old one stays. */
int instance_reconfigure(struct instance *in, const struct instance_config *cfg, struct err *err);

/* What is known after a call. */
enum said {
	SAID_YES,		/* done */
	SAID_NO,		/* refused for good: repeating it won't help */
	SAID_DUPLICATE,		/* it was there already: as good as yes */
	SAID_LATER,		/* not done; again after retry_after_ms (0: as you see fit) */
	SAID_UNSURE		/* may have been done: ask before repeating */
};

struct verdict {
	enum said said;
	int status;			/* HTTP, 0 none */
	int64_t retry_after_ms;		/* -1: the instance did not say */
	const char *why;		/* one sentence, "" for yes; borrowed during the callback */
	const char *ids;		/* of CIs it took: the sys_ids of the first of them, by blanks; NULL not known */
	int err_code;			/* E_*: E_TLS, E_NET, E_AUTH, E_PEER, ... */
	bool reached;			/* the request was on its way, whatever became of it */
};

/* --- jobs ---------------------------------------------------------------------- */

/* One output row, as the instance gave it; all strings non-NULL, borrowed during the callback. */
struct ecc_row {
	const char *sys_id, *agent, *topic, *name, *source, *sequence, *correlator, *created, *state;
	const char *payload;
	size_t payload_len;
	int priority;			/* 0, 1, 2 */
};

/* Rows that do not match the filter asked for are dropped here (the instance widens bad queries). */
typedef void rows_fn(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n);

/* Ready outputs of AGENT ("mid.server.x"), urgent and oldest first; control topics (HeartbeatProbe,
 * SystemCommand) only, or all others only. */
enum poll_what { POLL_CONTROL, POLL_WORK, POLL_ALL, POLL_PROCESSING };
void instance_poll(struct instance *in, const char *agent, enum poll_what what, unsigned limit, rows_fn *fn, void *arg);
/* Outputs of AGENT that are "processing", by sys_id, those behind AFTER ("": from the first). There may be more as long as any come:
 * an answer that is too large is asked for again with fewer rows than LIMIT. */
void instance_processing(struct instance *in, const char *agent, const char *after, unsigned limit, rows_fn *fn, void *arg);
/* The same rows by id, whatever their state: whose are they now? Missing ones are not in the answer. */
void instance_rows(struct instance *in, const char *const *ids, size_t n, rows_fn *fn, void *arg);
/* payload.txt of a row whose payload is <see_attachment/>. Row 0 carries just sys_id and payload. */
void instance_payload(struct instance *in, const char *id, size_t max, rows_fn *fn, void *arg);

typedef void verdict_fn(void *arg, const struct verdict *v);
/* One queue.processing input for all. CLAIM_ID: sys_id of that input, 32 hex. STATE: "processing", or
 * "processed" for a row that has its answer already. */
void instance_claim(struct instance *in, const char *agent, const char *claim_id, const char *state,
    const char *const *ids, size_t n, verdict_fn *fn, void *arg);

/* --- answers --------------------------------------------------------------------- */

enum sink { SINK_ECC, SINK_IRE };

/* Borrowed until the callback. */
#define FENCE_MAX 20
struct answer {
	enum sink sink;
	char id[33];			/* sys_id for the row, made by us: a repeat collides */
	/* SINK_ECC: columns of the input */
	const char *agent, *topic, *name, *source, *response_to, *correlator, *error_string;
	int priority;
	/* SINK_IRE: digits; under which assignment the CIs were found. NULL or "": none. Ours: doc/lab.md, Fences */
	const char *fence;
	/* SINK_ECC: payload text; SINK_IRE: the request, JSON or (sealed) CMS DER */
	const char *body;
	size_t body_len;
	bool sealed;			/* SINK_IRE: body is application/pkcs7-mime */
	void *tag;			/* the caller's */
};
/* V[i] belongs to A[i]. One Batch call when several fit, else one POST each. */
typedef void answers_fn(void *arg, const struct answer *a, const struct verdict *v, size_t n);
void instance_answer(struct instance *in, const struct answer *a, size_t n, answers_fn *fn, void *arg);
/* Which of these input sys_ids are there? PRESENT[i] for IDS[i]; also sought by response_to where
 * an instance does not keep the ids we send. */
typedef void present_fn(void *arg, const struct verdict *v, const bool *present, size_t n);
void instance_present(struct instance *in, const char *const *ids, const char *const *response_to,
    size_t n, present_fn *fn, void *arg);

/* --- ourselves --------------------------------------------------------------------- */

/* Finds our ecc_agent row by SYS_ID (may be ""), else by NAME, else inserts it; then updates
 * COLUMNS (name -> string). Gives the row. */
typedef void record_fn(void *arg, const struct verdict *v, struct json_object *record);
void instance_register(struct instance *in, const char *sys_id, const char *name,
    struct json_object *columns, record_fn *fn, void *arg);
/* The rows that say what the agent can do become NAMES (strings), unless an operator has made some. */
void instance_capabilities(struct instance *in, const char *agent_id, struct json_object *names, verdict_fn *fn, void *arg);
/* A new certificate for the key that signed CSR (PEM); PEM NULL when there is none. */
typedef void renewed_fn(void *arg, const struct verdict *v, const char *pem);
void instance_renew(struct instance *in, const char *csr, renewed_fn *fn, void *arg);
/* A login and nothing else. */
void instance_prove(struct instance *in, verdict_fn *fn, void *arg);
void instance_update_self(struct instance *in, const char *sys_id, struct json_object *columns, verdict_fn *fn, void *arg);

/* The rows of discovery_credentials that are active, as the Table API gives them; ROWS borrowed. */
typedef void list_fn(void *arg, const struct verdict *v, struct json_object *rows);
void instance_credentials(struct instance *in, list_fn *fn, void *arg);

/* --- push ------------------------------------------------------------------------------ */

enum push_news { PUSH_UP, PUSH_DOWN, PUSH_MESSAGE /* there may be work: ask */ };
typedef void push_fn(void *arg, enum push_news news);
/* Has the instance tell at once when there is work for the agent whose record is AGENT_ID; NULL: no more. The same
 * again changes nothing. FN on the loop, until instance_close(); also within a call that ends it. */
void instance_push(struct instance *in, const char *agent_id, push_fn *fn, void *arg);
bool instance_push_is_up(const struct instance *in);
/* There was work: what push says is true, and it need not be slowed down as a channel that babbles is. */
void instance_push_proved(struct instance *in);

/* --- the link itself, for status --------------------------------------------------- */

struct instance_state {
	const char *host;		/* borrowed until the next call */
	bool connected;			/* the last call reached it and it said something sensible */
	int64_t since_ms;		/* loop time of the last change of connected */
	int64_t last_answer_ms;		/* loop time; -1 never */
	int64_t rtt_ms;			/* smoothed; -1 unknown */
	const char *tls;		/* "TLSv1.3", "" */
	int64_t clock_ahead_s;		/* our wall clock before the instance's; 0 unknown */
	int cert_days;			/* until our certificate ends; INT_MAX none */
	const char *cert_subject;
	const char *trouble;		/* "" or the last sentence */
	int trouble_code;		/* E_* */
	uint64_t calls, failures, bytes_out, bytes_in;
	const char *push;		/* off, starting, up, down */
	const char *push_why;		/* "" or why it is down; borrowed until the next call */
	int64_t push_since_ms;		/* loop time */
	int64_t push_next_at;		/* loop time of the next try; -1 none is due */
	uint64_t push_messages;
};
void instance_state(struct instance *in, struct instance_state *out);

#endif
