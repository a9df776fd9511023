/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - see command.h. The text is read by /bin/sh, whatever the login
 * shell is: that one only sees a single word in quotes.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rise.h"
#include "shell.h"

static const struct { const char *prefix, *before, *after; } overrides[] = {
	{ "append:", "$PATH:", "" },
	{ "prepend:", "", ":$PATH" },
	{ "replace:", "", "" },
};

/* "PATH=...; export PATH; ", or "" when it stays as it is. *OUT is the caller's. <0: no such form. */
static int
path_part(const struct command_want *w, char **out)
{
	const char *over = w->path_override == NULL ? "" : w->path_override, *base = w->path == NULL ? "" : w->path;
	const char *before = "", *after = "", *dirs = "";
	char *quoted;
	size_t i;

	for (i = 0; over[0] != '\0' && i < sizeof(overrides) / sizeof(overrides[0]); i++)
		if (strncmp(over, overrides[i].prefix, strlen(overrides[i].prefix)) == 0) {
			dirs = over + strlen(overrides[i].prefix);
			before = overrides[i].before;
			after = overrides[i].after;
			break;
		}
	if (over[0] != '\0' && dirs[0] == '\0')
		return -1;
	quoted = shell_quote(dirs);
	if (quoted == NULL || asprintf(out, "%s%s%s%s%s%s%s%s", base[0] == '\0' ? "" : "PATH=", base,
	    base[0] == '\0' || dirs[0] == '\0' ? "" : "; ", dirs[0] == '\0' ? "" : "PATH=", dirs[0] == '\0' ? "" : before,
	    dirs[0] == '\0' ? "" : quoted, dirs[0] == '\0' ? "" : after,
	    base[0] == '\0' && dirs[0] == '\0' ? "" : "; export PATH; ") < 0)
		*out = NULL;
	free(quoted);
	return *out == NULL ? -1 : 0;
}

/* --- ${NAME} and ${sudo:COMMAND} (spec 10.2) ------------------------------------------- */

#define SUDO "${sudo:"
#define NAME_MAX_LEN 64
#define NAMES_MAX 50

unsigned
command_rises(const char *text)
{
	unsigned n = 0;

	for (; (text = strstr(text, SUDO)) != NULL; text += strlen(SUDO))
		n++;
	return n;
}

/* Where the brace that P stands in ends, or NULL. */
static const char *
closing_brace(const char *p)
{
	int depth = 1;

	for (; *p != '\0'; p++) {
		depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
		if (depth == 0)
			return p;
	}
	return NULL;
}

/* ${sudo:COMMAND} becomes midd_rise COMMAND. NULL: a brace is missing, or no memory. */
static char *
with_rises(const char *text)
{
	static const char call[] = "midd_rise ";
	char *out = malloc(strlen(text) + command_rises(text) * sizeof(call) + 1), *to = out;
	const char *end;

	while (out != NULL && *text != '\0') {
		if (strncmp(text, SUDO, strlen(SUDO)) != 0) {
			*to++ = *text++;
			continue;
		}
		text += strlen(SUDO);
		end = closing_brace(text);
		if (end == NULL) {
			free(out);
			return NULL;
		}
		to = stpcpy(to, call);
		memcpy(to, text, (size_t)(end - text));
		to += end - text;
		text = end + 1;
	}
	if (out != NULL)
		*to = '\0';
	return out;
}

static bool
is_name(const char *p, size_t n)
{
	static const char *const ours[] = { "PATH", "IFS", "ENV", "HOME" };
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == n && strncmp(p, ours[i], n) == 0)
			return false;
	if (n == 0 || n >= NAME_MAX_LEN || (*p >= '0' && *p <= '9'))
		return false;
	for (i = 0; i < n; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", p[i]) == NULL)
			return false;
	return true;
}

/* NAME='value'; for one parameter. The shell puts it in, as one value: it can't become another command. */
static int
add_variable(char **vars, const char *name, const char *value)
{
	char *quoted = shell_quote(value), *more = NULL;

	if (quoted == NULL || asprintf(&more, "%s%s=%s; ", *vars, name, quoted) < 0)
		more = NULL;
	free(quoted);
	free(*vars);
	*vars = more;
	return more == NULL ? -1 : 0;
}

/* The parameters that W's text names, for before it. */
static char *
variables(const struct command_want *w)
{
	char *vars = strdup(""), name[NAME_MAX_LEN];
	const char *p = w->text, *value;
	int left = NAMES_MAX;
	size_t n;

	while (vars != NULL && w->param != NULL && left-- > 0 && (p = strstr(p, "${")) != NULL) {
		p += 2;
		n = strcspn(p, "}");
		if (p[n] == '\0' || !is_name(p, n))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)n, p);
		value = w->param(w->arg, name);
		if (value != NULL && add_variable(&vars, name, value) < 0)
			return NULL;
	}
	return vars;
}

/* --- the line ---------------------------------------------------------------------------- */

static char *
join(char *a, char *b)
{
	char *both = NULL;

	if (a == NULL || b == NULL || asprintf(&both, "%s%s", a, b) < 0)
		both = NULL;
	free(a);
	free(b);
	return both;
}

/*
 * csh takes no line break inside of quotes, looks for past commands at "!", and has words of at most 8 KB. Such a text
 * goes in pieces ($0 to $9), what csh would see as printf's %b reads it (\\0 and octal digits).
 */
#define PIECES 10
#define PIECE_MIN 4000u

static char *
octal(const char *script)
{
	char *out = malloc(5 * strlen(script) + 1), *to = out;

	for (; out != NULL && *script != '\0'; script++)
		if (strchr("\n\\'!", *script) != NULL)
			to += snprintf(to, 6, "\\0%03o", (unsigned char)*script);
		else
			*to++ = *script;
	if (out != NULL)
		*to = '\0';
	return out;
}

static char *
in_pieces(const char *before, const char *script)
{
	char *text = octal(script), *line = NULL, *more;
	size_t n = text == NULL ? 0 : strlen(text), size = n / PIECES + 1 > PIECE_MIN ? n / PIECES + 1 : PIECE_MIN, at;
	int i;

	if (text != NULL && asprintf(&line, "%s/bin/sh -c 'eval \"`printf %%b \"$0$1$2$3$4$5$6$7$8$9\"`\"'", before) < 0)
		line = NULL;
	for (at = 0, i = 0; line != NULL && i < PIECES && (at < n || i == 0); at += size, i++) {
		if (asprintf(&more, "%s '%.*s'", line, (int)size, text + at) < 0)
			more = NULL;
		free(line);
		line = more;
	}
	free(text);
	return line;
}

/* BEFORE, and /bin/sh reads SCRIPT. */
static char *
shell_reads(const char *before, const char *script)
{
	char *word, *line = NULL;

	if (script != NULL && (strpbrk(script, "\n!") != NULL || strlen(script) > PIECE_MIN))
		return in_pieces(before, script);
	word = script == NULL ? NULL : shell_quote(script);

	if (word != NULL && asprintf(&line, "%s/bin/sh -c %s", before, word) < 0)
		line = NULL;
	free(word);
	return line;
}

/* With sudo the shell itself runs as root, so that all of the text does. */
static char *
as_root(char *script, const struct rise *rise)
{
	char *inner = join(rise_beginning(rise), script), *call = shell_reads("midd_rise ", inner);

	free(inner);
	return call;
}

char *
command_line(const struct command_want *w, const struct rise *rise, const char **why)
{
	char *path = NULL, *script = NULL, *line = NULL;

	*why = "out of memory";
	if (w->text == NULL || w->text[0] == '\0')
		*why = "no command: it stands in the column name, or in the parameter name";
	else if (path_part(w, &path) < 0)
		*why = "path_override must be append:, prepend: or replace: and directories";
	else if ((script = with_rises(w->text)) == NULL)
		*why = "a brace is missing after ${sudo:";
	else {
		script = join(variables(w), script);
		if (command_rises(w->text) > 0)
			script = join(rise_function(rise), script);
		script = join(strdup(path), script);
		if (w->sudo)
			script = join(rise_function(rise), as_root(script, rise));
		line = shell_reads("", script);
	}
	free(path);
	free(script);
	return line;
}
