/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cms - sealing to the instance: SignedData by our key (RFC 5652) inside
 * AuthEnvelopedData with AES-256-GCM (RFC 5083) to its certificate. Signed
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
sign(const struct seal *s, BIO **out, const void *p, size_t len, struct err *err)
{
	BIO *in = BIO_new_mem_buf(p, (int)len), *der = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = CMS_sign(s->ours, s->key, NULL, in, SIGN_FLAGS);
	int ok = cms != NULL && i2d_CMS_bio(der, cms) == 1;

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
envelop(const struct seal *s, BIO *der, BIO *in)
{
	CMS_ContentInfo *cms = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), SEAL_FLAGS);
	int ok = cms != NULL && add_recipient(cms, s->instance)
	    && CMS_final(cms, in, NULL, SEAL_FLAGS) == 1 && i2d_CMS_bio(der, cms) == 1;

	CMS_ContentInfo_free(cms);
	return ok;
}

int
seal_result(struct seal *s, struct buf *out, const void *plain, size_t len, struct err *err)
{
	BIO *inner = NULL, *der;
	char *p;
	long n;
	int r;

	if (s->instance == NULL)
		return err_set(err, E_INTERNAL, "seal: not opened for sealing to the instance");
	if (len > INT_MAX / 2)
		return err_set(err, E_FULL, "seal: a result of %zu bytes is too large for one envelope", len);
	r = sign(s, &inner, plain, len, err);
	if (r < 0)
		return r;
	der = BIO_new(BIO_s_mem());
	if (!envelop(s, der, inner)) {
		r = seal_error(err, E_INTERNAL, "seal: the result can't be sealed to the instance's certificate");
	} else {
		n = BIO_get_mem_data(der, &p);
		r = buf_put(out, p, (size_t)n);
		if (r < 0)
			err_set(err, E_FULL, "seal: %ld sealed bytes are more than the page may have", n);
	}
	BIO_free(inner);
	BIO_free(der);
	return r;
}
