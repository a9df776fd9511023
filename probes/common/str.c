/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str - walks text that somebody else owns: a pointer and a length, no copy.
 */
#include "str.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_of(const char *s)
{
	return (struct str){ s != NULL ? s : "", s != NULL ? strlen(s) : 0 };
}

struct str
str_left(struct str s, size_t n)
{
	return (struct str){ s.p, n < s.n ? n : s.n };
}

struct str
str_skip(struct str s, size_t n)
{
	if (n > s.n)
		n = s.n;
	if (n == 0)
		return s;	/* the pointer of an empty one may be NULL */
	return (struct str){ s.p + n, s.n - n };
}

long
str_find(struct str s, char c)
{
	const char *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return at != NULL ? at - s.p : -1;
}

bool
str_part(struct str *rest, char sep, struct str *part)
{
	long at;

	if (rest->n == 0)
		return false;
	at = str_find(*rest, sep);
	*part = at < 0 ? *rest : str_left(*rest, (size_t)at);
	*rest = str_skip(*rest, part->n + (at >= 0));
	return true;
}

bool
str_line(struct str *rest, struct str *line)
{
	return str_part(rest, '\n', line);
}

bool
str_word(struct str *rest, struct str *word)
{
	size_t at = 0, end;

	while (at < rest->n && is_blank(rest->p[at]))
		at++;
	for (end = at; end < rest->n && !is_blank(rest->p[end]); end++)
		;
	*word = str_left(str_skip(*rest, at), end - at);
	*rest = str_skip(*rest, end);
	return word->n > 0;
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str
str_unquote(struct str s)
{
	char q = s.n >= 2 ? s.p[0] : 0;

	if ((q == '"' || q == '\'') && s.p[s.n - 1] == q)
		return (struct str){ s.p + 1, s.n - 2 };
	return s;
}

bool
str_pair(struct str line, char sep, struct str *key, struct str *value)
{
	long at = str_find(line, sep);

	if (at < 0)
		return false;
	*key = str_trim(str_left(line, (size_t)at));
	*value = str_trim(str_skip(line, (size_t)at + 1));
	return true;
}

bool
str_same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_eq(struct str s, const char *literal)
{
	return str_same(s, str_of(literal));
}

bool
str_starts(struct str s, const char *literal)
{
	return str_eq(str_left(s, strlen(literal)), literal);
}

bool
str_ends(struct str s, const char *literal)
{
	size_t n = strlen(literal);

	return s.n >= n && str_eq(str_skip(s, s.n - n), literal);
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 99;
}

/* How many characters of S are digits; 0 when the number is too large. */
static size_t
take_digits(struct str s, int base, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;
	int d;

	for (i = 0; i < s.n && (d = digit_of(s.p[i])) < base; i++)
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)d, &v))
			return 0;
	if (i > 0)
		*out = v;
	return i;
}

bool
str_u64(struct str s, int base, uint64_t *out)
{
	uint64_t v;

	s = str_trim(s);
	if (base == 16 && (str_starts(s, "0x") || str_starts(s, "0X")))
		s = str_skip(s, 2);
	if (s.n == 0 || take_digits(s, base, &v) != s.n)
		return false;
	*out = v;
	return true;
}

bool
str_i64(struct str s, int64_t *out)
{
	bool minus;
	uint64_t v;

	s = str_trim(s);
	minus = str_starts(s, "-");
	if (!str_u64(minus ? str_skip(s, 1) : s, 10, &v) || v > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

bool
str_leading_u64(struct str s, uint64_t *out)
{
	return take_digits(str_trim(s), 10, out) > 0;
}

bool
str_leading_double(struct str s, double *out)
{
	uint64_t whole, part;
	size_t n, digits;
	double scale = 1;

	s = str_trim(s);
	n = take_digits(s, 10, &whole);
	if (n == 0)
		return false;
	*out = (double)whole;
	s = str_skip(s, n);
	if (!str_starts(s, "."))
		return true;
	s = str_left(str_skip(s, 1), 9);
	for (digits = take_digits(s, 10, &part); digits > 0; digits--)
		scale *= 10;
	if (scale > 1)
		*out += (double)part / scale;
	return true;
}

struct str
str_octal(struct str s, char *buf, size_t size)
{
	size_t at = 0;
	uint64_t c;

	while (s.n > 0 && at + 1 < size) {
		if (s.p[0] == '\\' && s.n >= 4 &&
		    str_u64((struct str){ s.p + 1, 3 }, 8, &c) && c != 0) {
			buf[at++] = (char)c;
			s = str_skip(s, 4);
		} else {
			buf[at++] = s.p[0];
			s = str_skip(s, 1);
		}
	}
	buf[at] = '\0';
	return (struct str){ buf, at };
}

void
str_copy(char *to, size_t size, struct str s)
{
	size_t n = s.n < size ? s.n : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}
