/* SPDX-License-Identifier: Apache-2.0 */
/* json_escape - the one part of json.h that needs no json-c: large texts, written in place. */
#include "json.h"

#include "buf.h"
#include "err.h"
#include "utf8.h"

enum { AS_IS, LOOK, CONTROL, SHORT };
static const unsigned char kinds[256] = {
	[0x00 ... 0x08] = CONTROL, [0x0B] = CONTROL, [0x0C] = CONTROL, [0x0E ... 0x1F] = CONTROL,
	[0x80 ... 0xFF] = LOOK,
	['"'] = SHORT, ['\\'] = SHORT, ['\n'] = SHORT, ['\r'] = SHORT, ['\t'] = SHORT,
};
static const char shorts[256] = { ['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };

static size_t
clean_run(const char *p, size_t left)
{
	size_t n = 0;
	int step;

	while (n < left) {
		if (kinds[(unsigned char)p[n]] == AS_IS) {
			n++;
			continue;
		}
		if (kinds[(unsigned char)p[n]] != LOOK || (step = utf8_next(p + n, left - n)) < 0)
			break;
		n += (size_t)step;
	}
	return n;
}

/* The byte at P, which may not stand as it is. Returns how many bytes were dealt with, or -E_FULL. */
static int
put_special(struct buf *b, const char *p, size_t left)
{
	unsigned char c = (unsigned char)*p;
	char two[2] = { '\\', shorts[c] };

	if (kinds[c] == SHORT)
		return buf_put(b, two, 2) < 0 ? -E_FULL : 1;
	if (kinds[c] == CONTROL)
		return buf_printf(b, "\\u%04x", c) < 0 ? -E_FULL : 1;
	return buf_puts(b, UTF8_REPLACEMENT) < 0 ? -E_FULL : -utf8_next(p, left);
}

int
json_escape(struct buf *b, const char *text, size_t len)
{
	size_t at = 0, run;
	int n;

	while (at < len) {
		run = clean_run(text + at, len - at);
		if (buf_put(b, text + at, run) < 0)
			return -E_FULL;
		at += run;
		if (at == len)
			break;
		n = put_special(b, text + at, len - at);
		if (n < 0)
			return n;
		at += (size_t)n;
	}
	return 0;
}
