/* SPDX-License-Identifier: Apache-2.0 */
/* Of a host's CIs only the news goes out, with what it hangs on; and what was only seen goes out as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "delta.h"
#include "xalloc.h"

#define HOST "{\"className\":\"h\",\"internal_id\":\"a\",\"values\":{\"name\":\"web1\"}}"
#define DISK(id, free) "{\"className\":\"d\",\"internal_id\":\"" id "\",\"values\":{\"name\":\"" id "\",\"free_space\":\"" free "\"}}"
#define TIES "\"relations\":[{\"parent_id\":\"a\",\"child_id\":\"sda\",\"type\":\"Contains\"},{\"parent_id\":\"a\",\"child_id\":\"sdb\",\"type\":\"Contains\"}]"
#define PAYLOAD(items) "{\"items\":[" items "]," TIES ",\"referenceItems\":[]}"

/* What is left of PAYLOAD when KNOWN is what was sent before; *SENT what is kept for the next time. The caller's. */
static char *
left(const char *payload, const char *known, char **sent)
{
	struct delta d;
	char *text;

	delta_init(&d, known);
	text = delta_reduce(&d, payload);
	if (sent != NULL)
		*sent = xstrdup(delta_hashes(&d));
	delta_fini(&d);
	return text;
}

static void
nothing_is_sent_twice(void **state)
{
	char *sent, *again, *text = left(PAYLOAD(HOST "," DISK("sda", "5") "," DISK("sdb", "5")), "", &sent);

	(void)state;
	assert_non_null(strstr(text, "sdb"));
	assert_int_equal(strlen(sent), 48);
	again = left(PAYLOAD(HOST "," DISK("sda", "6") "," DISK("sdb", "4")), sent, NULL);
	assert_null(again);	/* free space alone is no news */
	free(text);
	free(sent);
}

static void
measures_alone_are_no_news(void **state)
{
	static const char with[] = "{\"className\":\"u\",\"internal_id\":\"a\",\"values\":{\"name\":\"ups\",\"%s\":\"%s\"}}";
	static const char *const measures[] = { "voltage", "percent_load", "minutes_remaining", "count", "cpu_speed" };
	char *item, *payload, *sent, text[200];
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
		for (k = 0, sent = xstrdup(""); k < 2; k++) {
			snprintf(text, sizeof(text), with, measures[i], k == 0 ? "230" : "231");
			payload = xasprintf("{\"items\":[%s]}", text);
			item = left(payload, sent, NULL);
			assert_int_equal(item == NULL, k == 1);
			free(item);
			free(sent);
			free(left(payload, "", &sent));
			free(payload);
			if (k == 1)
				free(sent);
		}
}

static void
news_take_their_host_along_and_nobody_else(void **state)
{
	char *sent, *text;

	(void)state;
	free(left(PAYLOAD(HOST "," DISK("sda", "5")), "", &sent));
	text = left(PAYLOAD(HOST "," DISK("sda", "5") "," DISK("sdb", "5")), sent, NULL);
	assert_non_null(strstr(text, "web1"));
	assert_non_null(strstr(text, "\"name\":\"sdb\""));
	assert_null(strstr(text, "sda"));	/* neither the disk nor its relation */
	free(text);
	free(sent);
}

/* The same disk on another host is another CI. */
static void
what_hangs_on_something_else_is_new(void **state)
{
	static const char moved[] = "{\"className\":\"h\",\"internal_id\":\"a\",\"values\":{\"name\":\"web2\"}}";
	char *sent, *text, *payload;

	(void)state;
	free(left(PAYLOAD(HOST "," DISK("sda", "5")), "", &sent));
	payload = xasprintf("{\"items\":[%s,%s],%s,\"referenceItems\":[]}", moved, DISK("sda", "5"), TIES);
	text = left(payload, sent, NULL);
	assert_non_null(strstr(text, "\"name\":\"sda\""));
	free(text);
	free(payload);
	free(sent);
}

static void
what_was_only_seen_goes_out_as_it_is(void **state)
{
	char *sent, *text;

	(void)state;
	free(left("{\"items\":[" HOST "],\"relations\":[]}", "", &sent));
	text = left("{\"whole\":true,\"items\":[" HOST "],\"relations\":[]}", sent, NULL);
	assert_non_null(strstr(text, "web1"));
	assert_null(strstr(text, "whole"));
	free(text);
	free(sent);
}

static void
nonsense_comes_back_whole(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "7", "{\"items\":7}", "{\"items\":[]}", "{\"whole\":7}" };
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) - 1; i++) {
		text = left(texts[i], "zz", NULL);
		assert_string_equal(text, texts[i]);
		free(text);
	}
	text = left("{\"items\":[7,{\"values\":[]}],\"relations\":[7,null],\"referenceItems\":{}}", "", NULL);
	assert_non_null(text);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_sent_twice),
		cmocka_unit_test(measures_alone_are_no_news),
		cmocka_unit_test(news_take_their_host_along_and_nobody_else),
		cmocka_unit_test(what_hangs_on_something_else_is_new),
		cmocka_unit_test(what_was_only_seen_goes_out_as_it_is),
		cmocka_unit_test(nonsense_comes_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
