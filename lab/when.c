/* SPDX-License-Identifier: Apache-2.0 */
/* when - see the header. */
#include "when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

static const char *const day_names[] = {
	"sun", "mon", "tue", "wed", "thu", "fri", "sat",
};

/* Minutes of the day; -1 when S is none. */
static int
minutes(const char *s)
{
	int h, m, n = 0;

	if (sscanf(s, "%2d:%2d%n", &h, &m, &n) != 2 || s[n] != '\0' || h < 0 ||
	    h > 23 || m < 0 || m > 59)
		return -1;
	return h * 60 + m;
}

static bool
has_day(const char *list, int day)
{
	const char *at;

	if (list[0] == '\0')
		return true;
	for (at = list; *at != '\0'; at++)
		if (strncasecmp(at, day_names[day], 3) == 0)
			return true;
	return false;
}

const char *
when_wrong(const struct when *w)
{
	size_t i, n;
	const char *at;

	for (at = w->days; *at != '\0'; at += n) {
		at += strspn(at, ", ");
		n = strcspn(at, ", ");
		for (i = 0; n > 0 && i < COUNT(day_names); i++)
			if (n == 3 && strncasecmp(at, day_names[i], 3) == 0)
				break;
		if (n > 0 && i == COUNT(day_names))
			return "days are sun, mon, tue, wed, thu, fri, sat";
	}
	if ((w->from[0] == '\0') != (w->to[0] == '\0'))
		return "a window has a beginning and an end";
	if ((w->from[0] != '\0' && (minutes(w->from) < 0 || minutes(w->to) < 0)) ||
	    (w->at[0] != '\0' && minutes(w->at) < 0))
		return "a time of day is HH:MM";
	if (w->every_s < 0 || (w->every_s > 0 && w->at[0] != '\0'))
		return "either at a time of day or every so many seconds";
	return NULL;
}

/* The lab has one thread, so the zone of the process can be borrowed. */
static char *
enter_zone(const char *zone)
{
	const char *was = getenv("TZ");
	char *old = was != NULL ? xstrdup(was) : NULL;

	setenv("TZ", zone[0] != '\0' ? zone : "UTC", 1);
	tzset();
	return old;
}

static void
leave_zone(char *old)
{
	if (old != NULL)
		setenv("TZ", old, 1);
	else
		unsetenv("TZ");
	tzset();
	free(old);
}

bool
when_open(const struct when *w, time_t t)
{
	int from = minutes(w->from), to = minutes(w->to), now;
	char *old = enter_zone(w->zone);
	struct tm tm;

	localtime_r(&t, &tm);
	leave_zone(old);
	now = tm.tm_hour * 60 + tm.tm_min;
	if (from < 0 || to < 0 || from == to)
		return has_day(w->days, tm.tm_wday);
	if (from < to)
		return now >= from && now < to && has_day(w->days, tm.tm_wday);
	/* Over midnight: the morning belongs to the day before. */
	if (now >= from)
		return has_day(w->days, tm.tm_wday);
	return now < to && has_day(w->days, (tm.tm_wday + 6) % 7);
}

/* When clocks are put back they show a time twice, and which of the two
 * mktime() gives depends on what it was asked before: the first it is. */
static time_t
first_of(time_t t)
{
	static const time_t back[] = { 3600, 1800 };
	struct tm tm, earlier;
	time_t before;
	size_t i;

	localtime_r(&t, &tm);
	for (i = 0; i < COUNT(back); i++) {
		before = t - back[i];
		localtime_r(&before, &earlier);
		if (earlier.tm_hour == tm.tm_hour && earlier.tm_min == tm.tm_min)
			return before;
	}
	return t;
}

/* The next time that clocks there show W->AT. */
static time_t
next_daily(const struct when *w, time_t t)
{
	char *old = enter_zone(w->zone);
	struct tm tm, day;
	time_t next = t;
	int i;

	localtime_r(&t, &day);
	for (i = 0; i < 3 && next <= t; i++) {
		tm = day;
		tm.tm_mday += i;
		tm.tm_hour = minutes(w->at) / 60;
		tm.tm_min = minutes(w->at) % 60;
		tm.tm_sec = 0;
		tm.tm_isdst = -1;
		next = first_of(mktime(&tm));
	}
	leave_zone(old);
	return next;
}

time_t
when_next(const struct when *w, time_t t)
{
	if (w->at[0] != '\0')
		return next_daily(w, t);
	return w->every_s > 0 ? t + w->every_s : 0;
}
