/* SPDX-License-Identifier: Apache-2.0 */
/* formats - see formats.h. */
#include "formats/formats.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
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

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* How many blanks the line that ends before END, and begins not before TEXT, ends with; its first character to FROM. */
static size_t
blanks_before(const char *text, size_t end, size_t *from)
{
	size_t n = 0, at = end;

	while (at > 0 && is_blank(text[at - 1])) {
		at--;
		n++;
	}
	while (at > 0 && text[at - 1] != '\n')
		at--;
	*from = at;
	return n;
}

/* A terminal's copy has blanks at the end of each line: so many of them are at the end of all that are not empty. */
static size_t
margin_of(const char *text, size_t n)
{
	size_t end = n, from, blanks, least = SIZE_MAX;

	while (end > 0 && least > 0) {
		if (text[end - 1] == '\n')
			end--;
		blanks = blanks_before(text, end, &from);
		if (from + blanks < end && blanks < least)
			least = blanks;
		end = from;
	}
	return least == SIZE_MAX ? 0 : least;
}

/* TEXT without the last MARGIN blanks of its lines; how much is left. */
static size_t
without_margin(char *text, size_t n, size_t margin)
{
	size_t at, to = 0, cut;

	for (at = 0; at <= n && margin > 0; at++) {
		if (at < n && text[at] != '\n') {
			text[to++] = text[at];
			continue;
		}
		for (cut = 0; cut < margin && to > 0 && is_blank(text[to - 1]); cut++)
			to--;
		if (at < n)
			text[to++] = '\n';
	}
	return margin > 0 ? to : n;
}

/* What stands above an output that was copied with its command: "root@host:~# df", or what a shell or ssh has to say. */
static bool
is_noise(struct str line)
{
	static const char *const begins[] = { "sh: ", "bash: ", "-bash: ", "-sh: ", "ksh: ", "/bin/sh: ", "/bin/bash: ", "perl: warning: ", "stdin: is not a tty",
		"mesg: ", "Warning: Permanently added ", "Last login: ", "TERM environment variable not set" };
	struct str word, rest = line;
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (str_starts(line, begins[i]))
			return true;
	if (!str_word(&rest, &word) || str_find(word, '@') < 1 || !isalpha((unsigned char)word.p[word.p[0] == '[']))
		return false;
	for (i = word.n - 1; i + 2 < line.n; i++)
		if (line.p[i + 1] == ' ' && strchr("#$%>", line.p[i]) != NULL && line.p[i] != '\0')
			return true;
	return false;
}

/* Behind the mark, the empty lines and the noise at the begin. */
static size_t
begin_of(const char *text, size_t n)
{
	struct str rest = { text, n }, line;

	if (str_starts(rest, "\xef\xbb\xbf"))
		rest = str_skip(rest, 3);
	while (rest.n > 0) {
		struct str next = rest;

		if (!str_line(&next, &line) || (str_trim(line).n > 0 && !is_noise(line)))
			break;
		rest = next;
	}
	return n - rest.n;
}

size_t
format_clean(char *text, size_t n)
{
	size_t from = begin_of(text, n), to = 0, end, line;

	for (; from < n; from++) {
		if (text[from] == '\n')
			while (to > 0 && text[to - 1] == '\r')
				to--;
		text[to++] = text[from];
	}
	while (to > 1 && text[to - 1] == '\n') {
		end = to - 1;
		if (blanks_before(text, end, &line) < end - line || line == 0)
			break;
		to = line;
	}
	return without_margin(text, to, margin_of(text, to));
}

size_t
format_next_line(const char *text, size_t n)
{
	const char *end = n > 0 ? memchr(text, '\n', n) : NULL;

	return end == NULL ? n : (size_t)(end - text) + 1;
}
