/* SPDX-License-Identifier: Apache-2.0 */
/* text - see text.h. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE (32u << 10)

void
text_init(struct text *t, size_t max)
{
	*t = (struct text){ .max = max };
}

void
text_fini(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}

char *
text_need(struct text *t, size_t n)
{
	size_t room = t->room == 0 ? 4096 : t->room;
	char *bigger;

	if (t->full || n > t->max - t->n) {
		t->full = true;
		return NULL;
	}
	if (t->room - t->n > n)
		return t->data + t->n;
	while (room - t->n < n + 1)
		room *= 2;
	bigger = realloc(t->data, room);
	if (bigger == NULL) {
		t->full = true;
		return NULL;
	}
	t->data = bigger;
	t->room = room;
	return t->data + t->n;
}

void
text_add(struct text *t, size_t n)
{
	t->n += n;
	t->data[t->n] = '\0';
}

static void
put_bytes(struct text *t, const char *s, size_t n)
{
	char *at = text_need(t, n);

	if (at == NULL)
		return;
	memcpy(at, s, n);
	text_add(t, n);
}

char *
digits_put(char *out, uint64_t v)
{
	char digits[20];
	unsigned n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	while (n > 0)
		*out++ = digits[--n];
	return out;
}

void
text_put(struct text *t, const char *s)
{
	put_bytes(t, s, strlen(s));
}

void
text_printf(struct text *t, const char *fmt, ...)
{
	char s[2048];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(s))
		t->full = true;
	else
		put_bytes(t, s, (size_t)n);
}

void
text_xml(struct text *t, const char *s)
{
	static const char *const as[256] = { ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\r'] = "&#13;" };
	size_t n;

	for (; *s != '\0'; s++) {
		for (n = 0; s[n] != '\0' && as[(unsigned char)s[n]] == NULL; n++)
			;
		put_bytes(t, s, n);
		s += n;
		if (*s == '\0')
			break;
		text_put(t, as[(unsigned char)*s]);
	}
}

int
text_emit(struct text *t, const struct mid_host *h, struct mid_run *run, enum mid_kind kind)
{
	size_t n;
	int r;

	while (t->told < t->n) {
		n = t->n - t->told < PIECE ? t->n - t->told : PIECE;
		r = h->emit(run, kind, t->data + t->told, n);
		if (r != 0)
			return r;
		t->told += n;
	}
	t->n = t->told = 0;
	return 0;
}

void
text_json(struct text *t, const char *s)
{
	static const char *const as[256] = { ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t" };
	size_t n;

	text_put(t, "\"");
	for (; *s != '\0'; s += n) {
		for (n = 0; (unsigned char)s[n] >= 0x20 && as[(unsigned char)s[n]] == NULL; n++)
			;
		put_bytes(t, s, n);
		if (s[n] == '\0')
			continue;
		if (as[(unsigned char)s[n]] != NULL)
			text_put(t, as[(unsigned char)s[n]]);
		else
			text_printf(t, "\\u%04x", (unsigned char)s[n]);
		n++;
	}
	text_put(t, "\"");
}

/* --- foreign bytes ------------------------------------------------------------------ */

/* How long the character at P is in UTF-8; 0: it is none, or a control character. */
static size_t
character(const unsigned char *p, size_t left)
{
	size_t n = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0, i;

	if (n == 1)
		return (*p >= 0x20 && *p != 0x7f) || *p == '\n' || *p == '\r' || *p == '\t';
	if (n > left)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return n == 3 && *p == 0xef && p[1] == 0xbf && p[2] >= 0xbe ? 0 : n;	/* no XML character */
}

/* Bytes at the end that are 0 are how some agents end a string. */
static size_t
without_zeros(const unsigned char *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	return n;
}

bool
text_is(const unsigned char *p, size_t n)
{
	size_t i, c, odd = 0;

	n = without_zeros(p, n);
	for (i = 0; i < n; i += c) {
		c = character(p + i, n - i);
		if (c == 0) {
			odd += p[i] < 0x80 ? n : 1;	/* a few letters of Latin-1 make no binary */
			c = 1;
		}
	}
	return odd * 8 <= n;
}

size_t
text_clean(const unsigned char *p, size_t n, char *out, size_t room)
{
	size_t i, c, at = 0;

	n = without_zeros(p, n);
	for (i = 0; i < n; i += c) {
		c = character(p + i, n - i);
		if (at + (c == 0 ? 2 : c) >= room)
			break;
		if (c > 0) {
			memcpy(out + at, p + i, c);
			at += c;
		} else if (p[i] < 0x80) {	/* a control character */
			out[at++] = '?';
			c = 1;
		} else {	/* Latin-1, as old devices write */
			out[at++] = (char)(0xc0 | p[i] >> 6);
			out[at++] = (char)(0x80 | (p[i] & 0x3f));
			c = 1;
		}
	}
	out[at] = '\0';
	return at;
}
