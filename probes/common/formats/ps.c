/* SPDX-License-Identifier: Apache-2.0 */
/* ps - processes, by the columns that the heading of ps names on any Unix; see formats.h. */
#include <json-c/json.h>
#include <string.h>

#include "formats/put.h"

#define PS_COLUMNS_MAX 40

static const struct field ps_kinds[] = {
	{ "pid", AS_INT }, { "ppid", AS_INT }, { "pgid", AS_INT }, { "pgrp", AS_INT }, { "sid", AS_INT }, { "lwp", AS_INT }, { "nlwp", AS_INT },
	{ "c", AS_INT }, { "vsz", AS_INT }, { "rss", AS_INT }, { "sz", AS_INT }, { "cpu_percent", AS_REAL }, { "mem_percent", AS_REAL },
	{ "tty", AS_TEXT_OR_NULL }, { "tt", AS_TEXT_OR_NULL }, { NULL, AS_TEXT },
};

/* "%CPU" and "PCPU" are called as jc calls them. */
static void
ps_key(struct str heading, char key[PUT_KEY_MAX])
{
	static const char *const names[][2] = { { "%CPU", "cpu_percent" }, { "%MEM", "mem_percent" } };
	size_t i;

	key_of(heading, key, PUT_KEY_MAX);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(heading, names[i][0]))
			str_copy(key, PUT_KEY_MAX, str_of(names[i][1]));
}

/* "Nov 12" are two words and one date. */
static bool
is_date(const char *key, struct str word, struct str line)
{
	struct str day;
	int64_t n;

	return (strcmp(key, "stime") == 0 || strncmp(key, "start", 5) == 0) && word.n == 3 && month_of(word) > 0
	    && str_word(&line, &day) && str_i64(day, &n) && n > 0 && n < 32;
}

static void
ps_row(struct json_object *o, char (*key)[PUT_KEY_MAX], unsigned columns, struct str line)
{
	struct str word, day;
	unsigned i;

	for (i = 0; i + 1 < columns && str_word(&line, &word); i++) {
		if (is_date(key[i], word, line) && str_word(&line, &day))
			word = from_to(word.p, day.p + day.n);
		put_value(o, str_of(key[i]), kind_of(ps_kinds, key[i], AS_TEXT), word);
	}
	if (i + 1 == columns)
		put_value(o, str_of(key[i]), kind_of(ps_kinds, key[i], AS_TEXT), str_trim(line));
}

bool
read_ps(const struct format *f, struct str text, struct json_object *top)
{
	char key[PS_COLUMNS_MAX][PUT_KEY_MAX];
	struct str line, word;
	unsigned columns = 0;
	bool pid = false;

	(void)f;
	if (!str_line(&text, &line))
		return false;
	for (; columns < PS_COLUMNS_MAX && str_word(&line, &word); columns++) {
		ps_key(word, key[columns]);
		pid |= str_eq(word, "PID");
	}
	while (pid && str_line(&text, &line))
		if (str_trim(line).n > 0)
			ps_row(out_item(top), key, columns, line);
	return pid;
}
