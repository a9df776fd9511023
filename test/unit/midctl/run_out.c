/* SPDX-License-Identifier: Apache-2.0 */
/* midctl run: a probe that talks without end does not flood whoever looks on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json_object.h>

#include "midctl.h"
#include "run.h"

#define SAID 1000

/* What is said on standard error, 65535 bytes of it, into TEXT. */
static int
flood(struct run_out *o, char *text)
{
	FILE *f = tmpfile();
	int was = dup(2), i, status;
	char name[32];
	size_t n;

	fflush(stderr);
	dup2(fileno(f), 2);
	for (i = 0; i < SAID; i++) {
		snprintf(name, sizeof(name), "note%d", i);
		run_out_note(o, name, "x");
		run_out_partial(o, "a reason");
	}
	status = run_out_end(o, "Echo", true, "ok", "");
	fflush(stderr);
	dup2(was, 2);
	close(was);
	rewind(f);
	n = fread(text, 1, 65535, f);
	text[n] = '\0';
	fclose(f);
	return status;
}

static void
sentences_and_notes_without_end_are_counted_and_not_shown(void **state)
{
	static char text[65536];
	struct run_out o;
	int lines = 0;
	char *p;

	(void)state;
	assert_int_equal(run_out_init(&o, false, NULL), 0);
	assert_int_equal(flood(&o, text), EXIT_PARTIAL);
	for (p = text; *p != '\0'; p++)
		lines += *p == '\n';
	assert_in_range(lines, 1, 30);
	assert_non_null(strstr(text, "980 more"));
	assert_non_null(strstr(text, "900 notes"));
	assert_int_equal(json_object_object_length(o.notes), 100);
	run_out_fini(&o);
}

static const char *
tamed(const char *text, char before)
{
	static char out[100];

	snprintf(out, sizeof(out), "%s", text);
	run_out_tame(out, strlen(out), before);
	return out;
}

static void
what_a_target_says_does_not_steer_the_terminal(void **state)
{
	struct json_object *o = json_object_new_string("a\033]0;x\007b\xC2\x9B" "2Jc\xE2\x80\xAE" "d\x7F\xC3\xA4");
	char text[200];
	FILE *f = tmpfile();
	int was = dup(1);
	size_t n;

	(void)state;
	assert_string_equal(tamed("a\033[2J\tb\r\nc\rd\x7F\xC2\x9B" "e\xC3\xA4\n", 0), "a?[2J\tb \nc?d?\xC2?e\xC3\xA4\n");
	assert_string_equal(tamed("\x9B" "2J", (char)0xC2), "?2J");	/* cut between two pieces */
	fflush(stdout);
	dup2(fileno(f), 1);
	print_json(o);
	fflush(stdout);
	dup2(was, 1);
	close(was);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	assert_string_equal(text, "\"a\\u001b]0;x\\u0007b\\u009b2Jc\\u202ed\\u007f\xC3\xA4\"\n");
	json_object_put(o);
}

static bool
records_into(const char *file)
{
	struct run_out o;
	bool good;

	good = run_out_init(&o, false, file) == 0;
	run_out_fini(&o);
	return good;
}

static void
a_recording_is_its_owners_also_where_a_file_was(void **state)
{
	char folder[] = "/tmp/midd-run-out.XXXXXX", file[64], link_name[64];
	struct stat st;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/file", folder);
	snprintf(link_name, sizeof(link_name), "%s/link", folder);
	f = fopen(file, "w");
	fputs("old", f);
	fclose(f);
	assert_int_equal(chmod(file, 0644), 0);
	assert_true(records_into(file));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(symlink(file, link_name), 0);
	f = fopen(file, "w");
	fputs("another's", f);
	fclose(f);
	assert_true(records_into(link_name));	/* the link is replaced, and not what it leads to */
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 9);
	assert_false(records_into("/dev/null"));
	unlink(link_name);
	unlink(file);
	rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_and_notes_without_end_are_counted_and_not_shown),
		cmocka_unit_test(what_a_target_says_does_not_steer_the_terminal),
		cmocka_unit_test(a_recording_is_its_owners_also_where_a_file_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
