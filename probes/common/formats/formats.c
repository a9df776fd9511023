/* SPDX-License-Identifier: Apache-2.0 */
/* formats - see formats.h. */
#include "formats/formats.h"

#include <stddef.h>
#include <string.h>

const struct field fields_passwd[] = {
	{ "username", AS_TEXT }, { "password", AS_TEXT }, { "uid", AS_INT }, { "gid", AS_INT }, { "comment", AS_TEXT },
	{ "home", AS_TEXT }, { "shell", AS_TEXT }, { NULL, AS_TEXT },
};
const struct field fields_group[] = {
	{ "group_name", AS_TEXT }, { "password", AS_TEXT }, { "gid", AS_INT }, { "members", AS_LIST }, { NULL, AS_TEXT },
};
const struct field fields_ntpq[] = {
	{ "st", AS_NUMBER }, { "when", AS_NUMBER }, { "poll", AS_NUMBER }, { "reach", AS_NUMBER }, { "delay", AS_DECIMAL },
	{ "offset", AS_DECIMAL }, { "jitter", AS_DECIMAL }, { NULL, AS_TEXT },
};

static const struct format *const tables[] = { formats_linux, formats_bsd, formats_unix };

const struct format *
format_at(unsigned i)
{
	const struct format *f;
	size_t t;

	for (t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (f = tables[t]; f->system != NULL; f++)
			if (i-- == 0)
				return f;
	return NULL;
}

/* Systems whose commands print what another one's do. */
static const char *
system_of(const char *name)
{
	static const char *const same[][2] = {
		{ "openbsd", "freebsd" }, { "netbsd", "freebsd" }, { "dragonfly", "freebsd" }, { "darwin", "macos" }, { "sunos", "solaris" },
		{ "illumos", "solaris" }, { "smartos", "solaris" }, { "omnios", "solaris" },
	};
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (strcmp(name, same[i][0]) == 0)
			return same[i][1];
	return name;
}

const struct format *
format_find(const struct format *after, const char *system, const char *command)
{
	const struct format *f;
	bool behind = after == NULL;
	size_t t;

	system = system_of(system);
	for (t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (f = tables[t]; f->system != NULL; f++) {
			if (behind && strcmp(f->system, system) == 0 && strcmp(f->command, command) == 0)
				return f;
			behind |= f == after;
		}
	return NULL;
}

size_t
format_clean(char *text, size_t n)
{
	size_t from = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, to = 0;

	for (; from < n; from++)
		if (text[from] != '\r' || from + 1 == n || text[from + 1] != '\n')
			text[to++] = text[from];
	while (to > 1 && text[to - 1] == '\n' && text[to - 2] == '\n')
		to--;
	return to;
}
