/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time - since when it runs, how busy it is, and in which time zone.
 */
#include "facts/sections.h"

#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

static void
put_reals(struct json_object *out, struct str rest, const char *const *keys)
{
	struct str word;
	double v;

	for (; *keys != NULL && str_word(&rest, &word); keys++)
		if (str_leading_double(word, &v))
			out_real(out, *keys, v);
}

int
parse_uptime(const char *data, size_t len, struct json_object *out)
{
	static const char *const keys[] = { "uptime_s", NULL };

	put_reals(out, (struct str){ data, len }, keys);
	return 0;
}

int
parse_loadavg(const char *data, size_t len, struct json_object *out)
{
	static const char *const keys[] = {
		"load_1m", "load_5m", "load_15m", NULL,
	};

	put_reals(out, (struct str){ data, len }, keys);
	return 0;
}

int
parse_stat_btime(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, word;
	uint64_t v;

	while (str_line(&rest, &line))
		if (str_starts(line, "btime ") && str_word(&line, &word) &&
		    str_u64(line, 10, &v)) {
			out_u64(out, "boot_time_s", v);
			return 0;
		}
	return -1;
}

static void
put_zone(struct facts_source *src, struct json_object *out)
{
	char text[FACTS_PATH_MAX];
	const char *at;

	if (facts_link(src, "etc/localtime", text, sizeof(text)) == 0 &&
	    (at = strstr(text, "zoneinfo/")) != NULL) {
		out_cstr(out, "timezone", at + strlen("zoneinfo/"));
		return;
	}
	if (facts_read_small(src, "etc/timezone", text, sizeof(text)) == 0)
		out_text(out, "timezone", str_of(text));
}

int
facts_time(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err other;
	int r;

	put_zone(src, out);
	r = facts_parse_file(src, "proc/stat", 16 << 20, parse_stat_btime, out,
	    err);
	(void)facts_parse_file(src, "proc/loadavg", FACTS_SMALL, parse_loadavg,
	    out, &other);
	if (facts_parse_file(src, "proc/uptime", FACTS_SMALL, parse_uptime,
		out, &other) == 0)
		return 0;
	return r;
}
