/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err - what went wrong: a number for the program, a sentence for the person.
 *
 * Functions return 0 or a negative E_*. The sentence is set where the cause is
 * known, passed up untouched, and logged once, where it is handled.
 */
#ifndef MID_ERR_H
#define MID_ERR_H

#include <stddef.h>

enum {
	E_OK = 0,
	E_BAD = 1,		/* malformed input */
	E_FULL,			/* a limit of ours, or the disk, is reached */
	E_NONE,			/* no such thing */
	E_AGAIN,		/* not now */
	E_OS,			/* the system said no; the sentence holds its words */
	E_NET,			/* not reached, reset, timed out */
	E_TLS,			/* certificate or handshake */
	E_AUTH,			/* not logged in, or not allowed */
	E_PEER,			/* the other side answered with an error */
	E_EXISTS,		/* there already */
	E_DAMAGED,		/* stored data fails its check */
	E_CANCELLED,
	E_INTERNAL		/* our own mistake, survived */
};

#define ERR_TEXT_MAX 400

struct err {
	int code;		/* positive E_*, 0: nothing happened */
	char text[ERR_TEXT_MAX];
};

/* Each returns -CODE, so that `return err_set(err, E_BAD, ...)` reads well. ERR may be NULL. */
int err_set(struct err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds ": " and the system's words for errno; -E_FULL for ENOSPC and EDQUOT, else -E_OS. */
int err_os(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Puts "FMT...: " before the sentence that is there. Keeps the code; returns it negative. */
int err_in(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *err_name(int code);	/* "bad", "full", ...; never NULL */

#endif
