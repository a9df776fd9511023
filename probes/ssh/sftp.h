/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sftp - an SFTP session on a connection: requests go out many at a time, replies
 * come in whatever order. Each request has a number by which its reply is known.
 */
#ifndef MID_SSH_SFTP_H
#define MID_SSH_SFTP_H

#include "fxp.h"

#define SFTP_PIECE (32u << 10)		/* bytes of one read or write */
#define SFTP_AHEAD 32u			/* reads or writes under way at a time */

struct link;
struct sftp;

struct sftp *sftp_new(struct link *l);	/* L is borrowed. NULL: no memory */
void sftp_free(struct sftp *s);		/* NULL is fine */
/*
 * Opens the session if need be and moves bytes both ways. 0: it is open; LINK_AGAIN: not yet;
 * LINK_REFUSED: the server has no SFTP, or no room for one more session (sftp_crowded());
 * LINK_BROKEN.
 */
int sftp_step(struct sftp *s);
bool sftp_crowded(const struct sftp *s);
const char *sftp_why(const struct sftp *s);
unsigned long sftp_moved(const struct sftp *s);	/* bytes so far, both ways */
/* 0 the channel is closed, and the connection may serve others; LINK_AGAIN, LINK_BROKEN. */
int sftp_end(struct sftp *s);

/* The next reply: 1 and *R, borrowed until the next call; 0 none yet; LINK_BROKEN. */
int sftp_reply(struct sftp *s, struct fxp_reply *r);
bool sftp_room(const struct sftp *s);	/* for one more request of any kind? */

struct sftp_handle { unsigned char p[FXP_HANDLE_MAX]; size_t n; };	/* n 0: none */

/* Each gives the number of the request; 0: there was no room, or PATH is too long. */
uint32_t sftp_open(struct sftp *s, const char *path, uint32_t how, uint32_t mode);
uint32_t sftp_path(struct sftp *s, enum fxp_type what, const char *path);	/* LSTAT, STAT, OPENDIR, REMOVE */
uint32_t sftp_file(struct sftp *s, enum fxp_type what, const struct sftp_handle *h);	/* FSTAT, READDIR, CLOSE */
uint32_t sftp_read(struct sftp *s, const struct sftp_handle *h, uint64_t at, uint32_t n);
uint32_t sftp_write(struct sftp *s, const struct sftp_handle *h, uint64_t at, const void *data, uint32_t n);
uint32_t sftp_set_mode(struct sftp *s, const struct sftp_handle *h, uint32_t mode);
/* OVER: in place of what is there, where the server can. */
uint32_t sftp_rename(struct sftp *s, const char *from, const char *to, bool over);
bool sftp_can(const struct sftp *s, const char *extension);
uint32_t sftp_sync(struct sftp *s, const struct sftp_handle *h);	/* if it can fsync@openssh.com */
uint32_t sftp_space(struct sftp *s, const char *path);	/* if it can statvfs@openssh.com */

#endif
