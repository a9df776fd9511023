/* SPDX-License-Identifier: Apache-2.0 */
/* Which machine has a serial number, and who is a clone; from one discovery to the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "discovery/inside.h"
#include "flow/job.h"
#include "os.h"
#include "store_rig.h"
#include "xalloc.h"

struct fixture {
	struct rig *rig;
	struct agent ag;
	struct discovery d;
	int quests;
};

/* A discovery in which ADDRESSES, up to a NULL, are asked. */
static void
begin(struct fixture *f, const char *const *addresses)
{
	struct quest *q = xcalloc(1, sizeof(*q));
	struct aim_row row = { .state = AIM_ASKING };

	if (f->d.first != NULL) {
		claims_free(f->d.first);
		aims_free(f->d.first);
		job_free(f->d.first->j);
		free(f->d.first);
	}
	q->d = &f->d;
	q->j = job_new(rig_id(++f->quests));
	q->last = &q->first;
	q->loaded = true;
	f->d.first = q;
	for (; *addresses != NULL; addresses++) {
		row.address = (char *)(uintptr_t)*addresses;
		memcpy(row.child, rig_id(100), sizeof(row.child));
		aim_put(q, &row);
	}
}

static void
end(struct fixture *f)
{
	begin(f, (const char *const[]){ NULL });
	job_free(f->d.first->j);
	free(f->d.first);
}

static void
on_self(void *arg, const char *answer)
{
	struct fixture *f = arg;

	snprintf(f->rig->err.text, sizeof(f->rig->err.text), "%s", answer);
	rig_done(f->rig, 0, NULL);
}

static const char *
ask(struct fixture *f, const char *address, const char *about)
{
	discovery_self(&f->d, rig_id(100), address, about, on_self, f);
	if (f->rig->answers == 0)
		rig_wait(f->rig, 1);
	f->rig->answers = 0;
	return f->rig->err.text;
}

#define A "10.0.0.1"
#define B "10.0.0.2"
#define C "10.0.0.3"
#define BOTH(f) begin((f), (const char *const[]){ A, B, NULL })

static void
fixture(struct fixture *f, void **state)
{
	memset(f, 0, sizeof(*f));
	f->rig = *state;
	f->ag.store = f->rig->store;
	f->d.ag = &f->ag;
	f->rig->answers = 0;
}

static void
the_first_has_the_number_and_the_second_is_a_clone(void **state)
{
	struct fixture f;

	fixture(&f, state);
	BOTH(&f);
	assert_string_equal(ask(&f, A, "serial=s1 uuid=u1 name=a mac=02:01 "), "ok");
	assert_string_equal(ask(&f, B, "serial=s1 uuid=u1 name=b mac=02:02 "), "clone");
	assert_string_equal(ask(&f, B, "serial=s2 uuid=u1 name=b mac=02:02 "), "clone");
	assert_string_equal(ask(&f, B, "serial=s1 name=a.example mac=02:02 "), "clone same name");
	assert_string_equal(ask(&f, B, "serial=s1 name=b mac=02:01 "), "clone");		/* a copy to its MAC address */
	assert_string_equal(ask(&f, B, "serial=s9 name=b mac=02:02 "), "ok");
	assert_string_equal(ask(&f, A, "serial=s1 uuid=u1 name=renamed mac=02:01 "), "ok");
	/* The next discovery asks them the other way round. */
	BOTH(&f);
	assert_string_equal(ask(&f, B, "serial=s1 uuid=u1 name=b mac=02:02 "), "clone");
	assert_string_equal(ask(&f, A, "serial=s1 uuid=u1 name=a mac=02:01 "), "ok");
	/* The first one is in none of its ranges: it is still believed to be there. */
	begin(&f, (const char *const[]){ B, NULL });
	assert_string_equal(ask(&f, B, "serial=s1 uuid=u1 name=b mac=02:02 "), "clone");
	end(&f);
}

/* Else a worker that was taken over could make clones of all the others. */
static void
nobody_claims_two_numbers_at_once(void **state)
{
	struct fixture f;

	fixture(&f, state);
	BOTH(&f);
	assert_string_equal(ask(&f, A, "serial=n1 serial=n2 uuid=n1 name=a mac=02:01 "), "ok");
	assert_string_equal(ask(&f, A, "serial=n1 uuid=n1 uuid=n2 name=a mac=02:01 "), "ok");
	assert_string_equal(ask(&f, B, "serial=n2 uuid=n1 name=b mac=02:02 "), "ok");
	end(&f);
}

static void
another_address_of_a_machine_is_no_clone(void **state)
{
	struct fixture f;

	fixture(&f, state);
	BOTH(&f);
	assert_string_equal(ask(&f, A, "serial=s1 name=a mac=02:01 mac=02:02 "), "ok");
	assert_string_equal(ask(&f, B, "serial=s1 name=a.example mac=02:02 "), "ok");
	assert_string_equal(ask(&f, B, "serial=s1 name=a "), "ok");			/* it tells of no MAC address */
	assert_string_equal(ask(&f, C, "serial=s1 name=c mac=02:03 "), "ok");	/* nobody's target */
	end(&f);
}

static void
one_that_has_moved_keeps_its_number(void **state)
{
	struct fixture f;

	fixture(&f, state);
	begin(&f, (const char *const[]){ A, NULL });
	assert_string_equal(ask(&f, A, "serial=s1 name=a mac=02:01 "), "ok");
	begin(&f, (const char *const[]){ B, NULL });
	assert_string_equal(ask(&f, B, "serial=s1 name=b mac=02:01 "), "ok");		/* renamed too */
	BOTH(&f);
	assert_string_equal(ask(&f, A, "serial=s1 name=new mac=02:09 "), "clone");	/* who has its old address now */
	/* One that has not been seen for long has it no more. */
	store_target_set(f.ag.store, "self", "serial=s7", "10.9.9.9 name=old mac=02:aa ", os_time_ms() - 8 * 24 * 3600 * 1000LL, NULL, NULL);
	assert_string_equal(ask(&f, A, "serial=s7 name=new mac=02:09 "), "ok");
	end(&f);
}

/* An instance would take two machines of one name for one: "localhost", a switch as it came out of its box. */
static void
of_two_machines_of_one_name_the_second_is_a_namesake(void **state)
{
	struct fixture f;

	fixture(&f, state);
	BOTH(&f);
	assert_string_equal(ask(&f, A, "serial=s1 name=switch mac=02:01 "), "ok");
	assert_string_equal(ask(&f, B, "serial=s2 name=switch mac=02:02 "), "namesake");
	assert_string_equal(ask(&f, B, "name=switch mac=02:02 "), "namesake");			/* nobody may read its number */
	assert_string_equal(ask(&f, B, "serial=s2 name=switch "), "namesake");			/* it tells of no MAC address */
	assert_string_equal(ask(&f, B, "name=switch "), "ok");					/* nothing tells them apart */
	assert_string_equal(ask(&f, B, "serial=s2 name=switch mac=02:02 mac=02:01 "), "ok");	/* another address of the first */
	assert_string_equal(ask(&f, B, "serial=s1 name=switch mac=02:02 "), "clone same name");
	assert_string_equal(ask(&f, B, "name=switch name=other mac=02:02 "), "ok");		/* no claim: nobody has two names */
	/* The next discovery asks them the other way round, then the second alone: it has its own number. */
	BOTH(&f);
	assert_string_equal(ask(&f, B, "serial=s2 name=switch mac=02:02 "), "namesake");
	assert_string_equal(ask(&f, A, "serial=s1 name=switch mac=02:01 "), "ok");
	begin(&f, (const char *const[]){ B, C, NULL });
	assert_string_equal(ask(&f, B, "serial=s2 name=switch mac=02:02 "), "namesake");
	assert_string_equal(ask(&f, C, "serial=s2 name=third mac=02:03 "), "clone");
	/* Who has the address of the first now, has its name. */
	begin(&f, (const char *const[]){ A, NULL });
	assert_string_equal(ask(&f, A, "serial=s9 name=switch mac=02:09 "), "ok");
	end(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_has_the_number_and_the_second_is_a_clone, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(of_two_machines_of_one_name_the_second_is_a_namesake, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(nobody_claims_two_numbers_at_once, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(another_address_of_a_machine_is_no_clone, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(one_that_has_moved_keeps_its_number, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
