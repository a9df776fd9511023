/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab fault - makes the lab misbehave: the next N requests of a kind go
 * wrong in a way.
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define PATH "/api/midlab/fault"

static int
add(struct client *c, const char *spec)
{
	struct json_object *body = json_object_new_object();
	int r;

	json_put(body, "spec", spec);
	r = cli_call(c, "POST", PATH, body, NULL);
	json_object_put(body);
	return r;
}

static int
list(struct client *c, bool json)
{
	static const char *const columns[] = { "spec", "left", "done" };
	struct json_object *rows = NULL;
	int r;

	r = cli_call(c, "GET", PATH, NULL, &rows);
	if (r == 0 && json)
		cli_print_json(rows);
	else if (r == 0)
		cli_print_rows(rows, columns, COUNT(columns));
	json_object_put(rows);
	return r;
}

int
cmd_fault(int argc, char **argv)
{
	bool clear = false, show = false, json = false;
	const struct cli_option options[] = {
		{ "--list", CLI_FLAG, &show, 0, 0, NULL, NULL,
		  "what is set, how often it still goes wrong" },
		{ "--clear", CLI_FLAG, &clear, 0, 0, NULL, NULL,
		  "behave again (before any SPEC is set)" },
		{ "--json", CLI_FLAG, &json, 0, 0, NULL, NULL,
		  "the list as JSON" },
		{ 0 },
	};
	const struct cli_usage usage = { "KIND:WHAT[=ARG][:COUNT]... [options]",
	    "  KIND any poll claim insert batch ire agent attachment renew\n"
	    "  WHAT 400..599, 503=SECONDS, 429=SECONDS, did, stall=SECONDS,"
	    " cut=BYTES, reset\n\n"
	    "  midlab fault insert:500:2       two answers are refused\n"
	    "  midlab fault poll:503=5 --list  come back in 5 s\n", options };
	struct client *c;
	int i, words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words == 1 && !clear && !show && !json)
		return cli_usage("fault", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	if (clear)
		r = cli_call(c, "DELETE", PATH, NULL, NULL);
	for (i = 1; i < words && r == 0; i++)
		r = add(c, argv[i]);
	if (r == 0 && (show || json))
		r = list(c, json);
	client_close(c);
	return r == 0 ? 0 : 1;
}
