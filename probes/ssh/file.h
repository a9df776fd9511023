/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - topic FileProbe: a file fetched or put, or a folder listed, over SFTP.
 *
 * A connection that is lost in the middle is made again and the work goes on
 * where it was, a few times. What the work is stands in file_get.c, file_put.c
 * and file_list.c, behind struct file_work.
 */
#ifndef MID_SSH_FILE_H
#define MID_SSH_FILE_H

#include "midd/probe.h"
#include "reader.h"
#include "sftp.h"

#define FILE_KIND 0170000u		/* of fxp_attrs.mode */
#define FILE_IS_FILE 0100000u
#define FILE_IS_FOLDER 0040000u

struct file;
struct pool;

/* NULL after host->fail(). */
struct file *file_new(const struct mid_host *h, struct mid_run *run, struct pool *pool, int port);
enum mid_next file_step(struct file *f, struct mid_wait *wait);
/* Its time is over: fails with how far it is. */
void file_too_late(const struct file *f);
void file_free(struct file *f);		/* NULL is fine */

/* --- a kind of work ---------------------------------------------------------------- */

/* One request at a time, or the reader's many. */
struct file_talk {
	const struct mid_host *h;
	struct mid_run *run;
	const char *path;
	struct sftp *sftp;		/* NULL: there is no connection */
	uint32_t waits_for;		/* number of the request under way; 0 none */
	struct reader reader;
};

enum { FILE_DONE = 0, FILE_WAITS = 1, FILE_FULL = 2 /* waits for room, not for the server */, FILE_FAILED = -1 /* after fail() */ };

struct file_work {
	const char *action;
	void *(*begin)(struct file_talk *t);		/* NULL after fail() */
	int (*go)(void *work);				/* does what can be done without a reply */
	int (*hear)(void *work, struct fxp_reply *r);	/* the reply it waits for; 0 or FILE_FAILED */
	bool (*hears)(void *work, const struct fxp_reply *r);	/* one of many it waits for? NULL: never */
	void (*far)(const void *work, char *out, size_t size);	/* how far it is, in words */
	void (*lost)(void *work);			/* all open handles are gone; go() begins anew where it was */
	void (*end)(void *work);
};
extern const struct file_work file_get, file_put, file_list;

/* Fails with the words for a status; DOING: "reading" and the like. */
int file_refused(struct file_talk *t, const char *doing, const struct fxp_reply *r);
int file_status(struct file_talk *t, const char *doing, uint32_t status);
/* A reply of another kind than was asked for: nonsense. */
int file_nonsense(struct file_talk *t, const char *doing);
void file_note(struct file_talk *t, const char *name, uint64_t value);
void file_note_mode(struct file_talk *t, uint32_t mode);

#endif
