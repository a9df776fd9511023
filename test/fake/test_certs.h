/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_certs - certificates made on the spot for tests of TLS, in a folder of
 * their own: each NAME gives NAME.crt and NAME.key.
 */
#ifndef MID_TEST_CERTS_H
#define MID_TEST_CERTS_H

#include <assert.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct test_cert {
	X509 *x;
	EVP_PKEY *key;
	char crt[120], pem[120];	/* file names */
};

static char test_dir[64];

static inline void
test_certs_begin(void)
{
	strcpy(test_dir, "/tmp/midd-test-XXXXXX");
	if (mkdtemp(test_dir) == NULL)
		abort();
}

static inline void
test_cert_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert(e != NULL);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static inline void
test_cert_save(struct test_cert *c, const char *name)
{
	FILE *f;

	snprintf(c->crt, sizeof(c->crt), "%s/%s.crt", test_dir, name);
	snprintf(c->pem, sizeof(c->pem), "%s/%s.key", test_dir, name);
	umask(077);		/* as secrets are */
	f = fopen(c->crt, "w");
	assert(f != NULL);
	PEM_write_X509(f, c->x);
	fclose(f);
	f = fopen(c->pem, "w");
	assert(f != NULL);
	PEM_write_PrivateKey(f, c->key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

/* By ISSUER (NULL: itself, a CA), for the alternative name SAN (NULL none), ending in DAYS. */
static inline void
test_cert_make(struct test_cert *c, const char *name, const struct test_cert *issuer, const char *san, int days)
{
	static long serial;
	X509_NAME *n;

	c->key = EVP_EC_gen("P-256");
	c->x = X509_new();
	assert(c->key != NULL && c->x != NULL);
	X509_set_version(c->x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c->x), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(c->x), -86400L * 30);
	X509_gmtime_adj(X509_getm_notAfter(c->x), 86400L * days);
	n = X509_get_subject_name(c->x);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(c->x, issuer != NULL ? X509_get_subject_name(issuer->x) : n);
	X509_set_pubkey(c->x, c->key);
	test_cert_ext(c->x, issuer != NULL ? issuer->x : c->x, NID_basic_constraints,
	    issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
	if (san != NULL)
		test_cert_ext(c->x, issuer->x, NID_subject_alt_name, san);
	X509_sign(c->x, issuer != NULL ? issuer->key : c->key, EVP_sha256());
	test_cert_save(c, name);
}

static inline void
test_cert_free(struct test_cert *c)
{
	unlink(c->crt);
	unlink(c->pem);
	X509_free(c->x);
	EVP_PKEY_free(c->key);
}

static inline void
test_certs_end(void)
{
	rmdir(test_dir);
}

#endif
