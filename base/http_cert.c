/* SPDX-License-Identifier: Apache-2.0 */
/* http_cert - certificate files read ahead of use, so that a bad one has a sentence of its own. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_int.h"
#include "key.h"
#include "xalloc.h"

static FILE *
open_pem(const char *path, const char *what, struct err *err)
{
	FILE *f = fopen(path, "re");

	if (f == NULL)
		err_os(err, "%s %s", what, path);
	return f;
}

/* No terminal is asked for a passphrase. */
static int
no_passphrase(char *to, int size, int writing, void *arg)
{
	(void)to, (void)size, (void)writing, (void)arg;
	return 0;
}

static int
read_cert(X509 **out, const char *path, const char *what, struct err *err)
{
	FILE *f = open_pem(path, what, err);
	X509 *x;

	if (f == NULL)
		return -E_OS;
	x = PEM_read_X509(f, NULL, no_passphrase, NULL);
	fclose(f);
	ERR_clear_error();
	if (x == NULL)
		return err_set(err, E_TLS, "%s %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", what, path);
	*out = x;
	return 0;
}

static int
check_key(X509 *cert, const struct http_setup *s, struct err *err)
{
	const char *path = s->key_file != NULL ? s->key_file : s->cert_file;
	EVP_PKEY *key;
	int fits, r = key_load(&key, path, err);

	if (r < 0)
		return r;
	fits = X509_check_private_key(cert, key);
	ERR_clear_error();
	EVP_PKEY_free(key);
	if (fits != 1)
		return err_set(err, E_TLS, "private key %s does not belong to certificate %s", path, s->cert_file);
	return 0;
}

static int
check_crl(const char *path, struct err *err)
{
	FILE *f = open_pem(path, "revocation list", err);
	X509_CRL *crl;

	if (f == NULL)
		return -E_OS;
	crl = PEM_read_X509_CRL(f, NULL, no_passphrase, NULL);
	fclose(f);
	ERR_clear_error();
	X509_CRL_free(crl);
	return crl != NULL ? 0 : err_set(err, E_TLS, "revocation list %s holds none in PEM form (-----BEGIN X509 CRL-----)", path);
}

int
http_cert_check(const struct http_setup *s, struct err *err)
{
	X509 *x = NULL;
	int r = 0;

	if (s->ca_file != NULL)
		r = read_cert(&x, s->ca_file, "CA file", err);
	X509_free(x);
	if (r == 0 && s->crl_file != NULL)
		r = check_crl(s->crl_file, err);
	if (r < 0 || s->cert_file == NULL)
		return r;
	x = NULL;
	r = read_cert(&x, s->cert_file, "certificate", err);
	if (r == 0)
		r = check_key(x, s, err);
	X509_free(x);
	return r;
}

int
http_cert_fits(const char *cert_file, const char *key_file, struct err *err)
{
	char *cert = xstrdup(cert_file), *key = xstrdup(key_file);
	const struct http_setup s = { .cert_file = cert, .key_file = key };
	int r = http_cert_check(&s, err);

	free(cert);
	free(key);
	return r;
}

static int
describe(struct http_cert *c, X509 *x)
{
	BIO *b = BIO_new(BIO_s_mem());
	struct tm tm, from;
	int n, r = -E_TLS;

	if (b != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) == 1 &&
	    ASN1_TIME_to_tm(X509_get0_notBefore(x), &from) == 1 &&
	    X509_NAME_print_ex(b, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) >= 0) {
		n = BIO_read(b, c->subject, sizeof(c->subject) - 1);
		c->subject[n > 0 ? n : 0] = '\0';
		c->not_after_s = timegm(&tm);
		c->not_before_s = timegm(&from);
		r = 0;
	}
	BIO_free(b);
	return r;
}

int
http_cert_read(struct http_cert *out, const char *path, struct err *err)
{
	struct http_cert c = { .subject = "" };
	X509 *x = NULL;
	int r = read_cert(&x, path, "certificate", err);

	if (r < 0)
		return r;
	r = describe(&c, x);
	X509_free(x);
	if (r < 0)
		return err_set(err, E_TLS, "certificate %s has no readable subject and end date", path);
	*out = c;
	return 0;
}
