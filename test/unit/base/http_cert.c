/* SPDX-License-Identifier: Apache-2.0 */
/* Each trouble with a certificate has a sentence of its own that says what to do. */
#include "http_rig.h"

/* --- certificates ----------------------------------------------------------------------------- */

static void
each_certificate_trouble_has_its_own_sentence(void **state)
{
	static const struct act acts[] = { { .say = OK("0\r\n\r\n") } };
	const struct { struct test_cert *theirs, *wants, *trusts, *shows; const char *says; } cases[] = {
		{ &server_old, NULL, &ca, NULL, "the certificate of 127.0.0.1:# has expired: its operator" },
		{ &server_other, NULL, &ca, NULL, "the certificate of 127.0.0.1:# is for another name" },
		{ &server_cert, NULL, &other_ca, NULL, "the certificate of 127.0.0.1:# comes from a CA that is not in" },
		{ &other_ca, NULL, &ca, NULL, "the certificate of 127.0.0.1:# is self-signed" },
		{ &server_cert, &ca, &ca, NULL, "127.0.0.1:# asks for a client certificate and none is configured" },
		{ &server_cert, &ca, &ca, &client_other, "127.0.0.1:# does not know the CA that issued our certificate" },
		{ &server_cert, &ca, &ca, &client_old, "client-old.crt expired 10 days ago, and 127.0.0.1:# refused it" },
		{ &server_cert, &ca, &ca, &client, "" },
	};
	char want[200];
	const char *rest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tls_server_start(&server, cases[i].theirs, cases[i].wants, acts, 1);
		open_with(cases[i].trusts->crt, cases[i].shows);
		ask("POST", "x", 10);
		rest = strchr(cases[i].says, '#');
		snprintf(want, sizeof(want), "%.*s%d%s", rest != NULL ? (int)(rest - cases[i].says) : 0, cases[i].says,
		    server.port, rest != NULL ? rest + 1 : "");
		if (rest == NULL)
			want[0] = '\0';
		says(want);
		assert_int_equal(got.code, want[0] != '\0' ? E_TLS : 0);
		assert_int_equal(got.maybe_done, want[0] == '\0');
		end();
	}
}

static void
unusable_files_are_found_when_it_is_opened(void **state)
{
	const struct { const char *ca, *cert, *key, *says, *crl; } cases[] = {
		{ "/none/ca", NULL, NULL, "CA file /none/ca: No such file", NULL },
		{ client.pem, NULL, NULL, "holds no certificate in PEM form", NULL },
		{ NULL, "/none/c", NULL, "certificate /none/c: No such file", NULL },
		{ NULL, client.crt, "/none/k", "private key: open /none/k: No such file", NULL },
		{ NULL, client.crt, ca.pem, "does not belong to certificate", NULL },
		{ NULL, client.crt, client.crt, "holds no unencrypted private key", NULL },
		{ .crl = "/none/crl", .says = "revocation list /none/crl: No such file" },
		{ .crl = client.crt, .says = "holds none in PEM form (-----BEGIN X509 CRL-----)" },
	};
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(loop_open(&loop, &err), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_config cfg = { .ca_file = cases[i].ca, .crl_file = cases[i].crl, .cert_file = cases[i].cert, .key_file = cases[i].key };

		memset(&err, 0, sizeof(err));
		assert_true(http_open(&http, loop, &cfg, &err) < 0);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i].says);
	}
	loop_close(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_certificate_trouble_has_its_own_sentence),
		cmocka_unit_test(unusable_files_are_found_when_it_is_opened),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}
