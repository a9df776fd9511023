/* SPDX-License-Identifier: Apache-2.0 */
/* put - see put.h. */
#include "formats/put.h"

#include <ctype.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_MAX 65536		/* bytes of the lines of one key */

const char *
find(struct str s, const char *text)
{
	return s.n == 0 ? NULL : memmem(s.p, s.n, text, strlen(text));
}

struct str
from_to(const char *begin, const char *end)
{
	return (struct str){ begin, end > begin ? (size_t)(end - begin) : 0 };
}

struct str
before(struct str s, const char *text)
{
	const char *at = find(s, text);

	return at == NULL ? s : from_to(s.p, at);
}

struct str
after(struct str s, const char *text)
{
	const char *at = find(s, text);

	return at == NULL ? str_skip(s, s.n) : from_to(at + strlen(text), s.p + s.n);
}

bool
skip_prefix(struct str *s, const char *prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_skip(*s, strlen(prefix));
	return true;
}

size_t
indent_of(struct str line)
{
	size_t n = 0;

	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return n;
}

void
key_of(struct str heading, char *to, size_t size)
{
	size_t n = 0, i;

	heading = str_trim(heading);
	if (heading.n > 1 && heading.p[0] == '%')
		n = (size_t)snprintf(to, size, "percent_");
	for (i = 0; i < heading.n && n + 1 < size; i++) {
		if (isalnum((unsigned char)heading.p[i]))
			to[n++] = (char)tolower((unsigned char)heading.p[i]);
		else if (n > 0 && to[n - 1] != '_')
			to[n++] = '_';
	}
	while (n > 0 && to[n - 1] == '_')
		n--;
	to[n] = '\0';
}

enum field_kind
kind_of(const struct field *kinds, const char *key, enum field_kind other)
{
	for (; kinds != NULL && kinds->key != NULL; kinds++)
		if (strcmp(kinds->key, key) == 0)
			return kinds->kind;
	return other;
}

void
put_at(struct json_object *o, const char *key, struct json_object *value)
{
	if (o == NULL || json_object_object_add(o, key, value) < 0)
		json_object_put(value);
}

void
put_int(struct json_object *o, const char *key, int64_t i)
{
	put_at(o, key, json_object_new_int64(i));
}

/* "0.05" and not 0.050000000000000003: with as few digits as tell it from all others. */
struct json_object *
real_json(double d)
{
	char text[48];
	int digits;

	if (!isfinite(d))
		return NULL;
	for (digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	if (strpbrk(text, ".e") == NULL)
		snprintf(text, sizeof(text), "%.1f", d);	/* an integer is told as one that is none */
	return json_object_new_double_s(d, text);
}

void
put_real(struct json_object *o, const char *key, double d)
{
	put_at(o, key, real_json(d));
}

void
put_bool(struct json_object *o, const char *key, bool b)
{
	put_at(o, key, json_object_new_boolean(b));
}

void
put_null(struct json_object *o, const char *key)
{
	put_at(o, key, NULL);
}

void
put_text(struct json_object *o, const char *key, struct str value)
{
	if (o != NULL)
		out_whole_at(o, str_of(key), value);
}

void
put_text_or_null(struct json_object *o, const char *key, struct str value)
{
	if (value.n == 0)
		put_null(o, key);
	else
		put_text(o, key, value);
}

struct json_object *
put_object(struct json_object *o, const char *key)
{
	struct json_object *there;

	if (!json_object_object_get_ex(o, key, &there) || !json_object_is_type(there, json_type_object)) {
		there = json_object_new_object();
		put_at(o, key, there);
	}
	return json_object_object_get_ex(o, key, &there) ? there : NULL;
}

struct json_object *
put_list(struct json_object *o, const char *key)
{
	struct json_object *there;

	if (!json_object_object_get_ex(o, key, &there) || !json_object_is_type(there, json_type_array))
		put_at(o, key, json_object_new_array());
	return json_object_object_get_ex(o, key, &there) ? there : NULL;
}

void
put_words(struct json_object *o, const char *key, struct str words, char sep)
{
	struct json_object *list = put_list(o, key);
	struct str part;

	while (sep == ' ' ? str_word(&words, &part) : str_part(&words, sep, &part)) {
		part = str_trim(part);
		if (part.n > 0)
			out_item_text(list, part);
	}
}

void
put_more(struct json_object *o, const char *key, struct str line, const char *between)
{
	struct json_object *old;
	char *joined = NULL;

	if (!json_object_object_get_ex(o, key, &old) || json_object_get_string_len(old) == 0)
		put_text(o, key, line);
	else if (json_object_get_string_len(old) < LINES_MAX
	    && asprintf(&joined, "%s%s%.*s", json_object_get_string(old), between, (int)line.n, line.p) >= 0) {
		put_text(o, key, str_of(joined));
		free(joined);
	}
}

bool
real_of(struct str s, double *out)
{
	char text[64], *end, *comma;
	double d;

	s = str_trim(s);
	if (s.n == 0 || (!isdigit((unsigned char)s.p[0]) && strchr("-+.", s.p[0]) == NULL) || (s.n > 1 && s.p[0] == '0' && (s.p[1] | 32) == 'x'))
		return false;
	str_copy(text, sizeof(text), s);
	comma = strchr(text, ',');	/* "0,25" of other languages; "1,234" is none of them */
	if (comma != NULL && strchr(text, '.') == NULL && strspn(comma + 1, "0123456789") != 3)
		*comma = '.';
	d = strtod(text, &end);
	if (end == text || !isfinite(d))
		return false;
	*out = d;
	return true;
}

bool
bytes_of(struct str s, int64_t *out)
{
	static const char units[] = "KMGTPE";
	const char *unit = NULL;
	double d;
	size_t i = 0;

	s = str_trim(s);
	if (!real_of(s, &d) || d < 0)
		return false;
	while (i < s.n && s.p[i] != '\0' && (isdigit((unsigned char)s.p[i]) || strchr(",. ", s.p[i]) != NULL))
		i++;
	if (i < s.n && s.p[i] != '\0')
		unit = strchr(units, toupper((unsigned char)s.p[i]));
	for (; unit != NULL && unit >= units; unit--)
		d *= 1024;
	if (d > 9e18)
		return false;
	*out = (int64_t)d;
	return true;
}

bool
is_yes(struct str s)
{
	static const char *const yes[] = { "yes", "y", "on", "true", "enabled", "1", "*", "active" };
	size_t i;

	s = str_trim(s);
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (s.n == strlen(yes[i]) && strncasecmp(s.p, yes[i], s.n) == 0)
			return true;
	return false;
}

bool
digits_of(struct str s, int64_t *out)
{
	int64_t v = 0;
	bool minus = false, any = false;
	size_t i;

	for (i = 0; i < s.n && s.p[i] != '.'; i++) {
		if (s.p[i] == '-' && !any)
			minus = true;
		if (!isdigit((unsigned char)s.p[i]))
			continue;
		any = true;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s.p[i] - '0', &v))
			return false;
	}
	if (any)
		*out = minus ? -v : v;
	return any;
}

int64_t
epoch_of(int year, int month, int day, int hour, int minute, int second)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;

	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

int
month_of(struct str name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int m;

	for (m = 0; name.n >= 3 && m < 12; m++)
		if (strncasecmp(name.p, months + 3 * m, 3) == 0)
			return m + 1;
	return 0;
}
