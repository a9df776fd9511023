/* SPDX-License-Identifier: Apache-2.0 */
/* xml_write - the writing half of xml.h: text made fit for XML 1.0. */
#include "xml.h"

#include <string.h>

#include "buf.h"
#include "err.h"
#include "utf8.h"

/* What becomes of a byte: 0 as it is, LOOK it begins a longer character, else an index. */
enum { AS_IS, LOOK, BAD, LT, GT, AMP, QUOT, APOS, CR, LF, TAB };
static const char *const written[] = {
	[LT] = "&lt;", [GT] = "&gt;", [AMP] = "&amp;", [QUOT] = "&quot;", [APOS] = "&#39;",
	[CR] = "&#13;", [LF] = "&#10;", [TAB] = "&#9;",
};
#define COMMON \
	[0x00 ... 0x08] = BAD, [0x0B] = BAD, [0x0C] = BAD, [0x0E ... 0x1F] = BAD, \
	['<'] = LT, ['>'] = GT, ['&'] = AMP, ['\r'] = CR, [0x80 ... 0xFF] = LOOK
static const unsigned char for_both[256] = { COMMON, ['\n'] = LF, ['\t'] = TAB, ['"'] = QUOT, ['\''] = APOS };
static const unsigned char for_text[256] = { COMMON };

/* U+FFFE and U+FFFF are characters of UTF-8 but not of XML. */
static int
xml_next(const char *p, size_t left)
{
	int n = utf8_next(p, left);

	return n == 3 && memcmp(p, "\xEF\xBF\xBE", 3) >= 0 && memcmp(p, "\xEF\xBF\xBF", 3) <= 0 ? -3 : n;
}

/* Bytes from P on that may go out unchanged. */
static size_t
clean_run(const unsigned char *table, const char *p, size_t left)
{
	size_t n = 0;
	int step;

	while (n < left) {
		if (table[(unsigned char)p[n]] == AS_IS) {
			n++;
			continue;
		}
		if (table[(unsigned char)p[n]] != LOOK || (step = xml_next(p + n, left - n)) < 0)
			break;
		n += (size_t)step;
	}
	return n;
}

static int
escape(struct buf *b, const unsigned char *table, const char *text, size_t len, size_t *replaced)
{
	size_t at = 0, run;
	const char *as;
	int kind, r;

	while (at < len) {
		run = clean_run(table, text + at, len - at);
		r = buf_put(b, text + at, run);
		at += run;
		if (r < 0 || at == len)
			return r;
		kind = table[(unsigned char)text[at]];
		as = kind > BAD ? written[kind] : UTF8_REPLACEMENT;
		at += kind == LOOK ? (size_t)-xml_next(text + at, len - at) : 1;
		if (kind <= BAD && replaced != NULL)
			(*replaced)++;
		if (buf_puts(b, as) < 0)
			return -E_FULL;
	}
	return 0;
}

int
xml_escape(struct buf *b, const char *text, size_t len, size_t *replaced)
{
	return escape(b, for_both, text, len, replaced);
}

int
xml_escape_text(struct buf *b, const char *text, size_t len, size_t *replaced)
{
	return escape(b, for_text, text, len, replaced);
}

size_t
xml_cut(const char *text, size_t len, size_t max)
{
	size_t n = max, back;

	if (len <= max)
		return len;
	for (back = 0; back < 4 && back <= max; back++, n--)
		if (((unsigned char)text[n] & 0xC0) != 0x80)
			return n;
	return max;	/* no UTF-8 here: any place is as good */
}

static size_t
skip_blank(const char *s, size_t at, size_t len)
{
	while (at < len && (s[at] == ' ' || s[at] == '\t' || s[at] == '\r' || s[at] == '\n'))
		at++;
	return at;
}

static size_t
skip_word(const char *s, size_t at, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len - at >= n && memcmp(s + at, word, n) == 0 ? at + n : 0;
}

int
xml_is_see_attachment(const char *text, size_t len)
{
	static const char head[] = "<?xml", tail[] = "?>";
	size_t at = skip_blank(text, 0, len), end;
	const char *close;

	if (skip_word(text, at, len, head) > 0) {
		close = memmem(text + at, len - at, tail, 2);
		if (close == NULL)
			return 0;
		at = skip_blank(text, (size_t)(close - text) + 2, len);
	}
	at = skip_word(text, at, len, "<see_attachment");
	if (at == 0)
		return 0;
	at = skip_blank(text, at, len);
	end = skip_word(text, at, len, "/>");
	if (end == 0)
		end = skip_word(text, at, len, "></see_attachment>");
	return end > 0 && skip_blank(text, end, len) == len;
}
