/* SPDX-License-Identifier: Apache-2.0 */
/* key: every kind of private key in every form, against what ssh-keygen says of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "ssh/key.c"

#define DIR_NAME "test/data/keys/"
#define PHRASE "open sesame"

static char *
text_of(const char *name, const char *end)
{
	static char text[2][8192];
	static int turn;
	char path[120], *to = text[turn++ & 1];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), DIR_NAME "%s.%s", name, end);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(to, 1, sizeof(text[0]) - 1, f);
	fclose(f);
	to[n] = '\0';
	return to;
}

/* A request to log in, of which only the algorithm's name counts. */
static size_t
request(unsigned char *to, const char *algorithm)
{
	unsigned char *p = wire_put_string(to, "session", 7);

	*p++ = 50;
	p = wire_put_string(p, "me", 2);
	p = wire_put_string(p, "ssh-connection", 14);
	p = wire_put_string(p, "publickey", 9);
	*p++ = 1;
	p = wire_put_string(p, algorithm, strlen(algorithm));
	return (size_t)(p - to);
}

static const struct { const char *name, *phrase, *algorithm; } good[] = {
	{ "ed25519", NULL, "ssh-ed25519" }, { "ed25519", "not needed", "ssh-ed25519" }, { "ed25519_pkcs8", NULL, "ssh-ed25519" },
	{ "p256", NULL, "ecdsa-sha2-nistp256" }, { "p384", NULL, "ecdsa-sha2-nistp384" }, { "p521", NULL, "ecdsa-sha2-nistp521" },
	{ "p256_pem", NULL, "ecdsa-sha2-nistp256" }, { "p384_pkcs8_locked", PHRASE, "ecdsa-sha2-nistp384" },
	{ "rsa", NULL, "rsa-sha2-512" }, { "rsa", NULL, "rsa-sha2-256" }, { "rsa_pem", NULL, "rsa-sha2-512" },
	{ "rsa_pem_locked", PHRASE, "rsa-sha2-256" }, { "ed25519_locked", PHRASE, "ssh-ed25519" }, { "p256_locked_cbc", PHRASE, "ecdsa-sha2-nistp256" },
};

static void
the_public_half_is_what_ssh_keygen_says(void **state)
{
	const unsigned char *public;
	char b64[8192], *said;
	const char *why;
	struct key *k;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (key_read(&k, text_of(good[i].name, "key"), good[i].phrase, &why) != KEY_READ)
			fail_msg("%s: %s", good[i].name, why);
		public = key_public(k, &n);
		EVP_EncodeBlock((unsigned char *)b64, public, (int)n);
		said = strchr(text_of(good[i].name, "pub"), ' ') + 1;
		said[strcspn(said, " \n")] = '\0';
		assert_string_equal(b64, said);
		key_free(k);
	}
}

/* From two mpints back to what OpenSSL checks. */
static void
der_of(unsigned char **sig, size_t *n)
{
	struct wire w = { *sig, *n }, r, s;
	ECDSA_SIG *both = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int len;

	assert_true(wire_string(&w, &r) && wire_string(&w, &s) && w.n == 0);
	assert_true(r.n > 0 && (r.p[0] & 0x80) == 0 && s.n > 0 && (s.p[0] & 0x80) == 0);
	assert_int_equal(ECDSA_SIG_set0(both, BN_bin2bn(r.p, (int)r.n, NULL), BN_bin2bn(s.p, (int)s.n, NULL)), 1);
	len = i2d_ECDSA_SIG(both, &der);
	ECDSA_SIG_free(both);
	free(*sig);
	*sig = der;
	*n = (size_t)len;
}

static void
what_it_signs_can_be_verified(void **state)
{
	unsigned char what[300], *sig;
	const char *why;
	struct key *k;
	EVP_MD_CTX *ctx;
	size_t i, n, len;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(key_read(&k, text_of(good[i].name, "key"), good[i].phrase, &why), KEY_READ);
		n = request(what, good[i].algorithm);
		assert_int_equal(key_sign(k, false, what, n, &sig, &len), 0);
		if (k->kind->curve != NULL)
			der_of(&sig, &len);
		ctx = EVP_MD_CTX_new();
		assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, strstr(good[i].algorithm, "25519") != NULL ? NULL
		    : strstr(good[i].algorithm, "256") != NULL ? EVP_sha256() : strstr(good[i].algorithm, "384") != NULL ? EVP_sha384()
		    : EVP_sha512(), NULL, k->key), 1);
		if (EVP_DigestVerify(ctx, sig, len, what, n) != 1)
			fail_msg("%s by %s", good[i].name, good[i].algorithm);
		EVP_MD_CTX_free(ctx);
		free(sig);
		key_free(k);
	}
}

static void
it_signs_only_by_algorithms_of_its_kind_and_sha1_when_allowed(void **state)
{
	unsigned char what[300], *sig;
	const char *why;
	struct key *k;
	size_t n, len;

	(void)state;
	assert_int_equal(key_read(&k, text_of("rsa", "key"), NULL, &why), KEY_READ);
	n = request(what, "ssh-rsa");
	assert_int_equal(key_sign(k, false, what, n, &sig, &len), -1);
	assert_int_equal(key_sign(k, true, what, n, &sig, &len), 0);
	free(sig);
	n = request(what, "ssh-ed25519");
	assert_int_equal(key_sign(k, true, what, n, &sig, &len), -1);
	n = request(what, "rsa-sha2-512");
	assert_int_equal(key_sign(k, true, what, n - 1, &sig, &len), -1);
	key_free(k);
}

static void
a_wrong_or_missing_pass_phrase_is_said(void **state)
{
	const char *why;
	struct key *k = NULL;

	(void)state;
	assert_int_equal(key_read(&k, text_of("rsa_pem_locked", "key"), "wrong", &why), KEY_BAD);
	assert_string_equal(why, "the pass phrase does not fit the private key");
	assert_int_equal(key_read(&k, text_of("p384_pkcs8_locked", "key"), NULL, &why), KEY_BAD);
	assert_string_equal(why, "the private key has a pass phrase, and the credential none");
	assert_int_equal(key_read(&k, text_of("ed25519_locked", "key"), "open sesam", &why), KEY_BAD);
	assert_string_equal(why, "the pass phrase does not fit the private key");
	assert_int_equal(key_read(&k, text_of("ed25519_locked", "key"), "", &why), KEY_BAD);
	assert_string_equal(why, "the private key has a pass phrase, and the credential none");
	assert_int_equal(key_read(&k, text_of("p256_locked_gcm", "key"), PHRASE, &why), KEY_BAD);
	assert_non_null(strstr(why, "cipher"));
	assert_null(k);
}

static void
what_is_no_key_is_refused(void **state)
{
	static const char *const bad[] = { "", "no key", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
	    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" };
	const char *why = "";
	struct key *k = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(key_read(&k, bad[i], NULL, &why), KEY_BAD);
		assert_true(why[0] != '\0');
	}
	assert_int_equal(key_read(&k, text_of("ed448_pkcs8", "key"), NULL, &why), KEY_BAD);
	assert_string_equal(why, "a key of that kind can't be used: ed25519, ECDSA (P-256, P-384, P-521) and RSA can");
	assert_null(k);
}

/* Wherever it ends, it is refused, and nothing is read behind its end. */
static void
a_key_that_is_cut_is_refused(void **state)
{
	const char *whole = text_of("rsa", "key"), *end = strstr(whole, "-----END");
	const char *why;
	struct key *k = NULL;
	char cut[4096];
	size_t n;

	(void)state;
	for (n = 40; whole + n < end - 60; n += 7) {
		snprintf(cut, sizeof(cut), "%.*s\n%s", (int)n, whole, end);
		assert_int_equal(key_read(&k, cut, NULL, &why), KEY_BAD);
	}
	assert_null(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_half_is_what_ssh_keygen_says),
		cmocka_unit_test(what_it_signs_can_be_verified),
		cmocka_unit_test(it_signs_only_by_algorithms_of_its_kind_and_sha1_when_allowed),
		cmocka_unit_test(a_wrong_or_missing_pass_phrase_is_said),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(a_key_that_is_cut_is_refused),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
