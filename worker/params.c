/* SPDX-License-Identifier: Apache-2.0 */
/* params - see params.h. */
#include "params.h"

#include <errno.h>
#include <json-c/json_object_iterator.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "err.h"
#include "json.h"

int
params_to_int(const char *s, int64_t *out)
{
	long long v;
	char *end;

	/* strtoll() would skip blanks. */
	if (strspn(s, "+-0123456789") == 0)
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || end == s || *end != '\0')
		return -1;
	*out = v;
	return 0;
}

int
params_to_ms(const char *s, int64_t *out)
{
	static const struct { const char *unit; int64_t ms; } units[] = {
		{ "", 1 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	size_t digits = strspn(s, "0123456789"), i;
	char number[20];
	int64_t v;

	if (digits == 0 || digits >= sizeof(number))
		return -1;
	memcpy(number, s, digits);
	number[digits] = '\0';
	if (params_to_int(number, &v) < 0)
		return -1;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(s + digits, units[i].unit) == 0)
			return __builtin_mul_overflow(v, units[i].ms, out) ? -1 : 0;
	return -1;
}

int
params_to_bool(const char *s, bool *out)
{
	static const char *const words[] = { "false", "true", "no", "yes", "0", "1" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(s, words[i]) == 0) {
			*out = (i & 1) != 0;
			return 0;
		}
	return -1;
}

static bool
is_string(const char *s)
{
	(void)s;
	return true;
}

static bool
is_int(const char *s)
{
	int64_t v;

	return params_to_int(s, &v) == 0;
}

static bool
is_bool(const char *s)
{
	bool v;

	return params_to_bool(s, &v) == 0;
}

static bool
is_ms(const char *s)
{
	int64_t v;

	return params_to_ms(s, &v) == 0;
}

static const struct {
	const char *name, *want;
	bool (*fits)(const char *s);
} kinds[] = {
	[MID_STRING] = { "string", "a text", is_string },
	[MID_INT]    = { "int", "a whole number", is_int },
	[MID_BOOL]   = { "bool", "true or false", is_bool },
	[MID_MS]     = { "ms", "milliseconds, or a time such as 5s or 2m", is_ms },
	[MID_LIST]   = { "list", "a comma separated list", is_string },
};

const char *
params_kind_name(enum mid_param_kind kind)
{
	return (size_t)kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind].name : "string";
}

static int
check_row(const struct mid_param *row, struct json_object *params, struct err *err)
{
	const char *v = json_str(params, row->name, NULL);

	if (v == NULL && row->required)
		return err_set(err, E_BAD, "the parameter %s is missing: %s", row->name,
		    row->help != NULL ? row->help : kinds[row->kind].want);
	if (v != NULL && !kinds[row->kind].fits(v))
		return err_set(err, E_BAD, "the parameter %s is \"%.60s\", expected %s", row->name, v,
		    kinds[row->kind].want);
	return 0;
}

int
params_check(const struct mid_param *rows, struct json_object *params, struct err *err)
{
	struct json_object_iterator at, end;
	int r = 0;

	if (params != NULL && !json_object_is_type(params, json_type_object))
		return err_set(err, E_BAD, "the parameters are not an object");
	if (params != NULL) {
		at = json_object_iter_begin(params);
		end = json_object_iter_end(params);
		for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
			if (!json_object_is_type(json_object_iter_peek_value(&at), json_type_string))
				return err_set(err, E_BAD, "the parameter %.60s is not a text",
				    json_object_iter_peek_name(&at));
	}
	for (; r == 0 && rows != NULL && rows->name != NULL; rows++)
		r = check_row(rows, params, err);
	return r;
}

const char *
params_get(const struct mid_param *rows, struct json_object *params, const char *name)
{
	const char *v = json_str(params, name, NULL);

	for (; v == NULL && rows != NULL && rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows->dflt;
	return v;
}
