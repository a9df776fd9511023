/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator sees, for a given answer of midd: exactly, and never larger than 80 by 24. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "err.h"
#include "fmt.h"
#include "job.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "status.h"

#define DAY 86400000

#define REST \
	"\"lanes\":[{\"name\":\"interactive\",\"running\":0,\"slots\":10,\"waiting\":0}," \
	"{\"name\":\"expedited\",\"running\":2,\"slots\":20,\"waiting\":0}," \
	"{\"name\":\"standard\",\"running\":19,\"slots\":25,\"waiting\":7}],\"waiting\":7," \
	"\"oldest_waiting\":{\"age_ms\":4200,\"why\":\"ssh{10.1.4.7} is at its limit of 3\"}," \
	"\"spool\":{\"results\":0,\"bytes\":12000,\"max_bytes\":2000000000,\"commit_ms\":2}," \
	"\"today\":{\"jobs\":4118,\"ok\":4090,\"partial\":21,\"failed\":6,\"quarantined\":1}," \
	"\"guard\":{\"seccomp\":true,\"landlock\":7},\"workers\":[{\"pid\":1},{\"pid\":2}]," \
	"\"resources\":{\"rss_bytes\":7400000,\"cpu_percent\":0.03,\"files\":31}}"

static const char healthy[] =
    "{\"version\":\"0.1.0\",\"pid\":812,\"user\":\"midd\",\"up_ms\":1036800000,\"health\":\"healthy\",\"problems\":[],"
    "\"instance\":{\"host\":\"acme.example.com\",\"connected\":true,\"since_ms\":1036800000,\"last_poll_ms\":1234,"
    "\"rtt_ms\":41,\"tls\":\"TLSv1.3\",\"login\":\"mutual TLS\",\"cert_days\":61}," REST;

static const char unhealthy[] =
    "{\"version\":\"0.1.0\",\"pid\":812,\"user\":\"midd\",\"up_ms\":240000,\"health\":\"problem\",\"problems\":["
    "{\"id\":\"instance-unreachable\",\"severity\":\"error\",\"what\":\"the instance is not reached\","
    "\"why\":\"connect to acme.example.com port 443: Connection refused; is the address right, and may this host"
    " go out to it?\",\"since_ms\":180000,\"command\":\"midctl log\"},"
    "{\"id\":\"jobs-quarantined\",\"severity\":\"warning\",\"what\":\"1 job in quarantine\","
    "\"why\":\"they killed their workers or cannot be read\",\"command\":\"midctl jobs --failed\"}],"
    "\"instance\":{\"host\":\"acme.example.com\",\"connected\":false,\"since_ms\":180000,\"last_answer_ms\":181000,"
    "\"rtt_ms\":-1,\"tls\":\"\",\"login\":\"mutual TLS\",\"cert_days\":6}," REST;

static struct json_object *
parse(const char *text)
{
	struct json_object *o = NULL;
	struct err err = { 0, "" };

	if (json_parse(&o, text, strlen(text), "test", &err) < 0)
		fail_msg("%s", err.text);
	return o;
}

static void
assert_fits(const struct screen *sc)
{
	const char *p = buf_str(&sc->out), *end;
	char line[1000];

	assert_true(sc->lines <= 24);
	for (; *p != '\0'; p = end + 1) {
		end = strchr(p, '\n');
		assert_non_null(end);
		assert_true((size_t)(end - p) < sizeof(line));
		memcpy(line, p, (size_t)(end - p));
		line[end - p] = '\0';
		if (columns_of(line) > 80)
			fail_msg("wider than 80 columns: %s", line);
	}
}

static void
a_good_day(void **state)
{
	struct json_object *st = parse(healthy);
	struct screen sc;

	(void)state;
	screen_init(&sc, false, true);
	status_draw(&sc, st);
	assert_string_equal(buf_str(&sc.out),
	    "midd 0.1.0  up 12 d  pid 812 (user midd)                               \xE2\x97\x8F healthy\n"
	    "  instance  acme.example.com   connected 12 d, last poll 1.2 s ago, rtt 41 ms\n"
	    "            mutual TLS 1.3, our certificate: 61 days left\n"
	    "  lanes     interactive 0/10   expedited 2/20   standard 19/25   waiting 7\n"
	    "            oldest waiting 4.2 s: ssh{10.1.4.7} is at its limit of 3\n"
	    "  spool     0 undelivered, 12 kB of 2 GB, last commit 2 ms\n"
	    "  today     4,118 jobs: 4,090 ok, 21 partial, 6 failed, 1 quarantined\n"
	    "            \xE2\x86\x92 midctl jobs --failed\n"
	    "  guard     seccomp, landlock 7; 2 workers\n"
	    "  resources 7.4 MB, cpu 0.03 %, 31 files\n");
	assert_fits(&sc);
	assert_int_equal(status_exit(st), EXIT_OK);
	screen_fini(&sc);
	json_object_put(st);
}

static void
a_bad_day_begins_with_the_worst(void **state)
{
	struct json_object *st = parse(unhealthy);
	struct screen sc;

	(void)state;
	screen_init(&sc, false, false);
	status_draw(&sc, st);
	assert_string_equal(buf_str(&sc.out),
	    "midd 0.1.0  up 4 min  pid 812 (user midd)                              * problem\n"
	    "  !! the instance is not reached 3 min: connect to acme.example.com port 443:\n"
	    "     Connection refused; is the address right, and may this host go out to it?\n"
	    "     -> midctl log\n"
	    "  !  1 job in quarantine: they killed their workers or cannot be read\n"
	    "     -> midctl jobs --failed\n"
	    "  instance  acme.example.com   not connected for 3 min, last answer 3 min ago\n"
	    "            mutual TLS, our certificate: 6 days left\n"
	    "  lanes     interactive 0/10   expedited 2/20   standard 19/25   waiting 7\n"
	    "            oldest waiting 4.2 s: ssh{10.1.4.7} is at its limit of 3\n"
	    "  spool     0 undelivered, 12 kB of 2 GB, last commit 2 ms\n"
	    "  today     4,118 jobs: 4,090 ok, 21 partial, 6 failed, 1 quarantined\n"
	    "            -> midctl jobs --failed\n"
	    "  guard     seccomp, landlock 7; 2 workers\n"
	    "  resources 7.4 MB, cpu 0.03 %, 31 files\n");
	assert_fits(&sc);
	assert_int_equal(status_exit(st), EXIT_PROBLEM);
	screen_fini(&sc);
	json_object_put(st);
}

/* Everything wrong at once, each with as much to say as there is. */
static void
the_worst_day_still_fits_a_screen(void **state)
{
	struct json_object *st = parse(unhealthy), *list = json_arr(st, "problems"), *p;
	char what[120], why[300];
	struct screen sc;
	int i;

	(void)state;
	memset(what, 'w', sizeof(what));
	for (i = 7; i < (int)sizeof(what); i += 8)
		what[i] = ' ';
	what[sizeof(what) - 1] = '\0';
	memset(why, 'y', sizeof(why));
	for (i = 60; i < (int)sizeof(why); i += 61)
		why[i] = ' ';
	why[sizeof(why) - 1] = '\0';
	for (i = 0; i < 20; i++) {
		p = json_object_new_object();
		json_put_str(p, "severity", "error");
		json_put_str(p, "what", what);
		json_put_str(p, "why", why);
		json_put_int(p, "since_ms", 5 * (int64_t)DAY);
		json_put_str(p, "command", "midctl status --json");
		json_add_take(list, p);
	}
	screen_init(&sc, false, true);
	status_draw(&sc, st);
	assert_fits(&sc);
	assert_non_null(strstr(buf_str(&sc.out), "more"));
	assert_non_null(strstr(buf_str(&sc.out), "  resources "));
	screen_fini(&sc);
	json_object_put(st);
}

static void
nothing_at_all_is_survived(void **state)
{
	static const char *const odd[] = { "{}", "[]", "7", "{\"problems\":7,\"lanes\":{},\"instance\":[],\"guard\":1}" };
	struct json_object *st;
	struct screen sc;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		st = parse(odd[i]);
		screen_init(&sc, true, true);
		status_draw(&sc, st);
		assert_non_null(strstr(buf_str(&sc.out), "midd ?"));
		assert_int_equal(status_exit(st), EXIT_PROBLEM);
		screen_fini(&sc);
		json_object_put(st);
	}
}

static void
foreign_text_cannot_move_the_cursor(void **state)
{
	struct json_object *st = parse(healthy);
	struct screen sc;

	(void)state;
	json_put_str(json_get(st, "oldest_waiting"), "why", "\033[2J\r\ngone \x7F\xC2\x9B 31m");
	screen_init(&sc, false, true);
	status_draw(&sc, st);
	assert_null(strchr(buf_str(&sc.out), '\033'));
	assert_null(strchr(buf_str(&sc.out), '\r'));
	assert_non_null(strstr(buf_str(&sc.out), "oldest waiting 4.2 s: ?[2J??gone ?? 31m\n"));
	screen_fini(&sc);
	json_object_put(st);
}

static void
only_a_terminal_gets_colour(void **state)
{
	struct json_object *st = parse(unhealthy);
	struct screen plain, colour;

	(void)state;
	screen_init(&plain, false, true);
	screen_init(&colour, true, true);
	status_draw(&plain, st);
	status_draw(&colour, st);
	assert_null(strchr(buf_str(&plain.out), '\033'));
	assert_non_null(strstr(buf_str(&colour.out), "\033[31m!! "));
	screen_fini(&plain);
	screen_fini(&colour);
	json_object_put(st);
}

static void
the_road_of_a_job_reads_top_to_bottom(void **state)
{
	static const char job[] =
	    "{\"id\":\"f72b3842cf04c9024f298cf8e150eb37\",\"stage\":\"done\",\"topic\":\"SSHCommand\",\"name\":\"uname -a\","
	    "\"source\":\"10.1.4.7\",\"priority\":0,\"class\":\"timeout\",\"partial\":false,"
	    "\"error\":\"10.1.4.7 did not answer within 30 s\",\"advice\":\"the target is slow or silent\","
	    "\"run_ms\":30000,\"fetched_at\":1000,\"delivered_at\":31100,"
	    "\"road\":[{\"step\":\"fetched\",\"at\":1000,\"after_ms\":0,\"note\":\"from the instance\"},"
	    "{\"step\":\"started\",\"at\":1050,\"after_ms\":50,\"note\":\"in a worker, attempt 1\"},"
	    "{\"step\":\"delivered\",\"at\":31100,\"after_ms\":30050,\"note\":\"confirmed\"}]}";
	struct json_object *o = parse(job);
	struct screen sc;

	(void)state;
	setenv("TZ", "UTC", 1);
	screen_init(&sc, false, true);
	job_draw(&sc, o);
	assert_string_equal(buf_str(&sc.out),
	    "job f72b3842cf04c9024f298cf8e150eb37                                   \xE2\x97\x8F timeout\n"
	    "  what      SSHCommand of 10.1.4.7, \"uname -a\", interactive\n"
	    "  road      1970-01-01 00:00:01.000           fetched    from the instance\n"
	    "            1970-01-01 00:00:01.050   +50 ms  started    in a worker, attempt 1\n"
	    "            1970-01-01 00:00:31.100    +30 s  delivered  confirmed\n"
	    "  in all    30 s from the queue to the confirmed answer, 30 s of it running\n"
	    "  error     10.1.4.7 did not answer within 30 s\n"
	    "  advice    the target is slow or silent\n");
	assert_fits(&sc);
	screen_fini(&sc);
	json_object_put(o);
}

static void
figures_are_said_as_people_say_them(void **state)
{
	char s[FMT_MAX];

	(void)state;
	assert_string_equal(fmt_age(s, 0), "0 ms");
	assert_string_equal(fmt_age(s, 999), "999 ms");
	assert_string_equal(fmt_age(s, 1000), "1 s");
	assert_string_equal(fmt_age(s, 1250), "1.2 s");
	assert_string_equal(fmt_age(s, 41999), "41 s");
	assert_string_equal(fmt_age(s, 12 * 60000), "12 min");
	assert_string_equal(fmt_age(s, 5 * 3600000), "5 h");
	assert_string_equal(fmt_age(s, 12 * (int64_t)DAY), "12 d");
	assert_string_equal(fmt_age(s, -5), "0 ms");
	assert_string_equal(fmt_age(s, INT64_MAX), "106751991167 d");
	assert_string_equal(fmt_bytes(s, 12000), "12 kB");
	assert_string_equal(fmt_bytes(s, 7400000), "7.4 MB");
	assert_string_equal(fmt_bytes(s, 2000000000), "2 GB");
	assert_string_equal(fmt_count(s, 0), "0");
	assert_string_equal(fmt_count(s, 999), "999");
	assert_string_equal(fmt_count(s, 4118), "4,118");
	assert_string_equal(fmt_count(s, 1234567), "1,234,567");
	assert_string_equal(fmt_clock(s, 0), "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_day),
		cmocka_unit_test(a_bad_day_begins_with_the_worst),
		cmocka_unit_test(the_worst_day_still_fits_a_screen),
		cmocka_unit_test(nothing_at_all_is_survived),
		cmocka_unit_test(foreign_text_cannot_move_the_cursor),
		cmocka_unit_test(only_a_terminal_gets_colour),
		cmocka_unit_test(the_road_of_a_job_reads_top_to_bottom),
		cmocka_unit_test(figures_are_said_as_people_say_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
