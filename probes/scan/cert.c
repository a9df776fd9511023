/* SPDX-License-Identifier: Apache-2.0 */
/* cert - see cert.h. */
#include "cert.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "found.h"
#include "text.h"

#define PEM_MAX 16000

struct fields {
	char text[CERT_FIELDS - 1][FACT_MAX];
	char pem[PEM_MAX];
};

static void
put_clean(char out[FACT_MAX], BIO *from)
{
	char *p;
	long n = BIO_get_mem_data(from, &p);

	text_clean((const unsigned char *)p, n > 0 ? (size_t)n : 0, out, FACT_MAX);
	(void)BIO_reset(from);
}

static void
common_name(X509 *x, BIO *bio, char out[FACT_MAX])
{
	X509_NAME *name = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	if (at >= 0)
		ASN1_STRING_print_ex(bio, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)), ASN1_STRFLGS_UTF8_CONVERT);
	put_clean(out, bio);
}

static void
subject(X509 *x, BIO *bio, char out[FACT_MAX])
{
	X509_NAME_print_ex(bio, X509_get_subject_name(x), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	put_clean(out, bio);
}

static void
issuer(X509 *x, BIO *bio, char out[FACT_MAX])
{
	X509_NAME_print_ex(bio, X509_get_issuer_name(x), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	put_clean(out, bio);
}

static void
serial(X509 *x, BIO *bio, char out[FACT_MAX])
{
	i2a_ASN1_INTEGER(bio, X509_get0_serialNumber(x));
	put_clean(out, bio);
}

/* "2026-04-02 10:11:12", GMT. */
static void
date(const ASN1_TIME *t, char out[FACT_MAX])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) == 1)
		snprintf(out, FACT_MAX, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec);
}

static void
valid_from(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	date(X509_get0_notBefore(x), out);
}

static void
valid_to(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	date(X509_get0_notAfter(x), out);
}

static void
fingerprint(X509 *x, BIO *bio, char out[FACT_MAX])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0, i;

	(void)bio;
	if (X509_digest(x, EVP_sha256(), md, &n) != 1)
		return;
	for (i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", md[i]);
}

static void
fingerprint_algorithm(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)x;
	(void)bio;
	snprintf(out, FACT_MAX, "SHA-256");
}

static void
key_algorithm(X509 *x, BIO *bio, char out[FACT_MAX])
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	(void)bio;
	if (key != NULL)
		snprintf(out, FACT_MAX, "%s", OBJ_nid2sn(EVP_PKEY_get_base_id(key)));
}

static void
key_size(X509 *x, BIO *bio, char out[FACT_MAX])
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	(void)bio;
	if (key != NULL)
		snprintf(out, FACT_MAX, "%d", EVP_PKEY_get_bits(key));
}

static void
signature_algorithm(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	snprintf(out, FACT_MAX, "%s", OBJ_nid2ln(X509_get_signature_nid(x)));
}

static void
version(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	snprintf(out, FACT_MAX, "%ld", X509_get_version(x) + 1);
}

/* DNS names and addresses it is for, blanks between. */
static void
alternative_names(X509 *x, BIO *bio, char out[FACT_MAX])
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	const GENERAL_NAME *g;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names) && i < 200; i++) {
		g = sk_GENERAL_NAME_value(names, i);
		if (g->type == GEN_DNS)
			BIO_printf(bio, "%s%.*s", i > 0 ? " " : "", ASN1_STRING_length(g->d.dNSName),
			    (const char *)ASN1_STRING_get0_data(g->d.dNSName));
		else if (g->type == GEN_IPADD && ASN1_STRING_length(g->d.iPAddress) == 4)
			BIO_printf(bio, "%s%u.%u.%u.%u", i > 0 ? " " : "", g->d.iPAddress->data[0], g->d.iPAddress->data[1],
			    g->d.iPAddress->data[2], g->d.iPAddress->data[3]);
	}
	GENERAL_NAMES_free(names);
	put_clean(out, bio);
}

static void
is_ca(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	snprintf(out, FACT_MAX, "%s", X509_check_ca(x) > 0 ? "true" : "false");
}

static void
self_signed(X509 *x, BIO *bio, char out[FACT_MAX])
{
	(void)bio;
	snprintf(out, FACT_MAX, "%s", X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0 ? "true" : "false");
}

/* In the order of the enum. */
static const struct { const char *name; void (*tell)(X509 *, BIO *, char out[FACT_MAX]); } fields[] = {
	{ "subject_common_name", common_name },
	{ "subject", subject },
	{ "issuer", issuer },
	{ "serial_number", serial },
	{ "valid_from", valid_from },
	{ "valid_to", valid_to },
	{ "fingerprint", fingerprint },
	{ "fingerprint_algorithm", fingerprint_algorithm },
	{ "key_algorithm", key_algorithm },
	{ "key_size", key_size },
	{ "signature_algorithm", signature_algorithm },
	{ "version", version },
	{ "subject_alternative_names", alternative_names },
	{ "is_ca", is_ca },
	{ "is_self_signed", self_signed },
};
#define NFIELDS (sizeof(fields) / sizeof(fields[0]))
_Static_assert(NFIELDS + 1 == CERT_FIELDS, "the last field is the certificate itself");

const char *
cert_field(unsigned i)
{
	return i < NFIELDS ? fields[i].name : i == NFIELDS ? "pem_certificate" : NULL;
}

void
cert_tell(X509 *x, bool original, struct found *f, uint32_t host, unsigned ask, unsigned depth)
{
	struct fields *all = calloc(1, sizeof(*all));
	const char *v[CERT_FIELDS];
	BIO *bio = BIO_new(BIO_s_mem());
	size_t i;

	for (i = 0; all != NULL && bio != NULL && i < NFIELDS; i++) {
		fields[i].tell(x, bio, all->text[i]);
		v[i] = all->text[i];
	}
	if (all != NULL && bio != NULL) {
		if (original && PEM_write_bio_X509(bio, x) == 1 && BIO_pending(bio) < PEM_MAX)
			(void)BIO_read(bio, all->pem, PEM_MAX - 1);
		v[NFIELDS] = all->pem;
		found_cert(f, host, ask, depth, v);
	}
	BIO_free(bio);
	free(all);
}
