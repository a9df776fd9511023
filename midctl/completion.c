/* SPDX-License-Identifier: Apache-2.0 */
/* completion - for shells, made of the same rows as the commands themselves; here for bash. */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "midctl.h"

/* First words, each once: rows of one group stand together. */
static void
print_first_words(void)
{
	const struct command *c;
	size_t n, before = 0;

	for (c = commands; c->name != NULL; c++) {
		n = strcspn(c->name, " ");
		if (c > commands && n == before && strncmp(c[-1].name, c->name, n) == 0)
			continue;
		printf("%s%.*s", c > commands ? " " : "", (int)n, c->name);
		before = n;
	}
}

/* The second words of the group that C begins; gives the last of its rows. */
static const struct command *
print_group(const struct command *c)
{
	size_t n = strcspn(c->name, " ");
	const struct command *first = c;

	printf("\t%.*s) words='", (int)n, c->name);
	for (; c->name != NULL && strncmp(c->name, first->name, n + 1) == 0; c++)
		printf("%s%s", c > first ? " " : "", c->name + n + 1);
	printf("' ;;\n");
	return c - 1;
}

static void
print_options(const struct command *c)
{
	const struct flag *f;

	printf("\t'%s') opts='", c->name);
	for (f = flags; f->name != NULL; f++)
		if ((f->bit & (c->flags | F_ANY)) != 0)
			printf("%s ", f->name);
	printf("' ;;\n");
}

static void
print_bash(void)
{
	const struct command *c;

	printf("# bash completion for midctl: midctl completion bash\n_midctl()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} one=${COMP_WORDS[1]} two=${COMP_WORDS[2]} words='' opts=''\n"
	    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	print_first_words();
	printf("'\n\telif [ \"$COMP_CWORD\" -eq 2 ]; then\n\tcase $one in\n");
	for (c = commands; c->name != NULL; c++)
		if (strchr(c->name, ' ') != NULL)
			c = print_group(c);
	printf("\tcompletion) words='bash zsh fish powershell' ;;\n\tesac\n\tfi\n\tcase $one in\n");
	for (c = commands; c->name != NULL; c++)
		if (strchr(c->name, ' ') == NULL)
			print_options(c);
	printf("\tesac\n\tcase \"$one $two\" in\n");
	for (c = commands; c->name != NULL; c++)
		if (strchr(c->name, ' ') != NULL)
			print_options(c);
	printf("\tesac\n\tcase $cur in -*) words=$opts ;; esac\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _midctl midctl\n");
}

int
cmd_completion(const struct asked *a)
{
	static const struct { const char *name; void (*print)(void); } shells[] = {
		{ "bash", print_bash }, { "zsh", completion_zsh }, { "fish", completion_fish },
		{ "powershell", completion_powershell },
	};
	size_t i;

	for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(a->words[0], shells[i].name) == 0) {
			shells[i].print();
			return EXIT_OK;
		}
	complain("there is completion for bash, zsh, fish and powershell, not for \"%.40s\"", a->words[0]);
	return EXIT_USAGE;
}
