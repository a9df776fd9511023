/* SPDX-License-Identifier: Apache-2.0 */
/* fmt - see fmt.h. */
#include "fmt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "utf8.h"

/* Below LIMIT a value is said in UNIT; below tens of it with one digit behind the point. */
static const struct scale {
	int64_t limit, unit;
	const char *name;
	int tenths;
} ages[] = {
	{ 1000, 1, "ms", 0 },
	{ 120 * 1000, 1000, "s", 1 },
	{ 120 * 60000, 60000, "min", 0 },
	{ 48 * (int64_t)3600000, 3600000, "h", 0 },
	{ INT64_MAX, 86400000, "d", 0 },
}, sizes[] = {
	{ 1000, 1, "B", 0 },
	{ 1000000, 1000, "kB", 1 },
	{ 1000000000, 1000000, "MB", 1 },
	{ 1000000000000, 1000000000, "GB", 1 },
	{ INT64_MAX, 1000000000000, "TB", 1 },
};

static const char *
scaled(char out[FMT_MAX], int64_t n, const struct scale *s)
{
	if (n < 0)
		n = 0;
	while (n >= s->limit && s->limit != INT64_MAX)
		s++;
	if (s->tenths && n < 10 * s->unit && n % s->unit * 10 / s->unit != 0)
		snprintf(out, FMT_MAX, "%" PRId64 ".%" PRId64 " %s", n / s->unit, n % s->unit * 10 / s->unit, s->name);
	else
		snprintf(out, FMT_MAX, "%" PRId64 " %s", n / s->unit, s->name);
	return out;
}

const char *
fmt_age(char out[FMT_MAX], int64_t ms)
{
	return scaled(out, ms, ages);
}

const char *
fmt_bytes(char out[FMT_MAX], int64_t n)
{
	return scaled(out, n, sizes);
}

const char *
fmt_count(char out[FMT_MAX], int64_t n)
{
	char plain[FMT_MAX];
	size_t len, i, at = 0;

	snprintf(plain, sizeof(plain), "%" PRId64, n < 0 ? 0 : n);
	len = strlen(plain);
	for (i = 0; i < len && at + 2 < FMT_MAX; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	out[at] = '\0';
	return out;
}

const char *
fmt_clock(char out[FMT_MAX], int64_t ms)
{
	time_t t = (time_t)(ms / 1000), now = time(NULL);
	struct tm tm, today;
	size_t n;

	if (ms <= 0 || localtime_r(&t, &tm) == NULL || localtime_r(&now, &today) == NULL) {
		snprintf(out, FMT_MAX, "-");
		return out;
	}
	n = strftime(out, FMT_MAX, tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year ?
	    "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(out + n, FMT_MAX - n, ".%03d", (int)(ms % 1000));
	return out;
}

/* One character of *TEXT: its bytes to OUT (4 at most), *TEXT moved behind it. */
static size_t
next_clean(const char **text, const char **out)
{
	int n = utf8_next(*text, strlen(*text));
	const char *p = *text;

	*text += n < 0 ? -n : n;
	/* It could move the cursor, repaint what was said above, or make a name look like another. */
	if (n < 0 || utf8_steers(p, n)) {
		*out = "?";
		return 1;
	}
	*out = p;
	return (size_t)n;
}

size_t
columns_of(const char *text)
{
	const char *p;
	size_t n = 0;

	while (*text != '\0') {
		(void)next_clean(&text, &p);
		n++;
	}
	return n;
}

void
put_clean(struct buf *b, const char *text, size_t cols)
{
	const char *p;
	size_t n, left = columns_of(text);
	int cut = left > cols;

	for (; *text != '\0' && cols > (cut ? 2u : 0u); cols--) {
		n = next_clean(&text, &p);
		(void)buf_put(b, p, n);
	}
	if (cut)
		(void)buf_put(b, "..", cols < 2 ? cols : 2);
}

void
put_column(struct buf *b, const char *text, size_t cols)
{
	size_t n = columns_of(text);

	put_clean(b, text, cols);
	for (; n < cols; n++)
		(void)buf_put(b, " ", 1);
}

void
put_text(struct buf *b, const char *text, size_t len)
{
	int n;

	for (; len > 0; text += n, len -= (size_t)n) {
		n = utf8_next(text, len);
		if (n > 0 && *text != '\0') {
			(void)buf_put(b, text, (size_t)n);
		} else {
			n = n < 0 ? -n : n;
			(void)buf_puts(b, UTF8_REPLACEMENT);
		}
	}
}
