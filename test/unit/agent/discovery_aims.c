/* SPDX-License-Identifier: Apache-2.0 */
/* What the end of a part means for the targets of a discovery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent.h"
#include "buf.h"
#include "discovery/inside.h"
#include "flow/errors.h"
#include "flow/job.h"
#include "flow/result.h"
#include "json.h"
#include "policy/inside.h"
#include "xalloc.h"

#define PARENT "0123456789abcdef0123456789abcdef"
#define CHILD "fedcba9876543210fedcba9876543210"

static struct quest *
quest(void)
{
	struct quest *q = xcalloc(1, sizeof(*q));

	q->j = job_new(PARENT);
	q->last = &q->first;
	q->loaded = true;
	return q;
}

static void
quest_end(struct quest *q)
{
	aims_free(q);
	job_free(q->j);
	free(q);
}

static void
put(struct quest *q, const char *address, int state, const char *ways)
{
	struct aim_row row = { .address = (char *)(uintptr_t)address, .ways = (char *)(uintptr_t)ways, .state = state };

	memcpy(row.parent, PARENT, sizeof(row.parent));
	memcpy(row.child, CHILD, sizeof(row.child));
	aim_put(q, &row);
}

/* A part of ADDRESS that has ended with CLASS and has SAID something. */
static void
judge(struct quest *q, const char *address, int class, const char *said)
{
	struct job *part = job_new(CHILD);

	free(part->source);
	part->source = xstrdup(address);
	part->out = outcome_new(4096);
	part->out->class = class;
	snprintf(part->out->message, sizeof(part->out->message), "%s", class == CLASS_OK ? "" : "it went wrong");
	assert_int_equal(buf_puts(&part->out->said, said), 0);
	aims_judge(q, part, aim_put);
	outcome_free(part->out);
	part->out = NULL;
	job_free(part);
}

static void
begin(struct quest *q, const char *address)
{
	struct aim_row row = aim_find(q, address)->row;

	row.state = AIM_ASKING;
	memcpy(row.child, CHILD, sizeof(row.child));
	aim_put(q, &row);
}

static int
state_of(const struct quest *q, const char *address)
{
	const struct aim *a = aim_find(q, address);

	return a == NULL ? 0 : a->row.state;
}

static void
lines_of_a_scan_become_targets_or_are_left_out(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.0-10.0.0.255", AIM_SCANNING, "");
	judge(q, "10.0.0.0-10.0.0.255", CLASS_OK, "10.0.0.1 ssh,snmp linux 90 web1 80001f\n10.0.0.2 - printer 10 - -\n"
	    "10.0.0.1 snmp other 1 twice -\n10.0.0.3 ssh linux 101 - -\n10.0.0.4 ssh li\"nux 1 - -\nhost ssh linux 1 - -\n10.0.0.5 ssh linux 1 - - more\n\n"
	    "10.0.0.7 ssh linux 1 -\n10.0.0.8 ssh linux 1 - a\"b\n10.0.0.6");
	assert_int_equal(q->n, 3);
	assert_int_equal(state_of(q, "10.0.0.0-10.0.0.255"), AIM_SCANNED);
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_FOUND);
	assert_string_equal(aim_find(q, "10.0.0.1")->row.name, "web1");
	assert_string_equal(aim_find(q, "10.0.0.1")->row.ways, "ssh,snmp");
	assert_string_equal(aim_find(q, "10.0.0.1")->row.whose, "80001f");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_FAILED);	/* there is nothing to ask it on */
	quest_end(q);
}

/* More than are kept are not forgotten: the answer says how many there were. */
static void
hosts_beyond_the_ceiling_are_counted(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.200.0.0-10.200.0.255", AIM_SCANNING, "");
	q->n = TARGETS_MAX - 1;
	judge(q, "10.200.0.0-10.200.0.255", CLASS_OK, "10.200.0.1 ssh linux 90 - -\n10.200.0.2 ssh linux 90 - -\n10.200.0.3 ssh linux 90 - -\n");
	assert_int_equal(state_of(q, "10.200.0.1"), AIM_FOUND);
	assert_int_equal(state_of(q, "10.200.0.2"), 0);
	assert_string_equal(aim_find(q, "10.200.0.0-10.200.0.255")->row.why, "2 hosts are left out: a discovery has 300000 targets at most");
	quest_end(q);
}

/* A worker that was taken over by whom it scanned: credentials would go wherever it says. */
static void
a_scan_tells_of_no_address_that_it_was_not_to_ask(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.0-10.0.0.3 10.0.0.9-10.0.0.9 fd00::1-fd00::2", AIM_SCANNING, NULL);
	judge(q, "10.0.0.0-10.0.0.3 10.0.0.9-10.0.0.9 fd00::1-fd00::2", CLASS_OK, "10.0.0.3 ssh linux 90 - -\n10.0.0.4 ssh linux 90 - -\n"
	    "10.0.0.9 ssh linux 90 - -\n203.0.113.7 ssh linux 90 - -\nfd00::2 ssh linux 90 - -\nfd00::3 ssh linux 90 - -\n");
	assert_int_equal(q->in[AIM_FOUND], 3);
	assert_int_equal(state_of(q, "10.0.0.4"), 0);
	assert_int_equal(state_of(q, "203.0.113.7"), 0);
	assert_int_equal(state_of(q, "fd00::3"), 0);
	quest_end(q);
}

static void
the_next_way_is_tried_and_the_last_one_fails(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "ssh,snmp");
	judge(q, "10.0.0.1", CLASS_AUTH, "");
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_FOUND);
	assert_string_equal(aim_find(q, "10.0.0.1")->row.ways, "snmp");
	judge(q, "10.0.0.1", CLASS_OK, "");		/* nobody was asked: no end of it is heard */
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_FOUND);
	put(q, "10.0.0.1", AIM_ASKING, "snmp");
	judge(q, "10.0.0.1", CLASS_TIMEOUT, "");
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_FAILED);
	assert_string_equal(aim_find(q, "10.0.0.1")->row.why, "it went wrong");
	put(q, "10.0.0.2", AIM_ASKING, "ssh,snmp");	/* cancelled is not "try otherwise" */
	judge(q, "10.0.0.2", CLASS_CANCELLED, "");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_FAILED);
	quest_end(q);
}

static void
other_addresses_of_a_host_are_not_asked(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "snmp");
	put(q, "10.0.0.2", AIM_FOUND, "snmp");
	put(q, "10.0.0.3", AIM_DONE, "");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.0.2\n10.0.0.3\n10.9.9.9\n");
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_DONE);
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_SAME);
	assert_string_equal(aim_find(q, "10.0.0.2")->row.why, "another address of 10.0.0.1");
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_DONE);
	assert_int_equal(q->n, 3);
	quest_end(q);
}

/* Of a range that nobody can try: those that hosts see on their links, each once. */
static void
hosts_that_others_see_are_scanned(void **state)
{
	static struct policy policy = { .allow = (char *)(uintptr_t)"", .deny = (char *)(uintptr_t)"fd00::d" };
	static struct agent agent = { .policy = &policy };
	static struct discovery discovery = { .ag = &agent };
	struct quest *q = quest();
	const struct aim *a;

	(void)state;
	q->d = &discovery;
	q->j->params = json_object_new_object();
	json_put_str(q->j->params, "ranges", "10.0.0.0/29, fd00::/64 !fd00::f");
	json_put_str(q->j->params, "exclude", "fd00::e");
	put(q, "fd00::5-fd00::5", AIM_SCANNED, "");
	put(q, "10.0.0.1", AIM_ASKING, "ssh");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\nfd00::1\n+fd00::0:2\n+fd00::3\n+fd00::5\n+fd01::9\n+10.0.0.9\n+fd00::d\n+fd00::e\n+fd00::f\n+x\n+\n");
	a = aim_find(q, "fd00::2-fd00::2 fd00::3-fd00::3");
	assert_non_null(a);
	assert_int_equal(a->row.state, AIM_TO_SCAN);
	assert_int_equal(a->row.sure, 2);
	put(q, "10.0.0.2", AIM_ASKING, "ssh");
	judge(q, "10.0.0.2", CLASS_OK, "+fd00::2\n+fd00::3\n");
	assert_int_equal(q->in[AIM_TO_SCAN], 1);
	quest_end(q);
}

/* The loop stands still meanwhile: hosts of a large network all see the same 4,000 neighbours. */
static void
what_hosts_see_is_judged_in_no_time(void **state)
{
	static struct policy policy = { .allow = (char *)(uintptr_t)"", .deny = (char *)(uintptr_t)"" };
	static struct agent agent = { .policy = &policy };
	static struct discovery discovery = { .ag = &agent };
	struct quest *q = quest();
	char address[32];
	struct buf said;
	clock_t since;		/* of the processor: others may have it meanwhile */
	unsigned i;

	(void)state;
	q->d = &discovery;
	q->j->params = json_object_new_object();
	json_put_str(q->j->params, "ranges", "10.0.0.0/8 fd00::/64");
	for (i = 0; i < 100000; i++) {
		snprintf(address, sizeof(address), "10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255, i & 255);
		put(q, address, i < 10 ? AIM_ASKING : AIM_DONE, "");
	}
	buf_init(&said, 1u << 20);
	for (i = 0; i < 4000; i++)
		assert_int_equal(buf_printf(&said, "+fd00::%x\n", i), 0);
	since = clock();
	for (i = 0; i < 10; i++) {
		snprintf(address, sizeof(address), "10.0.0.%u", i);
		judge(q, address, CLASS_OK, buf_str(&said));
	}
	assert_true(clock() - since < 2 * CLOCKS_PER_SEC);
	buf_fini(&said);
	quest_end(q);
}

/* A machine known by its number or name before it has been asked: its other addresses wait for the first. */
static void
one_address_of_a_machine_is_asked_at_a_time(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.0-10.0.0.255", AIM_SCANNING, "");
	judge(q, "10.0.0.0-10.0.0.255", CLASS_OK, "10.0.0.1 snmp router 90 - 80001f\n10.0.0.2 snmp router 90 - 80001f\n"
	    "10.0.0.3 snmp router 90 - 80001f\n10.0.0.4 snmp switch 90 - 80002a\n10.0.0.5 ssh linux 9 web1 -\n10.0.0.6 ssh linux 9 web1 -\n");
	assert_false(aims_is_asked(q, &aim_find(q, "10.0.0.2")->row));
	begin(q, "10.0.0.1");
	begin(q, "10.0.0.5");
	assert_true(aims_is_asked(q, &aim_find(q, "10.0.0.2")->row));
	assert_false(aims_is_asked(q, &aim_find(q, "10.0.0.4")->row));
	assert_true(aims_is_asked(q, &aim_find(q, "10.0.0.6")->row));
	/* It names the second; the third has the same engine ID and is another machine: it is asked too. */
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.0.2\n");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_SAME);
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_FOUND);
	assert_false(aims_is_asked(q, &aim_find(q, "10.0.0.3")->row));
	/* As long as a way is left to it, the others wait; when none has led in they try theirs. */
	judge(q, "10.0.0.5", CLASS_AUTH, "");
	assert_false(aims_is_asked(q, &aim_find(q, "10.0.0.6")->row));
	assert_int_equal(state_of(q, "10.0.0.6"), AIM_FOUND);
	quest_end(q);
}

static void
a_machine_that_is_known_by_another_number_now_is_found_by_it(void **state)
{
	char now[] = "80002a";
	struct quest *q = quest();
	struct aim_row row;

	(void)state;
	put(q, "10.0.0.0-10.0.0.255", AIM_SCANNING, "");
	judge(q, "10.0.0.0-10.0.0.255", CLASS_OK, "10.0.0.1 snmp router 90 - 80001f\n10.0.0.2 snmp router 90 - 80002a\n");
	row = aim_find(q, "10.0.0.1")->row;
	row.whose = now;
	aim_put(q, &row);
	begin(q, "10.0.0.1");
	assert_true(aims_is_asked(q, &aim_find(q, "10.0.0.2")->row));
	quest_end(q);
}

static void
an_address_of_a_host_that_is_done_is_known_before_it_is_found(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "snmp");
	put(q, "10.0.1.0-10.0.1.255", AIM_SCANNING, "");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.1.1\nname\n10.0.2.1\n");
	assert_int_equal(state_of(q, "10.0.1.1"), AIM_KNOWN);
	assert_int_equal(state_of(q, "name"), 0);
	judge(q, "10.0.1.0-10.0.1.255", CLASS_OK, "10.0.1.1 snmp router 90 - 80001f\n10.0.1.2 snmp switch 90 - -\n");
	assert_int_equal(state_of(q, "10.0.1.1"), AIM_SAME);
	assert_string_equal(aim_find(q, "10.0.1.1")->row.why, "another address of 10.0.0.1");
	assert_int_equal(state_of(q, "10.0.1.2"), AIM_FOUND);
	assert_int_equal(state_of(q, "10.0.2.1"), AIM_KNOWN);	/* in none of the ranges */
	quest_end(q);
}

/* Nor one that answers by SSH: it is asked, and is another address of that host when it says so itself. */
static void
one_that_answers_by_ssh_is_asked_whatever_others_say(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "ssh");
	put(q, "10.0.0.2", AIM_FOUND, "ssh");
	put(q, "10.0.0.3", AIM_FOUND, "snmp,ssh");
	put(q, "10.0.0.4", AIM_FOUND, "ssh,snmp");
	put(q, "10.0.0.5", AIM_FOUND, "snmp,sshd");
	put(q, "10.0.1.0-10.0.1.255", AIM_SCANNING, "");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n10.0.0.5\n10.0.1.6\n10.0.1.7\n");
	judge(q, "10.0.1.0-10.0.1.255", CLASS_OK, "10.0.1.6 ssh linux 90 - -\n10.0.1.7 snmp router 90 - -\n");
	assert_int_equal(state_of(q, "10.0.0.5"), AIM_SAME);
	assert_int_equal(state_of(q, "10.0.1.6"), AIM_FOUND);
	assert_int_equal(state_of(q, "10.0.1.7"), AIM_SAME);
	begin(q, "10.0.0.2");
	assert_false(aims_is_asked(q, &aim_find(q, "10.0.0.3")->row));	/* one who names a whole network would make it wait */
	begin(q, "10.0.0.3");
	begin(q, "10.0.0.4");
	begin(q, "10.0.1.6");
	judge(q, "10.0.0.2", CLASS_OK, "10.0.0.2\n");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_DONE);
	judge(q, "10.0.0.3", CLASS_OK, "10.0.0.1\n10.0.0.3\n");
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_SAME);
	assert_string_equal(aim_find(q, "10.0.0.3")->row.why, "another address of 10.0.0.1");
	judge(q, "10.0.0.4", CLASS_AUTH, "");
	assert_int_equal(state_of(q, "10.0.0.4"), AIM_FOUND);
	judge(q, "10.0.1.6", CLASS_OK, "10.0.0.1\n10.0.1.6\n");
	assert_int_equal(state_of(q, "10.0.1.6"), AIM_SAME);
	quest_end(q);
}

/* A host that lies about its addresses does not hide another, which has told a Scan otherwise. */
static void
one_with_an_engine_id_of_its_own_is_asked_whatever_others_say(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.0-10.0.0.255", AIM_SCANNING, "");
	judge(q, "10.0.0.0-10.0.0.255", CLASS_OK, "10.0.0.1 snmp router 90 - 80001f8801\n10.0.0.2 snmp router 90 - 80001f8802\n"
	    "10.0.0.3 snmp router 90 - 80001f8801\n10.0.0.4 snmp,ssh router 90 - 80001f8804\n10.0.0.5 ssh linux 90 liar -\n");
	put(q, "10.0.1.0-10.0.1.255", AIM_SCANNING, "");
	begin(q, "10.0.0.1");
	begin(q, "10.0.0.4");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n10.0.0.5\n10.0.1.1\n10.0.1.2\n");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_FOUND);
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_SAME);
	assert_int_equal(state_of(q, "10.0.0.5"), AIM_FOUND);	/* its key will tell */
	judge(q, "10.0.0.4", CLASS_AUTH, "");			/* nor is it given up after its first way */
	assert_int_equal(state_of(q, "10.0.0.4"), AIM_FOUND);
	judge(q, "10.0.1.0-10.0.1.255", CLASS_OK, "10.0.1.1 snmp router 90 - 80001f8801\n10.0.1.2 snmp router 90 - 80001f8811\n");
	assert_int_equal(state_of(q, "10.0.1.1"), AIM_SAME);
	assert_int_equal(state_of(q, "10.0.1.2"), AIM_FOUND);
	quest_end(q);
}

static void
one_asked_twice_at_the_same_time_counts_once(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "ssh");
	put(q, "10.0.0.2", AIM_ASKING, "ssh");
	put(q, "10.0.0.3", AIM_ASKING, "ssh");
	put(q, "10.0.0.4", AIM_ASKING, "ssh,snmp");
	judge(q, "10.0.0.1", CLASS_OK, "10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n");
	judge(q, "10.0.0.2", CLASS_OK, "10.0.0.2\n10.0.0.1\n");
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_SAME);
	judge(q, "10.0.0.3", CLASS_OK, "10.0.0.3\n");	/* it has that address now, and is another machine */
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_DONE);
	judge(q, "10.0.0.4", CLASS_AUTH, "");		/* who does not let us in has not said so */
	assert_int_equal(state_of(q, "10.0.0.4"), AIM_FOUND);
	quest_end(q);
}

static void
what_is_asked_is_counted_by_network(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "ssh");
	put(q, "10.0.0.2", AIM_ASKING, "ssh");
	put(q, "10.0.1.1", AIM_ASKING, "ssh");
	put(q, "2001:db8::1", AIM_ASKING, "ssh");
	assert_int_equal(aims_beside(q, "10.0.0.77"), 2);
	assert_int_equal(aims_beside(q, "2001:db8::2"), 1);
	judge(q, "10.0.0.1", CLASS_OK, "");
	assert_int_equal(aims_beside(q, "10.0.0.77"), 1);
	assert_int_equal(q->in[AIM_ASKING], 3);
	quest_end(q);
}

static void
a_lost_job_does_not_hang_its_target(void **state)
{
	struct quest *q = quest();

	(void)state;
	put(q, "10.0.0.1", AIM_ASKING, "ssh,snmp");
	put(q, "10.0.0.2", AIM_ASKING, "ssh");
	put(q, "10.0.0.3", AIM_DONE, "");
	put(q, "10.1.0.0-10.1.0.9", AIM_SCANNING, NULL);
	put(q, RELATE, AIM_RELATING, "");
	for (struct aim *a = q->first; a != NULL; a = a->next)
		aims_lost(q, a, aim_put);
	assert_int_equal(state_of(q, "10.0.0.1"), AIM_FOUND);
	assert_int_equal(state_of(q, "10.0.0.2"), AIM_FAILED);
	assert_int_equal(state_of(q, "10.0.0.3"), AIM_DONE);
	assert_int_equal(state_of(q, "10.1.0.0-10.1.0.9"), AIM_SCANNED);
	assert_int_equal(state_of(q, RELATE), AIM_RELATED);
	quest_end(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_a_scan_become_targets_or_are_left_out),
		cmocka_unit_test(hosts_beyond_the_ceiling_are_counted),
		cmocka_unit_test(a_scan_tells_of_no_address_that_it_was_not_to_ask),
		cmocka_unit_test(the_next_way_is_tried_and_the_last_one_fails),
		cmocka_unit_test(other_addresses_of_a_host_are_not_asked),
		cmocka_unit_test(hosts_that_others_see_are_scanned),
		cmocka_unit_test(what_hosts_see_is_judged_in_no_time),
		cmocka_unit_test(one_address_of_a_machine_is_asked_at_a_time),
		cmocka_unit_test(a_machine_that_is_known_by_another_number_now_is_found_by_it),
		cmocka_unit_test(an_address_of_a_host_that_is_done_is_known_before_it_is_found),
		cmocka_unit_test(one_with_an_engine_id_of_its_own_is_asked_whatever_others_say),
		cmocka_unit_test(one_that_answers_by_ssh_is_asked_whatever_others_say),
		cmocka_unit_test(one_asked_twice_at_the_same_time_counts_once),
		cmocka_unit_test(what_is_asked_is_counted_by_network),
		cmocka_unit_test(a_lost_job_does_not_hang_its_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
