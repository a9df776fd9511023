/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults: how they are written, and which requests they meet.
 */
#include "lab_made.h"

#include <json-c/json.h>
#include <string.h>

#include "acl.h"
#include "http.h"

static const struct caller agent = { .known = true, .roles = ROLE_MID };
static const struct caller admin = { .known = true, .roles = ROLE_ADMIN };

static void
add(struct instance *in, const char *spec)
{
	const char *why;

	assert_true(fault_add(in->faults, spec, &why));
}

/* The status that METHOD URL with BODY gets of the faults; 0 = none. */
static int
meets(struct instance *in, const char *method, const char *url,
    const char *body, const char *header)
{
	struct request req = { .in = in, .caller = &agent };
	struct answer a = { 0 };
	int later = 0, status;

	req.method = xstrdup(method);
	assert_true(request_url(&req, url));
	req.json = body != NULL ? json_tokener_parse(body) : NULL;
	(void)fault_answers(&req, &a, &later);
	status = a.status;
	if (header != NULL)
		assert_non_null(pairs_get(&a.headers, header));
	if (later == FAULT_DID)
		status = -FAULT_DID;
	answer_fini(&a);
	request_fini(&req);
	return status;
}

#define QUEUE "/api/now/table/ecc_queue"
#define ANSWER "{\"queue\":\"input\",\"topic\":\"Echo\",\"response_to\":\"x\"}"
#define CLAIM "{\"queue\":\"input\",\"topic\":\"queue.processing\"}"

static void
a_spec_that_makes_no_sense_is_refused_with_a_reason(void **state)
{
	static const char *const bad[] = {
		"", "any", "any:", ":500", "nope:500", "any:399", "any:600",
		"any:500:0", "any:500:x", "any:stall=x", "any:stall=-1",
		"any:did=1", "any:500=3", "any:cut=1=2", "any:500:1:1",
	};
	struct instance *in = *state;
	const char *why;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		why = NULL;
		assert_false(fault_add(in->faults, bad[i], &why));
		assert_non_null(why);
	}
}

static void
it_happens_as_often_as_it_was_told(void **state)
{
	add(*state, "poll:500:2");
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 500);
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 500);
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 0);
}

static void
a_kind_meets_only_its_requests(void **state)
{
	add(*state, "insert:500");
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 0);
	assert_int_equal(meets(*state, "POST", QUEUE, CLAIM, NULL), 0);
	assert_int_equal(meets(*state, "POST", QUEUE "?sysparm_fields=sys_id",
	    ANSWER, NULL), 500);
	add(*state, "claim:502");
	assert_int_equal(meets(*state, "POST", QUEUE, ANSWER, NULL), 0);
	assert_int_equal(meets(*state, "POST", QUEUE, CLAIM, NULL), 502);
	add(*state, "agent:500");
	assert_int_equal(meets(*state, "PATCH",
	    "/api/now/table/ecc_agent/0", "{}", NULL), 500);
	add(*state, "ire:500");
	assert_int_equal(meets(*state, "POST",
	    "/api/now/v1/identifyreconcile/enhanced", "{}", NULL), 500);
	add(*state, "attachment:500");
	assert_int_equal(meets(*state, "GET", "/api/now/attachment", NULL,
	    NULL), 500);
	add(*state, "batch:500");
	assert_int_equal(meets(*state, "POST", "/api/now/v1/batch", "{}",
	    NULL), 500);
	add(*state, "any:500");
	assert_int_equal(meets(*state, "GET", "/api/now/table/x", NULL, NULL),
	    500);
}

static void
busy_and_rate_say_when_to_come_back(void **state)
{
	add(*state, "any:503=7");
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, "Retry-After"), 503);
	add(*state, "any:429=7:2");
	assert_int_equal(meets(*state, "GET", QUEUE, NULL,
	    "X-RateLimit-Reset"), 429);
	assert_int_equal(meets(*state, "GET", QUEUE, NULL,
	    "X-RateLimit-Rule"), 429);
}

static void
did_is_served_first(void **state)
{
	add(*state, "insert:did");
	assert_int_equal(meets(*state, "POST", QUEUE, ANSWER, NULL),
	    -FAULT_DID);
}

static void
a_fault_of_the_wire_is_no_answer(void **state)
{
	struct request req = { .in = *state, .caller = &agent };
	long arg = 0;

	add(*state, "any:cut=100");
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 0);
	req.method = xstrdup("GET");
	assert_true(request_url(&req, QUEUE));
	assert_int_equal(fault_wire(&req, &arg), FAULT_CUT);
	assert_int_equal(arg, 100);
	assert_int_equal(fault_wire(&req, &arg), FAULT_NONE);
	request_fini(&req);
}

static void
an_insert_in_a_batch_is_found_on_the_wire(void **state)
{
	struct request req = { .in = *state, .caller = &agent };
	struct text body = { 0 };
	char *b64 = base64_encode(ANSWER, strlen(ANSWER));
	long arg;

	add(*state, "insert:reset");
	text_addf(&body, "{\"rest_requests\":[{\"method\":\"POST\",\"url\":"
	    "\"" QUEUE "\",\"body\":\"%s\"}]}", b64);
	free(b64);
	req.method = xstrdup("POST");
	assert_true(request_url(&req, "/api/now/v1/batch"));
	req.body_len = body.len;
	req.body = text_take(&body);
	assert_int_equal(fault_wire(&req, &arg), FAULT_RESET);
	request_fini(&req);
}

static void
an_administrator_meets_none(void **state)
{
	struct request req = { .in = *state, .caller = &admin };
	struct answer a = { 0 };
	int later = 0;
	long arg;

	add(*state, "any:reset");
	add(*state, "any:500");
	req.method = xstrdup("GET");
	assert_true(request_url(&req, QUEUE));
	assert_int_equal(fault_wire(&req, &arg), FAULT_NONE);
	assert_false(fault_answers(&req, &a, &later));
	request_fini(&req);
	assert_int_equal(meets(*state, "GET", QUEUE, NULL, NULL), 500);
}

static void
the_spent_make_room(void **state)
{
	struct instance *in = *state;
	const char *why;
	int i;

	for (i = 0; i < FAULTS_MAX; i++)
		add(in, "poll:500");
	assert_false(fault_add(in->faults, "any:500", &why));
	assert_int_equal(meets(in, "GET", QUEUE, NULL, NULL), 500);
	add(in, "any:500");
	assert_false(fault_add(in->faults, "any:500", &why));
	fault_clear(in->faults);
	assert_int_equal(meets(in, "GET", QUEUE, NULL, NULL), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_made, lab_gone)
	const struct CMUnitTest tests[] = {
		T(a_spec_that_makes_no_sense_is_refused_with_a_reason),
		T(it_happens_as_often_as_it_was_told),
		T(a_kind_meets_only_its_requests),
		T(busy_and_rate_say_when_to_come_back),
		T(did_is_served_first),
		T(a_fault_of_the_wire_is_no_answer),
		T(an_insert_in_a_batch_is_found_on_the_wire),
		T(an_administrator_meets_none),
		T(the_spent_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
