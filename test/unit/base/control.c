/* SPDX-License-Identifier: Apache-2.0 */
/* The control protocol, both sides in one process: what midctl asks is answered, whatever else comes is survived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "control.h"
#include "control_rig.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

static struct control_call *kept;	/* of verb "later" */
static int freed;
static bool stream_gone;

/* --- the verbs --------------------------------------------------------------------- */

static void
verb_echo(void *ctx, struct control_call *call, struct json_object *args)
{
	assert_ptr_equal(ctx, &server);
	control_ok_take(call, json_object_get(args));
}

static void
verb_refuse(void *ctx, struct control_call *call, struct json_object *args)
{
	(void)ctx;
	(void)args;
	control_no(call, E_NONE, "there is no job %d", 4711);
}

static void
verb_count(void *ctx, struct control_call *call, struct json_object *args)
{
	int i;

	(void)ctx;
	for (i = 0; i < json_int(args, "n", 0); i++)
		control_row_take(call, json_object_new_int(i));
	control_ok_take(call, NULL);
}

static void
kept_free(void *p)
{
	(*(int *)p)++;
}

static void
verb_later(void *ctx, struct control_call *call, struct json_object *args)
{
	(void)ctx;
	(void)args;
	kept = call;
	control_keep(call, &freed, kept_free);
}

/* Rows for an asker that takes none. */
static void
verb_flood(void *ctx, struct control_call *call, struct json_object *args)
{
	char *big = xcalloc(1, 100001);
	int i;

	(void)ctx;
	(void)args;
	memset(big, 'x', 100000);
	for (i = 0; i < 400 && !control_gone(call); i++)
		control_row_take(call, json_object_new_string(big));
	free(big);
	stream_gone = control_gone(call);
	control_ok_take(call, NULL);
}

static void
verb_huge(void *ctx, struct control_call *call, struct json_object *args)
{
	char *big = xcalloc(1, CONTROL_LINE_MAX + 1);

	(void)ctx;
	(void)args;
	memset(big, 'x', CONTROL_LINE_MAX);
	control_ok_take(call, json_object_new_string(big));
	free(big);
}

static const struct control_verb verbs[] = {
	{ "echo", verb_echo, "" }, { "refuse", verb_refuse, "" }, { "count", verb_count, "" },
	{ "later", verb_later, "" }, { "flood", verb_flood, "" }, { "huge", verb_huge, "" },
	{ NULL, NULL, NULL }
};

static int
begin(void **state)
{
	(void)state;
	return rig_begin(verbs);
}

/* --- midctl's side, in a thread of its own as it blocks ----------------------------------- */

struct ask {
	const char *verb;
	struct json_object *args, *result;
	int rows, r;
	struct err err;
	atomic_bool done;
};

static void
on_row(void *arg, struct json_object *row)
{
	struct ask *a = arg;

	assert_int_equal(json_object_get_int(row), a->rows);
	a->rows++;
}

static void
woken(void *arg)
{
	(void)arg;
}

static void *
ask_thread(void *arg)
{
	struct ask *a = arg;

	a->r = control_ask(path, a->verb, a->args, 10000, on_row, a, &a->result, &a->err);
	atomic_store(&a->done, true);
	loop_post(loop, woken, NULL);
	return NULL;
}

static void
ask(struct ask *a)
{
	pthread_t t;

	assert_int_equal(pthread_create(&t, NULL, ask_thread, a), 0);
	while (!atomic_load(&a->done))
		loop_turn(loop, true);
	pthread_join(t, NULL);
}

static void
a_question_is_answered(void **state)
{
	struct ask a = { .verb = "echo", .args = json_object_new_object() };

	(void)state;
	json_put_str(a.args, "text", "gr\xC3\xBC\xC3\x9F dich\n");
	ask(&a);
	assert_int_equal(a.r, 0);
	assert_string_equal(json_str(a.result, "text", ""), "gr\xC3\xBC\xC3\x9F dich\n");
	json_object_put(a.args);
	json_object_put(a.result);
}

static void
rows_come_in_order_before_the_answer(void **state)
{
	struct ask a = { .verb = "count", .args = json_object_new_object() };

	(void)state;
	json_put_int(a.args, "n", 5000);
	ask(&a);
	assert_int_equal(a.r, 0);
	assert_int_equal(a.rows, 5000);
	json_object_put(a.args);
	json_object_put(a.result);
}

static void
a_refusal_keeps_its_code_and_sentence(void **state)
{
	struct ask a = { .verb = "refuse" };

	(void)state;
	ask(&a);
	assert_int_equal(a.r, -E_NONE);
	assert_string_equal(a.err.text, "there is no job 4711");
	assert_non_null(a.result);	/* so it was midd that said so */
	json_object_put(a.result);
}

static void
an_unknown_verb_is_refused(void **state)
{
	struct ask a = { .verb = "fly" };

	(void)state;
	ask(&a);
	assert_int_equal(a.r, -E_BAD);
	assert_non_null(strstr(a.err.text, "does not know that verb"));
	json_object_put(a.result);
}

static void
an_answer_too_large_for_a_line_is_said_so(void **state)
{
	struct ask a = { .verb = "huge" };

	(void)state;
	ask(&a);
	assert_int_equal(a.r, -E_FULL);
	assert_non_null(strstr(a.err.text, "ask for less"));
	json_object_put(a.result);
}

static void
nobody_there_is_said_with_what_to_do(void **state)
{
	struct json_object *result;
	struct err err;

	(void)state;
	assert_int_equal(control_ask("/nowhere/control", "echo", NULL, 1000, NULL, NULL, &result, &err), -E_NONE);
	assert_null(result);
	assert_string_equal(err.text, "midd is not running (nobody listens on /nowhere/control): start it with its --config FILE; if it runs elsewhere: --control PATH");
}

/* --- a stranger's side: bytes ------------------------------------------------------------------ */

static intptr_t
stranger(void)
{
	intptr_t fd;
	struct err err;

	assert_int_equal(os_local_connect(&fd, path, &err), 0);
	return fd;
}

/* Turns the loop until a line has come or the other side has closed; "" then. Static. */
static const char *
line_of(intptr_t fd)
{
	static char line[4096];
	size_t n = 0;
	ssize_t r;

	for (;;) {
		r = os_local_read(fd, line + n, 1);
		if (r == -E_AGAIN) {
			loop_turn(loop, false);
			continue;
		}
		if (r <= 0 || line[n] == '\n' || n + 2 == sizeof(line))
			break;
		n++;
	}
	line[n] = '\0';
	return line;
}

static void
say(intptr_t fd, const char *p, size_t n)
{
	ssize_t r;

	while (n > 0) {
		r = os_local_write(fd, p, n);
		if (r == -E_AGAIN) {
			loop_turn(loop, false);
			continue;
		}
		if (r < 0)
			return;		/* let go already */
		p += r;
		n -= (size_t)r;
	}
}

static void
garbage_is_refused_and_let_go(void **state)
{
	static const char *const bads[] = {
		"hello\n", "{\"verb\":\n", "[]\n", "\xFF\xFE\n", "{}\n", "{\"verb\":7}\n", "null\n",
	};
	intptr_t fd;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		fd = stranger();
		assert_string_equal(line_of(fd), "{\"midd\":\"" MIDD_VERSION "\",\"control\":1}");
		say(fd, bads[i], strlen(bads[i]));
		assert_non_null(strstr(line_of(fd), "\"ok\":false,\"code\":\"bad\""));
		assert_string_equal(line_of(fd), "");
		os_local_close(fd);
	}
}

/* Found by the fuzzer: the line was copied as a string, and read beyond its end. */
static void
a_line_with_a_nul_is_read_to_its_own_end(void **state)
{
	static const char line[] = "0\0\0\0001}}\n";
	intptr_t fd = stranger();

	(void)state;
	(void)line_of(fd);
	say(fd, line, sizeof(line) - 1);
	assert_non_null(strstr(line_of(fd), "\"ok\":false,\"code\":\"bad\""));
	os_local_close(fd);
}

static void
nesting_too_deep_is_refused(void **state)
{
	char deep[2100];
	intptr_t fd = stranger();

	(void)state;
	memset(deep, '[', 2000);
	memset(deep + 2000, '\n', 1);
	(void)line_of(fd);
	say(fd, deep, 2001);
	assert_non_null(strstr(line_of(fd), "\"ok\":false"));
	os_local_close(fd);
}

static void
a_line_without_end_is_cut_off(void **state)
{
	char block[65536];
	intptr_t fd = stranger();
	int i;

	(void)state;
	memset(block, 'x', sizeof(block));
	(void)line_of(fd);
	for (i = 0; i < 20; i++)
		say(fd, block, sizeof(block));
	assert_non_null(strstr(line_of(fd), "\"code\":\"full\""));
	os_local_close(fd);
}

static void
two_questions_in_one_packet_are_both_answered_in_order(void **state)
{
	static const char two[] = "{\"verb\":\"echo\",\"args\":{\"n\":1}}\n{\"verb\":\"echo\",\"args\":{\"n\":2}}\n";
	intptr_t fd = stranger();

	(void)state;
	(void)line_of(fd);
	say(fd, two, strlen(two));
	assert_string_equal(line_of(fd), "{\"ok\":true,\"result\":{\"n\":1}}");
	assert_string_equal(line_of(fd), "{\"ok\":true,\"result\":{\"n\":2}}");
	os_local_close(fd);
}

static void
an_asker_that_takes_nothing_is_let_go(void **state)
{
	static const char q[] = "{\"verb\":\"flood\"}\n";
	intptr_t fd = stranger();

	(void)state;
	(void)line_of(fd);
	stream_gone = false;
	say(fd, q, strlen(q));
	loop_turn(loop, false);
	while (!stream_gone)
		loop_turn(loop, true);
	os_local_close(fd);
}

static void
a_verb_that_answers_later_learns_of_the_hang_up(void **state)
{
	static const char q[] = "{\"verb\":\"later\"}\n";
	intptr_t fd = stranger();

	(void)state;
	(void)line_of(fd);
	kept = NULL;
	freed = 0;
	say(fd, q, strlen(q));
	while (kept == NULL)
		loop_turn(loop, true);
	assert_false(control_gone(kept));
	assert_int_equal(freed, 0);
	os_local_close(fd);
	while (freed == 0)
		loop_turn(loop, true);
	assert_true(control_gone(kept));
	control_row_take(kept, json_object_new_int(1));
	control_ok_take(kept, NULL);
	assert_int_equal(freed, 1);
}

static void
more_askers_than_the_cap_are_told_to_come_again(void **state)
{
	intptr_t fd[CONTROL_CLIENTS_MAX + 1];
	int i;

	(void)state;
	for (i = 0; i < 5; i++)		/* the ones before have gone */
		loop_turn(loop, false);
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		fd[i] = stranger();
		assert_non_null(strstr(line_of(fd[i]), "\"control\":1"));
	}
	fd[i] = stranger();
	assert_non_null(strstr(line_of(fd[i]), "\"code\":\"again\""));
	for (; i >= 0; i--)
		os_local_close(fd[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_answered),
		cmocka_unit_test(rows_come_in_order_before_the_answer),
		cmocka_unit_test(a_refusal_keeps_its_code_and_sentence),
		cmocka_unit_test(an_unknown_verb_is_refused),
		cmocka_unit_test(an_answer_too_large_for_a_line_is_said_so),
		cmocka_unit_test(nobody_there_is_said_with_what_to_do),
		cmocka_unit_test(garbage_is_refused_and_let_go),
		cmocka_unit_test(a_line_with_a_nul_is_read_to_its_own_end),
		cmocka_unit_test(nesting_too_deep_is_refused),
		cmocka_unit_test(a_line_without_end_is_cut_off),
		cmocka_unit_test(two_questions_in_one_packet_are_both_answered_in_order),
		cmocka_unit_test(an_asker_that_takes_nothing_is_let_go),
		cmocka_unit_test(a_verb_that_answers_later_learns_of_the_hang_up),
		cmocka_unit_test(more_askers_than_the_cap_are_told_to_come_again),
	};

	return cmocka_run_group_tests(tests, begin, rig_end);
}
