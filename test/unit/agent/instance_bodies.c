/* SPDX-License-Identifier: Apache-2.0 */
/* Request bodies read back with a JSON parser that did not write them; batches there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"

#define ID1 "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ID2 "1a1b2c3d4e5f60718293a4b5c6d7e8f9"

static struct json_object *
read_back(const struct buf *b)
{
	struct json_object *o = NULL;
	struct err err = { 0 };

	if (json_parse(&o, buf_str(b), b->len, "the body", &err) < 0)
		fail_msg("%s: %s", err.text, buf_str(b));
	return o;
}

static void
an_answer_has_its_columns_and_nothing_more(void **state)
{
	static const char payload[] = "<results>\"q\" \\ \n\xE2\x82\xAC</results>";
	struct answer a = { .id = ID1, .agent = "mid.server.a", .topic = "Echo", .name = "n", .source = "s",
	    .response_to = ID2, .correlator = "", .error_string = NULL, .priority = 1,
	    .body = payload, .body_len = sizeof(payload) - 1 };
	struct json_object *o;
	struct buf b;

	(void)state;
	buf_init(&b, 10000);
	assert_int_equal(body_of_answer(&b, &a), 0);
	o = read_back(&b);
	assert_string_equal(json_str(o, "sys_id", ""), ID1);
	assert_string_equal(json_str(o, "from_sys_id", ""), ID1);
	assert_string_equal(json_str(o, "queue", ""), "input");
	assert_string_equal(json_str(o, "state", ""), "ready");
	assert_string_equal(json_str(o, "response_to", ""), ID2);
	assert_string_equal(json_str(o, "priority", ""), "1");
	assert_string_equal(json_str(o, "payload", ""), payload);
	assert_null(json_get(o, "agent_correlator"));
	assert_null(json_get(o, "error_string"));
	assert_int_equal(json_object_object_length(o), 11);
	json_object_put(o);
	buf_fini(&b);
}

static void
long_columns_are_cut_between_characters(void **state)
{
	char name[400] = "", error[3000] = "";
	struct answer a = { .id = ID1, .agent = "a", .topic = "t", .name = name, .source = "", .error_string = error };
	struct json_object *o;
	struct buf b;
	int i;

	(void)state;
	for (i = 0; i < 199; i++)
		strcat(name, "\xC3\xBC");
	for (i = 0; i < 900; i++)
		strcat(error, "\xE2\x82\xAC");
	buf_init(&b, 10000);
	assert_int_equal(body_of_answer(&b, &a), 0);
	o = read_back(&b);
	assert_int_equal(strlen(json_str(o, "name", "")), 240);
	assert_int_equal(strlen(json_str(o, "error_string", "")), 999);
	json_object_put(o);
	buf_fini(&b);
}

static void
a_claim_lists_all_rows_in_one_message(void **state)
{
	static const char *const ids[] = { ID1, ID2 };
	struct json_object *o;
	struct buf b;

	(void)state;
	buf_init(&b, 10000);
	assert_int_equal(body_of_claim(&b, "mid.server.\"a\"", ID2, "processing", ids, 2), 0);
	o = read_back(&b);
	assert_string_equal(json_str(o, "agent", ""), "mid.server.\"a\"");
	assert_string_equal(json_str(o, "topic", ""), "queue.processing");
	assert_string_equal(json_str(o, "payload", ""), "<queue.processing output_message_count=\"2\">"
	    "<sys_id state=\"processing\">" ID1 "</sys_id><sys_id state=\"processing\">" ID2 "</sys_id></queue.processing>");
	json_object_put(o);
	buf_fini(&b);
}

static void
a_body_stops_at_the_ceiling_of_its_buffer(void **state)
{
	struct answer a = { .id = ID1, .agent = "a", .topic = "t", .name = "", .source = "", .body = "xxxx", .body_len = 4 };
	struct buf b;
	size_t max;

	(void)state;
	for (max = 0; max < 140; max++) {
		buf_init(&b, max);
		assert_int_equal(body_of_answer(&b, &a), -E_FULL);
		buf_fini(&b);
	}
}

static void
a_batch_carries_each_body_as_base64(void **state)
{
	static const char *const bodies[] = { "{}", "{\"a\":\"bc\"}", "{\"a\":\"bcd\"}" };
	struct json_object *o, *list, *one;
	unsigned char plain[100];
	const char *b64;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, BATCH_BODY_MAX);
	assert_int_equal(batch_begin(&b, ID1), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(batch_add(&b, i, bodies[i], strlen(bodies[i])), 0);
	assert_int_equal(batch_end(&b), 0);
	o = read_back(&b);
	list = json_arr(o, "rest_requests");
	assert_int_equal(json_object_array_length(list), 3);
	for (i = 0; i < 3; i++) {
		one = json_object_array_get_idx(list, i);
		b64 = json_str(one, "body", "");
		memset(plain, 0, sizeof(plain));
		assert_true(EVP_DecodeBlock(plain, (const unsigned char *)b64, (int)strlen(b64)) > 0);
		assert_string_equal((char *)plain, bodies[i]);
		assert_string_equal(json_str(one, "method", ""), "POST");
		assert_int_equal(strncmp(json_str(one, "url", ""), "/api/now/table/ecc_queue", 24), 0);
	}
	json_object_put(o);
	buf_fini(&b);
}

static void
what_does_not_fit_a_batch_leaves_it_whole(void **state)
{
	char *large = calloc(1, BATCH_ITEM_MAX + 1);
	struct json_object *o;
	struct buf b;
	size_t n = 0;

	(void)state;
	memset(large, 'x', BATCH_ITEM_MAX + 1);
	buf_init(&b, BATCH_BODY_MAX);
	assert_int_equal(batch_begin(&b, ID1), 0);
	assert_int_equal(batch_add(&b, 0, large, BATCH_ITEM_MAX + 1), -E_FULL);
	while (batch_add(&b, n, large, 1u << 20) == 0)
		n++;
	assert_int_equal(n, 5);	/* of 1.33 MiB each, in 8 MiB */
	assert_int_equal(batch_end(&b), 0);
	o = read_back(&b);
	assert_int_equal(json_object_array_length(json_arr(o, "rest_requests")), 5);
	json_object_put(o);
	buf_fini(&b);
	free(large);
}

static void
a_batch_answer_is_taken_apart_by_id(void **state)
{
	static const char text[] = "{\"serviced_requests\":["
	    "{\"id\":\"2\",\"status_code\":201,\"body\":\"eyJhIjoxfQ==\"},"
	    "{\"id\":\"0\",\"status_code\":403,\"body\":\"!!!!\"},"
	    "{\"id\":\"0\",\"status_code\":201},{\"id\":\"99\",\"status_code\":201},{\"id\":\"-1\"},{\"id\":null},7],"
	    "\"unserviced_requests\":[\"1\",{\"id\":\"3\"},\"x\",null]}";
	struct batch_item items[5];
	struct err err;

	(void)state;
	assert_int_equal(batch_parse(items, 5, text, sizeof(text) - 1, &err), 0);
	assert_true(items[2].serviced);
	assert_int_equal(items[2].status, 201);
	assert_string_equal(items[2].body, "{\"a\":1}");
	assert_int_equal(items[2].len, 7);
	assert_int_equal(items[0].status, 403);
	assert_int_equal(items[0].len, 0);
	assert_true(items[1].unserviced && !items[1].serviced);
	assert_true(items[3].unserviced);
	assert_false(items[4].serviced || items[4].unserviced);
	batch_items_fini(items, 5);
	assert_true(batch_parse(items, 5, "{}", 2, &err) < 0);
	assert_non_null(strstr(err.text, "serviced_requests"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_has_its_columns_and_nothing_more),
		cmocka_unit_test(long_columns_are_cut_between_characters),
		cmocka_unit_test(a_claim_lists_all_rows_in_one_message),
		cmocka_unit_test(a_body_stops_at_the_ceiling_of_its_buffer),
		cmocka_unit_test(a_batch_carries_each_body_as_base64),
		cmocka_unit_test(what_does_not_fit_a_batch_leaves_it_whole),
		cmocka_unit_test(a_batch_answer_is_taken_apart_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
