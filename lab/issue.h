/* SPDX-License-Identifier: Apache-2.0 */
/*
 * issue - a lab's folder while certificates are made in it.
 */
#ifndef LAB_ISSUE_H
#define LAB_ISSUE_H
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

struct cert_wish;
struct db;

#define NAMES_MAX 32

struct lab {
	const char *dir;
	X509 *ca;
	EVP_PKEY *ca_key;
	struct db *db;
};
extern const char *const lab_agent_roles[];

/* All of these give 0, or a negative number after complaining. */
int lab_open_db(struct lab *lab);
int lab_read_ca(struct lab *lab);
void lab_close(struct lab *lab);

/* DIR/FILE.pem and DIR/FILE.key, signed by CA; *OUT (may be NULL) is the
 * certificate, the caller's. */
int lab_issue(const struct lab *lab, const char *file,
    const struct cert_wish *wish, X509 *ca, EVP_PKEY *ca_key, X509 **out);
/* The user NAME, logged in by CERT. FRESH: enrol_first_login() is called when it does. */
int lab_map_user(const struct lab *lab, const char *name,
    const char *const *roles, X509 *cert, bool fresh);

/* Whether S may be a part of a path: letters, digits, dot, dash, underscore. */
bool lab_name_ok(const char *s);
/* Adds S to LIST of N; false after complaining that it is full. */
bool lab_name_add(const char **list, size_t *n, const char *s);
#endif
