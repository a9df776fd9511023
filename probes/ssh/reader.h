/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - an open file read in order with many reads under way, so that the
 * round trip is waited for once and not for each piece. Memory is bounded by the
 * pieces under way. All that was taken is hashed.
 */
#ifndef MID_SSH_READER_H
#define MID_SSH_READER_H

#include "sftp.h"

struct evp_md_ctx_st;

struct reader_piece {
	enum { PIECE_FREE, PIECE_ASKED, PIECE_CAME } state;
	uint32_t id;
	uint64_t at;
	uint32_t len, got;		/* wanted, and in DATA */
	unsigned char *data;		/* SFTP_PIECE bytes; NULL until it is used */
};

struct reader {
	struct sftp_handle handle;
	uint64_t at;			/* all before is taken */
	uint64_t asked;			/* all before is asked for */
	uint64_t end;			/* no more than that; lowered at the end of the file */
	struct reader_piece piece[SFTP_AHEAD];
	struct evp_md_ctx_st *hash;	/* SHA-256 of all taken */
	uint32_t status;		/* of a read that failed; 0 none */
};

/* What is read, in order. 0 taken; 1 not now: the same again later; <0 stop. */
typedef int reader_take(void *arg, const void *data, size_t n);

int reader_init(struct reader *r);	/* <0: no memory */
void reader_fini(struct reader *r);
/* From AT to END, with nothing hashed yet. */
void reader_begin(struct reader *r, uint64_t at, uint64_t end);
/* The connection is another one: what was under way is asked for again. The hash goes on. */
void reader_lost(struct reader *r);

enum { READER_DONE = 0, READER_WAITS = 1, READER_FULL = 2, READER_STOPPED = -1, READER_REFUSED = -2 /* r->status */ };
int reader_step(struct reader *r, struct sftp *s, reader_take *take, void *arg);
/* A reply; false: it is not for the reader. */
bool reader_hears(struct reader *r, const struct fxp_reply *reply);
/* 64 digits. */
void reader_hash(struct reader *r, char hex[65]);

#endif
