/* SPDX-License-Identifier: Apache-2.0 */
/* hostcert: certificates that ssh-keygen has made, good ones and others, and good ones with each byte spoilt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ssh/hostcert.h"

static char dir[] = "/tmp/midd-hostcert-XXXXXX";

static void
shell(const char *fmt, ...)
{
	char command[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	assert_int_equal(system(command), 0);
}

/* "TYPE BASE64" of a public key's file. */
static void
read_line(const char *file, char *type, char *b64)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%99s %7999s", type, b64), 2);
	fclose(f);
}

static size_t
read_cert(unsigned char *out)
{
	char type[100], b64[8000];
	int n;

	read_line("host-cert.pub", type, b64);
	assert_true(hostcert_is(type));
	n = EVP_DecodeBlock(out, (unsigned char *)b64, (int)strlen(b64));
	assert_true(n > 0);
	for (size_t i = strlen(b64); b64[--i] == '=';)
		n--;
	return (size_t)n;
}

static int
make(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	shell("cd %s && for t in ed25519 ecdsa rsa; do ssh-keygen -q -t $t -N '' -f ca_$t; done && ssh-keygen -q -t ed25519 -N '' -f host", dir);
	return 0;
}

static int
drop(void **state)
{
	(void)state;
	shell("rm -rf %s", dir);
	return 0;
}

static char authority[8200], why[300];
static struct hostcert_want want = { authority, { "web.example.test", "10.0.0.5" }, 0 };

static void
trust(const char *ca)
{
	char type[100], b64[8000], file[40];

	snprintf(file, sizeof(file), "ca_%s.pub", ca);
	read_line(file, type, b64);
	snprintf(authority, sizeof(authority), "%s %s", type, b64);
	want.now_s = 1767225600;	/* 2026-01-01 */
}

static int
judge(const char *ca, const char *words)
{
	unsigned char cert[8000];
	size_t n;

	shell("cd %s && ssh-keygen -q -s ca_%s -I x %s host.pub 2>/dev/null", dir, ca, words);
	n = read_cert(cert);
	return hostcert_judge(&want, cert, n, why);
}

#define YEAR "-V 20251231:20270101"

static void
certificates_of_each_kind_of_authority_are_good(void **state)
{
	static const char *const cas[] = { "ed25519", "ecdsa", "rsa" };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		trust(cas[i]);
		assert_int_equal(judge(cas[i], "-h -n web.example.test " YEAR), 0);
		assert_int_equal(judge(cas[i], "-h -n other,10.0.0.5 " YEAR), 0);
		assert_int_equal(judge(cas[i], "-h -n '*.example.test' " YEAR), 0);
		assert_int_equal(judge(cas[i], "-h " YEAR), 0);
	}
}

static void
each_that_is_not_good_is_told_why(void **state)
{
	(void)state;
	trust("ed25519");
	assert_int_equal(judge("ed25519", "-h -n other " YEAR), -1);
	assert_non_null(strstr(why, "other names"));
	assert_int_equal(judge("ed25519", "-h -n web.example.test -V 20240101:20251231"), -1);
	assert_non_null(strstr(why, "expired"));
	assert_int_equal(judge("ed25519", "-h -n web.example.test -V 20260201:20270101"), -1);
	assert_non_null(strstr(why, "not yet"));
	assert_int_equal(judge("ecdsa", "-h -n web.example.test " YEAR), -1);
	assert_non_null(strstr(why, "authority"));
	assert_int_equal(judge("ed25519", "-n web.example.test " YEAR), -1);
	assert_non_null(strstr(why, "of a user"));
	trust("rsa");
	assert_int_equal(judge("rsa", "-h -t ssh-rsa -n web.example.test " YEAR), -1);
	assert_non_null(strstr(why, "SHA-1"));
}

/* Whatever byte is changed, and wherever it is cut. */
static void
a_spoilt_certificate_is_none(void **state)
{
	static const char *const cas[] = { "ed25519", "ecdsa", "rsa" };
	unsigned char cert[8000];
	size_t n, at, i;

	(void)state;
	for (i = 0; i < 3; i++) {
		trust(cas[i]);
		assert_int_equal(judge(cas[i], "-h -n web.example.test " YEAR), 0);
		n = read_cert(cert);
		for (at = 0; at < n; at++) {
			cert[at] ^= 0x10;
			assert_int_equal(hostcert_judge(&want, cert, n, why), -1);
			cert[at] ^= 0x10;
			assert_int_equal(hostcert_judge(&want, cert, at, why), -1);
		}
		assert_int_equal(hostcert_judge(&want, cert, n, why), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_of_each_kind_of_authority_are_good),
		cmocka_unit_test(each_that_is_not_good_is_told_why),
		cmocka_unit_test(a_spoilt_certificate_is_none),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
