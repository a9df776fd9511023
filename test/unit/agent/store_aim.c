/* SPDX-License-Identifier: Apache-2.0 */
/* store: the targets of a discovery, over a restart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "store_rig.h"
#include "xalloc.h"

/* What the last look has found, one line a target. */
struct look { struct rig *rig; char text[2000]; size_t n; };

static void
on_aims(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct look *l = arg;
	size_t i, len = 0;

	l->text[0] = '\0';
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(l->text + len, sizeof(l->text) - len, "%s %d %s %s %s %s %.*s\n", rows[i].address, rows[i].state,
		    rows[i].ways, rows[i].name, rows[i].whose == NULL ? "(none)" : rows[i].whose, rows[i].why == NULL ? "(none)" : rows[i].why,
		    rows[i].links == NULL ? 1 : (int)rows[i].links_len, rows[i].links == NULL ? "-" : (char *)rows[i].links);
	rig_done(l->rig, r, NULL);
}

static void
on_gone(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct look *l = arg;
	size_t i, len = 0;

	l->text[0] = '\0';
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(l->text + len, sizeof(l->text) - len, "%s at %s %s%d %.*s\n", rows[i].who, rows[i].address,
		    rows[i].name == NULL ? "" : "back ", rows[i].sure,
		    rows[i].links == NULL ? 1 : (int)rows[i].links_len, rows[i].links == NULL ? "-" : (char *)rows[i].links);
	rig_done(l->rig, r, NULL);
}

static void
on_aims_count(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct look *l = arg;

	(void)rows;
	l->n = n;
	rig_done(l->rig, r, NULL);
}

static const char *
look(struct rig *g, int parent, size_t links)
{
	static struct look l;

	l.rig = g;
	store_aims(g->store, rig_id(parent), links, on_aims, &l);
	assert_int_equal(rig_last(g), 0);
	return l.text;
}

static void
put_who(struct rig *g, int parent, const char *address, int state, const char *whose, const char *links, const char *who)
{
	char a[50], ways[] = "ssh,snmp", name[] = "web-1", w[50], l[50], self[50];
	struct aim_row row = { .address = a, .ways = ways, .name = name, .state = state };

	snprintf(a, sizeof(a), "%s", address);
	snprintf(w, sizeof(w), "%s", whose == NULL ? "" : whose);
	snprintf(l, sizeof(l), "%s", links);
	row.whose = whose == NULL ? NULL : w;
	snprintf(self, sizeof(self), "%s", who);
	row.who = self;
	row.links = links[0] == '\0' ? NULL : l;
	row.links_len = strlen(links);
	memcpy(row.parent, rig_id(parent), sizeof(row.parent));
	store_aim(g->store, &row, rig_done, g);
	assert_int_equal(rig_last(g), 0);
}

static void
put(struct rig *g, int parent, const char *address, int state, const char *whose, const char *links)
{
	put_who(g, parent, address, state, whose, links, "");
}

static void
a_target_is_kept_as_it_is_written(void **state)
{
	struct rig *g = *state;

	put(g, 1, "10.0.0.1", 4, "80001f8880aa", "");
	put(g, 1, "10.0.0.2", 4, NULL, "");
	put(g, 2, "10.0.0.1", 4, "other", "");
	put(g, 1, "10.0.0.1", 6, "at:10.0.0.9", "sealed");	/* in its place */
	put(g, 1, "10.0.0.1", 8, "at:10.0.0.9", "");		/* without links: those it has stay */
	rig_reopen(g);
	assert_string_equal(look(g, 1, 100), "10.0.0.1 8 ssh,snmp web-1 at:10.0.0.9 (none) sealed\n10.0.0.2 4 ssh,snmp web-1 (none) (none) -\n");
	assert_string_equal(look(g, 1, 0), "10.0.0.1 8 ssh,snmp web-1 at:10.0.0.9 (none) -\n10.0.0.2 4 ssh,snmp web-1 (none) (none) -\n");
	assert_string_equal(look(g, 2, 100), "10.0.0.1 4 ssh,snmp web-1 other (none) -\n");
}

/* Of 100,000 targets it is gigabytes. */
static void
what_targets_say_is_read_up_to_a_ceiling(void **state)
{
	struct rig *g = *state;

	put(g, 1, "10.0.0.1", 6, NULL, "sealed");
	put(g, 1, "10.0.0.2", 6, NULL, "too large");
	put(g, 1, "10.0.0.3", 6, NULL, "more");
	assert_string_equal(look(g, 1, 10), "10.0.0.1 6 ssh,snmp web-1 (none) (none) sealed\n10.0.0.2 6 ssh,snmp web-1 (none) (none) -\n"
	    "10.0.0.3 6 ssh,snmp web-1 (none) (none) more\n");
}

static void
what_targets_say_is_not_kept_in_memory(void **state)
{
	enum { MACHINES = 40, SAID = 1 << 20 };
	struct rig *g = *state;
	struct look l = { .rig = g };
	char address[50], *links = xcalloc(1, SAID);
	struct aim_row row = { .address = address, .state = 6, .links = links, .links_len = SAID };
	int i;

	memcpy(row.parent, rig_id(1), sizeof(row.parent));
	for (i = 0; i < MACHINES; i++) {
		snprintf(address, sizeof(address), "10.0.0.%d", i);
		store_aim(g->store, &row, rig_done, g);
		assert_int_equal(rig_last(g), 0);
	}
	free(links);
	(void)sqlite3_memory_highwater(1);
	store_aims(g->store, rig_id(1), 2 * SAID, on_aims_count, &l);
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(l.n, MACHINES);
	assert_true(sqlite3_memory_highwater(0) < 10 << 20);
}

/* 10.0.0.10 is nobody's question. */
static bool
not_ten(void *arg, const char *address)
{
	(void)arg;
	return strcmp(address, "10.0.0.10") != 0;
}

/* Missed less than so often, or back after more; with what it said the last time. */
static const char *
gone(struct rig *g, int parent, int missed)
{
	static struct look l;

	l.rig = g;
	store_gone(g->store, rig_id(parent), missed, not_ten, on_gone, &l);
	assert_int_equal(rig_last(g), 0);
	return l.text;
}

static void
those_that_are_not_found_again_are_known(void **state)
{
	struct rig *g = *state;
	struct aim_row row = { .sure = 1, .ms = 6 };
	char two[] = "name=two";

	put_who(g, 1, "10.0.0.1", 6, NULL, "one", "name=one");
	put_who(g, 1, "10.0.0.2", 6, NULL, "two", "name=two");
	put_who(g, 1, "10.0.0.10", 6, NULL, "ten", "name=ten");
	put_who(g, 1, "10.0.0.3", 7, NULL, "", "");		/* never told anything */
	assert_string_equal(gone(g, 1, 3), "");
	store_present(g->store, rig_id(1), 5);
	put_who(g, 2, "10.0.0.1", 6, NULL, "again", "name=one");
	assert_string_equal(gone(g, 2, 3), "name=two at 10.0.0.2 0 two\n");
	/* Missed once: the next one that looks has what it said from this one. */
	put_who(g, 2, "gone name=two", 14, NULL, "two", "name=two");
	row.who = two;
	memcpy(row.parent, rig_id(2), sizeof(row.parent));
	store_missed(g->store, &row, "10.0.0.2");
	assert_string_equal(gone(g, 3, 3), "name=one at 10.0.0.1 0 one\nname=two at 10.0.0.2 1 two\n");
	assert_string_equal(gone(g, 3, 1), "name=one at 10.0.0.1 0 one\n");	/* told of already */
	put_who(g, 3, "10.0.0.7", 6, NULL, "back", "name=two");			/* at another address */
	assert_string_equal(gone(g, 3, 1), "name=one at 10.0.0.1 0 one\nname=two at 10.0.0.2 back 1 -\n");
	store_present(g->store, rig_id(3), 7);
	assert_string_equal(gone(g, 4, 3), "name=one at 10.0.0.1 0 one\nname=two at 10.0.0.7 0 back\n");
}

/* A discovery each night keeps what each machine said last; one that is under way needs its own. */
static void
what_was_said_earlier_goes(void **state)
{
	struct rig *g = *state;

	put_who(g, 1, "10.0.0.1", 6, NULL, "first", "name=one");
	put_who(g, 1, "10.0.0.2", 6, NULL, "alone", "name=two");
	store_present(g->store, rig_id(1), 5);
	put_who(g, 2, "10.0.0.9", 6, NULL, "second", "name=one");
	store_present(g->store, rig_id(2), 6);
	assert_string_equal(look(g, 1, 100), "10.0.0.1 6 ssh,snmp web-1 (none) (none) -\n10.0.0.2 6 ssh,snmp web-1 (none) (none) alone\n");
	assert_string_equal(look(g, 2, 100), "10.0.0.9 6 ssh,snmp web-1 (none) (none) second\n");
	rig_accepted(g, 2);
	put_who(g, 3, "10.0.0.9", 6, NULL, "third", "name=one");
	store_present(g->store, rig_id(3), 7);
	assert_string_equal(look(g, 2, 100), "10.0.0.9 6 ssh,snmp web-1 (none) (none) second\n");
}

static const char *
around(struct rig *g, int parent)
{
	static struct look l;

	l.rig = g;
	store_around(g->store, rig_id(parent), 1000, on_gone, &l);
	assert_int_equal(rig_last(g), 0);
	return l.text;
}

/* What relates the machines of a discovery to others is known of those others too. */
static void
those_that_others_have_found_are_around(void **state)
{
	struct rig *g = *state;
	struct aim_row row = { .sure = 1, .ms = 6 };
	char gone_one[] = "name=gone";

	put_who(g, 1, "10.0.0.1", 6, NULL, "one", "name=one");
	put_who(g, 1, "10.0.0.2", 6, NULL, "two", "name=two");
	put_who(g, 1, "10.0.0.3", 6, NULL, "lost", "name=gone");
	store_present(g->store, rig_id(1), 5);
	row.who = gone_one;
	memcpy(row.parent, rig_id(1), sizeof(row.parent));
	store_missed(g->store, &row, "10.0.0.3");
	put_who(g, 2, "10.0.0.9", 6, NULL, "two again", "name=two");
	put_who(g, 2, "10.0.0.8", 6, NULL, "new", "name=new");
	assert_string_equal(around(g, 2), "name=new at 10.0.0.8 back 0 new\nname=two at 10.0.0.9 back 0 two again\nname=one at 10.0.0.1 back 0 one\n");
	store_present(g->store, rig_id(2), 7);
	assert_string_equal(around(g, 2), "name=new at 10.0.0.8 back 0 new\nname=two at 10.0.0.9 back 0 two again\nname=one at 10.0.0.1 back 0 one\n");
}

/* At the address of one is another now. */
static void
a_machine_is_known_by_itself_and_not_by_its_address(void **state)
{
	struct rig *g = *state;

	put_who(g, 1, "10.0.0.1", 6, NULL, "one", "name=one serial=1");
	put_who(g, 1, "10.0.0.2", 6, NULL, "two", "name=two serial=2");
	store_present(g->store, rig_id(1), 5);
	put_who(g, 2, "10.0.0.1", 6, NULL, "new", "name=new serial=3");
	put_who(g, 2, "10.0.0.9", 6, NULL, "two", "name=two serial=2");
	assert_string_equal(gone(g, 2, 3), "name=one serial=1 at 10.0.0.1 0 one\n");
}

/* A network of thousands: nobody else has the writer meanwhile. */
static void
thousands_that_are_gone_are_known_in_no_time(void **state)
{
	enum { MACHINES = 5000 };
	struct rig *g = *state;
	char address[50], who[50], links[] = "said";
	struct aim_row row = { .address = address, .who = who, .state = 6, .links = links, .links_len = 4 };
	struct look l = { .rig = g };
	int64_t since_ms;
	int i, parent;

	for (parent = 1; parent <= 2; parent++) {
		for (i = 0; i < MACHINES; i++) {
			snprintf(address, sizeof(address), "10.%d.%d.%d", parent, i >> 8, i & 255);
			snprintf(who, sizeof(who), "name=%d-%d", parent, i);
			memcpy(row.parent, rig_id(parent), sizeof(row.parent));
			store_aim(g->store, &row, NULL, NULL);
		}
		store_present(g->store, rig_id(1), 5);
	}
	put(g, 2, "10.0.0.1", 4, NULL, "");
	since_ms = os_time_ms();
	l.n = 0;
	store_gone(g->store, rig_id(2), 3, NULL, on_aims_count, &l);
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(l.n, MACHINES);
	assert_true(os_time_ms() - since_ms < 5000);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_is_kept_as_it_is_written, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(what_targets_say_is_read_up_to_a_ceiling, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(what_targets_say_is_not_kept_in_memory, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(those_that_are_not_found_again_are_known, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(thousands_that_are_gone_are_known_in_no_time, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(what_was_said_earlier_goes, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(those_that_others_have_found_are_around, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(a_machine_is_known_by_itself_and_not_by_its_address, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
