/* SPDX-License-Identifier: Apache-2.0 */
/* What is written as frames is read as the same frames, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "frame.h"

static void
a_frame_comes_back_as_it_was_put(void **state)
{
	struct frame f;
	struct err err;
	struct buf b;
	size_t at = 0;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(frame_put(&b, FRAME_EMIT, 3, 0xdeadbeef, "a\0b", 3), 0);
	assert_int_equal(frame_put(&b, FRAME_PONG, 0, 0, NULL, 0), 0);
	assert_int_equal(frame_next(&b, &at, 1, &f, &err), 1);
	assert_int_equal(f.type, FRAME_EMIT);
	assert_int_equal(f.detail, 3);
	assert_int_equal(f.run, 0xdeadbeef);
	assert_int_equal(f.len, 3);
	assert_memory_equal(f.body, "a\0b", 3);
	assert_int_equal(frame_next(&b, &at, 1, &f, &err), 1);
	assert_int_equal(f.type, FRAME_PONG);
	assert_int_equal(at, b.len);
	assert_int_equal(frame_next(&b, &at, 1, &f, &err), 0);
	buf_fini(&b);
}

static void
a_frame_cut_anywhere_asks_for_more(void **state)
{
	struct buf whole, part;
	struct frame f;
	struct err err;
	size_t n, at;

	(void)state;
	buf_init(&whole, 4096);
	assert_int_equal(frame_put(&whole, FRAME_NOTE, 0, 7, "{\"name\":\"n\"}", 12), 0);
	for (n = 0; n < whole.len; n++) {
		buf_init(&part, 4096);
		buf_put(&part, whole.data, n);
		at = 0;
		assert_int_equal(frame_next(&part, &at, 1, &f, &err), 0);
		assert_int_equal(at, 0);
		buf_fini(&part);
	}
	buf_fini(&whole);
}

/* The head is little endian: length, type, detail, zero, run. */
static const struct {
	const char *what;
	unsigned char head[12];
	int from_worker;
	const char *says;
} wrong[] = {
	{ "an unknown type", { 2, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0 }, 1, "unknown type 200" },
	{ "type 0", { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 1, "unknown type 0" },
	{ "midd's frame from a worker", { 2, 0, 0, 0, FRAME_RUN, 0, 0, 0, 1, 0, 0, 0 }, 1, "RUN frame from the wrong side" },
	{ "a worker's from midd", { 2, 0, 0, 0, FRAME_NOTE, 0, 0, 0, 1, 0, 0, 0 }, 0, "NOTE frame from the wrong side" },
	{ "4 GB", { 255, 255, 255, 255, FRAME_EMIT, 0, 0, 0, 1, 0, 0, 0 }, 1, "4294967295 bytes" },
	{ "a piece too long", { 1, 0, 1, 0, FRAME_EMIT, 0, 0, 0, 1, 0, 0, 0 }, 1, "65537 bytes" },
	{ "a credit too short", { 3, 0, 0, 0, FRAME_CREDIT, 0, 0, 0, 1, 0, 0, 0 }, 0, "3 bytes" },
	{ "no run", { 2, 0, 0, 0, FRAME_NOTE, 0, 0, 0, 0, 0, 0, 0 }, 1, "without a run" },
	{ "a run too many", { 2, 0, 0, 0, FRAME_HELLO, 0, 0, 0, 1, 0, 0, 0 }, 1, "with a run" },
	{ "a detail", { 2, 0, 0, 0, FRAME_NOTE, 1, 0, 0, 1, 0, 0, 0 }, 1, "a head that is not ours" },
	{ "what must be zero", { 2, 0, 0, 0, FRAME_NOTE, 0, 1, 0, 1, 0, 0, 0 }, 1, "a head that is not ours" },
};

static void
a_head_that_breaks_a_rule_is_refused_before_its_body_comes(void **state)
{
	struct frame f;
	struct err err;
	struct buf b;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		buf_init(&b, 64);
		buf_put(&b, wrong[i].head, sizeof(wrong[i].head));
		at = 0;
		if (frame_next(&b, &at, wrong[i].from_worker, &f, &err) != -E_BAD)
			fail_msg("%s was taken", wrong[i].what);
		if (strstr(err.text, wrong[i].says) == NULL)
			fail_msg("%s: \"%s\" does not say \"%s\"", wrong[i].what, err.text, wrong[i].says);
		buf_fini(&b);
	}
}

static void
a_full_buffer_takes_all_of_a_frame_or_none(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 40);
	assert_int_equal(frame_put(&b, FRAME_PING, 0, 0, NULL, 0), 0);
	assert_int_equal(frame_put(&b, FRAME_CANCEL, 0, 1, "{\"why\":\"because\"}", 17), -E_FULL);
	assert_int_equal(b.len, FRAME_HEAD);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_comes_back_as_it_was_put),
		cmocka_unit_test(a_frame_cut_anywhere_asks_for_more),
		cmocka_unit_test(a_head_that_breaks_a_rule_is_refused_before_its_body_comes),
		cmocka_unit_test(a_full_buffer_takes_all_of_a_frame_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
