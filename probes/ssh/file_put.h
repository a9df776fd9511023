/* SPDX-License-Identifier: Apache-2.0 */
/* file_put - its inside, for file_put.c and file_put_begin.c alone. */
#ifndef MID_SSH_FILE_PUT_H
#define MID_SSH_FILE_PUT_H

#include "file.h"

enum put_stage {
	PUT_LOOKS, PUT_OPENS_OLD, PUT_COMPARES, PUT_LOOKS_AT_PART, PUT_LOOKS_AT_FOLDER, PUT_OPENS_MARK, PUT_ASKS_OWNER,
	PUT_CLOSES_MARK, PUT_DROPS_MARK, PUT_CLEARS_PART, PUT_OPENS, PUT_WRITES, PUT_ASKS_SPACE, PUT_SYNCS, PUT_CHECKS,
	PUT_SETS_MODE, PUT_CLOSES, PUT_RENAMES, PUT_REMOVES_OLD, PUT_DROPS_PART, PUT_TELLS
};

struct put_piece { uint32_t id; bool done; uint64_t at; uint32_t len; };

struct put {
	struct file_talk *t;
	enum put_stage at;
	unsigned char *data;		/* what the job carries: N bytes, which belong at OFFSET of WHOLE */
	size_t n;
	uint64_t offset, whole;
	char sha256[65];		/* of the whole */
	char *part, *folder;
	char *mark;			/* made beside a part that is there, to see whose files ours are */
	struct fxp_attrs found, ours;	/* the part as it was found; the mark */
	bool over;			/* what is there may be replaced */
	int mode;			/* -1: as it was there, or 0644 */
	bool there, part_there, unchanged, wrong;
	uint32_t old_mode;
	uint64_t have;			/* bytes of the part that are there */
	uint64_t sent, acked, began_at;
	unsigned cleared;		/* parts that were found and not gone on with */
	bool looked, resumed, anew;	/* anew: the part that was found was spoilt */
	struct put_piece piece[SFTP_AHEAD];
	struct fxp_reply refused;	/* the first write that was; type 0: none */
};

/* file_put_begin.c */
void *put_begin(struct file_talk *t);
void put_end(void *work);

/* file_put_part.c: from PUT_LOOKS_AT_PART to PUT_OPENS. */
uint32_t put_ask_part(struct put *p);
int put_hear_part(struct put *p, struct fxp_reply *r);

/* file_put.c */
int put_go_to(struct put *p, enum put_stage at);	/* 0 */
int put_refuse(struct put *p, enum mid_class class, const char *what);	/* FILE_FAILED */
int put_said_no(struct put *p, struct fxp_reply *r);
int put_take_handle(struct put *p, struct fxp_reply *r);

#endif
