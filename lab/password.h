/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password - users' passwords, kept as salted PBKDF2-SHA256.
 */
#ifndef LAB_PASSWORD_H
#define LAB_PASSWORD_H
#include <stdbool.h>

struct db;

#define PASSWORD_HASH_SIZE 160

/* "salt$hash" in hex of a new salt. 0 or -1. */
int password_hash(const char *password, char out[PASSWORD_HASH_SIZE]);
bool password_matches(const char *password, const char *hash);
int password_store(struct db *db, const char *user_name, const char *hash);
#endif
