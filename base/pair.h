/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair - our certificate with its key: the configured ones, or those that a
 * renewal has put into paths.state.
 *
 * A renewed pair is one file, so that one rename puts both in force: a line
 * that names the configured certificate which it stands for, the key where it has
 * got one of its own, and the certificate. Where another certificate is
 * configured, the file counts no more.
 *
 *     renewed.pem        in force
 *     renewing.pem       has yet to log in
 *     renewed-HEX.pem    was in force; opens what was sealed to it, until it ends
 */
#ifndef MID_PAIR_H
#define MID_PAIR_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct secret;

#define PAIR_IN_FORCE "renewed.pem"
#define PAIR_TRIAL "renewing.pem"

/* Paths of files (or a key's URI), the owner's of the struct; NULL none. */
struct pair {
	char *cert, *key;
};

/* The one that counts now; pair_fini(). CERT NULL or "": none is configured. */
void pair_in_force(struct pair *out, const char *state_dir, const char *cert, const char *key);
/* The renewed pair in NAME of STATE_DIR, when it is whole and stands for CERT. False: it is neither. */
bool pair_renewed(struct pair *out, const char *state_dir, const char *name, const char *cert, const char *key);
void pair_fini(struct pair *p);
/* The text of such a file; KEY_PEM NULL: KEY stays the one in use. */
int pair_compose(struct secret *out, const char *cert, const char *key_pem, const char *cert_pem, struct err *err);
/* 64 hex digits of the SHA-256 of the certificate in FILE. */
int pair_print(char hex[65], const char *file, struct err *err);

/* The keys that open what was sealed to a certificate of ours that has not ended: where they are, the newest
 * first. At most MAX into WHERE, each the caller's. */
size_t pair_keys(char **where, size_t max, const char *state_dir, const char *cert, const char *key);
/* Keeps the pair in NAME for pair_keys(), where it has a key of its own. */
int pair_keep_old(const char *state_dir, const char *name, struct err *err);
/* Removes those that have ended. */
void pair_drop_ended(const char *state_dir);

#endif
