/* SPDX-License-Identifier: Apache-2.0 */
/* pick - see pick.h. */
#include "facts/pick.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"

/* "1.6", and as some write it "2,26". */
static bool
number(struct str s, double *value, size_t *len)
{
	double scale = 1;
	size_t i;

	*value = 0;
	for (i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		*value = *value * 10 + (s.p[i] - '0');
	if (i == 0)
		return false;
	if (i + 1 < s.n && (s.p[i] == '.' || s.p[i] == ',') && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
		for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			*value += (s.p[i] - '0') * (scale /= 10);
	*len = i;
	return true;
}

bool
pick_scaled(struct str text, double kilo, double *value)
{
	static const char units[] = "KMGT";
	const char *u;
	size_t n;

	text = str_trim(text);
	if (!number(text, value, &n))
		return false;
	text = str_trim(str_skip(text, n));
	if (text.n == 0)
		return *value <= 1e18;
	u = strchr(units, text.p[0] >= 'a' ? text.p[0] - 'a' + 'A' : text.p[0]);
	for (n = u == NULL || *u == '\0' ? 0 : (size_t)(u - units) + 1; n > 0; n--)
		*value *= kilo;
	return *value <= 1e18;
}

/* Whether LINE is KEY and a value. lscfg has dots between, lsattr and lparstat blanks. */
static bool
is_of(struct str line, const char *key, struct str *value)
{
	size_t n = strlen(key);
	struct str rest;

	line = str_trim(line);
	if (!str_starts(line, key) || line.n == n)
		return false;
	rest = str_skip(line, n);
	while (rest.n > 1 && rest.p[0] == ' ')
		rest = str_skip(rest, 1);
	if (rest.p[0] == ':' || rest.p[0] == '=')
		rest = str_skip(rest, 1);
	else if (rest.n > 2 && rest.p[0] == '.' && rest.p[1] == '.')
		while (rest.n > 0 && rest.p[0] == '.')
			rest = str_skip(rest, 1);
	else
		return false;
	*value = str_trim(str_unquote(str_trim(rest)));
	return true;
}

bool
pick_value(struct str text, const char *key, struct str *value)
{
	struct str line;

	while (str_line(&text, &line))
		if (is_of(line, key, value) && value->n > 0)
			return true;
	return false;
}

static void
put(const struct pick *p, struct str value, struct json_object *out)
{
	uint64_t n;
	double v;

	if (p->kind == PICK_TEXT)
		out_text(out, p->field, value);
	else if (p->kind == PICK_COUNT && str_leading_u64(value, &n))
		out_u64(out, p->field, n);
	else if (p->kind == PICK_BYTES && pick_scaled(value, 1024, &v))
		out_u64(out, p->field, (uint64_t)v);
	else if (p->kind == PICK_MHZ && pick_scaled(value, 1000, &v))
		out_real(out, p->field, v > 100000 ? v / 1e6 : v);
}

void
pick_all(struct facts_source *src, const struct facts_system *sys, const struct pick *rows, struct json_object *out)
{
	struct facts_bytes b = { NULL, 0 };
	const char *have = NULL;
	struct str value;

	for (; rows->system != NULL; rows++) {
		if (!facts_is(sys, rows->system) || json_object_object_get_ex(out, rows->field, NULL))
			continue;
		if (have == NULL || strcmp(have, rows->command) != 0) {
			facts_bytes_free(&b);
			b = (struct facts_bytes){ NULL, 0 };
			(void)facts_command(src, rows->command, &b);
			have = rows->command;
		}
		if (b.data != NULL && pick_value((struct str){ b.data, b.len }, rows->key, &value))
			put(rows, value, out);
	}
	facts_bytes_free(&b);
}
