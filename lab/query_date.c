/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query_date - the moments that an encoded query can name: the few date
 * functions of the platform's scripts, without any scripting.
 */
#include "query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

#define SCRIPT "javascript:"
#define AMOUNT_MAX 100000	/* units into past or future */

static const struct unit {
	const char *name;
	int seconds, months;
} units[] = {
	{ "minute", 60, 0 },
	{ "hour", 3600, 0 },
	{ "day", 86400, 0 },
	{ "week", 7 * 86400, 0 },
	{ "month", 0, 1 },
	{ "quarter", 0, 3 },
	{ "year", 0, 12 },
};

static const struct unit *
unit_find(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < COUNT(units); i++)
		if (strlen(units[i].name) == n &&
		    strncasecmp(units[i].name, s, n) == 0)
			return &units[i];
	return NULL;
}

static time_t
shift(time_t t, const struct unit *u, long n)
{
	struct tm tm;

	if (u->months == 0)
		return t + n * u->seconds;
	gmtime_r(&t, &tm);
	tm.tm_mon += (int)n * u->months;
	return timegm(&tm);
}

/* The first second of the unit T lies in; a week begins on Monday. */
static time_t
begin_of(time_t t, const struct unit *u)
{
	struct tm tm;

	if (u->months == 0 && u->seconds <= 86400)
		return t - t % u->seconds;
	gmtime_r(&t, &tm);
	tm.tm_sec = tm.tm_min = tm.tm_hour = 0;
	if (u->months == 0) {
		tm.tm_mday -= (tm.tm_wday + 6) % 7;
		return timegm(&tm);
	}
	tm.tm_mday = 1;
	tm.tm_mon -= tm.tm_mon % u->months;
	return timegm(&tm);
}

static time_t
end_of(time_t t, const struct unit *u)
{
	return shift(begin_of(t, u), u, 1) - 1;
}

/* hoursAgo(2), daysAgoStart(1), monthsAgoEnd(3) */
static bool
call_ago(const char *name, time_t now, time_t *out)
{
	const char *ago = strstr(name, "sAgo"), *arg = strchr(name, '(');
	const struct unit *u;
	char *end;
	long n;

	if (ago == NULL || arg == NULL || arg < ago)
		return false;
	u = unit_find(name, (size_t)(ago - name));
	n = strtol(arg + 1, &end, 10);
	if (u == NULL || *end != ')' || labs(n) > AMOUNT_MAX)
		return false;
	*out = shift(now, u, -n);
	if (str_prefix(ago, "sAgoStart("))
		*out = begin_of(*out, u);
	else if (str_prefix(ago, "sAgoEnd("))
		*out = end_of(*out, u);
	else if (!str_prefix(ago, "sAgo("))
		return false;
	return true;
}

static const struct {
	const char *word;
	const char *unit;
	int by;
} spans[] = {
	{ "Today()", "day", 0 }, { "Yesterday()", "day", -1 },
	{ "Tomorrow()", "day", 1 },
	{ "ThisHour()", "hour", 0 }, { "LastHour()", "hour", -1 },
	{ "ThisWeek()", "week", 0 }, { "LastWeek()", "week", -1 },
	{ "NextWeek()", "week", 1 },
	{ "ThisMonth()", "month", 0 }, { "LastMonth()", "month", -1 },
	{ "NextMonth()", "month", 1 },
	{ "ThisQuarter()", "quarter", 0 }, { "LastQuarter()", "quarter", -1 },
	{ "NextQuarter()", "quarter", 1 },
	{ "ThisYear()", "year", 0 }, { "LastYear()", "year", -1 },
	{ "NextYear()", "year", 1 },
};

/* beginningOfToday(), endOfLastMonth() */
static bool
call_span(const char *name, time_t now, time_t *out)
{
	bool begin = str_prefix(name, "beginningOf");
	const struct unit *u;
	size_t i;

	if (!begin && !str_prefix(name, "endOf"))
		return false;
	name += strlen(begin ? "beginningOf" : "endOf");
	for (i = 0; i < COUNT(spans); i++)
		if (strcmp(name, spans[i].word) == 0)
			break;
	if (i == COUNT(spans))
		return false;
	u = unit_find(spans[i].unit, strlen(spans[i].unit));
	now = shift(begin_of(now, u), u, spans[i].by);
	*out = begin ? now : end_of(now, u);
	return true;
}

/* dateGenerate('2026-01-31','08:00:00'), or 'start' / 'end' of the day */
static bool
call_generate(const char *name, time_t now, time_t *out)
{
	char date[16], at[16], text[40];

	(void)now;
	if (sscanf(name, "dateGenerate('%10[0-9-]','%8[0-9:a-z]')", date,
	    at) != 2)
		return false;
	snprintf(text, sizeof(text), "%s %s", date,
	    strcmp(at, "start") == 0 ? "00:00:00" :
	    strcmp(at, "end") == 0 ? "23:59:59" : at);
	*out = date_parse(text);
	return *out != (time_t)-1;
}

static bool
call_now(const char *name, time_t now, time_t *out)
{
	*out = now;
	return strcmp(name, "nowDateTime()") == 0 ||
	    strcmp(name, "nowNoTZ()") == 0;
}

static bool (*const calls[])(const char *, time_t, time_t *) = {
	call_ago, call_span, call_generate, call_now,
};

char *
date_value(const struct db *db, const char *value)
{
	time_t now = (time_t)(db_now_ms(db) / 1000), t;
	char date[DATE_SIZE];
	size_t i;

	if (!str_prefix(value, SCRIPT))
		return xstrdup(value);
	value += strlen(SCRIPT);
	value += str_prefix(value, "gs.") ? 3 : 0;
	if (strcmp(value, "getUserID()") == 0)
		return xstrdup(db->user_sys_id);
	if (strcmp(value, "getUserName()") == 0)
		return xstrdup(db->user);
	date_format(date, now);
	if (strcmp(value, "now()") == 0)
		return xstrndup(date, 10);
	for (i = 0; i < COUNT(calls); i++)
		if (calls[i](value, now, &t)) {
			date_format(date, t);
			return xstrdup(date);
		}
	return NULL;
}

bool
date_relative(const struct db *db, const char *value, int64_t *seconds)
{
	char unit[16], way[8];
	const struct unit *u;
	long n;
	int used = 0;

	if (sscanf(value, "@%15[a-z]@%7[a-z]@%ld%n", unit, way, &n,
	    &used) != 3 || value[used] != '\0')
		return false;
	u = unit_find(unit, strlen(unit));
	if (u == NULL || n < 0 || n > AMOUNT_MAX)
		return false;
	if (strcmp(way, "ago") == 0)
		n = -n;
	else if (strcmp(way, "ahead") != 0)
		return false;
	*seconds = shift((time_t)(db_now_ms(db) / 1000), u, n);
	return true;
}

static const char *const days[] = { "sunday", "monday", "tuesday",
	"wednesday", "thursday", "friday", "saturday", NULL };
static const char *const months[] = { "january", "february", "march", "april",
	"may", "june", "july", "august", "september", "october", "november",
	"december", NULL };

static const struct {
	const char *part, *format;
	int width;
	const char *const *words;
	int first;
} parts[] = {
	{ "dayofweek", "%w", 1, days, 0 },
	{ "month", "%m", 2, months, 1 },
	{ "year", "%Y", 4, NULL, 0 },
	{ "week", "%W", 2, NULL, 0 },
	{ "hour", "%H", 2, NULL, 0 },
	{ "day", "%d", 2, NULL, 0 },
};

bool
date_part(const char *value, const char **format, char out[16])
{
	const char *call = strstr(value, "datePart('");
	char part[16], word[16], *end;
	long n;
	size_t i, w;

	if (call == NULL || sscanf(call, "datePart('%15[a-z]','%15[a-z0-9]'",
	    part, word) != 2)
		return false;
	for (i = 0; i < COUNT(parts); i++)
		if (strcmp(parts[i].part, part) == 0)
			break;
	if (i == COUNT(parts))
		return false;
	n = strtol(word, &end, 10);
	for (w = 0; *end != '\0' && parts[i].words != NULL &&
	    parts[i].words[w] != NULL; w++)
		if (strcmp(parts[i].words[w], word) == 0) {
			n = (long)w + parts[i].first;
			end = word + strlen(word);
		}
	*format = parts[i].format;
	snprintf(out, 16, "%0*ld", parts[i].width, n);
	return *end == '\0';
}
