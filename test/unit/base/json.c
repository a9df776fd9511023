/* SPDX-License-Identifier: Apache-2.0 */
/* json: what held a secret holds it no longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "err.h"
#include "json.h"

static void
strings_are_wiped_at_every_depth(void **state)
{
	static const char text[] = "{\"auth\":{\"token\":\"sesame\",\"more\":[\"open\",{\"deep\":\"well\"}]},\"n\":1,\"none\":null}";
	struct json_object *o, *auth, *more;
	const char *token, *open, *deep;
	struct err err;

	(void)state;
	assert_int_equal(json_parse(&o, text, strlen(text), "it", &err), 0);
	auth = json_get(o, "auth");
	more = json_arr(auth, "more");
	token = json_str(auth, "token", NULL);
	open = json_object_get_string(json_object_array_get_idx(more, 0));
	deep = json_str(json_object_array_get_idx(more, 1), "deep", NULL);
	assert_string_equal(deep, "well");
	json_wipe(o);
	assert_string_equal(token, "");
	assert_string_equal(open, "");
	assert_string_equal(deep, "");
	assert_int_equal(json_int(o, "n", 0), 1);
	json_object_put(o);
	json_wipe(NULL);
}

static void
what_was_written_lies_in_no_second_place(void **state)
{
	struct json_object *o = json_object_new_object();
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	json_put_str(o, "password", "sesame");
	assert_int_equal(json_write(&b, o), 0);
	assert_string_equal(buf_str(&b), "{\"password\":\"sesame\"}");
	buf_clear(&b);
	assert_int_equal(json_write(&b, o), 0);	/* and can be written again */
	assert_string_equal(buf_str(&b), "{\"password\":\"sesame\"}");
	buf_clear(&b);
	assert_int_equal(json_write(&b, NULL), 0);
	assert_string_equal(buf_str(&b), "null");
	buf_fini(&b);
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_wiped_at_every_depth),
		cmocka_unit_test(what_was_written_lies_in_no_second_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
