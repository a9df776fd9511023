/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rest - our own seal, for what lies on our disk: AES-256-GCM.
 *
 *	"MR1\n"  key id 8  salt 16  nonce 12  ciphertext  tag 16
 *
 * Each message's key is HKDF-SHA256(key file, salt). The salt is random for
 * each start and goes on after 2^24 messages, so the random nonces under one
 * key stay far from any limit. The header and the caller's AAD are
 * authenticated: a row moved to another place does not open there.
 */
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "log.h"
#include "os.h"
#include "seal/inside.h"
#include "xalloc.h"

static const unsigned char magic[4] = { 'M', 'R', '1', '\n' };
#define NONCE 12
#define TAG 16
#define HEADER (sizeof(magic) + REST_ID + REST_SALT)	/* what is authenticated of it */
#define OVERHEAD (HEADER + NONCE + TAG)
#define EPOCH_SHIFT 24

/* --- keys ---------------------------------------------------------------------------- */

/* HKDF-SHA256 of the key file. */
static int
derive(const struct seal *s, const void *salt, size_t salt_len, const char *purpose, unsigned char *out, size_t len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM p[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, s->rest.data, s->rest.len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)purpose, strlen(purpose)),
		OSSL_PARAM_construct_end(),
	};
	int ok = ctx != NULL && EVP_KDF_derive(ctx, out, len, p) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

/* The key for SALT, out of CACHE when it was the last one. */
static int
key_for(struct seal *s, struct rest_key *cache, const unsigned char salt[REST_SALT], unsigned char key[REST_KEY], struct err *err)
{
	static const unsigned char none[REST_SALT];
	int hit;

	uv_mutex_lock(&s->lock);
	hit = memcmp(salt, none, REST_SALT) != 0 && memcmp(cache->salt, salt, REST_SALT) == 0;
	if (hit)
		memcpy(key, cache->key, REST_KEY);
	uv_mutex_unlock(&s->lock);
	if (hit)
		return 0;
	if (!derive(s, salt, REST_SALT, "midd at rest 1", key, REST_KEY))
		return seal_error(err, E_INTERNAL, "seal: the key can't be derived");
	uv_mutex_lock(&s->lock);
	memcpy(cache->salt, salt, REST_SALT);
	memcpy(cache->key, key, REST_KEY);
	uv_mutex_unlock(&s->lock);
	return 0;
}

/* Made once; another start of midd that was quicker wins, and its key is taken. */
static int
make_key(const char *file, struct err *err)
{
	unsigned char key[REST_KEY];
	int r;

	os_random(key, sizeof(key));
	r = secret_write_new_file(file, key, sizeof(key), err);
	secret_wipe(key, sizeof(key));
	return r == -E_EXISTS ? 0 : r;
}

/* One that was made before keys were locked, or was put there by hand. It works as it is, too. */
static void
take_over(const char *file)
{
	struct err err = { 0, "" };
	int r = secret_lock_file(file, &err);

	if (r > 0)
		log_info("seal", "%s lay in the clear and is locked to this machine now", file);
	else if (r < 0)
		log_warn("seal", "%s lies in the clear and can't be locked to this machine: %s", file, err.text);
}

int
seal_rest_open(struct seal *s, const char *file, struct err *err)
{
	int r = secret_read_file(&s->rest, file, err);

	if (r == -E_NONE) {
		r = make_key(file, err);
		if (r == 0)
			r = secret_read_file(&s->rest, file, err);
	}
	if (r < 0)
		return err_in(err, "seal: the key for what is kept on disk");
	if (s->rest.len != REST_KEY)
		return err_set(err, E_BAD, "seal: the key file %s has %zu bytes and must have %d: restore it from a copy, "
		    "or remove it and the store beside it to begin anew", file, s->rest.len, REST_KEY);
	take_over(file);
	s->rest_file = xstrdup(file);
	os_random(s->origin, sizeof(s->origin));
	if (!derive(s, "midd", 4, "midd key id", s->rest_id, REST_ID))
		return seal_error(err, E_INTERNAL, "seal: HKDF is not available");
	return 0;
}

void
seal_rest_id(const struct seal *s, char out[17])
{
	size_t i;

	for (i = 0; i < REST_ID; i++)
		snprintf(out + 2 * i, 3, "%02x", s->rest_id[i]);
}

const char *
seal_rest_file(const struct seal *s)
{
	return s->rest_file;
}

/* --- AES-256-GCM -------------------------------------------------------------------------- */

static int
gcm_begin(EVP_CIPHER_CTX *c, int enc, const unsigned char *key, const unsigned char *nonce,
    const unsigned char *header, const char *aad)
{
	int n;

	return EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, enc) == 1
	    && EVP_CipherUpdate(c, NULL, &n, header, HEADER) == 1
	    && EVP_CipherUpdate(c, NULL, &n, (const unsigned char *)aad, (int)strlen(aad)) == 1;
}

static int
encrypt(unsigned char *at, const unsigned char *key, const char *aad, const void *plain, size_t len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char *nonce = at + HEADER, *text = nonce + NONCE;
	int n = 0, end = 0;
	int ok = c != NULL && gcm_begin(c, 1, key, nonce, at, aad)
	    && (len == 0 || EVP_CipherUpdate(c, text, &n, plain, (int)len) == 1)
	    && EVP_CipherFinal_ex(c, text + n, &end) == 1
	    && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, text + len) == 1;

	EVP_CIPHER_CTX_free(c);
	return ok;
}

static int
decrypt(unsigned char *to, const unsigned char *key, const char *aad, const unsigned char *at, size_t len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	const unsigned char *nonce = at + HEADER, *text = nonce + NONCE;
	int n = 0, end = 0;
	int ok = c != NULL && gcm_begin(c, 0, key, nonce, at, aad)
	    && (len == 0 || EVP_CipherUpdate(c, to, &n, text, (int)len) == 1)
	    && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, (void *)(text + len)) == 1
	    && EVP_CipherFinal_ex(c, to + n, &end) == 1;

	EVP_CIPHER_CTX_free(c);
	return ok;
}

/* --- seal, unseal --------------------------------------------------------------------------- */

static void
write_header(struct seal *s, unsigned char *at)
{
	uint64_t epoch = atomic_fetch_add(&s->sealed, 1) >> EPOCH_SHIFT;
	unsigned char *salt = at + sizeof(magic) + REST_ID;

	memcpy(at, magic, sizeof(magic));
	memcpy(at + sizeof(magic), s->rest_id, REST_ID);
	memcpy(salt, s->origin, sizeof(s->origin));
	for (int i = 0; i < 4; i++)
		salt[sizeof(s->origin) + (size_t)i] = (unsigned char)(epoch >> (8 * i));
	os_random(at + HEADER, NONCE);
}

int
seal_rest(struct seal *s, struct buf *out, const char *aad, const void *plain, size_t len, struct err *err)
{
	unsigned char key[REST_KEY], *at;
	int r;

	if (len > INT_MAX / 2)
		return err_set(err, E_FULL, "seal: %zu bytes are too many for one seal", len);
	at = (unsigned char *)buf_room(out, len + OVERHEAD);
	if (at == NULL)
		return err_set(err, E_FULL, "seal: %zu bytes do not fit where they were to go", len + OVERHEAD);
	write_header(s, at);
	r = key_for(s, &s->sealing, at + sizeof(magic) + REST_ID, key, err);
	if (r == 0 && !encrypt(at, key, aad, plain, len))
		r = seal_error(err, E_INTERNAL, "seal: AES-256-GCM failed");
	secret_wipe(key, sizeof(key));
	if (r == 0)
		out->len += len + OVERHEAD;
	return r;
}

static int
check_header(const struct seal *s, const unsigned char *at, size_t len, struct err *err)
{
	if (len < OVERHEAD || len > INT_MAX / 2 || memcmp(at, magic, sizeof(magic)) != 0)
		return err_set(err, E_DAMAGED, "seal: %zu bytes that are no seal of ours: damaged, or written by something else", len);
	if (CRYPTO_memcmp(at + sizeof(magic), s->rest_id, REST_ID) != 0)
		return err_set(err, E_DAMAGED, "seal: this was sealed with another key than the one in %s: "
		    "put the old key file back", s->rest_file);
	return 0;
}

int
unseal_rest(struct seal *s, struct buf *out, const char *aad, const void *sealed, size_t len, struct err *err)
{
	const unsigned char *at = sealed;
	unsigned char key[REST_KEY], *to;
	int r = check_header(s, at, len, err);

	if (r < 0)
		return r;
	len -= OVERHEAD;
	to = (unsigned char *)buf_room(out, len);
	if (to == NULL)
		return err_set(err, E_FULL, "seal: %zu bytes do not fit where they were to go", len);
	r = key_for(s, &s->unsealing, at + sizeof(magic) + REST_ID, key, err);
	if (r == 0 && !decrypt(to, key, aad, at, len)) {
		secret_wipe(to, len);
		r = seal_error(err, E_DAMAGED, "seal: the bytes kept as %s are damaged, or were kept for another place", aad);
	}
	secret_wipe(key, sizeof(key));
	if (r == 0)
		out->len += len, out->data[out->len] = '\0';
	return r;
}
