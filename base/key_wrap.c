/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key_wrap - a provider's EC key behind an EC key of OpenSSL's own kind.
 *
 * TLS and CMS choose the provider of an operation by the caller's properties,
 * not by the key, and libcurl passes none: a key of another provider would be
 * copied, without its private half, and fail. An EC_KEY with a method of its
 * own is left alone by all of them, and asks us for the two things that need
 * the private half.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <uv.h>

#include "key_far.h"
#include "xalloc.h"

#define POINT_MAX 160		/* an uncompressed one of P-521 is 133 */

struct far_key {
	EVP_PKEY *key;
	OSSL_LIB_CTX *lib;
	const char *query;
	uv_mutex_t lock;	/* one operation at a time: a TPM2 does no more */
};

static int slot = -1;			/* of a struct far_key in an EC_KEY */
static EC_KEY_METHOD *method;		/* both for the life of the process */

/* --- what needs the private half ------------------------------------------------------- */

static const EVP_MD *
digest_of(int len)
{
	return len == 64 ? EVP_sha512() : len == 48 ? EVP_sha384() : len == 20 ? EVP_sha1() : EVP_sha256();
}

static int
sign(int type, const unsigned char *digest, int len, unsigned char *sig, unsigned int *sig_len,
    const BIGNUM *kinv, const BIGNUM *rp, EC_KEY *ec)
{
	struct far_key *f = EC_KEY_get_ex_data(ec, slot);
	size_t n = (size_t)ECDSA_size(ec);
	EVP_PKEY_CTX *c;
	int ok;

	(void)type, (void)kinv, (void)rp;
	uv_mutex_lock(&f->lock);
	c = EVP_PKEY_CTX_new_from_pkey(f->lib, f->key, f->query);
	ok = c != NULL && EVP_PKEY_sign_init(c) > 0 && EVP_PKEY_CTX_set_signature_md(c, digest_of(len)) > 0 &&
	    EVP_PKEY_sign(c, sig, &n, digest, (size_t)len) > 0;
	EVP_PKEY_CTX_free(c);
	uv_mutex_unlock(&f->lock);
	*sig_len = ok ? (unsigned int)n : 0;
	return ok;
}

static ECDSA_SIG *
sign_parts(const unsigned char *digest, int len, const BIGNUM *kinv, const BIGNUM *rp, EC_KEY *ec)
{
	unsigned char der[256];
	const unsigned char *at = der;
	unsigned int n = 0;

	if ((size_t)ECDSA_size(ec) > sizeof(der) || !sign(0, digest, len, der, &n, kinv, rp, ec))
		return NULL;
	return d2i_ECDSA_SIG(NULL, &at, (long)n);
}

static EVP_PKEY *
peer_of(const struct far_key *f, const EC_POINT *point, const EC_KEY *ec)
{
	const EC_GROUP *g = EC_KEY_get0_group(ec);
	unsigned char pub[POINT_MAX];
	size_t n = EC_POINT_point2oct(g, point, POINT_CONVERSION_UNCOMPRESSED, pub, sizeof(pub), NULL);
	const char *name = OBJ_nid2sn(EC_GROUP_get_curve_name(g));
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)name, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, pub, n), OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(f->lib, "EC", f->query);
	EVP_PKEY *peer = NULL;

	if (c != NULL && n > 0 && EVP_PKEY_fromdata_init(c) > 0)
		(void)EVP_PKEY_fromdata(c, &peer, EVP_PKEY_PUBLIC_KEY, params);
	EVP_PKEY_CTX_free(c);
	return peer;
}

/* *OUT: OPENSSL_free(). */
static int
derive(unsigned char **out, size_t *len, const EC_POINT *point, const EC_KEY *ec)
{
	struct far_key *f = EC_KEY_get_ex_data(ec, slot);
	unsigned char *shared = NULL;
	EVP_PKEY *peer;
	EVP_PKEY_CTX *c;
	size_t n = 0;
	int ok;

	uv_mutex_lock(&f->lock);
	peer = peer_of(f, point, ec);
	c = EVP_PKEY_CTX_new_from_pkey(f->lib, f->key, f->query);
	ok = peer != NULL && c != NULL && EVP_PKEY_derive_init(c) > 0 && EVP_PKEY_derive_set_peer(c, peer) > 0 &&
	    EVP_PKEY_derive(c, NULL, &n) > 0 && (shared = OPENSSL_malloc(n)) != NULL && EVP_PKEY_derive(c, shared, &n) > 0;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(peer);
	uv_mutex_unlock(&f->lock);
	if (!ok) {
		OPENSSL_clear_free(shared, n);
		return 0;
	}
	*out = shared;
	*len = n;
	return 1;
}

/* --- the wrap ------------------------------------------------------------------------------ */

static void
drop_far(void *parent, void *p, CRYPTO_EX_DATA *ad, int idx, long l, void *arg)
{
	struct far_key *f = p;

	(void)parent, (void)ad, (void)idx, (void)l, (void)arg;
	if (f == NULL)
		return;
	EVP_PKEY_free(f->key);
	uv_mutex_destroy(&f->lock);
	free(f);
}

/* Under the lock of key.c. */
static bool
ready(void)
{
	if (method == NULL) {
		slot = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, drop_far);
		method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
		if (method != NULL) {
			EC_KEY_METHOD_set_sign(method, sign, NULL, sign_parts);
			EC_KEY_METHOD_set_compute_key(method, derive);
		}
	}
	return method != NULL && slot >= 0;
}

/* The public half, as OpenSSL's own. */
static EC_KEY *
public_half(EVP_PKEY *theirs)
{
	unsigned char pub[POINT_MAX];
	char group[64];
	size_t n = 0;
	EC_KEY *ec = NULL;
	int nid;

	if (EVP_PKEY_get_base_id(theirs) != EVP_PKEY_EC || EVP_PKEY_get_group_name(theirs, group, sizeof(group), NULL) != 1 ||
	    EVP_PKEY_get_octet_string_param(theirs, OSSL_PKEY_PARAM_PUB_KEY, pub, sizeof(pub), &n) != 1)
		return NULL;
	nid = OBJ_sn2nid(group);
	ec = EC_KEY_new_by_curve_name(nid != NID_undef ? nid : EC_curve_nist2nid(group));
	if (ec != NULL && EC_KEY_oct2key(ec, pub, n, NULL) != 1) {
		EC_KEY_free(ec);
		ec = NULL;
	}
	return ec;
}

EVP_PKEY *
key_wrap_take(EVP_PKEY *theirs, OSSL_LIB_CTX *lib, const char *query)
{
	EC_KEY *ec = ready() ? public_half(theirs) : NULL;
	EVP_PKEY *out = ec != NULL ? EVP_PKEY_new() : NULL;
	struct far_key *f;

	if (out == NULL) {
		EC_KEY_free(ec);
		EVP_PKEY_free(theirs);
		return NULL;
	}
	f = xcalloc(1, sizeof(*f));
	*f = (struct far_key){ .key = theirs, .lib = lib, .query = query };
	if (uv_mutex_init(&f->lock) != 0)
		abort();
	(void)EC_KEY_set_method(ec, method);
	(void)EC_KEY_set_ex_data(ec, slot, f);
	(void)EVP_PKEY_assign_EC_KEY(out, ec);
	return out;
}
