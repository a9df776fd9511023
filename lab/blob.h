/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blob - the bytes of attachments, beside their sys_attachment record and in
 * the same transaction.
 */
#ifndef LAB_BLOB_H
#define LAB_BLOB_H
#include <stddef.h>

struct db;

int blob_create(struct db *db);
int blob_put(struct db *db, const char *sys_id, const void *p, size_t n);
/* *OUT: caller frees; 0-terminated. DB_E_NONE when there is none. */
int blob_get(struct db *db, const char *sys_id, char **out, size_t *n);
int blob_delete(struct db *db, const char *sys_id);
#endif
