/* SPDX-License-Identifier: Apache-2.0 */
/* offer: the operators of ssh_config(5), and known host keys first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ssh/offer.h"

static void
a_change_adds_leaves_out_puts_first_or_replaces(void **state)
{
	static const struct { const char *change, *gives; } rows[] = {
		{ "", "aa,bb,bc" }, { "-", "aa,bb,bc" },
		{ "+cc,aa", "aa,bb,bc,cc" }, { "-b*", "aa" }, { "-aa,b?", NULL }, { "^bc,dd", "bc,dd,aa,bb" },
		{ "xx, aa", "xx,aa" }, { "+", "aa,bb,bc" }, { "-zz", "aa,bb,bc" },
	};
	char list[OFFER_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(list, sizeof(list), "aa,bb,bc");
		assert_int_equal(offer_change(list, rows[i].change), rows[i].gives == NULL ? -1 : 0);
		assert_string_equal(list, rows[i].gives == NULL ? "aa,bb,bc" : rows[i].gives);
	}
}

static void
a_list_that_is_too_long_is_refused(void **state)
{
	char list[OFFER_MAX] = "aa", change[OFFER_MAX * 2] = "+";
	size_t n = 1;
	int i;

	(void)state;
	for (i = 0; i < 300; i++)
		n += (size_t)snprintf(change + n, sizeof(change) - n, "n%04d,", i);
	assert_int_equal(offer_change(list, change), -1);
	assert_string_equal(list, "aa");
}

static void
nothing_weak_is_offered_unless_named(void **state)
{
	static const char *const weak[] = { "sha1", "cbc", "dss", "group1-", "group-exchange", "arcfour", "md5", "ssh-rsa", "none" };
	struct offer o;
	size_t i;
	int k;

	(void)state;
	offer_defaults(&o);
	for (k = 0; k < OFFERS; k++)
		for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
			assert_null(strstr(o.list[k], weak[i]));
}

static void
stored_types_come_first_and_none_is_added(void **state)
{
	struct offer o;

	(void)state;
	offer_defaults(&o);
	offer_known(&o, "ssh-rsa ssh-dss ecdsa-sha2-nistp384");
	assert_string_equal(o.list[OFFER_HOST_KEYS], "rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp384,ssh-ed25519,"
	    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp521");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_adds_leaves_out_puts_first_or_replaces),
		cmocka_unit_test(a_list_that_is_too_long_is_refused),
		cmocka_unit_test(nothing_weak_is_offered_unless_named),
		cmocka_unit_test(stored_types_come_first_and_none_is_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
