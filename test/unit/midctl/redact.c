/* SPDX-License-Identifier: Apache-2.0 */
/* No secret passes, in whatever form it is written; what is none stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "redact.h"

#define CANARY "c4naryC4nary"

static void
no_secret_passes(void **state)
{
	static const char *const texts[] = {
		"http://user:" CANARY "@proxy:3128/", "{\"url\": \"https://" CANARY "@host\"}", "https://a:" CANARY "@b@host/x",
		"password=" CANARY, "proxy_password: " CANARY " more", "{\"password\": \"" CANARY "\"}", "{\"secret\":\"a\\\"" CANARY "\"}",
		"passphrase = '" CANARY "'", "community=" CANARY " snmp", "Authorization: Basic " CANARY "==", "authorization: bearer " CANARY,
		"X-Vault-Token: " CANARY, "x-sn-apikey: " CANARY, "TOKEN:" CANARY, "client_secret=" CANARY "&x=1",
		"-----BEGIN RSA PRIVATE KEY-----\n" CANARY "\n-----END RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----\\n" CANARY "\\n-----END",
		"-----BEGIN PRIVATE KEY-----\n" CANARY,
		/* JSON in a line of the log, which is JSON itself, and once more */
		"{\"text\": \"{\\\"password\\\":\\\"" CANARY "\\\"}\"}", "{\\\"secret\\\": \\\"a\\\\\\\"" CANARY "\\\"}",
		"{\\\\\\\"token\\\\\\\":\\\\\\\"" CANARY "\\\\\\\"}", "password=a\\\\" CANARY, "{\"auth_key\": \"" CANARY "\"}", "priv_key=" CANARY,
		"pkcs11:token=T?pin-value=" CANARY,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf b;

		buf_init(&b, 1000);
		assert_int_equal(redact(&b, texts[i]), 0);
		if (strstr(buf_str(&b), CANARY) != NULL)
			fail_msg("\"%s\" became \"%s\"", texts[i], buf_str(&b));
		assert_non_null(strstr(buf_str(&b), "[redacted]"));
		buf_fini(&b);
	}
}

static void
what_is_no_secret_stays(void **state)
{
	static const char *const texts[] = {
		"https://acme.example.com/api", "job 4f0c: login refused at 10.1.4.7", "the password is wrong", "{\"password_file\": \"/etc/midd/pw\"}",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "mail to someone@example.com", "\"password\": \"\"", "{\\\"password\\\":\\\"\\\"}", "",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf b;

		buf_init(&b, 1000);
		assert_int_equal(redact(&b, texts[i]), 0);
		assert_string_equal(buf_str(&b), texts[i]);
		buf_fini(&b);
	}
}

static void
the_rest_of_the_text_stays_in_its_place(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_int_equal(redact(&b, "{\"a\": 1, \"password\": \"x\", \"url\": \"http://u:p@h:1/\"}"), 0);
	assert_string_equal(buf_str(&b), "{\"a\": 1, \"password\": \"[redacted]\", \"url\": \"http://[redacted]@h:1/\"}");
	buf_clear(&b);
	assert_int_equal(redact(&b, "{\"text\": \"got {\\\"password\\\": \\\"x\\\", \\\"a\\\": 1} by password=x\"}"), 0);
	assert_string_equal(buf_str(&b), "{\"text\": \"got {\\\"password\\\": \\\"[redacted]\\\", \\\"a\\\": 1} by password=[redacted]\"}");
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_secret_passes),
		cmocka_unit_test(what_is_no_secret_stays),
		cmocka_unit_test(the_rest_of_the_text_stays_in_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
