/* SPDX-License-Identifier: Apache-2.0 */
/* midctl - finds the command in the table and runs it. */
#include "midctl.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	const struct command *cmd;
	struct asked a;
	int status;

	setlocale(LC_CTYPE, "");
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
		puts("midctl " MIDD_VERSION);
		return EXIT_OK;
	}
	status = args_parse(&a, &cmd, argc, argv);
	if (status != 0)
		return status;
	if (a.help) {
		if (cmd != NULL)
			help_command(cmd);
		else if (a.nwords > 0)
			help_group(a.words[0]);
		else
			help_all();
		return EXIT_OK;
	}
	status = cmd->fn(&a);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("standard output cannot be written");
		return EXIT_PROBLEM;
	}
	return status;
}
