/* SPDX-License-Identifier: Apache-2.0 */
/* midctl run: a probe that talks without end does not flood whoever looks on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_and_notes_without_end_are_counted_and_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
