/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ours - opens what was sealed to our own certificate: CMS AuthEnvelopedData.
 * Only that kind: one without authentication could be changed on its way.
 */
#include <limits.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include "buf.h"
#include "err.h"
#include "key.h"
#include "seal/inside.h"

static X509 *
read_cert(const char *file)
{
	BIO *in = BIO_new_file(file, "r");
	X509 *cert = in == NULL ? NULL : PEM_read_bio_X509(in, NULL, NULL, NULL);

	BIO_free(in);
	return cert;
}

static int
decrypt(CMS_ContentInfo *cms, EVP_PKEY *key, struct buf *out, struct err *err)
{
	BIO *plain = BIO_new(BIO_s_mem());
	char *p;
	long n;
	int r = 0;

	/* Whatever certificate of this key it was sealed to: a renewed one has the same. */
	if (CMS_decrypt(cms, key, NULL, NULL, plain, CMS_BINARY) != 1) {
		r = seal_error(err, E_DAMAGED, "it is not sealed to our certificate, or was changed");
	} else {
		n = BIO_get_mem_data(plain, &p);
		if (buf_put(out, p, (size_t)n) < 0)
			r = err_set(err, E_FULL, "what is sealed in it is too large: %ld bytes", n);
		OPENSSL_cleanse(p, (size_t)n);
	}
	BIO_free(plain);
	return r;
}

int
seal_open_ours(const char *cert_file, const char *key_file, struct buf *out, const void *der, size_t len,
    struct err *err)
{
	const unsigned char *at = der;
	CMS_ContentInfo *cms = len > INT_MAX ? NULL : d2i_CMS_ContentInfo(NULL, &at, (long)len);
	X509 *cert = read_cert(cert_file);
	EVP_PKEY *key = NULL;
	int r = key_load(&key, key_file, err);

	if (r < 0)
		r = err_in(err, "instance.key");
	else if (cert == NULL)
		r = seal_error(err, E_OS, "our own certificate can't be read (instance.cert)");
	else if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_id_smime_ct_authEnvelopedData)
		r = seal_error(err, E_BAD, "%zu bytes that are no CMS AuthEnvelopedData", len);
	else
		r = decrypt(cms, key, out, err);
	CMS_ContentInfo_free(cms);
	X509_free(cert);
	EVP_PKEY_free(key);
	return r;
}
