/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab - a stand-in instance for demonstration, rehearsal and tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "util.h"

static const struct command {
	const char *name, *args, *help;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "init", "DIR [--host NAME]... [--agent NAME]...",
	  "make a lab: authority, certificates, keys, users, tables",
	  cmd_init },
	{ "cert", "DIR NAME [--expired] [--self-signed] [--other-ca]"
	  " [--days N | --seconds N] [--server [--host NAME]...] [--unmapped]",
	  "make one more certificate, a wrong one too", cmd_cert },
	{ "serve", "DIR [--listen ADDR:PORT] [--heartbeat S]"
	  " [--validate auto|manual] [--fault SPEC]... [--body-max MB]"
	  " [--attachment-max MB] [--enroll-days N | --enroll-seconds N] [--log]",
	  "run the instance", cmd_serve },
	{ "job", "TOPIC [name=value]... [--agent NAME] [--count N]"
	  " [--wait [SECONDS]] ...",
	  "give an agent work, and perhaps wait for the answer", cmd_job },
	{ "table", "TABLE [QUERY] [--fields A,B] [--limit N] [--display]"
	  " [--json]",
	  "rows of a table", cmd_table },
	{ "fault", "SPEC... | --list | --clear",
	  "let the next requests go wrong", cmd_fault },
	{ "creds", "[add NAME --type TYPE [--user U] [--agent NAME] ... | remove NAME]",
	  "credentials, sealed to an agent's certificate; values on standard input", cmd_creds },
	{ "enroll", "token [--agent NAME] | list | approve ID | reject ID",
	  "let an agent have a certificate", cmd_enroll },
	{ "discover", "[RANGE...] [--agent NAME | --cluster NAME] [--exclude"
	  " RANGES] [--wait [SECONDS]] ...",
	  "have these addresses discovered now; alone: the last ones",
	  cmd_discover },
	{ "schedule", "[add NAME RANGE... [--at HH:MM | --every S] [--window"
	  " FROM-TO] ... | remove NAME]",
	  "discoveries that come again, and when they may begin",
	  cmd_schedule },
	{ "cluster", "[add NAME AGENT...]", "agents that share the work",
	  cmd_cluster },
	{ "report", "[--json]", "agents, discoveries, queue and CMDB on one screen",
	  cmd_report },
};

static int
usage(FILE *out)
{
	size_t i;

	fputs("usage: midlab [-d DIR] COMMAND ...\n\n", out);
	for (i = 0; i < COUNT(commands); i++)
		fprintf(out, "  %-8s %s\n           %s\n", commands[i].name,
		    commands[i].help, commands[i].args);
	fputs("\nDIR is -d, else $MIDLAB_DIR, else lab.\n"
	    "example: midlab init lab && midlab serve lab &\n"
	    "         midlab -d lab job Echo text=hello --wait\n", out);
	return out == stdout ? 0 : 2;
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc > 2 && strcmp(argv[1], "-d") == 0) {
		setenv("MIDLAB_DIR", argv[2], 1);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		puts("midlab " MIDD_VERSION);
		return 0;
	}
	for (i = 0; i < COUNT(commands); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "midlab: there is no command \"%s\"\n", argv[1]);
	return usage(stderr);
}
