/* SPDX-License-Identifier: Apache-2.0 */
/* The walk against made-up agents: the engine's two functions are replaced by ones that ask them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/walk.h"

static struct request *asked[WALK_FLIGHTS];		/* what the walk waits for */
static unsigned nasked, together;			/* how many there were at most */
static bool last_first;

void
engine_submit(struct engine *e, struct request *r)
{
	unsigned i, j, k;

	(void)e;
	assert_false(r->busy);
	assert_true(nasked < WALK_FLIGHTS);
	for (i = 0; i < nasked; i++)	/* nothing is asked twice at a time */
		for (j = 0; j < asked[i]->ask.n; j++)
			for (k = 0; k < r->ask.n; k++)
				assert_ptr_not_equal(asked[i]->ask.oids[j].ids, r->ask.oids[k].ids);
	r->busy = true;
	r->sent = 1;
	asked[nasked++] = r;
	together = nasked > together ? nasked : together;
}

void
engine_cancel(struct engine *e, struct request *r)
{
	unsigned i;

	(void)e;
	for (i = 0; i < nasked; i++)
		if (asked[i] == r) {
			asked[i] = asked[--nasked];
			r->busy = false;
			return;
		}
	fail_msg("cancelled, and not asked");
}

static struct request *
take_asked(void)
{
	struct request *r;

	assert_true(nasked > 0);
	r = asked[last_first ? nasked - 1 : 0];
	engine_cancel(NULL, r);
	return r;
}

/* --- an agent: COLUMNS columns below 1.3.6.1.9, ROWS rows each --------------------------- */

struct agent {
	uint32_t columns, rows;
	unsigned most;			/* variables in one answer; 0: all */
	uint32_t bad_column;		/* genErr there */
	bool backwards;			/* the same name for ever */
	unsigned silent_after;		/* answers; 0: never */
	unsigned answers;
};

static struct agent agent;
static unsigned each_max;		/* of the roots */
static struct { unsigned n, missing, left, most, last, of[20]; bool over; enum walk_end how; char why[100]; unsigned limit; } got;

static int
put(void *arg, unsigned root, const struct varbind *vb)
{
	(void)arg;
	got.of[root]++;
	assert_int_equal(vb->type, VB_INTEGER);
	got.n++;
	got.last = vb->oid[6];
	return got.limit != 0 && got.n >= got.limit ? -1 : 0;
}

static void
missing(void *arg, const char *what, const struct oid_ref *below)
{
	(void)arg, (void)below;
	got.missing++;
	snprintf(got.why, sizeof(got.why), "%s", what);
}

static void
ended(void *arg, enum walk_end how)
{
	(void)arg;
	got.over = true;
	got.how = how;
}

static void
left(void *arg, unsigned root)
{
	(void)arg, (void)root;
	got.left++;
}

/* One root after the other. */
static bool
may(void *arg, unsigned root)
{
	(void)arg;
	return got.left == root;
}

static struct walk_asker asker = { put, left, NULL, missing, ended, NULL };

/* What comes behind COLUMN, ROW. False: nothing. */
static bool
next(uint32_t *column, uint32_t *row)
{
	if (agent.backwards && *row == 3)
		return true;
	if (++*row > agent.rows) {
		++*column;
		*row = 1;
	}
	return *column <= agent.columns;
}

static uint8_t room[60000];

/* One answer; its varbinds are written from the last to the first. */
static void
answer_once(void)
{
	struct request *r = take_asked();
	unsigned n = r->ask.n, repeat = r->ask.type == PDU_GETBULK ? (unsigned)r->ask.repeat : 1, i, total = n * repeat;
	uint32_t at[WALK_WIDE_MAX][2], oids[1000][7];
	bool there[1000];
	struct pdu pdu = { .type = PDU_RESPONSE };
	struct ber_out o;
	size_t mark;

	if (agent.silent_after != 0 && agent.answers >= agent.silent_after) {
		r->done(r, REQUEST_SILENT, NULL);
		return;
	}
	agent.answers++;
	assert_true(total <= 1000);
	got.most = total > got.most ? total : got.most;
	for (i = 0; i < n; i++) {
		at[i][0] = r->ask.oids[i].n > 5 ? r->ask.oids[i].ids[5] : 0;
		at[i][1] = r->ask.oids[i].n > 6 ? r->ask.oids[i].ids[6] : 0;
	}
	for (i = 0; i < total; i++) {
		there[i] = next(&at[i % n][0], &at[i % n][1]);
		memcpy(oids[i], (uint32_t[]){ 1, 3, 6, 1, 9, at[i % n][0], at[i % n][1] }, sizeof(oids[i]));
		if (there[i] && agent.bad_column != 0 && at[i % n][0] == agent.bad_column) {
			pdu.error = ERR_GENERAL;
			pdu.error_index = (int32_t)(i % n + 1);
			break;
		}
	}
	if (agent.most != 0 && total > agent.most && pdu.error == 0)
		pdu.error = ERR_TOO_BIG;
	out_init(&o, room, sizeof(room));
	for (i = pdu.error != 0 ? 0 : total; i-- > 0;) {
		mark = out_len(&o);
		if (there[i])
			out_int(&o, 5);
		else
			out_head(&o, VB_END_OF_VIEW, 0);
		out_oid(&o, oids[i], 7);
		out_wrap(&o, BER_SEQUENCE, mark);
	}
	assert_false(o.full);
	pdu.varbinds = (struct slice){ o.at, out_len(&o) };
	r->done(r, REQUEST_ANSWERED, &pdu);
}

static unsigned wide;
static struct peer peer;		/* nothing is known of it unless a test says so */

static void
walk_all(const struct agent *a, enum version v, unsigned columns)
{
	static uint32_t ids[20][6];
	struct session s = { .version = v };
	struct walk_root roots[20];
	struct walk w;
	unsigned i;

	agent = *a;
	memset(&got, 0, offsetof(__typeof__(got), limit));
	together = 0;
	for (i = 0; i < columns; i++) {
		memcpy(ids[i], (uint32_t[]){ 1, 3, 6, 1, 9, i + 1 }, sizeof(ids[i]));
		roots[i] = (struct walk_root){ .oid = { ids[i], 6 }, .max = each_max };
	}
	assert_int_equal(walk_start(&w, NULL, &peer, &s, roots, columns, &asker, &(struct walk_how){ .timeout_ms = 1000, .tries = 3, .wide = wide }), 0);
	for (i = 0; !got.over && i < 10000; i++)
		answer_once();
	walk_stop(&w);
	assert_true(got.over);
	assert_int_equal(nasked, 0);
}

static void
finds_every_row_of_every_column_once(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 7, .rows = 50 }, SNMP_V2C, 7);
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 350);
	assert_int_equal(got.missing, 0);
	walk_all(&(struct agent){ .columns = 7, .rows = 50 }, SNMP_V1, 7);
	assert_int_equal(got.n, 350);
	walk_all(&(struct agent){ .columns = 7, .rows = 50 }, SNMP_V2C, 0);
	assert_int_equal(got.how, WALK_DONE);
}

static void
asks_for_more_while_answers_come_whole(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 1, .rows = 3000 }, SNMP_V2C, 1);
	assert_int_equal(got.n, 3000);
	assert_true(got.most >= 90);
	assert_true(agent.answers < 45);
}

static void
asks_for_less_when_it_is_too_big(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 4, .rows = 40, .most = 5 }, SNMP_V2C, 4);
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 160);
	assert_int_equal(got.missing, 0);
	walk_all(&(struct agent){ .columns = 2, .rows = 10, .most = 1 }, SNMP_V2C, 2);
	assert_int_equal(got.n, 20);
}

static void
of_a_long_column_only_the_beginning_is_taken(void **state)
{
	(void)state;
	got.limit = 0;
	each_max = 70;
	walk_all(&(struct agent){ .columns = 3, .rows = 60 }, SNMP_V2C, 3);
	assert_int_equal(got.n, 180);
	assert_int_equal(got.missing, 0);
	walk_all(&(struct agent){ .columns = 3, .rows = 1000000 }, SNMP_V2C, 3);
	each_max = 0;
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 210);
	assert_int_equal(got.missing, 3);
	assert_non_null(strstr(got.why, "more than is taken"));
}

static void
a_name_that_does_not_go_forward_ends_its_column_alone(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 3, .rows = 50, .backwards = true }, SNMP_V2C, 3);
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 9);
	assert_int_equal(got.missing, 3);
	assert_non_null(strstr(got.why, "forward"));
}

static void
a_column_that_fails_costs_no_other(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 6, .rows = 30, .bad_column = 3 }, SNMP_V2C, 6);
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 150);
	assert_true(got.missing >= 1);
}

static void
an_agent_that_falls_silent_ends_the_walk(void **state)
{
	(void)state;
	got.limit = 0;
	walk_all(&(struct agent){ .columns = 4, .rows = 300, .silent_after = 5 }, SNMP_V2C, 4);
	assert_int_equal(got.how, WALK_SILENT);
	assert_true(got.n > 0);
	walk_all(&(struct agent){ .columns = 1000, .rows = 1000000 }, SNMP_V2C, 0);
	got.limit = 5000;
	walk_all(&(struct agent){ .columns = 1, .rows = 100000000 }, SNMP_V2C, 1);
	assert_int_equal(got.how, WALK_STOPPED);
	assert_int_equal(got.n, 5000);
}

/* All columns of a table go forward together, so that its rows are whole soon. */
static void
many_columns_go_forward_in_turn(void **state)
{
	unsigned i, least = 1000, most = 0;

	(void)state;
	got.limit = 300;
	walk_all(&(struct agent){ .columns = 12, .rows = 1000 }, SNMP_V2C, 12);
	for (i = 0; i < 12; i++) {
		least = got.of[i] < least ? got.of[i] : least;
		most = got.of[i] > most ? got.of[i] : most;
	}
	assert_true(least > 0 && most <= least + 24);
	got.limit = 0;
	wide = 8;
	walk_all(&(struct agent){ .columns = 12, .rows = 40 }, SNMP_V2C, 12);
	assert_int_equal(got.n, 480);
	assert_int_equal(got.left, 12);
	wide = 0;
}

static void
a_walk_rests_until_it_may(void **state)
{
	(void)state;
	asker.may = may;
	walk_all(&(struct agent){ .columns = 3, .rows = 40 }, SNMP_V2C, 3);
	assert_int_equal(got.n, 120);
	asker.may = NULL;
}

static void
set_quick(unsigned rtt_ms, unsigned min_ms, bool last)
{
	peer = (struct peer){ .rtt_ms = (int)rtt_ms, .rtt_min_ms = (int)min_ms };
	last_first = last;
}

static void
who_answers_quickly_is_asked_more_at_a_time(void **state)
{
	bool last;

	(void)state;
	got.limit = 0;
	for (last = false; ; last = true) {
		set_quick(20, 20, last);
		walk_all(&(struct agent){ .columns = 20, .rows = 200 }, SNMP_V2C, 20);
		assert_int_equal(got.how, WALK_DONE);
		assert_int_equal(got.n, 4000);
		assert_int_equal(got.left, 20);
		assert_int_equal(together, WALK_FLIGHTS);
		if (last)
			break;
	}
	walk_all(&(struct agent){ .columns = 1, .rows = 500 }, SNMP_V2C, 1);
	assert_int_equal(got.n, 500);
	assert_int_equal(together, 1);
	set_quick(0, 0, false);
}

static void
one_question_at_a_time_where_it_does_not(void **state)
{
	static const struct peer peers[] = { { .rtt_ms = 150, .rtt_min_ms = 150 }, { .rtt_ms = 25, .rtt_min_ms = 10 },
		{ .rtt_ms = 10, .rtt_min_ms = 10, .rest_ms = 20 }, { .rtt_ms = 10, .rtt_min_ms = 10, .gap_ms = 50 } };
	unsigned i;

	(void)state;
	got.limit = 0;
	for (i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		peer = peers[i];
		walk_all(&(struct agent){ .columns = 20, .rows = 50 }, SNMP_V2C, 20);
		assert_int_equal(got.n, 1000);
		assert_int_equal(together, 1);
	}
	set_quick(0, 0, false);
}

/* What goes wrong with one question costs nothing of the others. */
static void
faults_under_several_questions(void **state)
{
	(void)state;
	got.limit = 0;
	set_quick(20, 20, true);
	walk_all(&(struct agent){ .columns = 20, .rows = 60, .bad_column = 7 }, SNMP_V2C, 20);
	assert_int_equal(got.how, WALK_DONE);
	assert_int_equal(got.n, 19 * 60);
	walk_all(&(struct agent){ .columns = 20, .rows = 60, .most = 5 }, SNMP_V2C, 20);
	assert_int_equal(got.n, 1200);
	assert_int_equal(got.missing, 0);
	walk_all(&(struct agent){ .columns = 20, .rows = 300, .silent_after = 30 }, SNMP_V2C, 20);
	assert_int_equal(got.how, WALK_SILENT);
	assert_true(got.n > 0);
	got.limit = 1000;
	walk_all(&(struct agent){ .columns = 20, .rows = 300 }, SNMP_V2C, 20);
	assert_int_equal(got.how, WALK_STOPPED);
	assert_int_equal(got.n, 1000);
	got.limit = 0;
	asker.may = may;
	walk_all(&(struct agent){ .columns = 5, .rows = 40 }, SNMP_V2C, 5);
	assert_int_equal(got.n, 200);
	asker.may = NULL;
	set_quick(0, 0, false);
}

/* A single value is found without all that stands beside it. */
static void
one_exact_value_is_asked_for_alone(void **state)
{
	static const uint32_t third[] = { 1, 3, 6, 1, 9, 1, 3 }, none[] = { 1, 3, 6, 1, 9, 1, 99 };
	const struct walk_root roots[] = { { { third, 7 }, true, 0 }, { { none, 7 }, true, 0 } };
	struct session s = { .version = SNMP_V2C };
	struct walk w;

	(void)state;
	agent = (struct agent){ .columns = 2, .rows = 50 };
	memset(&got, 0, sizeof(got));
	assert_int_equal(walk_start(&w, NULL, &peer, &s, roots, 2, &asker, &(struct walk_how){ .timeout_ms = 1000, .tries = 3 }), 0);
	while (!got.over)
		answer_once();
	walk_stop(&w);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.left, 2);
	assert_int_equal(agent.answers, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_row_of_every_column_once),
		cmocka_unit_test(asks_for_more_while_answers_come_whole),
		cmocka_unit_test(asks_for_less_when_it_is_too_big),
		cmocka_unit_test(of_a_long_column_only_the_beginning_is_taken),
		cmocka_unit_test(a_name_that_does_not_go_forward_ends_its_column_alone),
		cmocka_unit_test(a_column_that_fails_costs_no_other),
		cmocka_unit_test(many_columns_go_forward_in_turn),
		cmocka_unit_test(a_walk_rests_until_it_may),
		cmocka_unit_test(who_answers_quickly_is_asked_more_at_a_time),
		cmocka_unit_test(one_question_at_a_time_where_it_does_not),
		cmocka_unit_test(faults_under_several_questions),
		cmocka_unit_test(one_exact_value_is_asked_for_alone),
		cmocka_unit_test(an_agent_that_falls_silent_ends_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
