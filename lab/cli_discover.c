/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab discover, schedule, cluster - orders of discoveries in the running
 * lab: one now, or a schedule; and which agents share the work.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define WAIT_DEFAULT 3600

struct order {
	const char *agent, *cluster, *exclude, *capability, *with;
	const char *name, *at, *days, *window, *zone, *cancel;
	long every_s, wait_s;
	bool wait, json;
};

/* --- names --------------------------------------------------------------------------- */

/* The sys_id of the row of TABLE whose FIELD is NAME; NULL after complaining. */
static char *
id_by(struct client *c, const char *table, const char *field, const char *name)
{
	struct json_object *rows = NULL;
	char *path, *id = NULL;
	struct text query = { 0 };

	text_addf(&query, "%s=%s", field, name);
	path = cli_path(c, "/api/now/table/%s?sysparm_query=%s"
	    "&sysparm_fields=sys_id&sysparm_limit=1", table, text_str(&query));
	text_fini(&query);

	if (cli_call(c, "GET", path, NULL, &rows) == 0) {
		if (json_object_array_length(rows) == 1)
			id = xstrdup(json_str(json_object_array_get_idx(rows,
			    0), "sys_id", ""));
		else
			complain("there is no %s called %s", table, name);
	}
	json_object_put(rows);
	free(path);
	return id;
}

static char *
id_of(struct client *c, const char *table, const char *name)
{
	return id_by(c, table, "name", name);
}

static int
put_id(struct client *c, struct json_object *o, const char *field,
    const char *table, const char *name)
{
	char *id;

	if (name == NULL)
		return 0;
	id = id_of(c, table, name);
	if (id == NULL)
		return -1;
	json_put(o, field, id);
	free(id);
	return 0;
}

/* WORDS as one list. */
static char *
join(char **words, int n)
{
	struct text t = { 0 };
	int i;

	for (i = 0; i < n; i++)
		text_addf(&t, "%s%s", i > 0 ? "," : "", words[i]);
	return text_take(&t);
}

static void
put(struct json_object *o, const char *key, const char *value)
{
	if (value != NULL)
		json_put(o, key, value);
}

static int
insert(struct client *c, const char *table, struct json_object *row,
    struct json_object **made)
{
	char *path = cli_path(c, "/api/now/table/%s", table);
	int r = cli_call(c, "POST", path, row, made);

	free(path);
	return r;
}

/* --- discover ----------------------------------------------------------------------------- */

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
	char *ranges = join(words, n), query[64];
	int r;

	json_put(row, "u_ranges", ranges);
	put(row, "u_exclude", o->exclude);
	put(row, "u_capability", o->capability);
	put(row, "u_parameters", o->with);
	r = put_id(c, row, "u_mid_server", "ecc_agent", o->agent);
	if (r == 0)
		r = put_id(c, row, "u_mid_cluster", "ecc_agent_cluster",
		    o->cluster);
	if (r == 0)
		r = insert(c, "discovery_status", row, &made);
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
	char *id = id_by(c, "discovery_status", "number", number), *path;
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

#define ORDER_OPTIONS(o) \
	{ "--agent", CLI_TEXT, &(o).agent, 0, 0, NULL, "NAME", \
	  "this agent, and no other" }, \
	{ "--cluster", CLI_TEXT, &(o).cluster, 0, 0, NULL, "NAME", \
	  "whichever member has the least to do" }, \
	{ "--exclude", CLI_TEXT, &(o).exclude, 0, 0, NULL, "RANGES", \
	  "not these" }, \
	{ "--capability", CLI_TEXT, &(o).capability, 0, 0, NULL, "NAME", \
	  "only an agent that has it" }, \
	{ "--with", CLI_TEXT, &(o).with, 0, 0, NULL, "'K=V K=V'", \
	  "further parameters of the job" }, \
	{ "--json", CLI_FLAG, &(o).json, 0, 0, NULL, NULL, "rows as JSON" }

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
	    print_runs(c, "ORDERBYDESCsys_created_on", o.json);
	client_close(c);
	return r;
}

/* --- schedule -------------------------------------------------------------------------------- */

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
	char *ranges = join(words, n), every[24];
	int r;

	(void)snprintf(every, sizeof(every), "%ld", o->every_s);
	json_put(row, "name", name);
	json_put(row, "u_ranges", ranges);
	json_put(row, "run_period", every);
	put(row, "u_exclude", o->exclude);
	put(row, "u_capability", o->capability);
	put(row, "u_parameters", o->with);
	put(row, "run_time", o->at);
	put(row, "u_window_days", o->days);
	put(row, "time_zone", o->zone);
	r = put_window(row, o->window);
	if (r == 0)
		r = put_id(c, row, "mid_server", "ecc_agent", o->agent);
	if (r == 0)
		r = put_id(c, row, "mid_cluster", "ecc_agent_cluster",
		    o->cluster);
	if (r == 0)
		r = insert(c, "discovery_schedule", row, &made);
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
	char *id = id_of(c, table, name), *path;
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

/* --- cluster ----------------------------------------------------------------------------------- */

static int
list_clusters(struct client *c)
{
	static const char *const columns[] = { "mid_cluster.name",
	    "agent.name", "agent.status" };
	struct json_object *rows = NULL;
	int r = cli_call(c, "GET", "/api/now/table/"
	    "ecc_agent_cluster_member_m2m?sysparm_fields=mid_cluster.name,"
	    "agent.name,agent.status&sysparm_query=ORDERBYmid_cluster", NULL,
	    &rows);

	if (r == 0)
		cli_print_rows(rows, columns, COUNT(columns));
	json_object_put(rows);
	return r == 0 ? 0 : 1;
}

static int
add_member(struct client *c, const char *cluster, const char *agent)
{
	struct json_object *row = json_object_new_object();
	int r;

	r = put_id(c, row, "mid_cluster", "ecc_agent_cluster", cluster);
	if (r == 0)
		r = put_id(c, row, "agent", "ecc_agent", agent);
	if (r == 0)
		r = insert(c, "ecc_agent_cluster_member_m2m", row, NULL);
	json_object_put(row);
	return r;
}

static int
add_cluster(struct client *c, const char *name, char **agents, int n)
{
	struct json_object *row = json_object_new_object();
	int i, r;

	json_put(row, "name", name);
	json_put(row, "cluster_type", "Load balance");
	json_put(row, "active", "true");
	r = insert(c, "ecc_agent_cluster", row, NULL);
	json_object_put(row);
	for (i = 0; i < n && r == 0; i++)
		r = add_member(c, name, agents[i]);
	return r == 0 ? 0 : 1;
}

int
cmd_cluster(int argc, char **argv)
{
	const struct cli_option options[] = { { 0 } };
	const struct cli_usage usage = { "[add NAME AGENT...]",
	    "  midlab cluster add east first second\n  midlab cluster\n",
	    options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words != 1 && !(words >= 4 && strcmp(argv[1], "add") == 0))
		return cli_usage("cluster", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = words == 1 ? list_clusters(c) :
	    add_cluster(c, argv[2], argv + 3, words - 3);
	client_close(c);
	return r;
}
