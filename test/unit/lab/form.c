/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of multipart/form-data, whole and broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"

#define TYPE "multipart/form-data; boundary=x7"
#define TEXT "--x7\r\nContent-Disposition: form-data; name=\"table_name\"\r\n" \
	"\r\nincident\r\n"
#define FILE_HEAD "--x7\r\nContent-Disposition: form-data;" \
	" name=\"uploadFile\"; filename=\"a.bin\"\r\n"
#define WHOLE TEXT FILE_HEAD "Content-Type: text/x\r\n\r\nab\r\n--x\0c" \
	"\r\n--x7--\r\n"

static void
a_text_and_a_file_are_read(void **state)
{
	static const char body[] = WHOLE;
	struct form f;

	(void)state;
	assert_true(form_read(&f, TYPE, body, sizeof(body) - 1));
	assert_string_equal(form_text(&f, "table_name"), "incident");
	assert_string_equal(form_text(&f, "nothing"), "");
	assert_string_equal(f.file_name, "a.bin");
	assert_string_equal(f.file_type, "text/x");
	assert_int_equal(f.file_len, 9);
	assert_memory_equal(f.file, "ab\r\n--x\0c", 9);
	form_fini(&f);
}

static void
a_boundary_may_stand_in_quotes(void **state)
{
	static const char body[] = WHOLE;
	struct form f;

	(void)state;
	assert_true(form_read(&f, "multipart/form-data; boundary=\"x7\"", body,
	    sizeof(body) - 1));
	form_fini(&f);
}

static void
a_file_without_a_type_is_just_bytes(void **state)
{
	static const char body[] = FILE_HEAD "\r\n\r\n--x7--";
	struct form f;

	(void)state;
	assert_true(form_read(&f, TYPE, body, sizeof(body) - 1));
	assert_string_equal(f.file_type, "application/octet-stream");
	assert_int_equal(f.file_len, 0);
	form_fini(&f);
}

/* Each shorter body is refused, and none is read beyond its end. */
static void
a_body_that_ends_early_is_refused(void **state)
{
	static const char body[] = WHOLE;
	size_t n, whole = sizeof(body) - 1 - strlen("\r\n");
	struct form f;
	char *copy;

	(void)state;
	for (n = 0; n < whole; n++) {
		copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, body, n);
		copy[n] = '\0';
		assert_false(form_read(&f, TYPE, copy, n));
		form_fini(&f);
		free(copy);
	}
}

static void
what_is_no_form_is_refused(void **state)
{
	static const char *const types[] = { "", "text/plain",
	    "multipart/form-data", "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=other" };
	static const char body[] = WHOLE, text[] = TEXT "--x7--\r\n";
	struct form f;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(types); i++) {
		assert_false(form_read(&f, types[i], body, sizeof(body) - 1));
		form_fini(&f);
	}
	/* No file in it. */
	assert_false(form_read(&f, TYPE, text, sizeof(text) - 1));
	form_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_and_a_file_are_read),
		cmocka_unit_test(a_boundary_may_stand_in_quotes),
		cmocka_unit_test(a_file_without_a_type_is_just_bytes),
		cmocka_unit_test(a_body_that_ends_early_is_refused),
		cmocka_unit_test(what_is_no_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
