/* SPDX-License-Identifier: Apache-2.0 */
/* key_far - keys that others use for us: a PKCS#11 token, a TPM2. For key.c only. */
#ifndef MID_KEY_FAR_H
#define MID_KEY_FAR_H

#include <openssl/types.h>

struct err;

int key_far_token(EVP_PKEY **out, const char *uri, struct err *err);
/* PEM: what the file PATH holds. */
int key_far_tpm(EVP_PKEY **out, const char *pem, const char *path, struct err *err);

/* key_wrap.c: FAR, of a provider in LIB, as a key that OpenSSL uses everywhere: nobody has to ask for the
 * provider by name. Takes FAR. NULL: it is no EC key, or not one of a named curve. */
EVP_PKEY *key_wrap_take(EVP_PKEY *theirs, OSSL_LIB_CTX *lib, const char *query);

#endif
