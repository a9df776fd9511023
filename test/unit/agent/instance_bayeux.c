/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of the push channel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "instance/bayeux.h"

#define CHANNEL "/mid/server/4f0c1e0a0a0a0a0a0a0a0a0a0a0a0a0a"

static struct bayeux_said said;
static struct err err;

static int
hear(enum bayeux_ask ask, const char *text)
{
	memset(&err, 0, sizeof(err));
	return bayeux_read(&said, ask, CHANNEL, text, strlen(text), &err);
}

static void
written(enum bayeux_ask ask, const char *expected)
{
	struct buf b;

	buf_init(&b, 1000);
	assert_int_equal(bayeux_write(&b, ask, "k\"3", CHANNEL, 7), 0);
	assert_string_equal(buf_str(&b), expected);
	buf_fini(&b);
}

static void
asks_as_bayeux_says(void **state)
{
	(void)state;
	written(BAYEUX_HANDSHAKE, "[{\"channel\":\"/meta/handshake\",\"id\":\"7\",\"version\":\"1.0\","
	    "\"supportedConnectionTypes\":[\"long-polling\"]}]");
	written(BAYEUX_SUBSCRIBE, "[{\"channel\":\"/meta/subscribe\",\"id\":\"7\",\"clientId\":\"k\\\"3\","
	    "\"subscription\":\"" CHANNEL "\"}]");
	written(BAYEUX_CONNECT, "[{\"channel\":\"/meta/connect\",\"id\":\"7\",\"clientId\":\"k\\\"3\","
	    "\"connectionType\":\"long-polling\"}]");
}

static void
reads_a_handshake_with_its_advice(void **state)
{
	(void)state;
	assert_int_equal(hear(BAYEUX_HANDSHAKE, "[{\"channel\":\"/meta/handshake\",\"successful\":true,\"clientId\":\"k3\","
	    "\"advice\":{\"reconnect\":\"retry\",\"interval\":250,\"timeout\":30000}}]"), 0);
	assert_true(said.ok);
	assert_string_equal(said.client, "k3");
	assert_int_equal(said.reconnect, BAYEUX_RETRY);
	assert_int_equal(said.interval_ms, 250);
	assert_int_equal(said.timeout_ms, 30000);
}

static void
a_handshake_without_a_client_is_none(void **state)
{
	(void)state;
	assert_int_equal(hear(BAYEUX_HANDSHAKE, "[{\"channel\":\"/meta/handshake\",\"successful\":true}]"), -E_BAD);
	assert_non_null(strstr(err.text, "no client id"));
}

static void
counts_messages_of_our_channel_only(void **state)
{
	(void)state;
	assert_int_equal(hear(BAYEUX_CONNECT, "[{\"channel\":\"" CHANNEL "\",\"data\":{\"payload\":\"rm -rf /\"}},"
	    "{\"channel\":\"" CHANNEL "\",\"data\":17},{\"channel\":\"/mid/server/other\"},null,7,"
	    "{\"channel\":\"/meta/connect\",\"successful\":true}]"), 0);
	assert_true(said.answered);
	assert_true(said.ok);
	assert_int_equal(said.messages, 2);
}

static void
an_unknown_client_is_told_from_other_refusals(void **state)
{
	(void)state;
	assert_int_equal(hear(BAYEUX_CONNECT, "[{\"channel\":\"/meta/connect\",\"successful\":false,"
	    "\"error\":\"402::Unknown\\nclient\",\"advice\":{\"reconnect\":\"handshake\"}}]"), 0);
	assert_false(said.ok);
	assert_true(said.unknown);
	assert_int_equal(said.reconnect, BAYEUX_AGAIN);
	assert_string_equal(said.why, "402::Unknown client");
	assert_int_equal(hear(BAYEUX_SUBSCRIBE, "[{\"channel\":\"/meta/subscribe\",\"successful\":false,\"error\":\"403:x:denied\"}]"), 0);
	assert_false(said.unknown);
	assert_string_equal(said.why, "403:x:denied");
}

static void
advice_has_its_bounds(void **state)
{
	(void)state;
	assert_int_equal(hear(BAYEUX_CONNECT, "[{\"channel\":\"/meta/connect\",\"successful\":true,"
	    "\"advice\":{\"interval\":99999999999,\"timeout\":-5,\"reconnect\":\"dance\"}}]"), 0);
	assert_int_equal(said.interval_ms, 600000);
	assert_int_equal(said.timeout_ms, -1);
	assert_int_equal(said.reconnect, BAYEUX_UNSAID);
}

static void
what_is_no_list_is_refused(void **state)
{
	static const char *const wrong[] = { "", "{}", "[", "<html>Please log in</html>", "\"x\"", "[{\"channel\":17," };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (hear(BAYEUX_CONNECT, wrong[i]) == 0)
			fail_msg("\"%s\" was taken", wrong[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_as_bayeux_says),
		cmocka_unit_test(reads_a_handshake_with_its_advice),
		cmocka_unit_test(a_handshake_without_a_client_is_none),
		cmocka_unit_test(counts_messages_of_our_channel_only),
		cmocka_unit_test(an_unknown_client_is_told_from_other_refusals),
		cmocka_unit_test(advice_has_its_bounds),
		cmocka_unit_test(what_is_no_list_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
