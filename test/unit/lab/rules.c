/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The business rules of the queue and its agents.
 */
#include "lab_made.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "attach.h"
#include "rules.h"
#include "schema.h"

static int64_t now_ms;

static int64_t
told_clock(void)
{
	return now_ms;
}

static int
made(void **state)
{
	struct instance *in;

	lab_made(state);
	in = *state;
	now_ms = (int64_t)1775644200 * 1000;
	in->attachment_max = 1 << 20;
	in->heartbeat_s = 300;
	db_set_clock(in->db, told_clock);
	return schema_create(in->db);
}

static void
put(struct instance *in, const char *table, const char *json, char id[33])
{
	struct json_object *o = json_tokener_parse(json);

	assert_non_null(o);
	assert_int_equal(record_insert(in, table, o, id), 0);
	json_object_put(o);
}

static void
output(struct instance *in, const char *agent, char id[33])
{
	char json[200];

	snprintf(json, sizeof(json), "{\"agent\":\"mid.server.%s\","
	    "\"topic\":\"Echo\",\"queue\":\"output\"}", agent);
	put(in, "ecc_queue", json, id);
}

static void
has(struct instance *in, const char *table, const char *id,
    const char *field, const char *want)
{
	struct json_object *row;

	assert_int_equal(db_get(in->db, table, id, &row), 0);
	assert_string_equal(json_str(row, field, ""), want);
	json_object_put(row);
}

static long
count(struct instance *in, const char *table, const char *query)
{
	long n = -1;

	assert_int_equal(db_count(in->db, table, query, &n), 0);
	return n;
}

static void
claim(struct instance *in, const char *agent, const char *state,
    const char *const *ids, char id[33])
{
	struct text t = { 0 };

	text_addf(&t, "{\"agent\":\"mid.server.%s\",\"queue\":\"input\","
	    "\"topic\":\"queue.processing\",\"payload\":"
	    "\"<queue.processing>", agent);
	for (; *ids != NULL; ids++)
		text_addf(&t, "<sys_id state=\\\"%s\\\">%s</sys_id>", state,
		    *ids);
	text_add(&t, "</queue.processing>\"}");
	put(in, "ecc_queue", text_str(&t), id);
	text_fini(&t);
}

static void
comes_before(struct instance *in, const char *first, const char *second)
{
	struct json_object *a, *b;

	assert_int_equal(db_get(in->db, "ecc_queue", first, &a), 0);
	assert_int_equal(db_get(in->db, "ecc_queue", second, &b), 0);
	assert_true(strcmp(json_str(a, "sequence", ""),
	    json_str(b, "sequence", "")) < 0);
	json_object_put(a);
	json_object_put(b);
}

static void
a_new_row_gets_state_priority_and_sequence(void **state)
{
	char a[33], b[33], moment[24], query[120];

	output(*state, "demo", a);
	output(*state, "demo", b);
	has(*state, "ecc_queue", a, "state", "ready");
	has(*state, "ecc_queue", a, "priority", "2");
	snprintf(moment, sizeof(moment), "%llx", (unsigned long long)now_ms);
	snprintf(query, sizeof(query), "sys_id=%s^sequenceSTARTSWITH%s", a,
	    moment);
	assert_int_equal(count(*state, "ecc_queue", query), 1);
	comes_before(*state, a, b);
}

static void
a_claim_takes_the_rows_it_names(void **state)
{
	char a[33], b[33], c[33], id[33];

	output(*state, "demo", a);
	output(*state, "demo", b);
	output(*state, "demo", c);
	claim(*state, "demo", "processing",
	    (const char *const[]){ a, b, NULL }, id);
	has(*state, "ecc_queue", a, "state", "processing");
	has(*state, "ecc_queue", a, "processed", "2026-04-08 10:30:00");
	has(*state, "ecc_queue", b, "state", "processing");
	has(*state, "ecc_queue", c, "state", "ready");
	has(*state, "ecc_queue", id, "state", "processed");
}

static void
a_claim_leaves_alone_what_is_not_its_own(void **state)
{
	char a[33], done[33], id[33];

	output(*state, "other", a);
	output(*state, "demo", done);
	claim(*state, "demo", "processed",
	    (const char *const[]){ done, NULL }, id);
	claim(*state, "demo", "processing", (const char *const[]){ a, done,
	    "00000000000000000000000000000000", "short", NULL }, id);
	has(*state, "ecc_queue", a, "state", "ready");
	has(*state, "ecc_queue", done, "state", "processed");
	claim(*state, "other", "sold", (const char *const[]){ a, NULL }, id);
	has(*state, "ecc_queue", a, "state", "ready");
}

static void
answer(struct instance *in, const char *output_id, const char *payload,
    const char *error, char id[33])
{
	char json[400];

	snprintf(json, sizeof(json), "{\"agent\":\"mid.server.demo\","
	    "\"topic\":\"Echo\",\"queue\":\"input\",\"response_to\":\"%s\","
	    "\"payload\":\"%s\",\"error_string\":\"%s\"}", output_id, payload,
	    error);
	put(in, "ecc_queue", json, id);
}

static void
an_answer_finishes_its_output(void **state)
{
	char a[33], b[33], id[33];

	output(*state, "demo", a);
	output(*state, "demo", b);
	answer(*state, a, "<results/>", "", id);
	has(*state, "ecc_queue", a, "state", "processed");
	has(*state, "ecc_queue", id, "state", "processed");
	answer(*state, b, "<results/>", "it broke", id);
	has(*state, "ecc_queue", b, "state", "processed");
	has(*state, "ecc_queue", id, "state", "error");
	answer(*state, "00000000000000000000000000000000", "<r/>", "", id);
	has(*state, "ecc_queue", id, "state", "processed");
}

static void
hang_on(struct instance *in, const char *record, const char *name)
{
	struct attachment at = { .table = "ecc_queue", .record = record,
	    .name = name, .type = "text/plain", .bytes = "hello", .len = 5 };
	char id[33];

	assert_int_equal(attach(in, &at, id), 0);
}

static void
a_large_answer_is_complete_with_its_attachment(void **state)
{
	char a[33], id[33], *text;
	size_t n;

	output(*state, "demo", a);
	answer(*state, a, "<see_attachment/>", "", id);
	has(*state, "ecc_queue", a, "state", "ready");
	hang_on(*state, id, "other.txt");
	has(*state, "ecc_queue", a, "state", "ready");
	hang_on(*state, id, "payload.txt");
	has(*state, "ecc_queue", a, "state", "processed");
	has(*state, "ecc_queue", id, "state", "processed");
	assert_int_equal(attached(*state, "ecc_queue", id, "payload.txt",
	    &text, &n), 0);
	assert_string_equal(text, "hello");
	free(text);
}

static void
a_row_for_all_is_copied_to_every_agent(void **state)
{
	char id[33];

	put(*state, "ecc_agent", "{\"name\":\"one\"}", NULL);
	put(*state, "ecc_agent", "{\"name\":\"two\"}", NULL);
	output(*state, "*", id);
	has(*state, "ecc_queue", id, "state", "processed");
	assert_int_equal(count(*state, "ecc_queue", "topic=Echo^state=ready^"
	    "agentINmid.server.one,mid.server.two"), 2);
}

static void
an_agent_is_validated_unless_that_is_done_by_hand(void **state)
{
	struct instance *in = *state;
	char id[33];

	put(in, "ecc_agent", "{\"name\":\"one\"}", id);
	has(in, "ecc_agent", id, "validated", "true");
	in->validate_by_hand = true;
	put(in, "ecc_agent", "{\"name\":\"two\"}", id);
	has(in, "ecc_agent", id, "validated", "false");
}

static void
a_heartbeat_raises_and_silence_lowers_an_agent(void **state)
{
	struct instance *in = *state;
	struct json_object *probe;
	char agent[33], id[33], json[300];

	put(in, "ecc_agent", "{\"name\":\"demo\"}", agent);
	has(in, "ecc_agent", agent, "status", "Down");
	assert_int_equal(heartbeat_beat(in), 0);
	assert_int_equal(db_first(in->db, "ecc_queue",
	    "agent=mid.server.demo^topic=HeartbeatProbe^state=ready", &probe),
	    0);
	snprintf(json, sizeof(json), "{\"agent\":\"mid.server.demo\","
	    "\"topic\":\"HeartbeatProbe\",\"queue\":\"input\","
	    "\"response_to\":\"%s\"}", json_str(probe, "sys_id", ""));
	json_object_put(probe);
	now_ms += 5000;
	put(in, "ecc_queue", json, id);
	has(in, "ecc_agent", agent, "status", "Up");
	has(in, "ecc_agent", agent, "last_refreshed", "2026-04-08 10:30:05");
	assert_int_equal(heartbeat_beat(in), 0);
	has(in, "ecc_agent", agent, "status", "Up");
	assert_int_equal(heartbeat_beat(in), 0);
	has(in, "ecc_agent", agent, "status", "Down");
	assert_int_equal(count(in, "ecc_queue",
	    "topic=HeartbeatProbe^queue=output^state=ready"), 1);
}

static void
reports_are_taken_in(void **state)
{
	static const char *const topics[] = { "queue.stats", "config.file" };
	char id[33], json[100];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(json, sizeof(json), "{\"agent\":\"mid.server.demo\","
		    "\"queue\":\"input\",\"topic\":\"%s\"}", topics[i]);
		put(*state, "ecc_queue", json, id);
		has(*state, "ecc_queue", id, "state", "processed");
	}
}

static void
attachment_creator_hangs_a_file_on_a_record(void **state)
{
	char agent[33], id[33], json[300], *text;
	size_t n;

	put(*state, "ecc_agent", "{\"name\":\"demo\"}", agent);
	snprintf(json, sizeof(json), "{\"agent\":\"x\",\"queue\":\"input\","
	    "\"topic\":\"AttachmentCreator\",\"name\":\"a.txt:text/plain\","
	    "\"source\":\"ecc_agent:%s\",\"payload\":\"aGVsbG8=\"}", agent);
	put(*state, "ecc_queue", json, id);
	has(*state, "ecc_queue", id, "state", "processed");
	assert_int_equal(attached(*state, "ecc_agent", agent, "a.txt", &text,
	    &n), 0);
	assert_string_equal(text, "hello");
	free(text);
	put(*state, "ecc_queue", "{\"queue\":\"input\",\"topic\":"
	    "\"AttachmentCreator\",\"name\":\"a:b\",\"source\":\"no\"}", id);
	has(*state, "ecc_queue", id, "state", "error");
	has(*state, "ecc_queue", id, "error_string",
	    "source must be table:sys_id and name file:type");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, made, lab_gone)
	const struct CMUnitTest tests[] = {
		T(a_new_row_gets_state_priority_and_sequence),
		T(a_claim_takes_the_rows_it_names),
		T(a_claim_leaves_alone_what_is_not_its_own),
		T(an_answer_finishes_its_output),
		T(a_large_answer_is_complete_with_its_attachment),
		T(a_row_for_all_is_copied_to_every_agent),
		T(an_agent_is_validated_unless_that_is_done_by_hand),
		T(a_heartbeat_raises_and_silence_lowers_an_agent),
		T(reports_are_taken_in),
		T(attachment_creator_hangs_a_file_on_a_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
