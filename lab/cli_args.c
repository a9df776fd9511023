/* SPDX-License-Identifier: Apache-2.0 */
/* cli_args - see the header. */
#include "cli_args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

int
cli_usage(const char *command, const struct cli_usage *u, int status)
{
	FILE *out = status == 0 ? stdout : stderr;
	const struct cli_option *o;

	fprintf(out, "usage: midlab [-d DIR] %s %s\n", command, u->words);
	for (o = u->options; o->name != NULL; o++)
		fprintf(out, "  %-14s %-9s %s\n", o->name,
		    o->arg != NULL ? o->arg : "", o->help);
	fprintf(out, "\n%s", u->examples);
	return status;
}

static bool
number(const char *s, long min, long max, long *out)
{
	char *end;
	long n;

	errno = 0;
	n = s != NULL ? strtol(s, &end, 10) : 0;
	if (s == NULL || errno != 0 || end == s || *end != '\0' || n < min ||
	    n > max)
		return false;
	*out = n;
	return true;
}

/* How many further words the option took, or -1 after complaining. */
static int
take(const struct cli_option *o, const char *inside, const char *next)
{
	const char *value = inside != NULL ? inside : next;
	int taken = inside == NULL;

	if (o->at_set != NULL)
		*o->at_set = true;
	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)o->at = true;
		return 0;
	case CLI_MAYBE_NUMBER:
		return number(value, o->min, o->max, o->at) ? taken : 0;
	case CLI_NUMBER:
		if (number(value, o->min, o->max, o->at))
			return taken;
		complain("%s needs a number from %ld to %ld", o->name, o->min,
		    o->max);
		return -1;
	case CLI_TEXT:
		if (value == NULL)
			break;
		*(const char **)o->at = value;
		return taken;
	}
	complain("%s needs a word after it", o->name);
	return -1;
}

static const struct cli_option *
find(const struct cli_usage *u, const char *word, size_t len)
{
	const struct cli_option *o;

	for (o = u->options; o->name != NULL; o++)
		if (strlen(o->name) == len && memcmp(o->name, word, len) == 0)
			return o;
	complain("there is no option %.*s", (int)len, word);
	return NULL;
}

int
cli_parse(int argc, char **argv, const struct cli_usage *u, int *rest)
{
	const struct cli_option *o;
	int i, n, words = 1;

	for (i = 1; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');

		if (strncmp(argv[i], "--", 2) != 0) {
			argv[words++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--help") == 0) {
			(void)cli_usage(argv[0], u, 0);
			return 1;
		}
		o = find(u, argv[i], eq != NULL ? (size_t)(eq - argv[i]) :
		    strlen(argv[i]));
		if (o == NULL)
			return cli_usage(argv[0], u, 2);
		n = take(o, eq != NULL ? eq + 1 : NULL, argv[i + 1]);
		if (n < 0)
			return 2;
		i += n;
	}
	*rest = words;
	return 0;
}
