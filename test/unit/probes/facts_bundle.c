/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of source_bundle.h: files and links as a script sends them, and hosts that send something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/source_bundle.h"
#include "facts/source_over.h"

static char text[4096];
static struct facts_source *src;
static bool whole;

static int
open_text(const char *what)
{
	strncpy(text, what, sizeof(text) - 1);
	return facts_source_bundle(&src, text, strlen(text), "#M", &whole);
}

static const char sample[] =
    "a banner of the server\n"
    "\n#MF commands/uname\nLinux\n6.1.0\n#1 SMP\nx86_64\n"
    "\n#MF commands/df\nFilesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 40 50 45% /\n/dev/sda2 10 1 9 10% /my data\n"
    "\n#MF /etc/hostname\nweb1\n"
    "\n#MX /etc/shadow\n"
    "\n#MF /sys/block/sda/size\n2048\n"
    "\n#MF /sys/block/sda/dev\n8:0\n"
    "\n#MF /sys/block/sda-x/dev\n8:16\n"
    "\n#ML /sys/block/sda\n../devices/sda"
    "\n#MF /etc/empty\n"
    "\n#ME\n";

static void
assert_reads(const char *path, const char *want)
{
	char got[100];

	assert_int_equal(facts_read_small(src, path, got, sizeof(got)), 0);
	assert_string_equal(got, want);
}

static void
files_links_and_folders_are_what_was_sent(void **state)
{
	struct facts_names names;
	struct facts_stat st;
	char link[100], small[3];
	size_t n;

	(void)state;
	assert_int_equal(open_text(sample), 0);
	assert_true(whole);
	assert_reads("etc/hostname", "web1");
	assert_reads("etc/empty", "");
	assert_reads("sys/block/sda/size", "2048");
	assert_int_equal(facts_link(src, "sys/block/sda", link, sizeof(link)), 0);
	assert_string_equal(link, "../devices/sda");
	assert_int_equal(facts_link(src, "etc/hostname", link, sizeof(link)), -EINVAL);
	assert_int_equal(facts_list(src, "sys/block", &names), 0);
	assert_int_equal(names.count, 2);
	assert_string_equal(names.name[0], "sda");
	assert_string_equal(names.name[1], "sda-x");
	facts_names_free(&names);
	assert_int_equal(facts_stat(src, "sys/block/sda", &st), 0);
	assert_true(S_ISDIR(st.mode));
	assert_int_equal(facts_stat(src, "etc/hostname", &st), 0);
	assert_true(S_ISREG(st.mode));
	assert_int_equal(facts_read_into(src, "etc/hostname", small, sizeof(small), &n), -EFBIG);
	facts_source_close(src);
}

static void
what_is_missing_and_what_is_forbidden_are_two_things(void **state)
{
	char got[100];
	struct facts_names names;

	(void)state;
	assert_int_equal(open_text(sample), 0);
	assert_int_equal(facts_read_small(src, "etc/shadow", got, sizeof(got)), -EACCES);
	assert_int_equal(facts_read_small(src, "etc/nothing", got, sizeof(got)), -ENOENT);
	assert_int_equal(facts_list(src, "proc", &names), -ENOENT);
	facts_source_close(src);
}

static void
file_systems_are_as_full_as_df_says(void **state)
{
	struct facts_usage u;
	char got[20];

	(void)state;
	assert_int_equal(open_text(sample), 0);
	assert_int_equal(facts_usage(src, "", &u), 0);
	assert_int_equal(u.size_bytes, 100 * 1024);
	assert_int_equal(u.free_bytes, 60 * 1024);
	assert_int_equal(u.available_bytes, 50 * 1024);
	assert_int_equal(facts_usage(src, "my data", &u), 0);
	assert_int_equal(u.size_bytes, 10 * 1024);
	assert_int_equal(facts_usage(src, "home", &u), -ENOENT);
	assert_int_equal(facts_machine(src, got, sizeof(got)), 0);
	assert_string_equal(got, "x86_64");
	facts_source_close(src);
}

static void
one_that_stops_in_the_middle_is_not_whole(void **state)
{
	(void)state;
	assert_int_equal(open_text("\n#MF /etc/hostname\nwe"), 0);
	assert_false(whole);
	assert_reads("etc/hostname", "we");
	facts_source_close(src);
}

static void
one_that_sends_nothing_of_ours_is_refused(void **state)
{
	static const char *const bad[] = { "", "hello\n", "#M", "#MF", "#MZ /etc/x\nx", "#MF/etc/x\n", "\n#ME\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(open_text(bad[i]), -EINVAL);
}

/* What midd-facts tells beside what this user sees. */
static void
what_one_may_not_read_or_has_not_the_other_tells(void **state)
{
	static char other[] = "\n#MF proc/1/stat\none\n\n#ML proc/1/fd/4\nsocket:[77]\n#MF sys/serial\nS-1\n\n#MF etc/name\nanother\n\n#ME\n";
	struct facts_source *second;
	struct facts_names names;
	char link[40];
	bool all;

	(void)state;
	assert_int_equal(open_text("\n#MF proc/20/stat\ntwenty\n\n#MF proc/1/comm\ninit\n\n#MX sys/serial\n\n#MF etc/name\nours\n\n#MX sys/none\n\n#ME\n"), 0);
	assert_int_equal(facts_source_bundle(&second, other, strlen(other), "#M", &all), 0);
	src = facts_source_over_take(src, second);
	assert_non_null(src);
	assert_reads("sys/serial", "S-1");
	assert_reads("etc/name", "ours");
	assert_reads("proc/1/stat", "one");
	assert_reads("proc/20/stat", "twenty");
	assert_int_equal(facts_read_small(src, "sys/none", link, sizeof(link)), -EACCES);
	assert_int_equal(facts_read_small(src, "sys/nothing", link, sizeof(link)), -ENOENT);
	assert_int_equal(facts_list(src, "proc", &names), 0);
	assert_int_equal(names.count, 2);
	assert_string_equal(names.name[0], "1");
	assert_string_equal(names.name[1], "20");
	facts_names_free(&names);
	assert_int_equal(facts_list(src, "proc/1/fd", &names), 0);
	assert_int_equal(names.count, 1);
	facts_names_free(&names);
	assert_int_equal(facts_link(src, "proc/1/fd/4", link, sizeof(link)), 0);
	assert_string_equal(link, "socket:[77]");
	facts_source_close(src);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_links_and_folders_are_what_was_sent),
		cmocka_unit_test(what_is_missing_and_what_is_forbidden_are_two_things),
		cmocka_unit_test(file_systems_are_as_full_as_df_says),
		cmocka_unit_test(one_that_stops_in_the_middle_is_not_whole),
		cmocka_unit_test(one_that_sends_nothing_of_ours_is_refused),
		cmocka_unit_test(what_one_may_not_read_or_has_not_the_other_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
