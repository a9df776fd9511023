/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab discover - a discovery ordered of the running lab, and how those stand
 * that were.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "cli_order.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define WAIT_DEFAULT 3600

static const char *const run_columns[] = {
	"number", "state", "mid_server.name", "u_progress", "u_eta", "u_found",
	"u_done", "u_failed", "u_why",
};

static int
print_runs(struct client *c, const char *query, bool json)
{
	struct json_object *rows = NULL;
	char *path = cli_path(c, "/api/now/table/discovery_status"
	    "?sysparm_query=%s&sysparm_fields=number,state,mid_server.name,"
	    "u_progress,u_eta,u_scanned,u_found,u_asking,u_done,u_failed,u_same,"
	    "u_why,u_ranges,started,completed&"
	    "sysparm_limit=100", query);
	int r = cli_call(c, "GET", path, NULL, &rows);

	if (r == 0 && json)
		cli_print_json(rows);
	else if (r == 0)
		cli_print_rows(rows, run_columns, COUNT(run_columns));
	json_object_put(rows);
	free(path);
	return r == 0 ? 0 : 1;
}

static bool
is_over(const char *state)
{
	return strcmp(state, "Completed") == 0 || strcmp(state, "Failed") == 0 ||
	    strcmp(state, "Cancelled") == 0;
}

/* "DIS0000001 Active: 60 %, 12 found, 3 done, 20 s left" */
static void
say_how_far(struct json_object *row, char *out, size_t max)
{
	const char *state = json_str(row, "state", ""), *why = json_str(row,
	    "u_why", ""), *eta = json_str(row, "u_eta", "0");

	if (strcmp(state, "Active") == 0 && why[0] == '\0' &&
	    atol(json_str(row, "u_addresses", "0")) > 0)
		(void)snprintf(out, max, "%s %s: %s %%, %s of %s addresses"
		    " scanned, %s found, %s done, %s failed%s%s%s",
		    json_str(row, "number", ""), state,
		    json_str(row, "u_progress", "0"),
		    json_str(row, "u_scanned", "0"),
		    json_str(row, "u_addresses", "0"),
		    json_str(row, "u_found", "0"), json_str(row, "u_done", "0"),
		    json_str(row, "u_failed", "0"), atol(eta) > 0 ? ", " : "",
		    atol(eta) > 0 ? eta : "", atol(eta) > 0 ? " s left" : "");
	else
		(void)snprintf(out, max, "%s %s%s%.300s",
		    json_str(row, "number", ""), state, why[0] != '\0' ? ": " :
		    "", why);
}

/* A line whenever it stands differently; 0 Completed, 1 not, 3 too long. */
static int
wait_for(struct client *c, const char *id, long seconds)
{
	const struct timespec pause = { .tv_nsec = 300000000 };
	int64_t until = clock_ms() + seconds * 1000;
	char *path = cli_path(c, "/api/now/table/discovery_status/%s", id);
	char last[400] = "", now[400] = "";
	struct json_object *row = NULL;
	int r = 3;

	while (r == 3 && clock_ms() < until) {
		if (cli_call(c, "GET", path, NULL, &row) < 0) {
			r = 1;
			break;
		}
		say_how_far(row, now, sizeof(now));
		if (strcmp(now, last) != 0)
			fprintf(stderr, "%s\n", now);
		memcpy(last, now, sizeof(last));
		if (is_over(json_str(row, "state", "")))
			r = strcmp(json_str(row, "state", ""), "Completed") == 0 ?
			    0 : 1;
		json_object_put(row);
		row = NULL;
		if (r == 3)
			(void)nanosleep(&pause, NULL);
	}
	free(path);
	return r;
}

static int
discover(struct client *c, const struct order *o, char **words, int n)
{
	struct json_object *row = json_object_new_object(), *made = NULL;
	char *ranges = cli_join(words, n), query[64];
	int r;

	json_put(row, "u_ranges", ranges);
	cli_put(row, "u_exclude", o->exclude);
	cli_put(row, "u_capability", o->capability);
	cli_put(row, "u_parameters", o->with);
	r = cli_put_id(c, row, "u_mid_server", "ecc_agent", o->agent);
	if (r == 0)
		r = cli_put_id(c, row, "u_mid_cluster", "ecc_agent_cluster",
		    o->cluster);
	if (r == 0)
		r = cli_insert(c, "discovery_status", row, &made);
	r = r == 0 ? 0 : 1;
	if (r == 0 && !o->wait)
		puts(json_str(made, "number", ""));
	if (r == 0 && o->wait) {
		r = wait_for(c, json_str(made, "sys_id", ""), o->wait_s);
		(void)snprintf(query, sizeof(query), "sys_id=%s",
		    json_str(made, "sys_id", ""));
		(void)print_runs(c, query, o->json);
	}
	json_object_put(made);
	json_object_put(row);
	free(ranges);
	return r;
}

static int
cancel(struct client *c, const char *number)
{
	char *id = cli_id_by(c, "discovery_status", "number", number), *path;
	struct json_object *row = json_object_new_object();
	int r = -1;

	json_put(row, "state", "Cancelled");
	if (id != NULL) {
		path = cli_path(c, "/api/now/table/discovery_status/%s", id);
		r = cli_call(c, "PATCH", path, row, NULL);
		free(path);
	}
	json_object_put(row);
	free(id);
	return r == 0 ? 0 : 1;
}

int
cmd_discover(int argc, char **argv)
{
	struct order o = { .wait_s = WAIT_DEFAULT };
	const struct cli_option options[] = {
		ORDER_OPTIONS(o),
		{ "--wait", CLI_MAYBE_NUMBER, &o.wait_s, 0, 86400, &o.wait,
		  "[SECONDS]", "until it is over; exit 1 when it failed, 3 on"
		  " timeout" },
		{ "--cancel", CLI_TEXT, &o.cancel, 0, 0, NULL, "NUMBER",
		  "ends this one, such as DIS0000001" },
		{ 0 },
	};
	const struct cli_usage usage = { "[RANGE...] [options]",
	    "  midlab discover 10.1.0.7 --wait\n"
	    "  midlab discover 10.1.0.0/22 --exclude 10.1.3.0/24 --cluster"
	    " east\n  midlab discover\n", options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = o.cancel != NULL ? cancel(c, o.cancel) :
	    words > 1 ? discover(c, &o, argv + 1, words - 1) :
	    print_runs(c, "ORDERBYDESCnumber", o.json);
	client_close(c);
	return r;
}
