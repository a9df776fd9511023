/* SPDX-License-Identifier: Apache-2.0 */
/* The real midd-worker, driven as midd drives it. */
#include "live.h"

static void
an_echo_comes_back(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "Echo", "{\"text\":\"good morning\"}");
	assert_true(j.started);
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.out[MID_OUTPUT]), "good morning");
	job_fini(&j);
	live_end(&l);
}

static struct json_object *
probe_named(struct json_object *hello, const char *name)
{
	struct json_object *probes = json_arr(hello, "probes");
	size_t i;

	for (i = 0; i < json_object_array_length(probes); i++)
		if (strcmp(json_str(json_object_array_get_idx(probes, i), "name", ""), name) == 0)
			return json_object_array_get_idx(probes, i);
	return NULL;
}

static void
hello_says_what_each_topic_is(void **state)
{
	struct live l = { 0 };
	struct json_object *echo, *topic, *params;

	(void)state;
	live_begin(&l, "plain");
	assert_string_equal(json_str(l.hello, "kind", ""), "plain");
	assert_int_equal(json_int(l.hello, "pid", 0), worker_link_pid(l.link));
	echo = probe_named(l.hello, "echo");
	assert_non_null(echo);
	topic = json_object_array_get_idx(json_arr(echo, "topics"), 0);
	assert_string_equal(json_str(topic, "name", ""), "Echo");
	assert_true(json_flag(topic, "repeatable", false));
	assert_false(json_flag(topic, "exec", true));
	params = json_arr(echo, "params");
	assert_int_equal(json_object_array_length(params), 3);
	assert_string_equal(json_str(json_object_array_get_idx(params, 1), "kind", ""), "ms");
	topic = json_object_array_get_idx(json_arr(probe_named(l.hello, "test-once"), "topics"), 0);
	assert_false(json_flag(topic, "repeatable", true));
	live_end(&l);
}

static void
an_unknown_topic_is_answered_at_once(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "NoSuchTopic", "{}");
	assert_false(j.started);
	assert_int_equal(j.class, MID_UNSUPPORTED);
	assert_string_equal(j.message, "probe not supported by midd: NoSuchTopic");
	job_fini(&j);
	live_end(&l);
}

static void
a_wrong_parameter_is_refused_before_the_probe_opens(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "Echo", "{\"size\":\"many\"}");
	assert_false(j.started);
	assert_int_equal(j.class, MID_BAD_PARAM);
	assert_string_equal(j.message, "the parameter size is \"many\", expected a whole number");
	job_fini(&j);
	job_run(&j, &l, "TestFail", "{}");
	assert_int_equal(j.class, MID_BAD_PARAM);
	assert_non_null(strstr(j.message, "class is missing"));
	job_fini(&j);
	live_end(&l);
}

static void
a_large_result_arrives_whole_through_a_small_window(void **state)
{
	struct live l = { 0 };
	struct job j;
	size_t i;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "Echo", "{\"text\":\"abc\",\"size\":\"31000000\"}");
	assert_int_equal(j.class, MID_OK);
	assert_int_equal(j.out[MID_OUTPUT].len, 31000000);
	for (i = 0; i < j.out[MID_OUTPUT].len && j.out[MID_OUTPUT].data[i] == "abc"[i % 3]; i++)
		;
	assert_int_equal(i, 31000000);
	job_fini(&j);
	live_end(&l);
}

/* A flooding run stops at its window; another one in the same worker is not held up. */
static void
a_flood_waits_for_credit_and_disturbs_nobody(void **state)
{
	struct live l = { .stingy = true };
	struct job flood, echo;

	(void)state;
	live_begin(&l, "plain");
	job_start(&flood, &l, "TestFlood", "{\"mb\":\"3\",\"lines\":\"100000\"}");
	while (flood.uncredited < FRAME_WINDOW)
		loop_turn(l.loop, true);
	job_run(&echo, &l, "Echo", "{\"text\":\"still here\"}");
	assert_string_equal(buf_str(&echo.out[MID_OUTPUT]), "still here");
	assert_int_equal(flood.uncredited, FRAME_WINDOW);
	assert_false(flood.ended);
	assert_true(flood.logs.len < 2000 * 20);	/* of the lines, too, not all are let through */
	l.stingy = false;
	worker_link_credit(l.link, flood.id, flood.uncredited);
	job_await(&flood);
	assert_int_equal(flood.class, MID_OK);
	assert_int_equal(flood.out[MID_STDOUT].len, 3u << 20);
	job_fini(&flood);
	job_fini(&echo);
	live_end(&l);
}

static void
a_failure_keeps_its_class_its_words_and_its_half(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "TestFail", "{\"class\":\"4\"}");
	assert_int_equal(j.class, MID_AUTH);
	assert_string_equal(j.message, "failed as class 4, with ? in it");
	assert_string_equal(buf_str(&j.partials), "the other half is missing\n");
	assert_string_equal(buf_str(&j.out[MID_OUTPUT]), "half");
	job_fini(&j);
	job_run(&j, &l, "TestFail", "{\"class\":\"4\",\"silent\":\"yes\"}");
	assert_int_equal(j.class, MID_INTERNAL);
	assert_true(j.message[0] != '\0');
	job_fini(&j);
	live_end(&l);
}

static void
a_run_past_its_deadline_times_out(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	l.deadline_ms = 30;
	l.address = "";
	job_run(&j, &l, "TestOnce", "{\"wait_ms\":\"1h\"}");
	assert_int_equal(j.class, MID_TIMEOUT);
	assert_string_equal(j.message, "not done within 0.03 s: give it more time");
	job_fini(&j);
	job_run(&j, &l, "TestOnce", "{\"wait_ms\":\"1h\",\"tell\":\"yes\"}");
	assert_int_equal(j.class, MID_TIMEOUT);
	assert_string_equal(j.message, "not done within 0.03 s: half of it is done");
	job_fini(&j);
	l.address = "192.0.2.7";
	job_run(&j, &l, "TestOnce", "{\"wait_ms\":\"1h\"}");
	assert_string_equal(j.message, "192.0.2.7: not done within 0.03 s: it is slow or silent; see whether it answers, or give it more time");
	job_fini(&j);
	live_end(&l);
}

static void
a_cancelled_run_ends_with_the_reason(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_start(&j, &l, "TestOnce", "{\"wait_ms\":\"1h\"}");
	while (!j.started)
		loop_turn(l.loop, true);
	worker_link_cancel(l.link, j.id, "the operator said so");
	job_await(&j);
	assert_int_equal(j.class, MID_CANCELLED);
	assert_string_equal(j.message, "the operator said so");
	job_fini(&j);
	live_end(&l);
}

static void
a_credential_is_asked_for_used_and_judged(void **state)
{
	struct live l = { 0 };
	struct job j;
	struct err err;
	static const char text[] = "{\"user\":\"ali\",\"password\":\"open sesame\"}";

	(void)state;
	live_begin(&l, "plain");
	assert_int_equal(json_parse(&l.fields, text, sizeof(text) - 1, "fields", &err), 0);
	struct json_object *fields = l.fields;
	job_run(&j, &l, "TestCredential", "{}");
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.wants), "ssh_password\n");
	assert_non_null(strstr(buf_str(&j.notes), "user=ali\n"));
	assert_int_equal(j.verdict, MID_WORKED);
	job_fini(&j);
	json_object_put(fields);
	live_end(&l);
}

static void
a_credential_of_one_of_several_types_for_a_host_on_the_way(void **state)
{
	struct live l = { 0 };
	struct job j;
	struct err err;
	static const char text[] = "{\"user\":\"ali\",\"password\":\"open sesame\"}";

	(void)state;
	live_begin(&l, "plain");
	assert_int_equal(json_parse(&l.fields, text, sizeof(text) - 1, "fields", &err), 0);
	struct json_object *fields = l.fields;
	job_run(&j, &l, "TestCredential", "{\"types\":\"ssh_private_key,ssh_password\",\"host\":\"jump\"}");
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.wants), "ssh_private_key,ssh_password@jump\n");
	assert_non_null(strstr(buf_str(&j.notes), "type=ssh_password\n"));
	job_fini(&j);
	json_object_put(fields);
	live_end(&l);
}

static void
a_question_is_asked_once_and_its_answer_kept(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "TestCredential", "{\"ask\":\"resolve\",\"about\":\"jump\",\"ask_only\":\"true\"}");
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.wants), "resolve? jump\n");
	assert_non_null(strstr(buf_str(&j.notes), "answer=ok 10.0.0.9\n"));
	job_fini(&j);
	job_run(&j, &l, "TestCredential", "{\"ask\":\"nonsense\",\"ask_only\":\"true\"}");
	assert_non_null(strstr(buf_str(&j.notes), "answer=no such question\n"));
	job_fini(&j);
	live_end(&l);
}

static void
credentials_are_tried_until_there_is_none_left(void **state)
{
	struct live l = { 0 };
	struct job j;
	struct err err;
	static const char text[] = "{\"user\":\"ali\",\"password\":\"wrong\"}";

	(void)state;
	live_begin(&l, "plain");
	assert_int_equal(json_parse(&l.fields, text, sizeof(text) - 1, "fields", &err), 0);
	struct json_object *fields = l.fields;
	job_run(&j, &l, "TestCredential", "{}");
	assert_int_equal(j.class, MID_AUTH);
	assert_string_equal(buf_str(&j.wants), "ssh_password\nssh_password\n");
	assert_int_equal(j.verdict, MID_REFUSED);
	job_fini(&j);
	json_object_put(fields);
	live_end(&l);
}

static void
a_map_makes_cis_of_what_was_emitted(void **state)
{
	struct live l = { .map = true };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "TestFacts", "{\"json\":\"{\\\"names\\\":[\\\"a\\\",\\\"b\\\"]}\"}");
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.out[MID_JSON]), "{\"names\":[\"a\",\"b\"]}");
	assert_int_equal(j.cis, 2);
	assert_string_equal(buf_str(&j.ci),
	    "{\"items\":[{\"className\":\"cmdb_ci_computer\",\"values\":{\"name\":\"a\"}}]}\n"
	    "{\"items\":[{\"className\":\"cmdb_ci_computer\",\"values\":{\"name\":\"b\"}}]}\n");
	job_fini(&j);
	live_end(&l);
}

static void
a_map_that_fails_leaves_the_facts_and_says_so(void **state)
{
	struct live l = { .map = true };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "TestFacts", "{\"json\":\"{\\\"broken\\\":7}\"}");
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.out[MID_JSON]), "{\"broken\":7}");
	assert_int_equal(j.cis, 0);
	assert_non_null(strstr(buf_str(&j.partials), "testmap.jq failed: broken: 7"));
	job_fini(&j);
	job_run(&j, &l, "TestFacts", "{\"json\":\"no json\"}");
	assert_int_equal(j.class, MID_OK);
	assert_non_null(strstr(buf_str(&j.partials), "not JSON"));
	job_fini(&j);
	live_end(&l);
}

/* The map's thread never comes back; the worker and its end must not wait for it. */
static void
a_map_that_never_ends_can_be_cancelled(void **state)
{
	struct live l = { .map = true };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_start(&j, &l, "TestFacts", "{\"json\":\"{\\\"endless\\\":true}\"}");
	while (j.out[MID_JSON].len == 0)
		loop_turn(l.loop, true);
	worker_link_cancel(l.link, j.id, "enough");
	job_await(&j);
	assert_int_equal(j.class, MID_CANCELLED);
	worker_link_quit(l.link);
	while (!l.is_gone)
		loop_turn(l.loop, true);
	assert_true(l.expected);
	job_fini(&j);
	live_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_echo_comes_back),
		cmocka_unit_test(hello_says_what_each_topic_is),
		cmocka_unit_test(an_unknown_topic_is_answered_at_once),
		cmocka_unit_test(a_wrong_parameter_is_refused_before_the_probe_opens),
		cmocka_unit_test(a_large_result_arrives_whole_through_a_small_window),
		cmocka_unit_test(a_flood_waits_for_credit_and_disturbs_nobody),
		cmocka_unit_test(a_failure_keeps_its_class_its_words_and_its_half),
		cmocka_unit_test(a_run_past_its_deadline_times_out),
		cmocka_unit_test(a_cancelled_run_ends_with_the_reason),
		cmocka_unit_test(a_credential_is_asked_for_used_and_judged),
		cmocka_unit_test(a_credential_of_one_of_several_types_for_a_host_on_the_way),
		cmocka_unit_test(a_question_is_asked_once_and_its_answer_kept),
		cmocka_unit_test(credentials_are_tried_until_there_is_none_left),
		cmocka_unit_test(a_map_makes_cis_of_what_was_emitted),
		cmocka_unit_test(a_map_that_fails_leaves_the_facts_and_says_so),
		cmocka_unit_test(a_map_that_never_ends_can_be_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
