/* SPDX-License-Identifier: Apache-2.0 */
/* log - see log.h. One write() a line, so lines of two processes do not mix. */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "os.h"
#include "utf8.h"

#define LINE_MAX_BYTES 2048

static struct {
	const char *program;
	enum log_level level;
	enum log_form form;
	bool fields;		/* the journal takes them */
	log_tap *tap;
	void *tap_arg;
} lg = { "midd", LOG_LV_INFO, LOG_PLAIN, false, NULL, NULL };

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char *const form_names[] = { "plain", "journal", "json" };
static const int priorities[] = { 3, 4, 6, 7 };	/* syslog(3), sd-daemon(3) */

void
log_setup(const char *program, enum log_level level, enum log_form form)
{
	lg.program = program;
	lg.level = level;
	lg.form = form;
	lg.fields = form == LOG_JOURNAL && os_journal_reads_stderr();
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

/* Control characters would let a target write lines of its own into our log, or steer the terminal of who reads it. */
static void
tame(char *s)
{
	char *to = s;
	size_t left = strlen(s), size;
	int n;

	for (; left > 0; s += size, left -= size) {
		n = utf8_next(s, left);
		size = (size_t)(n < 0 ? -n : n);
		if (n < 0 || utf8_steers(s, n)) {
			*to++ = '?';
		} else {
			memmove(to, s, size);
			to += size;
		}
	}
	*to = '\0';
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

/* --- what a line is about ------------------------------------------------------- */

#define JOB_MAX 64
#define WORD_MAX 256

struct about {
	char job[JOB_MAX], topic[WORD_MAX], target[WORD_MAX];
};

/* As much of FROM as ends before END and fits. */
static void
cut(char *out, size_t max, const char *from, const char *end)
{
	size_t n = (size_t)(end - from);

	if (n >= max)
		n = max - 1;
	memcpy(out, from, n);
	out[n] = '\0';
}

/* "job ID (TOPIC at TARGET): ..."; log.h says so. */
static void
read_about(struct about *a, const char *text)
{
	const char *end, *at;

	memset(a, 0, sizeof(*a));
	if (strncmp(text, "job ", 4) != 0)
		return;
	text += 4;
	end = text + strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz-");
	if (end == text)
		return;
	cut(a->job, sizeof(a->job), text, end);
	if (strncmp(end, " (", 2) != 0)
		return;
	text = end + 2;
	end = strchr(text, ')');
	if (end == NULL)
		return;
	at = strstr(text, " at ");
	if (at != NULL && at < end)
		cut(a->target, sizeof(a->target), at + 4, end);
	cut(a->topic, sizeof(a->topic), text, at != NULL && at < end ? at : end);
}

/* --- forms --------------------------------------------------------------------- */

static size_t
add(char *out, size_t max, size_t n, const char *name, const char *value)
{
	int more = value == NULL || *value == '\0' || n >= max ? 0 : snprintf(out + n, max - n, "%s=%s\n", name, value);

	return n + (size_t)more < max ? n + (size_t)more : n;
}

static int
tell_journal(enum log_event ev, enum log_level level, const char *sub, const char *text)
{
	char fields[2 * LINE_MAX_BYTES], message[LINE_MAX_BYTES], priority[2] = { (char)('0' + priorities[level]), '\0' };
	struct about a;
	size_t n = 0;

	read_about(&a, text);
	snprintf(message, sizeof(message), "%s: %s", sub, text);
	n = add(fields, sizeof(fields), n, "MESSAGE", message);
	n = add(fields, sizeof(fields), n, "PRIORITY", priority);
	n = add(fields, sizeof(fields), n, "SYSLOG_IDENTIFIER", lg.program);
	n = add(fields, sizeof(fields), n, "MESSAGE_ID", log_event_id(ev));
	n = add(fields, sizeof(fields), n, "MIDD_EVENT", log_event_name(ev));
	n = add(fields, sizeof(fields), n, "MIDD_SUB", sub);
	n = add(fields, sizeof(fields), n, "MIDD_JOB", a.job);
	n = add(fields, sizeof(fields), n, "MIDD_TOPIC", a.topic);
	n = add(fields, sizeof(fields), n, "MIDD_TARGET", a.target);
	return os_journal_send(fields, n);
}

static int
compose(char *line, enum log_event ev, enum log_level level, const char *sub, const char *text)
{
	char when[40], quoted[LINE_MAX_BYTES];
	const char *name = log_event_name(ev);

	stamp(when, sizeof(when));
	switch (lg.form) {
	case LOG_JOURNAL:
		return snprintf(line, LINE_MAX_BYTES, "<%d>%s: %s\n", priorities[level], sub, text);
	case LOG_JSON:
		json_quote(quoted, sizeof(quoted) - 240, text);
		return snprintf(line, LINE_MAX_BYTES,
		    "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"sub\":\"%s\",%s%s%s\"text\":\"%s\"}\n",
		    when, level_names[level], lg.program, sub, name ? "\"event\":\"" : "", name ? name : "",
		    name ? "\"," : "", quoted);
	default:
		return snprintf(line, LINE_MAX_BYTES, "%s %-5s %s: %s\n", when, level_names[level], sub, text);
	}
}

static void write_line(enum log_event ev, enum log_level level, const char *sub, const char *fmt, va_list ap)
    __attribute__((format(printf, 4, 0)));

static void
write_line(enum log_event ev, enum log_level level, const char *sub, const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES - 400], line[LINE_MAX_BYTES];
	int n;

	if (level > lg.level)
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	tame(text);
	if (lg.form != LOG_JOURNAL || !lg.fields || tell_journal(ev, level, sub, text) < 0) {
		n = compose(line, ev, level, sub, text);
		if (n >= LINE_MAX_BYTES)
			n = LINE_MAX_BYTES - 1;
		os_write_stderr(line, (size_t)n);
	}
	if (lg.tap != NULL)
		lg.tap(lg.tap_arg, level, sub, text);
}

void
log_at(enum log_level level, const char *sub, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(EV_NONE, level, sub, fmt, ap);
	va_end(ap);
}

void
log_event(enum log_event ev, enum log_level level, const char *sub, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(ev, level, sub, fmt, ap);
	va_end(ap);
}
