/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fxp - the packets of SFTP version 3 (draft-ietf-secsh-filexfer-02) and
 * of the extensions OpenSSH adds to it. Pure: bytes in, bytes out.
 *
 * libssh2 has an SFTP client, but one that must be asked to the end: what it was
 * doing when a job is cancelled or a connection dies stays behind in memory, and
 * its requests cannot be seen. These few packets are less code than the care for that.
 */
#ifndef MID_SSH_FXP_H
#define MID_SSH_FXP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FXP_HEAD 9u			/* length, type, id */
#define FXP_PACKET_MAX (256u << 10)	/* what a server may send at once; OpenSSH's own limit */
#define FXP_HANDLE_MAX 256u

enum fxp_type {
	FXP_INIT = 1, FXP_VERSION = 2, FXP_OPEN = 3, FXP_CLOSE = 4, FXP_READ = 5, FXP_WRITE = 6, FXP_LSTAT = 7,
	FXP_FSTAT = 8, FXP_FSETSTAT = 10, FXP_OPENDIR = 11, FXP_READDIR = 12, FXP_REMOVE = 13, FXP_STAT = 17,
	FXP_RENAME = 18, FXP_STATUS = 101, FXP_HANDLE = 102, FXP_DATA = 103, FXP_NAME = 104, FXP_ATTRS = 105,
	FXP_EXTENDED = 200, FXP_EXTENDED_REPLY = 201
};

enum fxp_status {
	FXP_OK = 0, FXP_EOF = 1, FXP_NO_SUCH_FILE = 2, FXP_PERMISSION_DENIED = 3, FXP_FAILURE = 4,
	FXP_BAD_MESSAGE = 5, FXP_NO_CONNECTION = 6, FXP_LOST = 7, FXP_UNSUPPORTED = 8
};

enum fxp_open { FXP_FOR_READ = 1, FXP_FOR_WRITE = 2, FXP_CREATE = 8, FXP_TRUNCATE = 16, FXP_EXCLUSIVE = 32 };

enum fxp_has { FXP_HAS_SIZE = 1, FXP_HAS_OWNER = 2, FXP_HAS_MODE = 4, FXP_HAS_TIMES = 8 };

struct fxp_attrs {
	uint32_t has;			/* of enum fxp_has */
	uint64_t size;
	uint32_t uid, gid, mode, mtime;
};

/* --- a packet of ours: to a buffer that has room ------------------------------------- */

struct fxp_out { unsigned char *p; size_t n, max, begun; bool full; };

void fxp_begin(struct fxp_out *o, enum fxp_type type, uint32_t id);
void fxp_u32(struct fxp_out *o, uint32_t v);
void fxp_u64(struct fxp_out *o, uint64_t v);
void fxp_string(struct fxp_out *o, const void *data, size_t n);
void fxp_text(struct fxp_out *o, const char *text);
int fxp_end(struct fxp_out *o);	/* <0: it did not fit, and is out again */

/* --- one of the server's --------------------------------------------------------------- */

struct fxp_in { const unsigned char *p; size_t n; bool bad; };

/* Fields by type; what a type lacks is 0. Borrowed from the packet. */
struct fxp_reply {
	enum fxp_type type;
	uint32_t id;			/* of VERSION: the version */
	uint32_t status;		/* STATUS */
	const char *text;		/* STATUS: what the server says, not ended by a NUL */
	size_t text_len;
	const unsigned char *data;	/* DATA, HANDLE */
	size_t len;
	struct fxp_attrs attrs;	/* ATTRS */
	uint32_t names;			/* NAME: how many are left in REST */
	struct fxp_in rest;		/* NAME, VERSION, EXTENDED_REPLY */
};

struct fxp_name { const char *name; size_t len; struct fxp_attrs attrs; };

/* How many bytes the packet at P takes; 0 not yet to be seen; -1 no packet at all. */
long fxp_length(const unsigned char *p, size_t n);
/* P, N: one whole packet. <0: it is malformed. */
int fxp_parse(struct fxp_reply *out, const unsigned char *p, size_t n);
/* 1 and *OUT, 0 no more, <0 malformed. */
int fxp_next_name(struct fxp_reply *r, struct fxp_name *out);
/* Does VERSION name this extension? */
bool fxp_extends(const struct fxp_reply *version, const char *name);
/* Bytes that an unprivileged user may still write, of the reply to statvfs@openssh.com. <0: malformed. */
int fxp_free_space(const struct fxp_reply *r, uint64_t *bytes);
/* Absolute, without "." and "..": what policy judged is what is touched. */
bool fxp_path_is_plain(const char *path);

#endif
