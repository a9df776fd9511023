/* SPDX-License-Identifier: Apache-2.0 */
/* by_hand - notes are bounded in number, name and value; a credential fits a list by its whole type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "by_hand.h"
#include "json.h"

static void
notes_are_bounded(void **state)
{
	struct json_object *notes = json_object_new_object();
	char name[200], value[3000];
	int i;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[101] = '\0';
	assert_false(by_hand_note(notes, name, "its name is too long"));
	memset(value, 'v', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	assert_true(by_hand_note(notes, "long", value));
	assert_int_equal(strlen(json_str(notes, "long", "")), 1000);
	for (i = 1; i < BY_HAND_NOTES_MAX; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_true(by_hand_note(notes, name, "x"));
	}
	assert_false(by_hand_note(notes, "one-more", "x"));
	json_object_put(notes);
}

static void
a_type_fits_as_a_whole(void **state)
{
	(void)state;
	assert_true(by_hand_fits("snmp", "snmpv3,snmp"));
	assert_true(by_hand_fits("snmpv3", "snmpv3,snmp"));
	assert_false(by_hand_fits("snmp", "snmpv3"));
	assert_false(by_hand_fits("", "snmpv3,snmp"));
	assert_false(by_hand_fits("snmp", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_are_bounded),
		cmocka_unit_test(a_type_fits_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
