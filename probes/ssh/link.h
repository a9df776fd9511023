/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link - one SSH connection (RFC 4251..4254) on a connected socket, without
 * blocking. All use of libssh2 is in link.c and, for what runs on a channel,
 * link_command.c.
 *
 * What can't be done yet gives LINK_AGAIN: wait for link_events() on the
 * socket and call the same function again.
 */
#ifndef MID_SSH_LINK_H
#define MID_SSH_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LINK_AGAIN 1
#define LINK_REFUSED (-1)	/* the server said no: to the credential, or to one more channel */
#define LINK_BROKEN (-2)	/* the connection is of no more use; link_why() */

struct key;
struct link;
struct offer;
struct link_command;

int link_library_open(void);		/* once a process; <0 */
void link_library_close(void);

/* FD stays the caller's. OFFER: the algorithms; read at once. NULL: no memory. */
struct link *link_new(int fd, const struct offer *offer);
/*
 * The same over OUTER, a connection that is logged in, to HOST and PORT as seen from there. OUTER
 * stays the caller's and must outlive this one.
 */
struct link *link_new_through(struct link *outer, const char *host, int port, const struct offer *offer);
void link_free(struct link *l);		/* NULL is fine */
const char *link_why(const struct link *l);	/* the last failure, in words; never NULL */
unsigned link_events(const struct link *l);	/* MID_READ | MID_WRITE */
void link_turn(struct link *l);		/* at the start of each step: it may read on; NULL is fine */
unsigned long link_received(const struct link *l);	/* bytes taken off the socket so far */

int link_handshake(struct link *l);
/* The server's key: its type such as ssh-ed25519, and the blob. Borrowed; NULL before the handshake. */
const unsigned char *link_key(struct link *l, char type[64], size_t *len);

/* 0, LINK_AGAIN, LINK_REFUSED or LINK_BROKEN. Strings must stay until it is not LINK_AGAIN. */
int link_login_key(struct link *l, const char *user, const struct key *key);
int link_login_password(struct link *l, const char *user, const char *password);

/* --- a command: link_command.c -------------------------------------------------- */

struct link_exit { int status; char signal[16]; };	/* signal "": it ended by itself */

/* 0, LINK_AGAIN, LINK_REFUSED, LINK_BROKEN. *OUT is the caller's. PTY: with a terminal of 255 columns. */
int link_run(struct link *l, const char *kind, const char *line, bool pty, struct link_command **out);	/* KIND: "exec" */
/* Is it a server that ends the connection when a command line has more than some thousand bytes? After the handshake. */
bool link_takes_short_lines(const struct link *l);
/* The same for what the server knows by name, such as sftp. */
int link_subsystem(struct link *l, const char *name, struct link_command **out);
/* Was a channel opened, so that a LINK_REFUSED was about what should run on it? */
bool link_has_channel(const struct link_command *c);
/* Bytes, 0 when there is no more of this stream, LINK_AGAIN as -1 with errno EAGAIN, or -2 broken. */
ssize_t link_read(struct link_command *c, bool err, void *to, size_t n);
/* Bytes of its input that went, 0 none now, <0 broken. */
ssize_t link_write(struct link_command *c, const void *from, size_t n);
int link_end_input(struct link_command *c);	/* 0, LINK_AGAIN, LINK_BROKEN */
/* 0 once the command has ended and both streams are read; LINK_AGAIN; LINK_BROKEN. */
int link_ended(struct link_command *c, struct link_exit *how);
void link_kill(struct link_command *c);	/* asks the server to end it: TERM; once, as far as that goes now */
void link_command_free(struct link_command *c);	/* NULL is fine */

#endif
