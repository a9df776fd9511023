/* SPDX-License-Identifier: Apache-2.0 */
/* completion_more - for zsh, fish and PowerShell, each with what a command is for beside its name. */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "midctl.h"

/* TEXT between single quotes; QUOTE is what the shell wants for one inside. */
static void
quoted(const char *text, size_t n, const char *quote)
{
	size_t i;

	putchar('\'');
	for (i = 0; i < n; i++) {
		if (text[i] == '\'')
			fputs(quote, stdout);
		else
			putchar(text[i]);
	}
	putchar('\'');
}

#define Q_SH "'\\''"
#define Q_FISH "\\'"
#define Q_PS "''"

/* A first word has been met before: rows of one group stand together. */
static bool
again(const struct command *c)
{
	size_t n = strcspn(c->name, " ");

	return c > commands && strcspn(c[-1].name, " ") == n && strncmp(c[-1].name, c->name, n) == 0;
}

static const char *
group_help(const struct command *c)
{
	return strchr(c->name, ' ') != NULL ? "several commands" : c->help;
}

static bool
has(const struct command *c, const struct flag *f)
{
	return (f->bit & (c->flags | F_ANY)) != 0;
}

/* --- zsh: "name:what it is for" ------------------------------------------------------- */

static void
zsh_pair(const char *name, size_t n, const char *help)
{
	char text[200];

	snprintf(text, sizeof(text), "%.*s:%s", (int)n, name, help);
	putchar(' ');
	quoted(text, strlen(text), Q_SH);
}

static void
zsh_groups(void)
{
	const struct command *c;
	const char *blank;

	for (c = commands; c->name != NULL; c++) {
		blank = strchr(c->name, ' ');
		if (blank == NULL)
			continue;
		if (!again(c))
			printf("\t%.*s) list=(", (int)(blank - c->name), c->name);
		zsh_pair(blank + 1, strlen(blank + 1), c->help);
		if (c[1].name == NULL || !again(c + 1))
			printf(" ) ;;\n");
	}
}

static void
zsh_options(bool two)
{
	const struct command *c;
	const struct flag *f;

	for (c = commands; c->name != NULL; c++) {
		if ((strchr(c->name, ' ') != NULL) != two)
			continue;
		printf("\t'%s') list=(", c->name);
		for (f = flags; f->name != NULL; f++)
			if (has(c, f))
				zsh_pair(f->name, strlen(f->name), f->help);
		printf(" ) ;;\n");
	}
}

void
completion_zsh(void)
{
	const struct command *c;

	printf("#compdef midctl\n# zsh completion for midctl: midctl completion zsh\n_midctl()\n{\n\tlocal -a list\n"
	    "\tif (( CURRENT == 2 )); then\n\t\tlist=(");
	for (c = commands; c->name != NULL; c++)
		if (!again(c))
			zsh_pair(c->name, strcspn(c->name, " "), group_help(c));
	printf(" )\n\t\t_describe command list\n\t\treturn\n\tfi\n\tif (( CURRENT == 3 )) && [[ $words[3] != -* ]]; then\n\tcase $words[2] in\n");
	zsh_groups();
	printf("\tcompletion) list=(bash zsh fish powershell) ;;\n\tesac\n"
	    "\tif (( $#list )); then _describe command list; return; fi\n\tfi\n"
	    "\tif [[ $words[CURRENT] != -* ]]; then _files; return; fi\n\tcase $words[2] in\n");
	zsh_options(false);
	printf("\tesac\n\tcase \"$words[2] $words[3]\" in\n");
	zsh_options(true);
	/* Found in $fpath, this file is the function, and its first call is a question already. */
	printf("\tesac\n\t_describe option list\n}\n"
	    "if [[ ${funcstack[1]} = _midctl ]]; then _midctl \"$@\"; else compdef _midctl midctl; fi\n");
}

/* --- fish ------------------------------------------------------------------------------- */

static void
fish_word(const char *when, const char *name, size_t n, const char *help)
{
	printf("complete -c midctl -f -n \"%s\" -a %.*s -d ", when, (int)n, name);
	quoted(help, strlen(help), Q_FISH);
	putchar('\n');
}

static void
fish_options(const struct command *c)
{
	const struct flag *f;

	for (f = flags; f->name != NULL; f++) {
		if (!has(c, f))
			continue;
		printf("complete -c midctl -n \"__midctl_in %s\" -l %s%s -d ", c->name, f->name + 2,
		    f->kind == FLAG_SWITCH ? "" : " -r");
		quoted(f->help, strlen(f->help), Q_FISH);
		putchar('\n');
	}
}

void
completion_fish(void)
{
	const struct command *c;
	char when[120];
	const char *blank;

	printf("# fish completion for midctl: midctl completion fish\n"
	    "function __midctl_in\n\tset -l w (commandline -opc)\n\tset -e w[1]\n\tset -l n (count $argv)\n"
	    "\ttest (count $w) -ge $n; and test \"$w[1..$n]\" = \"$argv\"\nend\n"
	    "function __midctl_at\n\ttest (count (commandline -opc)) -eq (math (count $argv) + 1); and __midctl_in $argv\nend\n"
	    "function __midctl_first\n\ttest (count (commandline -opc)) -eq 1\nend\n");
	for (c = commands; c->name != NULL; c++) {
		blank = strchr(c->name, ' ');
		if (!again(c))
			fish_word("__midctl_first", c->name, strcspn(c->name, " "), group_help(c));
		if (blank != NULL) {
			snprintf(when, sizeof(when), "__midctl_at %.*s", (int)(blank - c->name), c->name);
			fish_word(when, blank + 1, strlen(blank + 1), c->help);
		}
		fish_options(c);
	}
	printf("complete -c midctl -f -n \"__midctl_at completion\" -a \"bash zsh fish powershell\"\n");
}

/* --- PowerShell ------------------------------------------------------------------------------ */

void
completion_powershell(void)
{
	const struct command *c;
	const struct flag *f;

	printf("# PowerShell completion for midctl: midctl completion powershell | Out-String | Invoke-Expression\n"
	    "Register-ArgumentCompleter -Native -CommandName midctl -ScriptBlock {\n"
	    "    param($wordToComplete, $commandAst, $cursorPosition)\n    $commands = [ordered]@{\n");
	for (c = commands; c->name != NULL; c++) {
		printf("        '%s' = @(", c->name);
		quoted(c->help, strlen(c->help), Q_PS);
		for (f = flags; f->name != NULL; f++)
			if (has(c, f))
				printf(", '%s'", f->name);
		printf(")\n");
	}
	printf("    }\n"
	    "    $before = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() } |\n"
	    "        Where-Object { -not $_.StartsWith('-') })\n"
	    "    if ($wordToComplete -and $before.Count -gt 0 -and $before[-1] -eq $wordToComplete) {\n"
	    "        $before = @($before | Select-Object -SkipLast 1)\n    }\n"
	    "    $words = @()\n"
	    "    foreach ($name in $commands.Keys) {\n"
	    "        $parts = $name.Split(' ')\n"
	    "        if ($wordToComplete.StartsWith('-')) {\n"
	    "            if (($before -join ' ') -eq $name -or ($before -join ' ').StartsWith($name + ' ')) {\n"
	    "                $words += $commands[$name] | Select-Object -Skip 1\n            }\n"
	    "        } elseif ($before.Count -eq 0) {\n"
	    "            $words += $parts[0]\n"
	    "        } elseif ($before.Count -eq 1 -and $parts.Count -eq 2 -and $parts[0] -eq $before[0]) {\n"
	    "            $words += $parts[1]\n        }\n    }\n"
	    "    $words | Select-Object -Unique | Where-Object { $_ -like \"$wordToComplete*\" } |\n"
	    "        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }\n}\n");
}
