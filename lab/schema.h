/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema - the tables of the platform itself: queue, agents, users, roles,
 * attachments, events. The CMDB has its own (cmdb.h).
 */
#ifndef LAB_SCHEMA_H
#define LAB_SCHEMA_H
#include <stdbool.h>

struct db;

/* Makes what is missing; what is there already stays as it is. */
int schema_create(struct db *db);

/* A user who may act as agent or, with ADMIN, as administrator. */
int schema_user(struct db *db, const char *name, const char *const *roles,
    char sys_id[33]);
/* Notes that the certificate with this SHA-256 (hex) logs USER in. */
int schema_certificate(struct db *db, const char *user_sys_id,
    const char *name, const char *pem, const char *sha256, bool fresh);
#endif
