/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab report - the instance on one screen: agents, queue, CMDB.
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "util.h"

#define FIELDS_MAX 9
#define ROWS "10"		/* of a part that is no sum */
#define STALE_DAYS 7

static const struct part {
	const char *title, *table, *query;
	const char *group_by;		/* NULL: the rows themselves */
	const char *columns[FIELDS_MAX + 1];
} parts[] = {
	{ "agents", "ecc_agent", "ORDERBYname", NULL,
	  { "name", "status", "validated", "version" } },
	{ "load", "ecc_agent_status", "ORDERBYmid_server.name", NULL,
	  { "mid_server.name", "u_slots", "processing", "pending",
	    "sys_updated_on" } },
	{ "discoveries", "discovery_status", "ORDERBYDESCnumber", NULL,
	  { "number", "state", "mid_server.name", "u_progress", "u_eta",
	    "u_found", "u_done", "u_failed", "u_why" } },
	{ "schedules", "discovery_schedule", "ORDERBYname", NULL,
	  { "name", "active", "disco_run_type", "u_next", "u_last" } },
	{ "oldest waiting", "ecc_queue", "queue=output^state=ready"
	  "^ORDERBYsys_created_on", NULL,
	  { "sys_created_on", "agent", "topic", "name" } },
	{ "errors", "ecc_queue", "queue=input^state=error", "topic,error_string",
	  { "topic", "error_string", "count" } },
	{ "queue", "ecc_queue", "", "queue,state",
	  { "queue", "state", "count" } },
	{ "jobs", "ecc_queue", "queue=output", "topic,state",
	  { "topic", "state", "count" } },
	{ "cis", "cmdb_ci", "", "sys_class_name",
	  { "sys_class_name", "count" } },
	{ "relations", "cmdb_rel_ci", "", "type.name",
	  { "type.name", "count" } },
	{ "sources", "sys_object_source", "", "name", { "name", "count" } },
	{ "stale", "cmdb_ci", "last_discovered<", "sys_class_name",
	  { "sys_class_name", "count" } },
	{ "discovery log", "discovery_log", "ORDERBYDESCsys_created_on", NULL,
	  { "sys_created_on", "level", "source", "message" } },
	{ "duplicates", "reconcile_duplicate_task", "active=true", "u_class",
	  { "u_class", "count" } },
};

/* {"stats":{"count"},"groupby_fields":[{field,value}]} made flat. */
static struct json_object *
flat(struct json_object *groups)
{
	struct json_object *out = json_object_new_array(), *row, *o, *list;
	size_t i, k;

	for (i = 0; i < json_object_array_length(groups); i++) {
		struct json_object *g = json_object_array_get_idx(groups, i);

		row = json_object_new_object();
		list = o = NULL;
		(void)json_object_object_get_ex(g, "groupby_fields", &list);
		for (k = 0; list != NULL &&
		    k < json_object_array_length(list); k++) {
			o = json_object_array_get_idx(list, k);
			json_put(row, json_str(o, "field", ""),
			    json_str(o, "value", ""));
		}
		(void)json_object_object_get_ex(g, "stats", &o);
		json_put(row, "count", json_str(o, "count", "0"));
		json_object_array_add(out, row);
	}
	return out;
}

/* The query of P; one that ends in < is about what is older than STALE_DAYS. */
static char *
query_of(const struct part *p)
{
	struct text t = { 0 };
	char then[DATE_SIZE];

	text_add(&t, p->query);
	if (str_suffix(p->query, "<")) {
		date_format(then, time(NULL) - STALE_DAYS * 86400);
		text_add(&t, then);
	}
	return text_take(&t);
}

static char *
fields_of(const struct part *p)
{
	struct text t = { 0 };
	size_t i;

	for (i = 0; i < FIELDS_MAX && p->columns[i] != NULL; i++)
		text_addf(&t, "%s%s", i > 0 ? "," : "", p->columns[i]);
	return text_take(&t);
}

static struct json_object *
ask(struct client *c, const struct part *p)
{
	struct json_object *result = NULL, *rows = NULL;
	char *query = query_of(p), *fields = fields_of(p), *path;

	if (p->group_by != NULL)
		path = cli_path(c, "/api/now/stats/%s?sysparm_count=true"
		    "&sysparm_query=%s&sysparm_group_by=%s", p->table, query,
		    p->group_by);
	else
		path = cli_path(c, "/api/now/table/%s?sysparm_query=%s"
		    "&sysparm_fields=%s&sysparm_limit=" ROWS, p->table, query,
		    fields);
	if (cli_call(c, "GET", path, NULL, &result) == 0)
		rows = p->group_by != NULL ? flat(result) :
		    json_object_get(result);
	json_object_put(result);
	free(path);
	free(fields);
	free(query);
	return rows;
}

static void
print_part(const struct part *p, struct json_object *rows)
{
	size_t n = 0;

	while (n < FIELDS_MAX && p->columns[n] != NULL)
		n++;
	printf("%s%s\n", p == parts ? "" : "\n", p->title);
	if (json_object_array_length(rows) == 0)
		puts("none");
	else
		cli_print_rows(rows, p->columns, n);
}

static int
report(struct client *c, bool json)
{
	struct json_object *all = json_object_new_object(), *rows;
	size_t i;
	int r = 0;

	for (i = 0; i < COUNT(parts) && r == 0; i++) {
		rows = ask(c, &parts[i]);
		if (rows == NULL) {
			r = 1;
			break;
		}
		if (!json)
			print_part(&parts[i], rows);
		json_object_object_add(all, parts[i].title, rows);
	}
	if (json && r == 0)
		cli_print_json(all);
	json_object_put(all);
	return r;
}

int
cmd_report(int argc, char **argv)
{
	bool json = false;
	const struct cli_option options[] = {
		{ "--json", CLI_FLAG, &json, 0, 0, NULL, NULL,
		  "one object, a list in each part" },
		{ 0 },
	};
	const struct cli_usage usage = { "[--json]",
	    "  midlab report\n  midlab report --json | jq .cis\n", options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words != 1)
		return cli_usage("report", &usage, 2);
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = report(c, json);
	client_close(c);
	return r;
}
