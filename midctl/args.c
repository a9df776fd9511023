/* SPDX-License-Identifier: Apache-2.0 */
/* args - from argv to struct asked, along the rows of commands.c; and the help made of them. */
#include "midctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "paths.h"

/* --- help ------------------------------------------------------------------------ */

static void
help_flags(unsigned bits)
{
	const struct flag *f;
	char left[40];

	for (f = flags; f->name != NULL; f++) {
		if ((f->bit & bits) == 0)
			continue;
		snprintf(left, sizeof(left), "%s%s%s%s%s", f->brief ? f->brief : "", f->brief ? ", " : "",
		    f->name, f->value ? " " : "", f->value ? f->value : "");
		printf("  %-18s%s%s\n", left, strlen(left) > 18 ? "  " : " ", f->help);
	}
}

#define LEFT 26

/* "hostkeys accept HOST ..." where all of it would push the words beside it away: its own help has it. */
static void
shorten(char *left)
{
	char *at = left + LEFT - 4;

	if (strlen(left) <= LEFT)
		return;
	while (at > left && *at != ' ')
		at--;
	memcpy(at, " ...", 5);
}

void
help_all(void)
{
	const struct command *c;
	char left[60];

	printf("usage: midctl COMMAND [options]\n\n");
	for (c = commands; c->name != NULL; c++) {
		snprintf(left, sizeof(left), "%s %s", c->name, c->args);
		shorten(left);
		printf("  %-*s %s\n", LEFT, left, c->help);
	}
	printf("\neverywhere: --json --control PATH --config FILE; midctl COMMAND --help for more\n"
	    "exit status: 0 healthy, 1 problem, 2 usage, 3 not running, 4 not permitted, 5 partial\n");
}

/* Is C one of the commands whose first word is FIRST, as in "job show"? */
static bool
in_group(const struct command *c, const char *first)
{
	size_t n = strlen(first);

	return strncmp(c->name, first, n) == 0 && c->name[n] == ' ';
}

static const struct command *
find_group(const char *first)
{
	const struct command *c;

	for (c = commands; c->name != NULL; c++)
		if (in_group(c, first))
			return c;
	return NULL;
}

static void
list_group(const char *first, FILE *to)
{
	const struct command *c;
	char left[60];

	for (c = commands; c->name != NULL; c++) {
		if (!in_group(c, first))
			continue;
		snprintf(left, sizeof(left), "midctl %s %s", c->name, c->args);
		if (strlen(left) > LEFT)
			fprintf(to, "  %s\n%*s%s\n", left, LEFT + 3, "", c->help);
		else
			fprintf(to, "  %-*s %s\n", LEFT, left, c->help);
	}
}

void
help_group(const char *first)
{
	printf("usage: midctl %s COMMAND [options]\n\n", first);
	list_group(first, stdout);
	printf("\nmidctl %s --help tells more\n", find_group(first)->name);
}

void
help_command(const struct command *c)
{
	printf("usage: midctl %s %s%s[options]\n\n%s\n\n", c->name, c->args, c->args[0] ? " " : "", c->help);
	help_flags(c->flags);
	help_flags(F_ANY);
	printf("\nexamples:\n  %s\n  %s\n", c->examples[0], c->examples[1]);
}

/* --- parsing ----------------------------------------------------------------------- */

static const struct flag *
find_flag(const char *word, size_t n)
{
	const struct flag *f;

	for (f = flags; f->name != NULL; f++)
		if ((strlen(f->name) == n && strncmp(f->name, word, n) == 0) ||
		    (f->brief != NULL && strlen(f->brief) == n && strncmp(f->brief, word, n) == 0))
			return f;
	return NULL;
}

static int
take_number(struct asked *a, const struct flag *f, const char *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || *end != '\0' || n < 1 || n > 10000) {
		complain("%s wants a number from 1 to 10000, not \"%.40s\"", f->name, value);
		return EXIT_USAGE;
	}
	memcpy((char *)a + f->at, &n, sizeof(n));
	return 0;
}

static int
take_value(struct asked *a, const struct flag *f, const char *value)
{
	if (f->kind == FLAG_NUMBER)
		return take_number(a, f, value);
	if (f->kind == FLAG_TEXT) {
		memcpy((char *)a + f->at, &value, sizeof(value));
		return 0;
	}
	if (a->nread == sizeof(a->read) / sizeof(a->read[0])) {
		complain("%s: %u folders at most", f->name, a->nread);
		return EXIT_USAGE;
	}
	a->read[a->nread++] = value;
	return 0;
}

/* NAME may be what WORD was meant to be, nearer than *BEST, which is *FAR from it. */
static void
try_near(const char *word, const char *name, const char **best, unsigned *far)
{
	unsigned d = near_distance(word, name);

	if (d <= 1 + strlen(word) / 4 && d < *far) {
		*far = d;
		*best = name;
	}
}

static int
no_such_option(const char *word)
{
	const char *best = NULL;
	const struct flag *f;
	unsigned far = ~0u;

	for (f = flags; f->name != NULL; f++)
		try_near(word, f->name, &best, &far);
	complain("%.60s is no option%s%s%s midctl COMMAND --help lists them", word, best ? "; did you mean " : "", best ? best : "", best ? "?" : ":");
	return EXIT_USAGE;
}

/* Which options stood there: whether the command has them is known later. */
struct given {
	const struct flag *v[64];
	size_t n;
};

/* One option at argv[*I]; its value may be the next word. */
static int
take_flag(struct asked *a, struct given *given, int argc, char **argv, int *i)
{
	const char *word = argv[*i], *eq = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
	const struct flag *f = find_flag(word, eq ? (size_t)(eq - word) : strlen(word));
	const bool yes = true;

	if (f == NULL)
		return no_such_option(word);
	if (given->n == sizeof(given->v) / sizeof(given->v[0])) {
		complain("more than %zu options", given->n);
		return EXIT_USAGE;
	}
	given->v[given->n++] = f;
	if (f->kind == FLAG_SWITCH) {
		if (eq != NULL) {
			complain("%s takes no value", f->name);
			return EXIT_USAGE;
		}
		memcpy((char *)a + f->at, &yes, sizeof(yes));
		return 0;
	}
	if (eq != NULL)
		return take_value(a, f, eq + 1);
	if (*i + 1 >= argc) {
		complain("%s wants %s after it", f->name, f->value);
		return EXIT_USAGE;
	}
	return take_value(a, f, argv[++*i]);
}

/* How many words of the command line are C's name; 0: it is another one. */
static int
name_matches(const struct command *c, char **words, int n)
{
	const char *blank = strchr(c->name, ' ');
	size_t first = blank ? (size_t)(blank - c->name) : strlen(c->name);

	if (n == 0 || strlen(words[0]) != first || strncmp(words[0], c->name, first) != 0)
		return 0;
	if (blank == NULL)
		return 1;
	return n > 1 && strcmp(words[1], blank + 1) == 0 ? 2 : 0;
}

static const struct command *
find_command(char **words, int n, int *used)
{
	const struct command *c;

	for (c = commands; c->name != NULL; c++) {
		*used = name_matches(c, words, n);
		if (*used > 0)
			return c;
	}
	return NULL;
}

static int
unknown_command(char **words, int n)
{
	const char *best = NULL;
	const struct command *c;
	unsigned far = ~0u;

	if (find_group(words[0]) == NULL) {
		for (c = commands; c->name != NULL; c++)
			try_near(words[0], c->name, &best, &far);
		complain("%.40s is no command%s%s%s midctl --help lists them", words[0], best ? "; did you mean " : "", best ? best : "", best ? "?" : ":");
		return EXIT_USAGE;
	}
	complain("%s %.40s is no command; there are:", words[0], n > 1 ? words[1] : "alone");
	list_group(words[0], stderr);
	return EXIT_USAGE;
}

static int
check_use(const struct asked *a, const struct command *c, const struct given *given)
{
	size_t i;

	if (a->nwords < c->min || (c->max >= 0 && a->nwords > c->max)) {
		complain("it is: midctl %s %s%s[options]; midctl %s --help tells more", c->name, c->args,
		    c->args[0] ? " " : "", c->name);
		return EXIT_USAGE;
	}
	for (i = 0; i < given->n; i++) {
		if ((given->v[i]->bit & ~(c->flags | F_ANY)) != 0) {
			complain("%s has no %s: midctl %s --help lists what it has", c->name, given->v[i]->name, c->name);
			return EXIT_USAGE;
		}
	}
	return 0;
}

static void
defaults(struct asked *a)
{
	const char *env = getenv("MIDD_CONTROL");

	memset(a, 0, sizeof(*a));
	a->control = env && *env ? env : path_default(PATH_CONTROL);
	env = getenv("MIDD_CONFIG");
	a->config = env && *env ? env : path_default(PATH_CONFIG);
}

/* Words are moved together in argv itself; "--" ends the options. */
int
args_parse(struct asked *a, const struct command **cmd, int argc, char **argv)
{
	struct given given = { .n = 0 };
	bool only_words = false;
	int i, n = 0, used = 0, r;

	defaults(a);
	*cmd = NULL;
	for (i = 1; i < argc; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (only_words || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[n++] = argv[i];
		} else {
			r = take_flag(a, &given, argc, argv, &i);
			if (r != 0)
				return r;
		}
	}
	if (n > 0 && strcmp(argv[0], "help") == 0) {
		a->help = true;
		argv++;
		n--;
	}
	if (n == 0 && a->help)
		return 0;
	if (n == 0) {
		complain("no command: midctl --help lists them");
		return EXIT_USAGE;
	}
	*cmd = find_command(argv, n, &used);
	a->words = argv + used;
	a->nwords = n - used;
	if (*cmd == NULL)
		return a->help && n == 1 && find_group(argv[0]) != NULL ? 0 : unknown_command(argv, n);
	return a->help ? 0 : check_use(a, *cmd, &given);
}
