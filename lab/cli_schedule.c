/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab schedule - discoveries that the running lab orders by itself.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "cli_order.h"
#include "client.h"
#include "files.h"
#include "util.h"

static const char *const schedule_columns[] = {
	"name", "active", "disco_run_type", "run_time", "u_next", "u_last",
	"u_ranges",
};

static int
list_schedules(struct client *c, bool json)
{
	struct json_object *rows = NULL;
	int r = cli_call(c, "GET", "/api/now/table/discovery_schedule"
	    "?sysparm_query=ORDERBYname", NULL, &rows);

	if (r == 0 && json)
		cli_print_json(rows);
	else if (r == 0)
		cli_print_rows(rows, schedule_columns, COUNT(schedule_columns));
	json_object_put(rows);
	return r == 0 ? 0 : 1;
}

/* "22:00-05:30" in two. */
static int
put_window(struct json_object *row, const char *window)
{
	char from[8] = "", to[8] = "";

	if (window == NULL)
		return 0;
	if (sscanf(window, "%7[0-9:]-%7[0-9:]", from, to) != 2)
		return -complain("--window is FROM-TO, such as 22:00-05:30");
	json_put(row, "u_window_from", from);
	json_put(row, "u_window_to", to);
	return 0;
}

static int
add_schedule(struct client *c, const struct order *o, const char *name,
    char **words, int n)
{
	struct json_object *row = json_object_new_object(), *made = NULL;
	char *ranges = cli_join(words, n), every[24];
	int r;

	(void)snprintf(every, sizeof(every), "%ld", o->every_s);
	json_put(row, "name", name);
	json_put(row, "u_ranges", ranges);
	json_put(row, "run_period", every);
	cli_put(row, "u_exclude", o->exclude);
	cli_put(row, "u_capability", o->capability);
	cli_put(row, "u_parameters", o->with);
	cli_put(row, "run_time", o->at);
	cli_put(row, "u_window_days", o->days);
	cli_put(row, "time_zone", o->zone);
	r = put_window(row, o->window);
	if (r == 0)
		r = cli_put_id(c, row, "mid_server", "ecc_agent", o->agent);
	if (r == 0)
		r = cli_put_id(c, row, "mid_cluster", "ecc_agent_cluster",
		    o->cluster);
	if (r == 0)
		r = cli_insert(c, "discovery_schedule", row, &made);
	if (r == 0)
		printf("%s: next at %s UTC\n", name,
		    json_str(made, "u_next", ""));
	json_object_put(made);
	json_object_put(row);
	free(ranges);
	return r == 0 ? 0 : 1;
}

static int
remove_row(struct client *c, const char *table, const char *name)
{
	char *id = cli_id_of(c, table, name), *path;
	int r = -1;

	if (id != NULL) {
		path = cli_path(c, "/api/now/table/%s/%s", table, id);
		r = cli_call(c, "DELETE", path, NULL, NULL);
		free(path);
	}
	free(id);
	return r == 0 ? 0 : 1;
}

int
cmd_schedule(int argc, char **argv)
{
	struct order o = { 0 };
	const struct cli_option options[] = {
		ORDER_OPTIONS(o),
		{ "--at", CLI_TEXT, &o.at, 0, 0, NULL, "HH:MM",
		  "every day at this time" },
		{ "--every", CLI_NUMBER, &o.every_s, 1, 31536000, NULL,
		  "SECONDS", "again and again; neither: once, now" },
		{ "--window", CLI_TEXT, &o.window, 0, 0, NULL, "FROM-TO",
		  "begins only between these times of day" },
		{ "--days", CLI_TEXT, &o.days, 0, 0, NULL, "mon,tue",
		  "begins only in windows of these days" },
		{ "--zone", CLI_TEXT, &o.zone, 0, 0, NULL, "ZONE",
		  "whose clocks these are, such as Europe/Berlin (UTC)" },
		{ 0 },
	};
	const struct cli_usage usage = { "[add NAME RANGE... | remove NAME]"
	    " [options]",
	    "  midlab schedule add nightly 10.1.0.0/22 --at 02:00 --zone"
	    " Europe/Berlin\n  midlab schedule\n", options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words != 1 && !(words >= 4 && strcmp(argv[1], "add") == 0) &&
	    !(words == 3 && strcmp(argv[1], "remove") == 0))
		return cli_usage("schedule", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	if (words == 1)
		r = list_schedules(c, o.json);
	else if (words == 3)
		r = remove_row(c, "discovery_schedule", argv[2]);
	else
		r = add_schedule(c, &o, argv[2], argv + 3, words - 3);
	client_close(c);
	return r;
}
