/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer says: classes of failure, and the document around the result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "flow/errors.h"
#include "flow/word.h"
#include "midd/probe.h"

static void
classes_have_the_numbers_of_the_probe_abi(void **state)
{
	(void)state;
	assert_int_equal(CLASS_OK, MID_OK);
	assert_int_equal(CLASS_BAD_PARAM, MID_BAD_PARAM);
	assert_int_equal(CLASS_UNREACHABLE, MID_UNREACHABLE);
	assert_int_equal(CLASS_TIMEOUT, MID_TIMEOUT);
	assert_int_equal(CLASS_AUTH, MID_AUTH);
	assert_int_equal(CLASS_NO_CREDENTIAL, MID_NO_CREDENTIAL);
	assert_int_equal(CLASS_PERMISSION, MID_PERMISSION);
	assert_int_equal(CLASS_TARGET, MID_TARGET);
	assert_int_equal(CLASS_POLICY, MID_POLICY);
	assert_int_equal(CLASS_UNSUPPORTED, MID_UNSUPPORTED);
	assert_int_equal(CLASS_TOO_BIG, MID_TOO_BIG);
	assert_int_equal(CLASS_CANCELLED, MID_CANCELLED);
	assert_int_equal(CLASS_INTERNAL, MID_INTERNAL);
}

static void
every_class_has_its_own_row(void **state)
{
	int i;

	(void)state;
	for (i = CLASS_OK; i <= CLASS_POISON; i++) {
		assert_int_equal(error_class(i)->class, i);
		if (i == CLASS_OK)
			assert_null(error_class(i)->word);	/* all others have a word that rules can look for */
		else
			assert_int_equal(strspn(error_class(i)->word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(error_class(i)->word));
	}
	assert_int_equal(error_class(99)->class, CLASS_INTERNAL);
	assert_int_equal(error_class(-1)->class, CLASS_INTERNAL);
}

static void
a_refused_login_is_never_tried_again_by_itself(void **state)
{
	(void)state;
	assert_int_equal(error_class(CLASS_AUTH)->retries, 0);
}

static void
the_document_escapes_what_it_echoes(void **state)
{
	const struct word_param echo[] = { { "name", "a<b>&\"c\"" }, { "none", NULL }, { NULL, NULL } };
	const char inner[] = "<result><output>x</output></result>";
	struct word w = { .probe_ms = 7, .class = CLASS_TIMEOUT, .error = "no <answer>", .page = 1, .pages = 2,
	    .inner = inner, .len = sizeof(inner) - 1, .params = echo };
	struct buf b;

	(void)state;
	buf_init(&b, word_size(&w));
	assert_int_equal(word_results(&b, &w), 0);
	assert_string_equal(buf_str(&b),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<results probe_time=\"7\" result_code=\"3\" error=\"no &lt;answer&gt;\" error_class=\"CONNECTION_TIMEOUT\""
	    " page=\"1\" pages=\"2\"><result><output>x</output></result>"
	    "<parameters><parameter name=\"name\" value=\"a&lt;b&gt;&amp;&quot;c&quot;\"/></parameters></results>");
	buf_fini(&b);
}

static void
a_sealed_result_stands_as_base64_in_place_of_the_plain_one(void **state)
{
	struct word w = { .error = "", .sealed = "abc", .len = 3 };
	struct buf b;

	(void)state;
	buf_init(&b, word_size(&w));
	assert_int_equal(word_results(&b, &w), 0);
	assert_non_null(strstr(buf_str(&b), "<sealed>YWJj</sealed>"));
	assert_null(strstr(buf_str(&b), "<result>"));
	buf_fini(&b);
}

static void
a_document_that_does_not_fit_is_an_error(void **state)
{
	struct word w = { .error = "", .inner = "x", .len = 1 };
	struct buf b;

	(void)state;
	buf_init(&b, 20);
	assert_true(word_results(&b, &w) < 0);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_have_the_numbers_of_the_probe_abi),
		cmocka_unit_test(every_class_has_its_own_row),
		cmocka_unit_test(a_refused_login_is_never_tried_again_by_itself),
		cmocka_unit_test(the_document_escapes_what_it_echoes),
		cmocka_unit_test(a_sealed_result_stands_as_base64_in_place_of_the_plain_one),
		cmocka_unit_test(a_document_that_does_not_fit_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
