/* SPDX-License-Identifier: Apache-2.0 */
/* log - see log.h. One write() a line, so lines of two processes do not mix. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "os.h"

#define LINE_MAX_BYTES 2048

static struct {
	const char *program;
	enum log_level level;
	enum log_form form;
	log_tap *tap;
	void *tap_arg;
} lg = { "midd", LOG_LV_INFO, LOG_PLAIN, NULL, NULL };

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char *const form_names[] = { "plain", "journal", "json" };
static const int priorities[] = { 3, 4, 6, 7 };	/* syslog(3), sd-daemon(3) */

void
log_setup(const char *program, enum log_level level, enum log_form form)
{
	lg.program = program;
	lg.level = level;
	lg.form = form;
}

void
log_set_tap(log_tap *tap, void *arg)
{
	lg.tap = tap;
	lg.tap_arg = arg;
}

static int
name_index(const char *s, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(s, names[i]) == 0)
			return (int)i;
	return -1;
}

int
log_level_parse(const char *s, enum log_level *out)
{
	int i = name_index(s, level_names, 4);

	if (i < 0)
		return -1;
	*out = (enum log_level)i;
	return 0;
}

int
log_form_parse(const char *s, enum log_form *out)
{
	int i = name_index(s, form_names, 3);

	if (i < 0)
		return -1;
	*out = (enum log_form)i;
	return 0;
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

/* Control characters would let a target write lines of its own into our log. */
static void
tame(char *s)
{
	unsigned char *p;

	for (p = (unsigned char *)s; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
}

static size_t
json_quote(char *out, size_t max, const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 3 < max; s++) {
		if (*s == '"' || *s == '\\')
			out[n++] = '\\';
		out[n++] = *s;
	}
	out[n] = '\0';
	return n;
}

static void
stamp(char *out, size_t max)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = strftime(out, max, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, max - n, ".%03ldZ", ts.tv_nsec / 1000000);
}

static int
compose(char *line, enum log_level level, const char *sub, const char *text)
{
	char when[40], quoted[LINE_MAX_BYTES];

	stamp(when, sizeof(when));
	switch (lg.form) {
	case LOG_JOURNAL:
		return snprintf(line, LINE_MAX_BYTES, "<%d>%s: %s\n", priorities[level], sub, text);
	case LOG_JSON:
		json_quote(quoted, sizeof(quoted) - 200, text);
		return snprintf(line, LINE_MAX_BYTES,
		    "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"sub\":\"%s\",\"text\":\"%s\"}\n",
		    when, level_names[level], lg.program, sub, quoted);
	default:
		return snprintf(line, LINE_MAX_BYTES, "%s %-5s %s: %s\n", when, level_names[level], sub, text);
	}
}

void
log_at(enum log_level level, const char *sub, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES - 400], line[LINE_MAX_BYTES];
	va_list ap;
	int n;

	if (level > lg.level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tame(text);
	n = compose(line, level, sub, text);
	if (n >= LINE_MAX_BYTES)
		n = LINE_MAX_BYTES - 1;
	os_write_stderr(line, (size_t)n);
	if (lg.tap != NULL)
		lg.tap(lg.tap_arg, level, sub, text);
}
