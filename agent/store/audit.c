/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit - what was run where, by whose order: a chain. Each row holds
 * SHA-256 over the hash of the row before it and its own fields, so a row
 * changed or taken out later breaks the chain at that place.
 *
 * The oldest rows go beyond AUDIT_KEPT; the hash of the last one that went
 * stays under "audit.anchor", so the rest can still be verified.
 */
#include <json-c/json_object.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "os.h"
#include "store/inside.h"
#include "xalloc.h"

#define AUDIT_KEPT 500000
#define AUDIT_SLICE 2000	/* verified or removed at a time: commits go in between */
#define DETAIL_MAX 4000
#define ANCHOR "audit.anchor"

/* Each field with its length, so that nothing can move from one to the next. */
static void
put_field(EVP_MD_CTX *md, const void *p, size_t n)
{
	unsigned char len[8];

	for (int i = 0; i < 8; i++)
		len[i] = (unsigned char)((uint64_t)n >> (8 * i));
	EVP_DigestUpdate(md, len, sizeof(len));
	EVP_DigestUpdate(md, p, n);
}

static void
chain(unsigned char hash[32], int64_t n, int64_t ms, const char *what, const char *job, const char *detail)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	char numbers[48];

	snprintf(numbers, sizeof(numbers), "%lld %lld", (long long)n, (long long)ms);
	EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	put_field(md, hash, 32);
	put_field(md, numbers, strlen(numbers));
	put_field(md, what, strlen(what));
	put_field(md, job, strlen(job));
	put_field(md, detail, strlen(detail));
	EVP_DigestFinal_ex(md, hash, NULL);
	EVP_MD_CTX_free(md);
}

static void
to_hex(char out[65], const unsigned char hash[32])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

static void
from_hex(unsigned char hash[32], const char *hex)
{
	unsigned v;

	memset(hash, 0, 32);
	for (int i = 0; i < 32 && sscanf(hex + 2 * i, "%2x", &v) == 1; i++)
		hash[i] = (unsigned char)v;
}

/* --- writing ---------------------------------------------------------------------- */

static void
read_head(struct db *db)
{
	sqlite3_stmt *st = db_ask(db, "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1", "");

	db->audit_n = 0;
	memset(db->audit_head, 0, 32);
	if (db_next(db, st) == 1) {
		db->audit_n = sqlite3_column_int64(st, 0);
		if (sqlite3_column_bytes(st, 1) == 32)
			memcpy(db->audit_head, sqlite3_column_blob(st, 1), 32);
	}
	db_end(st);
}

int
audit_load(struct db *db)
{
	read_head(db);
	return db->broken ? -db->err.code : 0;
}

/* The head is read anew: a transaction that failed may have left ours ahead of the table. */
static int
run_audit(struct db *db, struct op *op)
{
	unsigned char hash[32];
	int r;

	read_head(db);
	if (db->broken)
		return -db->err.code;
	memcpy(hash, db->audit_head, 32);
	chain(hash, db->audit_n + 1, op->num[0], op->text[0], op->id, op->text[1]);
	r = db_run(db, "INSERT INTO audit(n, ms, what, job, detail, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "llsssb",
	    db->audit_n + 1, op->num[0], op->text[0], op->id, op->text[1], (const void *)hash, sizeof(hash));
	return r < 0 ? r : 0;
}

/* One slice of the oldest, with the anchor, in the caller's transaction. */
int
audit_trim(struct db *db)
{
	char hex[65];
	unsigned char hash[32];
	sqlite3_stmt *st;
	int64_t upto = db_number(db, "SELECT min(n) FROM audit", 0) + AUDIT_SLICE - 1;

	if (db->broken || upto > db_number(db, "SELECT max(n) FROM audit", 0) - AUDIT_KEPT)
		return db->broken ? -db->err.code : 0;
	st = db_ask(db, "SELECT hash FROM audit WHERE n = ?1", "l", upto);
	if (db_next(db, st) == 1 && sqlite3_column_bytes(st, 0) == 32)
		memcpy(hash, sqlite3_column_blob(st, 0), 32);
	else
		memset(hash, 0, 32);
	db_end(st);
	to_hex(hex, hash);
	db_run(db, "INSERT INTO kv(key, value) VALUES('" ANCHOR "', ?1)"
	    " ON CONFLICT(key) DO UPDATE SET value = excluded.value", "s", hex);
	db_run(db, "DELETE FROM audit WHERE n <= ?1", "l", upto);
	return db->broken ? -db->err.code : 0;
}

/* --- verifying ----------------------------------------------------------------------- */

struct verify {
	int64_t n, rows, broken_at;
	unsigned char hash[32];
};

static int
verify_begin(struct db *db, struct op *op)
{
	struct verify *v = op->blob = xcalloc(1, sizeof(*v));
	sqlite3_stmt *st = db_ask(db, "SELECT value FROM kv WHERE key = '" ANCHOR "'", "");

	if (db_next(db, st) == 1)
		from_hex(v->hash, db_text(st, 0));
	db_end(st);
	v->n = db_number(db, "SELECT min(n) FROM audit", 1) - 1;
	return db->broken ? -db->err.code : 0;
}

/* Without an anchor the chain begins with row 1: a later beginning means rows are gone. */
static bool
row_holds(struct verify *v, sqlite3_stmt *st)
{
	int64_t n = sqlite3_column_int64(st, 0);

	chain(v->hash, n, sqlite3_column_int64(st, 1), db_text(st, 2), db_text(st, 3), db_text(st, 4));
	return n == v->n + 1 && sqlite3_column_bytes(st, 5) == 32
	    && memcmp(v->hash, sqlite3_column_blob(st, 5), 32) == 0;
}

static void
verify_end(struct op *op)
{
	struct verify *v = op->blob;

	op->json = json_object_new_object();
	json_put_int(op->json, "rows", v->rows);
	json_put_bool(op->json, "ok", v->broken_at == 0);
	json_put_int(op->json, "broken_at", v->broken_at);
}

static int
run_verify(struct db *db, struct op *op)
{
	struct verify *v;
	sqlite3_stmt *st;
	int n = 0, r = op->blob == NULL ? verify_begin(db, op) : 0;

	if (r < 0)
		return r;
	v = op->blob;
	st = db_ask(db, "SELECT n, ms, what, job, detail, hash FROM audit WHERE n > ?1 ORDER BY n LIMIT ?2", "ld",
	    v->n, AUDIT_SLICE);
	while (v->broken_at == 0 && (r = db_next(db, st)) == 1) {
		if (!row_holds(v, st))
			v->broken_at = sqlite3_column_int64(st, 0);
		v->n = sqlite3_column_int64(st, 0);
		v->rows++;
		n++;
	}
	db_end(st);
	if (r >= 0 && v->broken_at == 0 && n == AUDIT_SLICE)
		return OP_MORE;
	if (r >= 0)
		verify_end(op);
	return r < 0 ? r : 0;
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_audit = { "audit", 0, run_audit, tell_done };
static const struct op_kind op_verify = { "audit verify", OP_READ, run_verify, tell_json };

void
store_audit_then(struct store *s, const char *what, const char *job, const char *detail, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_audit, job);

	op->num[0] = os_time_ms();
	op_text(op, 0, what);
	op->text[1] = xstrndup(detail, DETAIL_MAX);
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_audit(struct store *s, const char *what, const char *job, const char *detail)
{
	store_audit_then(s, what, job, detail, NULL, NULL);
}

void
store_audit_verify(struct store *s, store_json_fn *fn, void *arg)
{
	struct op *op = op_new(&op_verify, NULL);

	op->fn.json = fn;
	op->arg = arg;
	store_post(s, op);
}

/* --- of one job --------------------------------------------------------------------- */

#define JOB_ROWS 200
#define JOB_LOOK 100000		/* no index by job: only so many of the newest are looked at */

static int
run_audit_of(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "SELECT ms, what, detail FROM audit WHERE job = ?1 AND"
	    " n > (SELECT max(n) FROM audit) - ?2 ORDER BY n LIMIT ?3", "sll", op->id, (int64_t)JOB_LOOK, (int64_t)JOB_ROWS);
	struct json_object *o;
	int r;

	op->json = json_object_new_array();
	while ((r = db_next(db, st)) == 1) {
		o = json_object_new_object();
		json_put_int(o, "ms", sqlite3_column_int64(st, 0));
		json_put_str(o, "what", (const char *)sqlite3_column_text(st, 1));
		json_put_str(o, "detail", (const char *)sqlite3_column_text(st, 2));
		json_add_take(op->json, o);
	}
	db_end(st);
	return r;
}

static const struct op_kind op_audit_of = { "audit of a job", OP_READ, run_audit_of, tell_json };

void
store_audit_of(struct store *s, const char *job, store_json_fn *fn, void *arg)
{
	struct op *op = op_new(&op_audit_of, job);

	op->fn.json = fn;
	op->arg = arg;
	store_post(s, op);
}
