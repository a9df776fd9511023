/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ours - opens what was sealed to our own certificate: CMS AuthEnvelopedData.
 * Only that kind: one without authentication could be changed on its way.
 */
#include <limits.h>
#include <openssl/cms.h>

#include "buf.h"
#include "err.h"
#include "key.h"
#include "seal/inside.h"

/* Whatever certificate of this key it was sealed to. */
static int
decrypt(CMS_ContentInfo *cms, EVP_PKEY *key, struct buf *out, struct err *err)
{
	BIO *plain = BIO_new(BIO_s_mem());
	char *p;
	long n;
	int r = 0;

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

/* Parsed anew for each key: a failed try leaves its marks. */
static int
open_with(const char *where, struct buf *out, const void *der, size_t len, struct err *err)
{
	const unsigned char *at = der;
	CMS_ContentInfo *cms = len > INT_MAX ? NULL : d2i_CMS_ContentInfo(NULL, &at, (long)len);
	EVP_PKEY *key = NULL;
	int r = key_load(&key, where, err);

	if (r < 0)
		r = err_in(err, "instance.key");
	else if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_id_smime_ct_authEnvelopedData)
		r = seal_error(err, E_BAD, "%zu bytes that are no CMS AuthEnvelopedData", len);
	else
		r = decrypt(cms, key, out, err);
	CMS_ContentInfo_free(cms);
	EVP_PKEY_free(key);
	return r;
}

int
seal_open_ours(char *const *keys, size_t n, struct buf *out, const void *der, size_t len, struct err *err)
{
	struct err later;
	size_t i;
	int r;

	if (n == 0)
		return err_set(err, E_NONE, "we have no certificate (instance.cert) that it could be sealed to");
	/* What is wrong is said of the key in force. */
	r = open_with(keys[0], out, der, len, err);
	for (i = 1; r == -E_DAMAGED && i < n; i++)
		if (open_with(keys[i], out, der, len, &later) == 0)
			r = 0;
	return r;
}
