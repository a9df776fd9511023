/* SPDX-License-Identifier: Apache-2.0 */
/* enroll_trust - whose certificate the instance may show: nobody is believed because he answers first. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "enroll.h"
#include "err.h"
#include "http.h"
#include "http_peek.h"
#include "midctl.h"
#include "os.h"

#define CHAIN_MAX (128u * 1024)

bool
enrol_fingerprint(const char *text, char hex[65])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == ':' || *text == ' ')
			continue;
		if (n == 64 || strchr("0123456789abcdefABCDEF", *text) == NULL)
			return false;
		hex[n++] = *text;
	}
	hex[n] = '\0';
	return n == 64;
}

static void
fingerprint(X509 *x, char hex[65], char words[WORDS_SIZE])
{
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };
	size_t i;

	(void)X509_digest(x, EVP_sha256(), md, NULL);
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	words_of(md, words);
}

static int
keep(struct enrol *e, X509 *x, struct err *err)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long n;
	int r;

	PEM_write_bio_X509(b, x);
	n = BIO_get_mem_data(b, &p);
	r = os_write_file(e->ca_file, p, (size_t)n, 0644, err);
	BIO_free(b);
	e->has_ca = r == 0;
	return r;
}

/* The one of the chain that HEX names is kept. */
static int
pin(struct enrol *e, const struct buf *chain, const char *hex, struct err *err)
{
	BIO *b = BIO_new_mem_buf(buf_str(chain), (int)chain->len);
	char is[65], words[WORDS_SIZE];
	int r = 1;
	X509 *x;

	while (r == 1 && (x = PEM_read_bio_X509(b, NULL, NULL, NULL)) != NULL) {
		fingerprint(x, is, words);
		if (strcasecmp(is, hex) == 0)
			r = keep(e, x, err);
		X509_free(x);
	}
	ERR_clear_error();
	BIO_free(b);
	return r != 1 ? r : err_set(err, E_TLS, "no certificate that %s shows has the fingerprint %s: somebody stands between, "
	    "or it is a wrong one", e->url, hex);
}

static int
by_fingerprint(struct enrol *e, struct err *err)
{
	struct http_config proxy = { 0 };
	struct buf chain;
	char hex[65];
	int r;

	(void)enrol_fingerprint(e->a->fingerprint, hex);
	buf_init(&chain, CHAIN_MAX);
	enrol_proxy(e, &proxy);
	r = http_peek(&chain, e->url, &proxy, err);
	if (r == 0)
		r = pin(e, &chain, hex, err);
	buf_fini(&chain);
	return r;
}

static int
by_file(struct enrol *e, struct err *err)
{
	struct buf b;
	int r;

	buf_init(&b, CHAIN_MAX);
	r = os_read_file(&b, e->a->ca, err);
	if (r == 0 && strstr(buf_str(&b), "-----BEGIN CERTIFICATE-----") == NULL)
		r = err_set(err, E_BAD, "%s holds no certificate in PEM form", e->a->ca);
	if (r == 0)
		r = os_write_file(e->ca_file, b.data, b.len, 0644, err);
	e->has_ca = r == 0;
	buf_fini(&b);
	return r == 0 ? 0 : err_in(err, "--ca wants a file with the certificate of the instance's CA");
}

int
enrol_trust(struct enrol *e, struct err *err)
{
	e->has_ca = false;
	if (e->a->ca != NULL)
		return by_file(e, err);
	if (e->a->fingerprint != NULL)
		return by_fingerprint(e, err);
	e->has_ca = os_file_is_private(e->ca_file) >= 0;	/* of a request that is pending */
	return 0;
}

void
enrol_trust_help(const struct enrol *e)
{
	struct http_config proxy = { 0 };
	char hex[65], words[WORDS_SIZE], subject[200];
	struct buf chain;
	X509 *x;
	BIO *b;

	buf_init(&chain, CHAIN_MAX);
	enrol_proxy(e, &proxy);
	if (http_peek(&chain, e->url, &proxy, NULL) < 0) {
		buf_fini(&chain);
		return;
	}
	fprintf(stderr, "\nIt shows these certificates:\n");
	b = BIO_new_mem_buf(buf_str(&chain), (int)chain.len);
	while ((x = PEM_read_bio_X509(b, NULL, NULL, NULL)) != NULL) {
		fingerprint(x, hex, words);
		X509_NAME_oneline(X509_get_subject_name(x), subject, sizeof(subject));
		fprintf(stderr, "  %s\n    %s\n    %s\n", subject, hex, words);
		X509_free(x);
	}
	ERR_clear_error();
	BIO_free(b);
	buf_fini(&chain);
	fprintf(stderr, "Compare the last one with what the instance's people say, by another way than this one; then add\n"
	    "  --fingerprint HEX\nor give their CA as a file: --ca FILE\n");
}
