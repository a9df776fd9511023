/* SPDX-License-Identifier: Apache-2.0 */
/* What a status, or no answer at all, means for a read, a write and an insert. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "instance/inside.h"

#define READ 0
#define WRITE RQ_WRITES
#define INSERT (RQ_WRITES | RQ_INSERTS)

static char why[IN_WHY_MAX];

static struct verdict
heard(int status, int flags, int64_t retry_after_s, const char *body)
{
	struct heard h = { status, retry_after_s, body, strlen(body), "POST /x", flags };
	struct verdict v;

	why[0] = '\0';
	verdict_of_status(&v, why, &h);
	return v;
}

static void
each_status_has_its_meaning(void **state)
{
	static const struct { int status; int64_t wait; enum said read, write; int code; } cases[] = {
		{ 200, -1, SAID_YES, SAID_YES, 0 }, { 201, -1, SAID_YES, SAID_YES, 0 },
		{ 204, -1, SAID_YES, SAID_YES, 0 }, { 302, -1, SAID_LATER, SAID_LATER, E_PEER },
		{ 400, -1, SAID_NO, SAID_NO, E_PEER }, { 401, -1, SAID_LATER, SAID_LATER, E_AUTH },
		{ 403, -1, SAID_LATER, SAID_LATER, E_AUTH }, { 404, -1, SAID_NO, SAID_NO, E_PEER },
		{ 413, -1, SAID_NO, SAID_NO, E_PEER }, { 415, -1, SAID_NO, SAID_NO, E_PEER },
		{ 408, 2, SAID_LATER, SAID_LATER, E_AGAIN }, { 408, -1, SAID_LATER, SAID_UNSURE, E_PEER },
		{ 429, 5, SAID_LATER, SAID_LATER, E_AGAIN }, { 429, -1, SAID_LATER, SAID_LATER, E_AGAIN },
		{ 500, -1, SAID_LATER, SAID_UNSURE, E_PEER }, { 500, 3, SAID_LATER, SAID_UNSURE, E_PEER },
		{ 502, -1, SAID_LATER, SAID_UNSURE, E_PEER }, { 502, 1, SAID_LATER, SAID_LATER, E_AGAIN },
		{ 503, -1, SAID_LATER, SAID_LATER, E_AGAIN }, { 503, 9, SAID_LATER, SAID_LATER, E_AGAIN },
		{ 504, -1, SAID_LATER, SAID_UNSURE, E_PEER }, { 101, -1, SAID_LATER, SAID_UNSURE, E_PEER },
		{ 999, -1, SAID_LATER, SAID_UNSURE, E_PEER }, { 0, -1, SAID_LATER, SAID_UNSURE, E_PEER },
	};
	struct verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = heard(cases[i].status, READ, cases[i].wait, "");
		if (v.said != cases[i].read || v.err_code != cases[i].code)
			fail_msg("read, %d: said %d, code %d", cases[i].status, v.said, v.err_code);
		v = heard(cases[i].status, WRITE, cases[i].wait, "");
		if (v.said != cases[i].write)
			fail_msg("write, %d: said %d", cases[i].status, v.said);
		assert_int_equal(v.retry_after_ms, cases[i].wait < 0 ? -1 : cases[i].wait * 1000);
		assert_int_equal(v.why[0] == '\0', v.said == SAID_YES);
	}
}

static void
the_instance_speaks_through_the_sentence(void **state)
{
	struct verdict v = heard(403, WRITE, -1,
	    "{\"error\":{\"message\":\"Operation Failed\",\"detail\":\"ACL\\nsays no\\u0007\"},\"status\":\"failure\"}");

	(void)state;
	assert_string_equal(v.why, "the instance said 403 to POST /x: Operation Failed: ACL says no ; "
	    "check the roles of our user there (mid_server)");
}

static void
an_insert_that_collides_is_as_good_as_done(void **state)
{
	static const char body[] = "{\"error\":{\"message\":\"Operation Failed\","
	    "\"detail\":\"Unique Key violation detected by database\"}}";

	(void)state;
	assert_int_equal(heard(403, INSERT, -1, body).said, SAID_DUPLICATE);
	assert_int_equal(heard(403, INSERT, -1, body).err_code, E_EXISTS);
	assert_int_equal(heard(400, INSERT, -1, "{\"error\":{\"message\":\"Duplicate entry\"}}").said, SAID_DUPLICATE);
	assert_int_equal(heard(500, INSERT, -1, body).said, SAID_DUPLICATE);
	assert_int_equal(heard(403, WRITE, -1, body).said, SAID_LATER);
	assert_int_equal(heard(201, INSERT, -1, "{\"result\":{\"sys_id\":\"duplicate\"}}").said, SAID_YES);
}

static void
an_insert_is_done_only_when_its_answer_names_the_row(void **state)
{
	static const char *const others[] = { "", "<html>Please log in</html>", "{}", "[]", "{\"result\":[]}",
	    "{\"result\":{}}", "{\"result\":{\"sys_id\":\"\"}}", "{\"result\":{\"sys_id\":7" };
	size_t i;

	(void)state;
	assert_int_equal(heard(201, INSERT, -1, "{\"result\":{\"sys_id\":\"5f\"}}").said, SAID_YES);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (heard(200, INSERT, -1, others[i]).said != SAID_UNSURE)
			fail_msg("200 with '%s' was taken for a receipt", others[i]);
	assert_string_equal(heard(200, INSERT, -1, "<p>").why,
	    "the answer 200 to POST /x does not name the new row: is it the instance that answers?");
	assert_int_equal(heard(200, INSERT, -1, "<p>").err_code, E_PEER);
}

static void
an_answer_that_is_no_json_still_gives_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(heard(400, READ, -1, "<html>Bad Gateway</html>").why, "the instance said 400 to POST /x");
}

static void
silence_is_unsure_only_for_a_write_that_may_have_been_done(void **state)
{
	struct err err = { E_NET, "no answer" };
	struct verdict v;

	(void)state;
	verdict_of_silence(&v, &err, true, true, WRITE);
	assert_true(v.reached);
	assert_int_equal(v.said, SAID_UNSURE);
	assert_int_equal(v.status, 0);
	assert_string_equal(v.why, "no answer");
	assert_int_equal(v.err_code, E_NET);
	verdict_of_silence(&v, &err, false, false, WRITE);
	assert_false(v.reached);
	assert_int_equal(v.said, SAID_LATER);
	verdict_of_silence(&v, &err, true, true, READ);
	assert_int_equal(v.said, SAID_LATER);
}

static void
the_link_lives_when_the_instance_itself_has_answered(void **state)
{
	static const struct { int status; bool alive; } cases[] = {
		{ 200, true }, { 400, true }, { 401, false }, { 403, true }, { 429, true },
		{ 500, true }, { 502, false }, { 503, false }, { 504, false }, { 307, false }, { 0, false },
	};
	struct verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = heard(cases[i].status, READ, -1, "");
		assert_int_equal(verdict_is_alive(&v), cases[i].alive);
	}
}

static void
errors_of_single_items_are_counted_in_a_good_ire_answer(void **state)
{
	static const char good[] = "{\"result\":{\"items\":[{\"errorCount\":0,\"errors\":[],\"sysId\":\"0123456789abcdef0123456789abcdef\"},"
	    "{\"sysId\":\"Unknown\"},{\"sysId\":\"f123456789abcdef0123456789abcdef\"}],\"relations\":[{}]}}";
	static const char bad[] = "{\"result\":{\"items\":[{},{\"errorCount\":2,\"errors\":[{\"error\":\"MISSING_DEPENDENCY\","
	    "\"message\":\"no host\"},{}]}],\"relations\":[{\"errors\":[{\"error\":\"X\"}]}]}}";
	static const char aside[] = "{\"result\":{\"items\":[{\"operation\":\"INSERT\"},{\"operation\":\"INSERT_AS_INCOMPLETE\","
	    "\"warnings\":[{\"error\":\"INVALID_DATA_SOURCE\",\"message\":\"no such source\"}]}],"
	    "\"relations\":[{\"operation\":\"INSERT_AS_PARTIAL\"}]}}";
	static const char both[] = "{\"result\":{\"items\":[{\"operation\":\"INSERT_AS_PARTIAL\"},{\"errors\":[{\"message\":\"bad\"}]}]}}";
	static const char related[] = "{\"result\":{\"items\":[{\"sysId\":\"x\",\"relatedItems\":[{},{\"errorCount\":1,\"errors\":[{\"message\":\"no class\"}]}]}]}}";
	char ids[IRE_IDS_MAX];

	(void)state;
	assert_int_equal(ire_count_errors(good, strlen(good), why, sizeof(why), ids), 0);
	assert_string_equal(why, "");
	assert_string_equal(ids, "0123456789abcdef0123456789abcdef f123456789abcdef0123456789abcdef");
	assert_int_equal(ire_count_errors(bad, strlen(bad), why, sizeof(why), ids), 2);
	assert_string_equal(why, "the CMDB took the payload but refused 2 of 3 items and relations; the first: no host");
	assert_int_equal(ire_count_errors(aside, strlen(aside), why, sizeof(why), ids), 2);
	assert_string_equal(why, "the CMDB took the payload but set aside 2 of 3 items and relations; the first: no such source");
	assert_int_equal(ire_count_errors(both, strlen(both), why, sizeof(why), ids), 2);
	assert_string_equal(why, "the CMDB took the payload but refused 1 and set 1 aside of 2 items and relations; the first: bad");
	assert_int_equal(ire_count_errors("[1]", 3, why, sizeof(why), ids), -1);
	assert_string_equal(why, "the answer of the CMDB has no result with items: is it the instance that answers?");
	assert_int_equal(ire_count_errors("{\"result\":{}}", 13, why, sizeof(why), ids), -1);	/* of somebody in between */
	assert_int_equal(ire_count_errors("{\"result\":\"success\"}", 20, why, sizeof(why), ids), -1);
	assert_int_equal(ire_count_errors(related, strlen(related), why, sizeof(why), ids), 1);
	assert_string_equal(why, "the CMDB took the payload but refused 1 of 3 items and relations; the first: no class");
	assert_int_equal(ire_count_errors("<p>", 3, why, sizeof(why), ids), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_its_meaning),
		cmocka_unit_test(the_instance_speaks_through_the_sentence),
		cmocka_unit_test(an_insert_is_done_only_when_its_answer_names_the_row),
		cmocka_unit_test(an_insert_that_collides_is_as_good_as_done),
		cmocka_unit_test(an_answer_that_is_no_json_still_gives_a_sentence),
		cmocka_unit_test(silence_is_unsure_only_for_a_write_that_may_have_been_done),
		cmocka_unit_test(the_link_lives_when_the_instance_itself_has_answered),
		cmocka_unit_test(errors_of_single_items_are_counted_in_a_good_ire_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
