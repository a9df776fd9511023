/* SPDX-License-Identifier: Apache-2.0 */
/* trace/spans: what a collector is told of a job. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "store/store.h"
#include "trace/spans.h"
#include "xalloc.h"

#define ID "0123456789abcdef0123456789abcdef"
#define ABOVE "fedcba9876543210fedcba9876543210"

static struct traced_by by = { "web7", "1.0" };
static struct traced job;
static struct json_object *told;

static int
begin(void **state)
{
	(void)state;
	job = (struct traced){ .id = ID, .topic = "Echo", .target = "10.0.0.1", .attempts = 1, .pages = 1,
	    .created_ms = 1000, .accepted_ms = 1010, .started_ms = 1500, .run_ms = 300, .finished_ms = 1805, .delivered_ms = 1900 };
	told = NULL;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	json_object_put(told);
	return 0;
}

/* The I-th span; NULL: no more. */
static struct json_object *
span(size_t i)
{
	struct json_object *list;

	if (told == NULL)
		told = spans_request(&by, &job, 1);
	list = json_arr(told, "resourceSpans");
	list = json_arr(json_object_array_get_idx(list, 0), "scopeSpans");
	list = json_arr(json_object_array_get_idx(list, 0), "spans");
	return i < json_object_array_length(list) ? json_object_array_get_idx(list, i) : NULL;
}

static void
is_span(size_t i, const char *name, const char *from, const char *to)
{
	assert_non_null(span(i));
	assert_string_equal(json_str(span(i), "name", ""), name);
	assert_string_equal(json_str(span(i), "startTimeUnixNano", ""), from);
	assert_string_equal(json_str(span(i), "endTimeUnixNano", ""), to);
}

static const char *
attribute(struct json_object *o, const char *key)
{
	struct json_object *list = json_arr(o, "attributes"), *row;
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		if (strcmp(json_str(row, "key", ""), key) == 0)
			return json_str(json_get(row, "value"), "stringValue", "");
	}
	return "";
}

static void
a_job_is_its_road_part_by_part(void **state)
{
	(void)state;
	is_span(0, "job", "1000000000", "1900000000");
	is_span(1, "claim", "1000000000", "1010000000");
	is_span(2, "wait", "1010000000", "1500000000");
	is_span(3, "run", "1500000000", "1800000000");
	is_span(4, "seal", "1800000000", "1805000000");
	is_span(5, "deliver", "1805000000", "1900000000");
	assert_null(span(6));
	assert_string_equal(json_str(span(0), "traceId", ""), ID);
	assert_string_equal(json_str(span(0), "parentSpanId", "?"), "");
	assert_string_equal(json_str(span(3), "parentSpanId", ""), json_str(span(0), "spanId", "?"));
	assert_string_not_equal(json_str(span(3), "spanId", ""), json_str(span(4), "spanId", ""));
}

/* The probe's own count begins before the start is on the disk. */
static void
a_run_ends_before_its_result_is_sealed(void **state)
{
	(void)state;
	job.run_ms = 320;
	is_span(3, "run", "1500000000", "1805000000");
	is_span(4, "seal", "1805000000", "1805000000");
}

static void
a_part_is_in_the_trace_of_its_discovery(void **state)
{
	char above[17];

	(void)state;
	strcpy(job.parent, ABOVE);
	job.pages = 0;
	is_span(0, "job", "1000000000", "1900000000");
	assert_string_equal(json_str(span(0), "traceId", ""), ABOVE);
	snprintf(above, sizeof(above), "%s", json_str(span(0), "parentSpanId", ""));
	is_span(1, "wait", "1010000000", "1500000000");
	is_span(2, "run", "1500000000", "1800000000");
	assert_null(span(3));
	json_object_put(told);
	told = NULL;
	strcpy(job.id, ABOVE);
	job.parent[0] = '\0';
	assert_string_equal(json_str(span(0), "spanId", ""), above);
}

static void
one_that_never_ran_has_waited(void **state)
{
	(void)state;
	job.started_ms = job.run_ms = 0;
	job.class = 8;
	is_span(2, "wait", "1010000000", "1805000000");
	is_span(3, "seal", "1805000000", "1805000000");
	is_span(4, "deliver", "1805000000", "1900000000");
	assert_int_equal(json_int(json_get(span(0), "status"), "code", 0), 2);
	assert_string_equal(attribute(span(0), "error.type"), "policy");
}

static void
a_clock_that_was_set_back_ends_no_span_before_it_begins(void **state)
{
	(void)state;
	job.finished_ms = 400;
	job.delivered_ms = 500;
	is_span(0, "job", "1000000000", "1000000000");
	is_span(4, "seal", "1800000000", "1800000000");
}

static void
bytes_that_are_no_text_and_odd_ids_still_make_a_request(void **state)
{
	(void)state;
	strcpy(job.id, "odd");
	strcpy(job.target, "a\xff\"\x01");
	assert_string_equal(attribute(span(0), "server.address"), "a\xef\xbf\xbd\"\x01");
	assert_int_equal(strspn(json_str(span(0), "traceId", ""), "0123456789abcdef"), 32);
}

static void
a_row_gives_what_fits(void **state)
{
	struct job_row row = { .id = ID, .class = 4, .attempts = 2, .run_ms = 7, .topic = xstrdup("SSHCommand") };

	(void)state;
	row.source = xcalloc(1, 500);
	memset(row.source, 'x', 499);
	traced_of(&job, &row);
	assert_string_equal(job.topic, "SSHCommand");
	assert_int_equal(strlen(job.target), sizeof(job.target) - 1);
	assert_string_equal(job.parent, "");
	assert_int_equal(job.class, 4);
	job_row_fini(&row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_job_is_its_road_part_by_part, begin, end),
		cmocka_unit_test_setup_teardown(a_run_ends_before_its_result_is_sealed, begin, end),
		cmocka_unit_test_setup_teardown(a_part_is_in_the_trace_of_its_discovery, begin, end),
		cmocka_unit_test_setup_teardown(one_that_never_ran_has_waited, begin, end),
		cmocka_unit_test_setup_teardown(a_clock_that_was_set_back_ends_no_span_before_it_begins, begin, end),
		cmocka_unit_test_setup_teardown(bytes_that_are_no_text_and_odd_ids_still_make_a_request, begin, end),
		cmocka_unit_test_setup_teardown(a_row_gives_what_fits, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
