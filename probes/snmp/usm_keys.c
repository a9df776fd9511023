/* SPDX-License-Identifier: Apache-2.0 */
/* usm_keys - see usm_keys.h. */
#include "usm_keys.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PHRASES_MAX 64u
#define HASHED (1u << 20)

/* Single DES is in no default provider of OpenSSL 3; three times the same key is the same cipher. */
static void
spread_des(const uint8_t *key, uint8_t *full)
{
	memcpy(full, key, 8);
	memcpy(full + 8, key, 8);
	memcpy(full + 16, key, 8);
}

static const struct usm_auth auths[] = {
	{ "MD5", EVP_md5, 16, 12 },
	{ "SHA SHA1 SHA-1", EVP_sha1, 20, 12 },
	{ "SHA224 SHA-224", EVP_sha224, 28, 16 },
	{ "SHA256 SHA-256", EVP_sha256, 32, 24 },
	{ "SHA384 SHA-384", EVP_sha384, 48, 32 },
	{ "SHA512 SHA-512", EVP_sha512, 64, 48 },
};

static const struct usm_priv privs[] = {
	{ "DES", EVP_des_ede3_cbc, 16, true, true, spread_des },
	{ "3DES 3DES-EDE DES3", EVP_des_ede3_cbc, 32, true, true, NULL },
	{ "AES AES128 AES-128", EVP_aes_128_cfb128, 16, false, true, NULL },
	{ "AES192 AES-192", EVP_aes_192_cfb128, 24, false, false, NULL },
	{ "AES256 AES-256", EVP_aes_256_cfb128, 32, false, false, NULL },
	{ "AES192C AES-192-C AES192-CISCO", EVP_aes_192_cfb128, 24, false, true, NULL },
	{ "AES256C AES-256-C AES256-CISCO", EVP_aes_256_cfb128, 32, false, true, NULL },
};

static bool
is_one_of(const char *names, const char *name)
{
	size_t n = strlen(name), len;

	for (; *names != '\0'; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		if (len == n && strncasecmp(names, name, n) == 0)
			return true;
	}
	return false;
}

const struct usm_auth *
usm_auth_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(auths) / sizeof(auths[0]); i++)
		if (is_one_of(auths[i].names, name))
			return &auths[i];
	return NULL;
}

const struct usm_priv *
usm_priv_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(privs) / sizeof(privs[0]); i++)
		if (is_one_of(privs[i].names, name))
			return &privs[i];
	return NULL;
}

int
usm_phrase_hash(const struct usm_auth *a, const void *phrase, size_t len, uint8_t *ku)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t block[4096];
	const uint8_t *p = phrase;
	size_t i, at = 0, done;
	int ok = ctx != NULL && len > 0 && EVP_DigestInit_ex(ctx, a->md(), NULL) == 1;

	for (done = 0; ok && done < HASHED; done += sizeof(block)) {
		for (i = 0; i < sizeof(block); i++, at++)
			block[i] = p[at % len];
		ok = EVP_DigestUpdate(ctx, block, sizeof(block)) == 1;
	}
	ok = ok && EVP_DigestFinal_ex(ctx, ku, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	OPENSSL_cleanse(block, sizeof(block));
	return ok ? 0 : -1;
}

int
usm_localise(const struct usm_auth *a, const uint8_t *ku, const uint8_t *engine, unsigned n, uint8_t *key)
{
	uint8_t room[2 * USM_KEY_MAX + ENGINE_ID_MAX];
	int ok;

	memcpy(room, ku, a->key);
	memcpy(room + a->key, engine, n);
	memcpy(room + a->key + n, ku, a->key);
	ok = EVP_Digest(room, 2 * a->key + n, key, NULL, a->md(), NULL);
	OPENSSL_cleanse(room, sizeof(room));
	return ok == 1 ? 0 : -1;
}

/* Another A->KEY bytes from the HAVE that are there. */
static int
more_key(const struct usm_auth *a, const struct usm_priv *p, const uint8_t *engine, unsigned n, const uint8_t *key,
    unsigned have, uint8_t *more)
{
	uint8_t ku[USM_KEY_MAX];
	int r;

	if (!p->chained)
		return EVP_Digest(key, have, more, NULL, a->md(), NULL) == 1 ? 0 : -1;
	r = usm_phrase_hash(a, key + have - a->key, a->key, ku);
	if (r == 0)
		r = usm_localise(a, ku, engine, n, more);
	OPENSSL_cleanse(ku, sizeof(ku));
	return r;
}

int
usm_extend(const struct usm_auth *a, const struct usm_priv *p, const uint8_t *engine, unsigned n, uint8_t *key)
{
	uint8_t more[USM_KEY_MAX];
	unsigned have = a->key, take;

	while (have < p->key) {
		if (more_key(a, p, engine, n, key, have, more) < 0)
			return -1;
		take = p->key - have < a->key ? p->key - have : a->key;
		memcpy(key + have, more, take);
		have += take;
	}
	OPENSSL_cleanse(more, sizeof(more));
	return 0;
}

/* --- the cache --------------------------------------------------------------------------- */

struct usm_phrases {
	struct phrase {
		uint8_t of[SHA256_DIGEST_LENGTH];	/* of algorithm and phrase */
		uint8_t ku[USM_KEY_MAX];
		bool used;
	} rows[PHRASES_MAX];
	unsigned next;
};

struct usm_phrases *
usm_phrases_new(void)
{
	return calloc(1, sizeof(struct usm_phrases));
}

void
usm_phrases_free(struct usm_phrases *p)
{
	if (p != NULL)
		OPENSSL_cleanse(p, sizeof(*p));
	free(p);
}

static int
name_phrase(const struct usm_auth *a, const char *phrase, uint8_t of[SHA256_DIGEST_LENGTH])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, a->names, strlen(a->names) + 1) == 1 &&
	    EVP_DigestUpdate(ctx, phrase, strlen(phrase)) == 1 && EVP_DigestFinal_ex(ctx, of, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	return ok ? 0 : -1;
}

int
usm_phrase_cached(struct usm_phrases *p, const struct usm_auth *a, const char *phrase, uint8_t *ku)
{
	uint8_t of[SHA256_DIGEST_LENGTH];
	struct phrase *row;
	unsigned i;

	if (name_phrase(a, phrase, of) < 0)
		return -1;
	for (i = 0; i < PHRASES_MAX; i++)
		if (p->rows[i].used && memcmp(p->rows[i].of, of, sizeof(of)) == 0) {
			memcpy(ku, p->rows[i].ku, a->key);
			return 0;
		}
	if (usm_phrase_hash(a, phrase, strlen(phrase), ku) < 0)
		return -1;
	row = &p->rows[p->next++ % PHRASES_MAX];
	memcpy(row->of, of, sizeof(of));
	memcpy(row->ku, ku, a->key);
	row->used = true;
	return 0;
}
