/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acl - who may do what: logins (client certificate, or user and password)
 * to users, users to roles, roles to tables.
 */
#ifndef LAB_ACL_H
#define LAB_ACL_H
#include <stdbool.h>

struct caller;
struct db;

enum {
	ROLE_ADMIN = 1,
	ROLE_MID = 2,
	ROLE_ITIL = 4,
	ROLE_IMPORT = 8,
};

/* Fills CALLER, known only when the login is good. */
void acl_certificate(struct db *db, const char *sha256, struct caller *caller);
void acl_basic(struct db *db, const char *authorization,
    struct caller *caller);
bool acl_table(const struct caller *caller, const char *table, bool write);
#endif
