/* SPDX-License-Identifier: Apache-2.0 */
/* key_make - a new key like the one we have; see key.h. */
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "key.h"
#include "secret.h"

/* NULL: of that kind none is made here. */
static EVP_PKEY *
like(const EVP_PKEY *was)
{
	char curve[80];
	size_t n = 0;

	if (EVP_PKEY_get_base_id(was) == EVP_PKEY_RSA)
		return EVP_RSA_gen((unsigned)EVP_PKEY_get_bits(was));
	if (EVP_PKEY_get_base_id(was) == EVP_PKEY_EC && EVP_PKEY_get_group_name(was, curve, sizeof(curve), &n) == 1)
		return EVP_EC_gen(curve);
	return NULL;
}

static int
in_tpm(struct secret *pem, struct err *err)
{
	char *text = NULL;
	int r = key_make_tpm(&text, err);

	if (r == 0)
		secret_set(pem, text, strlen(text));
	free(text);	/* of use to this TPM2 only */
	return r;
}

static int
as_pem(struct secret *pem, const EVP_PKEY *key, struct err *err)
{
	BIO *b = BIO_new(BIO_s_secmem());
	int ok = b != NULL && PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1;
	char *p;
	long n;

	if (ok) {
		n = BIO_get_mem_data(b, &p);
		secret_set(pem, p, (size_t)n);
		OPENSSL_cleanse(p, (size_t)n);
	}
	BIO_free(b);
	return ok ? 0 : err_set(err, E_INTERNAL, "a new key cannot be written as PEM");
}

int
key_make_like(struct secret *pem, const char *where, struct err *err)
{
	EVP_PKEY *was = NULL, *fresh;
	int r;

	if (key_in_token(where))
		return 0;
	if (key_in_tpm(where))
		return in_tpm(pem, err);
	r = key_load(&was, where, err);
	if (r < 0)
		return r;
	fresh = like(was);
	if (fresh != NULL)
		r = as_pem(pem, fresh, err);
	ERR_clear_error();
	EVP_PKEY_free(fresh);
	EVP_PKEY_free(was);
	return r;
}
