/* SPDX-License-Identifier: Apache-2.0 */
/* inside - what the files of agent/instance/ share with each other only. */
#ifndef MID_INSTANCE_INSIDE_H
#define MID_INSTANCE_INSIDE_H

#include "buf.h"
#include "err.h"
#include "http.h"
#include "instance.h"

#define IN_SUB "instance"		/* our name in the log */
#define TABLE "/api/now/table/"
#define QUEUE TABLE "ecc_queue"
#define BATCH "/api/now/v1/batch"
#define IN_WHY_MAX ERR_TEXT_MAX
#define IN_IDS_MAX 50			/* sys_ids named in one query */

/* What the instance does with the sys_id that we send for a new row. */
enum ids_kept { IDS_UNKNOWN, IDS_KEPT, IDS_REPLACED };

struct ire_wait;
struct link;
struct push;

struct instance {
	struct loop *loop;
	struct link *link;
	struct call *calls;		/* requests under way: request.c */
	bool closing;
	bool batch;
	char *data_source;
	enum ids_kept ids;
	bool wide_told;			/* the log has it that rows not asked for come */
	struct ire_wait *ire_first;	/* ire.c: those that wait their turn */
	bool ire_busy;
	struct push *push;		/* push.c; NULL: nobody asked for it */
	/* for status */
	bool connected;
	int64_t since_ms, last_answer_ms, rtt_ms;
	int64_t date_s, date_at;	/* the instance's clock at loop time; 0 it never said */
	char tls[16], trouble[ERR_TEXT_MAX];
	int trouble_code;
	uint64_t n_calls, n_failures, bytes_out, bytes_in;
};

/* --- request.c: the one way to say something ------------------------------------- */

enum {
	RQ_WRITES = 1,		/* doing it twice is harm: an unclear end is SAID_UNSURE */
	RQ_ASIDE = 4,		/* how it ends says nothing about the link: not counted */
	RQ_INSERTS = 2		/* with our sys_id: "duplicate" means it is there, a yes names the row */
};

struct request {
	const char *method;
	const char *path;		/* with query; copied */
	const char *content_type;	/* NULL: application/json */
	const char *body;		/* borrowed until the answer; NULL none */
	size_t len;
	size_t answer_max;		/* 0: as configured */
	int64_t hold_ms;		/* the instance may keep silent for so long; 0: as any */
	int flags;
};

/* BODY is the answer's, borrowed; "" when there is none. */
typedef void reply_fn(void *arg, const struct verdict *v, const char *body, size_t len);
/* FN later, once; within this call only while the instance is being closed. */
void request_send(struct instance *in, const struct request *rq, reply_fn *fn, void *arg);
void request_cancel_all(struct instance *in);

/* --- push.c ----------------------------------------------------------------------- */

void push_link_changed(struct instance *in);	/* begins anew over the new link */
void push_link_back(struct instance *in);
void push_close(struct instance *in);		/* after request_cancel_all() */
void push_state(const struct instance *in, struct instance_state *out);

/* --- verdict.c: from status to verdict -------------------------------------------- */

struct heard {
	int status;
	int64_t retry_after_s;		/* -1 none */
	const char *body;
	size_t len;
	const char *what;		/* "POST /api/now/table/ecc_queue" */
	int flags;			/* RQ_* */
};
/* V->why is WHY (of IN_WHY_MAX bytes) or "". */
void verdict_of_status(struct verdict *v, char *why, const struct heard *h);
/* No answer at all. */
void verdict_of_silence(struct verdict *v, const struct err *err, bool reached, bool maybe_done, int flags);
/* The instance answered well, but with something that makes no sense. */
void verdict_spoil(struct verdict *v, enum said said, const char *why);
/* Was this the answer of a link that works? */
bool verdict_is_alive(const struct verdict *v);

/* --- rows.c: ECC rows out of an answer; pure ----------------------------------------- */

struct rows_want {
	const char *agent;		/* NULL: any */
	const char *state;		/* NULL: any */
	enum poll_what what;
};
struct rows {
	struct json_object *root;	/* holds the strings */
	struct ecc_row *row;
	size_t n, dropped;
};
bool rows_id_ok(const char *s);		/* 32 hex */
bool rows_is_control(const char *topic);
int rows_parse(struct rows *out, const char *text, size_t len, const struct rows_want *want, struct err *err);
void rows_fini(struct rows *r);

/* --- path.c: paths and encoded queries ------------------------------------------------- */

/* VALUE percent-encoded; where it goes into an encoded query, with ^ doubled. */
void path_put(struct buf *b, const char *value);
void path_put_query(struct buf *b, const char *value);
void path_put_ids(struct buf *b, const char *const *ids, size_t n);

/* --- answer bodies: body.c, pure --------------------------------------------------------- */

/* The JSON of one ECC input. 0 or -E_FULL. */
int body_of_answer(struct buf *b, const struct answer *a);
int body_of_claim(struct buf *b, const char *agent, const char *claim_id, const char *state,
    const char *const *ids, size_t n);

/* --- batch.c: the Batch API's shapes, pure -------------------------------------------------- */

#define BATCH_ITEM_MAX (5u << 20)
#define BATCH_BODY_MAX (8u << 20)
#define BATCH_ITEMS_MAX 200
/* -E_FULL: this one does not fit any more. */
int batch_begin(struct buf *b, const char *request_id);
int batch_add(struct buf *b, size_t index, const char *json, size_t len);
int batch_end(struct buf *b);
struct batch_item { bool serviced, unserviced; int status; char *body; size_t len; };
/* ITEMS[i] for index i; free with batch_items_fini(). */
int batch_parse(struct batch_item *items, size_t n, const char *text, size_t len, struct err *err);
void batch_items_fini(struct batch_item *items, size_t n);

/* --- others ------------------------------------------------------------------------------------ */

/* Learns from the answer to an insert of SENT whether ids are kept. */
void answer_learn(struct instance *in, const char *sent, const char *body, size_t len);
void ire_send(struct instance *in, const struct answer *a, reply_fn *fn, void *arg);
void ire_cancel_all(struct instance *in);
/* How many items and relations of an IRE answer have errors or are set aside, worded into WHY; 0 none; -1: not an answer of the IRE. */
#define IRE_IDS_MAX (32 * 33 + 1)	/* sys_ids that are kept of one payload */
int ire_count_errors(const char *body, size_t len, char *why, size_t size, char ids[IRE_IDS_MAX]);

#endif
