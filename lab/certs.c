/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certs - see the header.
 */
#include "certs.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "util.h"

#define DAY 86400L
#define DAYS_DEFAULT 825

EVP_PKEY *
key_make(void)
{
	return EVP_EC_gen("P-256");
}

static bool
add_extension(X509 *cert, X509 *ca, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	bool ok;

	X509V3_set_ctx(&ctx, ca != NULL ? ca : cert, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = e != NULL && X509_add_ext(cert, e, -1) == 1;
	X509_EXTENSION_free(e);
	return ok;
}

static bool
add_hosts(X509 *cert, X509 *ca, const char *const *hosts)
{
	struct text t = { 0 };
	unsigned char addr[16];
	bool ok;

	for (; hosts != NULL && *hosts != NULL; hosts++) {
		bool ip = inet_pton(AF_INET, *hosts, addr) == 1 ||
		    inet_pton(AF_INET6, *hosts, addr) == 1;

		text_addf(&t, "%s%s:%s", t.len > 0 ? "," : "",
		    ip ? "IP" : "DNS", *hosts);
	}
	ok = t.len == 0 || add_extension(cert, ca, NID_subject_alt_name,
	    text_str(&t));
	text_fini(&t);
	return ok;
}

static bool
add_uses(X509 *cert, X509 *ca, const struct cert_wish *w)
{
	bool ok = add_extension(cert, ca, NID_basic_constraints,
	    w->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");

	ok = ok && add_extension(cert, ca, NID_subject_key_identifier, "hash");
	if (ca != NULL)
		ok = ok && add_extension(cert, ca,
		    NID_authority_key_identifier, "keyid");
	ok = ok && add_extension(cert, ca, NID_key_usage,
	    w->ca ? "critical,keyCertSign,cRLSign" :
	    w->seal ? "critical,keyAgreement" : "critical,digitalSignature");
	if (w->server || w->client)
		ok = ok && add_extension(cert, ca, NID_ext_key_usage,
		    w->server ? "serverAuth" : "clientAuth");
	return ok && add_hosts(cert, ca, w->hosts);
}

static bool
set_serial(X509 *cert)
{
	unsigned char bytes[16];
	BIGNUM *n;
	bool ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] &= 0x7f;
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = n != NULL &&
	    BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL;
	BN_free(n);
	return ok;
}

static bool
set_names(X509 *cert, X509 *ca, const char *cn)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
		(const unsigned char *)"midlab", -1, -1, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		(const unsigned char *)cn, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(cert,
		ca != NULL ? X509_get_subject_name(ca) : name) == 1;
}

/* A little in the past, so that a clock that is behind does not refuse it. */
static void
set_times(X509 *cert, const struct cert_wish *w)
{
	long days = w->days > 0 ? w->days : DAYS_DEFAULT;

	X509_gmtime_adj(X509_getm_notBefore(cert),
	    w->expired ? -30 * DAY : w->seconds > 0 ? 0 : -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert),
	    w->expired ? -DAY : w->seconds > 0 ? w->seconds : days * DAY);
}

X509 *
cert_make(const struct cert_wish *wish, EVP_PKEY *key, X509 *ca,
    EVP_PKEY *ca_key)
{
	X509 *cert = X509_new();

	if (cert == NULL)
		return NULL;
	set_times(cert, wish);
	if (X509_set_version(cert, 2) == 1 && set_serial(cert) &&
	    set_names(cert, ca, wish->name) &&
	    X509_set_pubkey(cert, key) == 1 && add_uses(cert, ca, wish) &&
	    X509_sign(cert, ca_key != NULL ? ca_key : key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

static int
write_bio(BIO *bio, const char *path, mode_t mode)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	int r = file_write(path, p, (size_t)n, mode);

	BIO_free(bio);
	return r;
}

int
key_write(EVP_PKEY *key, const char *path)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	if (bio == NULL)
		bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	return write_bio(bio, path, 0600);
}

int
cert_write(X509 *cert, X509 *chain, const char *path)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_X509(bio, cert);
	if (chain != NULL)
		PEM_write_bio_X509(bio, chain);
	return write_bio(bio, path, 0644);
}

EVP_PKEY *
key_read(const char *path)
{
	FILE *f = fopen(path, "re");
	EVP_PKEY *key;

	if (f == NULL)
		return NULL;
	key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	return key;
}

X509 *
cert_read(const char *path)
{
	FILE *f = fopen(path, "re");
	X509 *cert;

	if (f == NULL)
		return NULL;
	cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	return cert;
}

char *
cert_pem(X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p, *out;
	long n;

	PEM_write_bio_X509(bio, cert);
	n = BIO_get_mem_data(bio, &p);
	out = xstrndup(p, (size_t)n);
	BIO_free(bio);
	return out;
}

void
cert_sha256(X509 *cert, char hex[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0, i;

	X509_digest(cert, EVP_sha256(), md, &n);
	for (i = 0; i < n && i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
}

void
cert_name(X509 *cert, char *out, size_t size)
{
	if (X509_NAME_get_text_by_NID(X509_get_subject_name(cert),
	    NID_commonName, out, (int)size) < 0)
		out[0] = '\0';
}
