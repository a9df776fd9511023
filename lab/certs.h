/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certs - the lab's own certificate authority: P-256 keys and certificates,
 * good ones and, for tests, wrong ones.
 */
#ifndef LAB_CERTS_H
#define LAB_CERTS_H
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

struct cert_wish {
	const char *name;		/* CN */
	const char *const *hosts;	/* names and addresses, NULL-ended */
	bool ca, server, client, seal;
	bool expired;
	int days;			/* 0 = 825 */
	int seconds;			/* 0: days count; begins now */
};

EVP_PKEY *key_make(void);
/* Signed by CA_KEY in the name of CA; CA NULL = by itself. NULL = failed. */
X509 *cert_make(const struct cert_wish *wish, EVP_PKEY *key, X509 *ca,
    EVP_PKEY *ca_key);

/* Private keys get mode 0600. 0, or -1 after complaining. */
int key_write(EVP_PKEY *key, const char *path);
int cert_write(X509 *cert, X509 *chain, const char *path);
EVP_PKEY *key_read(const char *path);
X509 *cert_read(const char *path);
char *cert_pem(X509 *cert);				/* caller frees */
void cert_sha256(X509 *cert, char hex[65]);
/* The CN, "" when there is none. */
void cert_name(X509 *cert, char *out, size_t size);
#endif
