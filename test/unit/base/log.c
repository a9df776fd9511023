/* SPDX-License-Identifier: Apache-2.0 */
/* One line an event, whoever wrote the words in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "json.h"
#include "log.h"

static char line[8192];
static int was, ends[2];

/* Standard error goes to us between these two. */
static void
listen_to_stderr(void)
{
	assert_int_equal(pipe(ends), 0);
	was = dup(2);
	dup2(ends[1], 2);
	close(ends[1]);
}

static void
stop_listening(void)
{
	ssize_t n;

	dup2(was, 2);	/* the last writer goes, so the read ends */
	close(was);
	n = read(ends[0], line, sizeof(line) - 1);
	line[n < 0 ? 0 : n] = '\0';
	close(ends[0]);
}

static void
foreign_text_cannot_begin_a_line_of_its_own(void **state)
{
	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_PLAIN);
	listen_to_stderr();
	log_info("scan", "banner is \"%s\"", "SSH\nerror audit: all is well\033[2J");
	stop_listening();
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_null(strchr(line, '\033'));
	assert_non_null(strstr(line, "info  scan: banner is \"SSH?error audit"));
}

/* C1 in UTF-8, a mark that turns the direction, and what is no character; letters stay. */
static void
foreign_text_does_not_steer_a_terminal(void **state)
{
	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_PLAIN);
	listen_to_stderr();
	log_info("scan", "%s", "a\xC2\x9B" "2Jb\xE2\x80\xAE" "c\x9B" "d\xC3\xA4\xE2\x82\xAC.\x7F\xE2\x81\xA9\xC3");
	stop_listening();
	assert_non_null(strstr(line, "info  scan: a?2Jb?c?d\xC3\xA4\xE2\x82\xAC.???\n"));
}

static void
what_is_too_long_is_cut_and_still_ends_its_line(void **state)
{
	static char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	log_setup("test", LOG_LV_INFO, LOG_PLAIN);
	listen_to_stderr();
	log_warn("scan", "%s", text);
	stop_listening();
	assert_true(strlen(line) > 1000 && strlen(line) <= 2048);
	assert_int_equal(line[strlen(line) - 1], '\n');
}

static void
below_its_level_nothing_is_said(void **state)
{
	enum log_level lv;

	(void)state;
	assert_int_equal(log_level_parse("warn", &lv), 0);
	assert_int_equal(log_level_parse("loud", &lv), -1);
	log_setup("test", lv, LOG_PLAIN);
	listen_to_stderr();
	log_info("scan", "not this");
	log_debug("scan", "nor this");
	log_err("scan", "but this");
	stop_listening();
	assert_null(strstr(line, "this\nbut"));
	assert_null(strstr(line, "not this"));
	assert_non_null(strstr(line, "error scan: but this\n"));
}

static void
the_journal_gets_a_priority_and_no_time(void **state)
{
	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_JOURNAL);
	listen_to_stderr();
	log_warn("link", "down");
	stop_listening();
	assert_string_equal(line, "<4>link: down\n");
}

static void
json_lines_are_json_whatever_is_in_them(void **state)
{
	struct json_object *o = NULL;
	struct err err;

	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_JSON);
	listen_to_stderr();
	log_info("link", "a \"quote\", a \\ and a\ttab");
	stop_listening();
	if (json_parse(&o, line, strlen(line), "line", &err) < 0)
		fail_msg("%s: %s", err.text, line);
	assert_string_equal(json_str(o, "text", ""), "a \"quote\", a \\ and a?tab");
	assert_string_equal(json_str(o, "level", ""), "info");
	assert_string_equal(json_str(o, "program", ""), "test");
	json_object_put(o);
}

static void
tap(void *arg, enum log_level level, const char *sub, const char *text)
{
	snprintf(arg, 100, "%s/%s/%s", log_level_name(level), sub, text);
}

static void
a_tap_hears_what_passed_the_level(void **state)
{
	char heard[100] = "";

	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_PLAIN);
	log_set_tap(tap, heard);
	listen_to_stderr();
	log_debug("x", "no");
	log_info("x", "yes\n");
	stop_listening();
	log_set_tap(NULL, NULL);
	assert_string_equal(heard, "info/x/yes?");
}

static void
an_event_is_named_in_json(void **state)
{
	struct json_object *o = NULL;
	struct err err;

	(void)state;
	log_setup("test", LOG_LV_INFO, LOG_JSON);
	listen_to_stderr();
	log_event(EV_DISK_FULL, LOG_LV_WARN, "store", "full");
	stop_listening();
	assert_int_equal(json_parse(&o, line, strlen(line), "line", &err), 0);
	assert_string_equal(json_str(o, "event", ""), "disk-full");
	json_object_put(o);
}

/* journalctl -x: what it means, and what to do. */
static void
every_event_has_its_own_entry_in_the_catalogue(void **state)
{
	static char text[100000];
	FILE *f = fopen("packaging/systemd/midd.catalog", "r");
	char head[40];
	const char *at;
	size_t n;
	int ev, heads = 0;

	(void)state;
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	assert_true(n > 0 && n < sizeof(text) - 1);
	fclose(f);
	for (ev = EV_NONE + 1; ev < EV_END; ev++) {
		snprintf(head, sizeof(head), "\n-- %s\n", log_event_id((enum log_event)ev));
		at = strstr(text, head);
		if (at == NULL || strstr(at + 1, head) != NULL)
			fail_msg("the catalogue has no entry, or two, for %s", log_event_name((enum log_event)ev));
	}
	for (at = text; (at = strstr(at, "\n-- ")) != NULL; at++)
		heads++;
	assert_int_equal(heads, EV_END - 1);
	assert_null(log_event_id(EV_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_text_cannot_begin_a_line_of_its_own),
		cmocka_unit_test(foreign_text_does_not_steer_a_terminal),
		cmocka_unit_test(what_is_too_long_is_cut_and_still_ends_its_line),
		cmocka_unit_test(below_its_level_nothing_is_said),
		cmocka_unit_test(the_journal_gets_a_priority_and_no_time),
		cmocka_unit_test(json_lines_are_json_whatever_is_in_them),
		cmocka_unit_test(an_event_is_named_in_json),
		cmocka_unit_test(every_event_has_its_own_entry_in_the_catalogue),
		cmocka_unit_test(a_tap_hears_what_passed_the_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
