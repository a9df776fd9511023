/* SPDX-License-Identifier: Apache-2.0 */
/* cut - see cut.h. */
#include "formats/cut.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static void
split(struct str line, const char *at, size_t n, struct str *before, struct str *after)
{
	size_t have = (size_t)(at - line.p);

	if (before != NULL)
		*before = (struct str){ line.p, have };
	if (after != NULL)
		*after = str_skip(line, have + n);
}

bool
cut_at(struct str line, const char *text, struct str *before, struct str *after)
{
	size_t n = strlen(text);
	const char *at = line.n == 0 ? NULL : memmem(line.p, line.n, text, n);

	if (at == NULL)
		return false;
	split(line, at, n, before, after);
	return true;
}

bool
cut_at_last(struct str line, const char *text, struct str *before, struct str *after)
{
	const char *found = NULL;
	size_t n = strlen(text);
	struct str rest = line;

	while (cut_at(rest, text, NULL, &rest))
		found = rest.p - n;
	if (found == NULL)
		return false;
	split(line, found, n, before, after);
	return true;
}

bool
cut_between(struct str line, const char *open, const char *close, struct str *out)
{
	struct str rest;

	return cut_at(line, open, NULL, &rest) && cut_at(rest, close, out, NULL);
}

bool
cut_column(struct str *rest, struct str *field)
{
	size_t i, end;

	*rest = (struct str){ str_trim(*rest).p, rest->n - (size_t)(str_trim(*rest).p - rest->p) };
	if (rest->n == 0)
		return false;
	for (i = 0; i < rest->n && rest->p[i] != '\t' && !(rest->p[i] == ' ' && i + 1 < rest->n && rest->p[i + 1] == ' '); i++)
		;
	end = i;
	*field = str_trim(str_left(*rest, end));
	*rest = str_skip(*rest, end);
	return field->n > 0;
}

unsigned
cut_indent(struct str line)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < line.n && n < 1000 && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		n += line.p[i] == '\t' ? 8 - n % 8 : 1;
	return n;
}

bool
cut_last_word(struct str *line, struct str *word)
{
	struct str s = str_trim(*line);
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != ' ' && s.p[i - 1] != '\t')
		i--;
	*word = str_skip(s, i);
	*line = str_left(s, i);
	return word->n > 0;
}

bool
cut_is_number(struct str s)
{
	size_t i;

	for (i = 0; i < s.n && isdigit((unsigned char)s.p[i]); i++)
		;
	return s.n > 0 && i == s.n;
}

bool
cut_mac(struct str s, char out[18])
{
	unsigned byte[6], i = 0;
	struct str part;
	uint64_t u;

	if (str_starts(s, "0x") || str_starts(s, "0X"))
		s = str_skip(s, 2);
	if (s.n == 12 && str_u64(s, 16, &u)) {
		for (i = 0; i < 6; i++)
			byte[i] = (unsigned)(u >> (8 * (5 - i))) & 0xff;
	} else {
		while (i < 6 && str_part(&s, ':', &part) && part.n <= 2 && str_u64(part, 16, &u))
			byte[i++] = (unsigned)u & 0xff;
		if (i < 6 || s.n > 0)
			return false;
	}
	snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", byte[0], byte[1], byte[2], byte[3], byte[4], byte[5]);
	return true;
}

bool
cut_hex_mask(struct str s, char out[16])
{
	uint64_t u;

	if (str_starts(s, "0x"))
		s = str_skip(s, 2);
	if (s.n == 0 || s.n > 8 || str_find(s, '.') >= 0 || !str_u64(s, 16, &u))
		return false;
	snprintf(out, 16, "%u.%u.%u.%u", (unsigned)(u >> 24) & 0xff, (unsigned)(u >> 16) & 0xff, (unsigned)(u >> 8) & 0xff, (unsigned)u & 0xff);
	return true;
}

bool
cut_megabytes(struct str s, uint64_t *mb)
{
	static const struct { const char *unit; double mb; } units[] = {
		{ "TB", 1048576 }, { "GB", 1024 }, { "G", 1024 }, { "MB", 1 }, { "M", 1 }, { "Meg", 1 }, { "KB", 1.0 / 1024 }, { "kB", 1.0 / 1024 },
	};
	size_t i, n = 0;
	double d;

	s = str_trim(s);
	if (!str_leading_double(s, &d) || d < 0 || d > 1e12)
		return false;
	while (n < s.n && (isdigit((unsigned char)s.p[n]) || s.p[n] == '.'))
		n++;
	s = str_trim(str_skip(s, n));
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_starts(s, units[i].unit)) {
			*mb = (uint64_t)(d * units[i].mb);
			return true;
		}
	return false;
}

void
put_network(struct json_object *o, int family, struct str address, unsigned prefix)
{
	bool six = family == AF_INET6;
	unsigned char a[16], mask[16] = { 0 };
	char text[INET6_ADDRSTRLEN];
	unsigned i, size = six ? 16 : 4;

	str_copy(text, sizeof(text), address);
	if (inet_pton(family, text, a) != 1 || prefix > size * 8)
		return;
	for (i = 0; i < prefix; i++)
		mask[i / 8] |= (unsigned char)(0x80 >> i % 8);
	for (i = 0; i < size; i++)
		a[i] &= mask[i];
	if (inet_ntop(family, mask, text, sizeof(text)) != NULL)
		put_text(o, six ? "ipv6_mask" : "ipv4_mask", str_of(text));
	if (inet_ntop(family, a, text, sizeof(text)) != NULL)
		put_text(o, six ? "ipv6_subnet" : "ipv4_subnet", str_of(text));
}

void
put_known(struct json_object *obj, const char *key, struct str value)
{
	if (value.n > 0)
		put_text(obj, key, value);
}

/* Plain ASCII: a letter that was cut would be no UTF-8. */
static const char *
plain(struct str key, char name[200])
{
	char *p;

	str_copy(name, 200, key);
	for (p = name; *p != '\0'; p++)
		*p = (unsigned char)*p < 0x80 ? *p : '?';
	return name;
}

struct json_object *
put_object_at(struct json_object *obj, struct str key)
{
	char name[200];

	return put_object(obj, plain(key, name));
}

struct json_object *
put_list_at(struct json_object *obj, struct str key)
{
	char name[200];

	return put_list(obj, plain(key, name));
}
