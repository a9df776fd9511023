/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a job's words name a host; and which credential is not tried now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json_object.h>
#include <stdlib.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "json.h"
#include "os.h"

static void
a_host_is_named_by_a_word_of_its_own(void **state)
{
	(void)state;
	assert_true(text_names("jump1", "jump1"));
	assert_true(text_names("a.example.com:2222, JUMP1:22", "jump1"));
	assert_true(text_names("https://jump1/path", "jump1"));
	assert_true(text_names("[fd00::1]:22", "fd00::1"));
	assert_true(text_names("xjump1 jump1", "jump1"));
	assert_false(text_names("xjump1", "jump1"));
	assert_false(text_names("jump1.example.com", "jump1"));
	assert_false(text_names("host-a", "a"));
	assert_false(text_names("10.0.0.12", "10.0.0.1"));
	assert_false(text_names("", "a"));
	assert_false(text_names("a", ""));
}

/* Whether it is tried now on a target that refused it at NOW + MS. */
static bool
is_tried(int64_t ms)
{
	static struct config config = { .creds = { .refused_ms = 300000 } };
	static struct agent agent = { .config = &config };
	static char id[] = "vault:a", name[] = "a", type[] = "api_key", none[] = "";
	struct record record = { .id = id, .name = name, .type = type, .user = none, .tags = none, .ranges = none, .via = none, .ref = none };
	struct creds c = { .ag = &agent, .source[0].records = { &record, 1 } };
	struct known known = { .refused = json_object_new_object() };
	struct candidate *v;
	bool tried;

	json_put_int(known.refused, id, os_time_ms() + ms);
	assert_int_equal(order_of(&c, &known, "api_key", "10.0.0.1", "", "", &v), 1);
	tried = v[0].skip == NULL;
	free(v);
	known_fini(&known);
	return tried;
}

static void
one_that_was_refused_rests_for_a_while_by_any_clock(void **state)
{
	(void)state;
	assert_false(is_tried(-1000));
	assert_false(is_tried(100000));		/* set back a little */
	assert_true(is_tried(-301000));
	assert_true(is_tried(INT64_C(10) * 365 * 24 * 3600 * 1000));	/* it was ten years ahead then */
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_host_is_named_by_a_word_of_its_own),
	    cmocka_unit_test(one_that_was_refused_rests_for_a_while_by_any_clock) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
