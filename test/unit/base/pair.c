/* SPDX-License-Identifier: Apache-2.0 */
/* pair: which certificate and key count, whatever lies in paths.state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "folder.h"
#include "os.h"
#include "pair.h"
#include "secret.h"

static char dir[60];

static const char *
at(const char *name)
{
	static char path[4][120];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof(path[i]), "%s/%s", dir, name);
	return path[i];
}

static void
bio_text(BIO *b, char *to, size_t size)
{
	int n = BIO_read(b, to, (int)size - 1);

	assert_true(n > 0);
	to[n] = '\0';
	BIO_free(b);
}

/* A new key as PEM, and a certificate for it that ends in LIFE_S; for the key in KEY where that holds one. */
static void
make(char key[600], char cert[1200], long life_s)
{
	BIO *b = key[0] != '\0' ? BIO_new_mem_buf(key, -1) : NULL;
	EVP_PKEY *k = b != NULL ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : EVP_EC_gen("P-256");
	X509 *x = X509_new();

	BIO_free(b);
	assert_non_null(k);
	X509_set_pubkey(x, k);
	ASN1_INTEGER_set(X509_get_serialNumber(x), (long)random());
	X509_gmtime_adj(X509_getm_notBefore(x), -100);
	X509_gmtime_adj(X509_getm_notAfter(x), life_s);
	assert_true(X509_sign(x, k, EVP_sha256()) > 0);
	b = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(b, k, NULL, NULL, 0, NULL, NULL);
	bio_text(b, key, 600);
	b = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(b, x);
	bio_text(b, cert, 1200);
	X509_free(x);
	EVP_PKEY_free(k);
}

static void
put(const char *name, const char *text)
{
	assert_int_equal(os_write_file(at(name), text, strlen(text), 0600, NULL), 0);
}

/* NAME: a renewed pair for the configured CERT; with a key of its own where KEY is one. */
static void
put_renewed(const char *name, const char *cert, const char *key, const char *new_cert)
{
	struct secret text;
	struct err err;

	secret_init(&text);
	assert_int_equal(pair_compose(&text, at(cert), key, new_cert, &err), 0);
	assert_int_equal(os_write_file(at(name), text.data, text.len, 0600, &err), 0);
	secret_fini(&text);
}

static char key1[600], cert1[1200], key2[600], cert2[1200], key3[600], cert3[1200];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/midd-pair-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	key1[0] = key2[0] = key3[0] = '\0';
	make(key1, cert1, 1000);
	make(key2, cert2, 9000);
	make(key3, cert3, 9000);
	put("key", key1);
	put("cert", cert1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return folder_remove(dir);
}

static void
counts(const char *cert, const char *key)
{
	struct pair p;

	pair_in_force(&p, dir, at("cert"), at("key"));
	assert_string_equal(p.cert, at(cert));
	assert_string_equal(p.key, at(key));
	pair_fini(&p);
}

/* --- tests ------------------------------------------------------------------------------- */

static void
the_configured_pair_counts_until_there_is_a_whole_other_one(void **state)
{
	static const char *const broken[] = { "", "nonsense", "for certificate 00\n" };
	struct pair p;
	size_t i;

	(void)state;
	counts("cert", "key");
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		put(PAIR_IN_FORCE, broken[i]);
		counts("cert", "key");
	}
	put_renewed(PAIR_IN_FORCE, "cert", key2, "");		/* no certificate */
	counts("cert", "key");
	put_renewed(PAIR_IN_FORCE, "cert", key2, cert3);	/* of another key */
	counts("cert", "key");
	put_renewed(PAIR_IN_FORCE, "cert", NULL, cert2);	/* not of ours */
	counts("cert", "key");
	pair_in_force(&p, dir, "", "");
	assert_null(p.cert);
	assert_null(p.key);
}

static void
a_renewed_pair_counts_with_its_key_or_ours(void **state)
{
	char again[1200];

	(void)state;
	put_renewed(PAIR_IN_FORCE, "cert", key2, cert2);
	counts(PAIR_IN_FORCE, PAIR_IN_FORCE);
	make(key1, again, 5000);
	put_renewed(PAIR_IN_FORCE, "cert", NULL, again);
	counts(PAIR_IN_FORCE, "key");
}

static void
another_configured_certificate_counts_again(void **state)
{
	(void)state;
	put_renewed(PAIR_IN_FORCE, "cert", key2, cert2);
	put("key", key3);
	put("cert", cert3);
	counts("cert", "key");
	/* One that is lost is no other one. */
	unlink(at("cert"));
	counts(PAIR_IN_FORCE, PAIR_IN_FORCE);
}

static size_t
keys(char **where)
{
	return pair_keys(where, 8, dir, at("cert"), at("key"));
}

static void
drop(char **where, size_t n)
{
	while (n > 0)
		free(where[--n]);
}

static size_t
old_files(void)
{
	glob_t g;
	size_t n;

	assert_int_equal(glob(at("renewed-*.pem"), 0, NULL, &g), 0);
	n = g.gl_pathc;
	globfree(&g);
	return n;
}

static void
old_keys_open_until_their_certificate_ends(void **state)
{
	char *where[8], dead_key[600] = "", dead[1200];
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(keys(where), 1);
	assert_string_equal(where[0], at("key"));
	drop(where, 1);

	put_renewed(PAIR_IN_FORCE, "cert", key2, cert2);
	assert_int_equal(pair_keep_old(dir, PAIR_IN_FORCE, &err), 0);
	assert_int_equal(pair_keep_old(dir, PAIR_IN_FORCE, &err), 0);		/* twice is once */
	put_renewed(PAIR_IN_FORCE, "cert", key3, cert3);
	put_renewed(PAIR_TRIAL, "cert", key3, cert3);
	n = keys(where);
	assert_int_equal(n, 4);
	assert_string_equal(where[0], at(PAIR_IN_FORCE));
	assert_string_equal(where[1], at("key"));
	assert_string_equal(where[2], at(PAIR_TRIAL));
	drop(where, n);
	pair_drop_ended(dir);
	n = keys(where);
	assert_int_equal(n, 4);
	drop(where, n);

	make(dead_key, dead, -5);
	put_renewed(PAIR_IN_FORCE, "cert", dead_key, dead);
	assert_int_equal(pair_keep_old(dir, PAIR_IN_FORCE, &err), 0);
	n = keys(where);
	assert_int_equal(n, 4);	/* itself, ours, the trial, and the one that has not ended */
	drop(where, n);
	assert_int_equal(old_files(), 2);
	pair_drop_ended(dir);
	assert_int_equal(old_files(), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		T(the_configured_pair_counts_until_there_is_a_whole_other_one),
		T(a_renewed_pair_counts_with_its_key_or_ours),
		T(another_configured_certificate_counts_again),
		T(old_keys_open_until_their_certificate_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
