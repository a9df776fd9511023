/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What agents seal is opened, and only what the right one sealed to us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certs.h"
#include "unseal.h"
#include "util.h"

struct party {
	EVP_PKEY *key;
	X509 *cert;
};

struct world {
	char dir[64];
	struct party ca, us, agent, stranger;
	struct seal *seal;
};

static void
party_make(struct party *p, const struct cert_wish *wish,
    const struct party *ca)
{
	p->key = key_make();
	assert_non_null(p->key);
	p->cert = cert_make(wish, p->key, ca != NULL ? ca->cert : NULL,
	    ca != NULL ? ca->key : NULL);
	assert_non_null(p->cert);
}

static void
party_free(struct party *p)
{
	EVP_PKEY_free(p->key);
	X509_free(p->cert);
}

static const char *
file(const struct world *w, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	return path;
}

static int
made(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct cert_wish ca = { .name = "ca", .ca = true };
	struct cert_wish us = { .name = "us", .seal = true };
	struct cert_wish agent = { .name = "demo", .client = true };
	char *why;

	assert_non_null(w);
	snprintf(w->dir, sizeof(w->dir), "/tmp/midlab-unit.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	party_make(&w->ca, &ca, NULL);
	party_make(&w->us, &us, &w->ca);
	party_make(&w->agent, &agent, &w->ca);
	party_make(&w->stranger, &agent, NULL);
	assert_int_equal(cert_write(w->ca.cert, NULL, file(w, "ca.pem")), 0);
	assert_int_equal(cert_write(w->us.cert, NULL, file(w, "seal.pem")), 0);
	assert_int_equal(key_write(w->us.key, file(w, "seal.key")), 0);
	w->seal = seal_open(w->dir, &why);
	assert_non_null(w->seal);
	*state = w;
	return 0;
}

static int
gone(void **state)
{
	static const char *const names[] = { "ca.pem", "seal.pem", "seal.key" };
	struct world *w = *state;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		unlink(file(w, names[i]));
	rmdir(w->dir);
	seal_close(w->seal);
	party_free(&w->ca);
	party_free(&w->us);
	party_free(&w->agent);
	party_free(&w->stranger);
	free(w);
	return 0;
}

/* TEXT signed by FROM and sealed to TO, as DER; caller frees. */
static char *
sealed(const struct party *from, const struct party *to, const char *text,
    size_t *len)
{
	BIO *in = BIO_new_mem_buf(text, -1), *mid = BIO_new(BIO_s_mem());
	BIO *out = BIO_new(BIO_s_mem());
	STACK_OF(X509) *list = sk_X509_new_null();
	CMS_ContentInfo *a, *b;
	char *p, *der;

	a = CMS_sign(from->cert, from->key, NULL, in, CMS_BINARY);
	assert_non_null(a);
	assert_int_equal(i2d_CMS_bio(mid, a), 1);
	sk_X509_push(list, to->cert);
	b = CMS_encrypt(list, mid, EVP_aes_256_gcm(), CMS_BINARY);
	assert_non_null(b);
	assert_int_equal(i2d_CMS_bio(out, b), 1);
	*len = (size_t)BIO_get_mem_data(out, &p);
	der = xcalloc(*len, 1);
	memcpy(der, p, *len);
	sk_X509_free(list);
	CMS_ContentInfo_free(a);
	CMS_ContentInfo_free(b);
	BIO_free(in);
	BIO_free(mid);
	BIO_free(out);
	return der;
}

static void
opens_what_an_agent_sealed_to_us(void **state)
{
	struct world *w = *state;
	const char *why;
	char signer[128], *der, *text;
	size_t n, len;

	der = sealed(&w->agent, &w->us, "the disk is full", &n);
	text = unseal(w->seal, der, n, &len, signer, &why);
	assert_non_null(text);
	assert_string_equal(text, "the disk is full");
	assert_int_equal(len, strlen(text));
	assert_string_equal(signer, "demo");
	free(text);
	free(der);
}

static void
refused(struct world *w, const char *der, size_t n)
{
	const char *why = NULL;
	char signer[128];
	size_t len;

	assert_null(unseal(w->seal, der, n, &len, signer, &why));
	assert_non_null(why);
}

static void
refuses_another_reader_signer_or_text(void **state)
{
	struct world *w = *state;
	char *der;
	size_t n;

	der = sealed(&w->agent, &w->agent, "x", &n);
	refused(w, der, n);
	free(der);
	der = sealed(&w->stranger, &w->us, "x", &n);
	refused(w, der, n);
	free(der);
	refused(w, "hello", 5);
	refused(w, "", 0);
}

static void
a_changed_byte_never_changes_the_text(void **state)
{
	struct world *w = *state;
	const char *why;
	char *der, signer[128], *text;
	size_t n, i, len;

	der = sealed(&w->agent, &w->us, "pay 10", &n);
	for (i = 0; i < n; i += 7) {
		der[i] = (char)(der[i] ^ 0x20);
		text = unseal(w->seal, der, n, &len, signer, &why);
		if (text != NULL)
			assert_string_equal(text, "pay 10");
		free(text);
		der[i] = (char)(der[i] ^ 0x20);
	}
	refused(w, der, n - 1);
	free(der);
}

static void
puts_what_was_sealed_into_its_payload(void **state)
{
	struct world *w = *state;
	struct text t = { 0 };
	const char *why;
	char *der, *b64, *text, signer[128];
	size_t n;

	der = sealed(&w->agent, &w->us, "<result/>", &n);
	b64 = base64_encode(der, n);
	text_addf(&t, "<results><sealed>%s</sealed><parameters/></results>",
	    b64);
	text = unseal_payload(w->seal, text_str(&t), signer, &why);
	assert_non_null(text);
	assert_string_equal(text, "<results><result/><parameters/></results>");
	free(text);
	text = unseal_payload(w->seal, "<results/>", signer, &why);
	assert_string_equal(text, "<results/>");
	free(text);
	assert_null(unseal_payload(w->seal, "<sealed>!!", signer, &why));
	assert_null(unseal_payload(w->seal, "<sealed>AA==</sealed>", signer,
	    &why));
	text_fini(&t);
	free(b64);
	free(der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_an_agent_sealed_to_us),
		cmocka_unit_test(refuses_another_reader_signer_or_text),
		cmocka_unit_test(a_changed_byte_never_changes_the_text),
		cmocka_unit_test(puts_what_was_sealed_into_its_payload),
	};

	return cmocka_run_group_tests(tests, made, gone);
}
