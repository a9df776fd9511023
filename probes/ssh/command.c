/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - see command.h. The text is read by /bin/sh, whatever the login
 * shell is: that one only sees a single word in quotes.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* With sudo the shell itself runs as root, so that all of the text does. -n: never ask, fail. */
static char *
wrapped(const char *script, const struct command_want *w)
{
	char *word = shell_quote(script), *line = NULL;

	if (word != NULL && asprintf(&line, "%s/bin/sh -c %s", !w->sudo ? "" : w->keep_environment ? "sudo -n -E " : "sudo -n ", word) < 0)
		line = NULL;
	free(word);
	return line;
}

char *
command_line(const struct command_want *w, const char **why)
{
	char *path = NULL, *script = NULL, *line = NULL;

	*why = "out of memory";
	if (w->text == NULL || w->text[0] == '\0')
		*why = "no command: it stands in the column name, or in the parameter name";
	else if (path_part(w, &path) < 0)
		*why = "path_override must be append:, prepend: or replace: and directories";
	else if (asprintf(&script, "%s%s", path, w->text) >= 0)
		line = wrapped(script, w);
	free(path);
	free(script);
	return line;
}
