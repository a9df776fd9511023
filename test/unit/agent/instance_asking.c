/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the instance: rows, payloads on attachments, what has arrived, our own record. */
#include "instance_rig.h"

/* --- asking ----------------------------------------------------------------------------------- */

#define ROW(payload) "{\"sys_id\":\"" ID1 "\",\"agent\":\"mid.server.a\",\"queue\":\"output\",\"state\":\"ready\"," \
	"\"topic\":\"Echo\",\"payload\":\"" payload "\"}"

static void
a_list_that_is_too_large_is_asked_for_in_halves(void **state)
{
	char large[900];

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	will_say(200, "%s", large);
	will_say(200, "%s", large);
	will_say(200, "{\"result\":[" ROW("") "]}");
	meet(500);
	instance_poll(in, "mid.server.a", POLL_ALL, 2, on_rows, NULL);
	await(1);
	asked(0, "&sysparm_limit=2&");
	asked(1, "&sysparm_limit=1&");
	asked(1, ",payload&");
	assert_null(strstr(server.seen[2], "payload"));
	assert_int_equal(got.said[0], SAID_YES);
	assert_string_equal(got.text, "<payload_larger_than_500_bytes/>");
	part();
}

/* However many fitted into one answer: what comes behind them is asked for by itself. */
static void
what_is_processing_is_asked_for_from_where_the_last_answer_ended(void **state)
{
	(void)state;
	will_say(200, "{\"result\":[]}");
	will_say(200, "{\"result\":[]}");
	meet(0);
	instance_processing(in, "mid.server.a", "", 500, on_rows, NULL);
	await(1);
	asked(0, "%5Estate%3Dprocessing%5EORDERBYsys_id&");
	instance_processing(in, "mid.server.a", ID1, 500, on_rows, NULL);
	await(2);
	asked(1, "%5Estate%3Dprocessing%5Esys_id%3E" ID1 "%5EORDERBYsys_id&");
	part();
}

static void
a_payload_on_an_attachment_is_found_and_read(void **state)
{
	(void)state;
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\"}]}");
	will_say(200, "<parameters/>");
	will_say(200, "{\"result\":[]}");
	meet(0);
	instance_payload(in, ID1, 1000, on_rows, NULL);
	await(1);
	assert_string_equal(got.text, "<parameters/>");
	asked(0, "table_sys_id%3D" ID1 "%5Efile_name%3Dpayload.txt");
	asked(1, "GET /api/now/attachment/" ID2 "/file ");
	instance_payload(in, ID1, 1000, on_rows, NULL);
	await(2);
	assert_int_equal(got.said[0], SAID_NO);
	assert_int_equal(got.n, 0);
	part();
}

static void
what_has_arrived_is_known_by_either_id(void **state)
{
	static const char *const ids[] = { ID1, ID2, ID3 };

	(void)state;
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID3 "\"},{\"sys_id\":\"zz\",\"from_sys_id\":\"" ID1 "\"},{}]}");
	meet(0);
	instance_present(in, ids, NULL, 3, on_present, NULL);
	await(1);
	assert_int_equal(got.n, 3);
	assert_true(got.present[0]);
	assert_false(got.present[1]);
	assert_true(got.present[2]);
	part();
}

static void
our_record_is_found_by_name_and_only_by_that_name(void **state)
{
	struct json_object *columns = json_object_new_object();

	(void)state;
	json_put_str(columns, "name", "a");
	will_say(404, "{}");
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\",\"name\":\"other\"},{\"sys_id\":\"" ID3 "\",\"name\":\"a\"}]}");
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\",\"name\":\"other\"}]}");
	will_say(201, "{\"result\":{\"sys_id\":\"" ID1 "\",\"name\":\"a\"}}");
	meet(0);
	instance_register(in, ID1, "a", columns, on_record, NULL);
	await(1);
	assert_string_equal(got.text, ID3);
	instance_register(in, "", "a", columns, on_record, NULL);
	await(2);
	assert_string_equal(got.text, ID1);
	asked(3, "POST /api/now/table/ecc_agent");
	asked(3, "{\"name\":\"a\"}");
	json_object_put(columns);
	part();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_processing_is_asked_for_from_where_the_last_answer_ended),
		T(a_list_that_is_too_large_is_asked_for_in_halves),
		T(a_payload_on_an_attachment_is_found_and_read),
		T(what_has_arrived_is_known_by_either_id),
		T(our_record_is_found_by_name_and_only_by_that_name),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}
