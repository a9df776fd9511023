/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password - see the header.
 */
#include "password.h"

#include <json-c/json.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

/* Few rounds: the passwords are random, and each basic login pays for it. */
#define ROUNDS 1000

static int
derive(const char *password, const char *salt, char hex[65])
{
	unsigned char md[32];
	size_t i;

	if (PKCS5_PBKDF2_HMAC(password, (int)strlen(password),
	    (const unsigned char *)salt, (int)strlen(salt), ROUNDS,
	    EVP_sha256(), sizeof(md), md) != 1)
		return -1;
	for (i = 0; i < sizeof(md); i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	return 0;
}

int
password_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
	char salt[SYS_ID_LEN + 1], hex[65];

	sys_id_make(salt);
	if (derive(password, salt, hex) < 0)
		return -1;
	snprintf(out, PASSWORD_HASH_SIZE, "%s$%s", salt, hex);
	return 0;
}

bool
password_matches(const char *password, const char *hash)
{
	const char *dollar = strchr(hash, '$');
	char salt[SYS_ID_LEN + 1], hex[65];

	if (dollar != hash + SYS_ID_LEN || strlen(dollar + 1) != 64)
		return false;
	memcpy(salt, hash, SYS_ID_LEN);
	salt[SYS_ID_LEN] = '\0';
	return derive(password, salt, hex) == 0 &&
	    CRYPTO_memcmp(hex, dollar + 1, 64) == 0;
}

int
password_store(struct db *db, const char *user_name, const char *hash)
{
	struct json_object *row, *values;
	char *quoted = db_quote(user_name);
	struct text query = { 0 };
	int r;

	text_addf(&query, "user_name=%s", quoted);
	r = db_first(db, "sys_user", text_str(&query), &row);
	text_fini(&query);
	free(quoted);
	if (r < 0)
		return r;
	values = json_object_new_object();
	json_put(values, "user_password", hash);
	r = db_update(db, "sys_user", json_str(row, "sys_id", ""), values);
	json_object_put(values);
	json_object_put(row);
	return r;
}
