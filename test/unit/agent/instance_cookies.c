/* SPDX-License-Identifier: Apache-2.0 */
/* Session cookies of an instance behind a load balancer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "instance/cookies.h"

static struct cookies jar;

static void
sends(const char *expected)
{
	struct buf b;

	buf_init(&b, 1 << 17);
	cookies_write(&jar, &b);
	assert_string_equal(buf_str(&b), expected);
	buf_fini(&b);
}

static void
keeps_the_session_and_the_balancers_choice(void **state)
{
	(void)state;
	sends("");
	cookies_take(&jar, "JSESSIONID=A1; Path=/; HttpOnly; Secure\nBIGipServerpool_x=12.34.5; path=/\n");
	sends("Cookie: JSESSIONID=A1; BIGipServerpool_x=12.34.5");
	cookies_take(&jar, " JSESSIONID=B2; Path=/\r\n\n");
	sends("Cookie: BIGipServerpool_x=12.34.5; JSESSIONID=B2");
	cookies_drop(&jar);
	sends("");
}

static void
forgets_what_is_taken_back(void **state)
{
	(void)state;
	cookies_take(&jar, "a=1\nb=2\nc=3\nd=4\n");
	cookies_take(&jar, "a=x; Max-Age=0\nb=; Path=/\nc=9; expires=Thu, 01 Jan 1970 00:00:10 GMT\n");
	sends("Cookie: d=4");
	cookies_drop(&jar);
}

static void
leaves_out_what_is_no_cookie_or_too_much(void **state)
{
	char many[4000] = "", big[COOKIE_LEN_MAX + 100];
	size_t i;

	(void)state;
	cookies_take(&jar, "no\n=5\na=b c\ny=\"a,b\"\n");
	sends("");
	memset(big, 'a', sizeof(big));
	big[1] = '=';
	big[sizeof(big) - 1] = '\0';
	cookies_take(&jar, big);
	sends("");
	for (i = 0; i < 100; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), "n%zu=1\n", i);
	cookies_take(&jar, many);
	assert_int_equal(jar.n, COOKIES_MAX);
	cookies_drop(&jar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_session_and_the_balancers_choice),
		cmocka_unit_test(forgets_what_is_taken_back),
		cmocka_unit_test(leaves_out_what_is_no_cookie_or_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
