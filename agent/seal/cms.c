/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cms - sealing to the instance: SignedData by our key (RFC 5652) inside
 * AuthEnvelopedData with AES-256-GCM (RFC 5083) for the day's sealing key. Signed
 * first, so that only the reader learns who signed, and so that taking off
 * the envelope leaves something `openssl cms -verify` understands.
 */
#include <limits.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>

#include "buf.h"
#include "err.h"
#include "seal/inside.h"

#define SIGN_FLAGS (CMS_BINARY | CMS_NOSMIMECAP)
#define SEAL_FLAGS (CMS_BINARY | CMS_PARTIAL)

/* *OUT: the DER of P, signed; BIO_free(). */
static int
sign(struct seal *s, BIO **out, const void *p, size_t len, struct err *err)
{
	BIO *in = BIO_new_mem_buf(p, (int)len), *der = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms;
	EVP_PKEY *key;
	X509 *cert;
	int ok;

	uv_mutex_lock(&s->lock);
	cert = s->ours;
	key = s->key;
	ok = X509_up_ref(cert) && EVP_PKEY_up_ref(key);
	uv_mutex_unlock(&s->lock);
	cms = ok ? CMS_sign(cert, key, NULL, in, SIGN_FLAGS) : NULL;
	ok = cms != NULL && i2d_CMS_bio(der, cms) == 1;
	X509_free(cert);
	EVP_PKEY_free(key);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	if (!ok) {
		BIO_free(der);
		return seal_error(err, E_INTERNAL, "seal: the result can't be signed");
	}
	*out = der;
	return 0;
}

/* OAEP for RSA, a key derived with SHA-256 for EC: OpenSSL's own choices are older. */
static int
add_recipient(CMS_ContentInfo *cms, X509 *cert)
{
	CMS_RecipientInfo *ri = CMS_add1_recipient_cert(cms, cert, SEAL_FLAGS | CMS_KEY_PARAM);
	EVP_PKEY_CTX *ctx = ri == NULL ? NULL : CMS_RecipientInfo_get0_pkey_ctx(ri);

	if (ctx == NULL)
		return 0;
	if (EVP_PKEY_get_base_id(X509_get0_pubkey(cert)) == EVP_PKEY_RSA)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0
		    && EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) > 0
		    && EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) > 0;
	return EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) > 0;
}

static int
add_key(CMS_ContentInfo *cms, const struct sealing_key *k)
{
	unsigned char *key = OPENSSL_memdup(k->key, sizeof(k->key)), *id = OPENSSL_memdup(k->id, sizeof(k->id));
	ASN1_TYPE *wrapped = ASN1_TYPE_new();

	ASN1_TYPE_set1(wrapped, V_ASN1_SEQUENCE, k->wrapped->value.sequence);
	if (CMS_add0_recipient_key(cms, NID_undef, key, sizeof(k->key), id, sizeof(k->id), NULL,
	    OBJ_nid2obj(NID_id_smime_ct_authEnvelopedData), wrapped) != NULL)
		return 1;
	OPENSSL_clear_free(key, sizeof(k->key));
	OPENSSL_free(id);
	ASN1_TYPE_free(wrapped);
	return 0;
}

/* *DER: what IN holds, for the certificate, or for K where there is one. */
static int
envelop(const struct seal *s, const struct sealing_key *k, BIO **der, BIO *in, struct err *err)
{
	CMS_ContentInfo *cms = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), SEAL_FLAGS);
	BIO *out = BIO_new(BIO_s_mem());
	int ok = cms != NULL && (k != NULL ? add_key(cms, k) : add_recipient(cms, s->instance))
	    && CMS_final(cms, in, NULL, SEAL_FLAGS) == 1 && i2d_CMS_bio(out, cms) == 1;

	CMS_ContentInfo_free(cms);
	if (!ok) {
		BIO_free(out);
		return seal_error(err, E_INTERNAL, "seal: the result can't be sealed to the instance's certificate");
	}
	*der = out;
	return 0;
}

int
seal_to_certificate(const struct seal *s, BIO **der, const void *p, size_t len, struct err *err)
{
	BIO *in = BIO_new_mem_buf(p, (int)len);
	int r = envelop(s, NULL, der, in, err);

	BIO_free(in);
	return r;
}

static int
put_bio(struct buf *out, BIO *der, struct err *err)
{
	char *p;
	long n = BIO_get_mem_data(der, &p);

	if (buf_put(out, p, (size_t)n) < 0)
		return err_set(err, E_FULL, "seal: %ld sealed bytes are more than the page may have", n);
	return 0;
}

int
seal_result(struct seal *s, struct buf *out, const void *plain, size_t len, struct err *err)
{
	struct sealing_key k;
	BIO *inner = NULL, *der = NULL;
	int r;

	if (s->instance == NULL)
		return err_set(err, E_INTERNAL, "seal: not opened for sealing to the instance");
	if (len > INT_MAX / 2)
		return err_set(err, E_FULL, "seal: a result of %zu bytes is too large for one envelope", len);
	r = sealing_key_take(s, &k, err);
	if (r < 0)
		return r;
	r = sign(s, &inner, plain, len, err);
	if (r == 0) {
		r = envelop(s, &k, &der, inner, err);
		BIO_free(inner);
	}
	if (r == 0) {
		r = put_bio(out, der, err);
		BIO_free(der);
	}
	sealing_key_fini(&k);
	return r;
}
