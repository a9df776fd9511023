/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab cluster - which agents share the work.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "cli_order.h"
#include "client.h"
#include "util.h"

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

	r = cli_put_id(c, row, "mid_cluster", "ecc_agent_cluster", cluster);
	if (r == 0)
		r = cli_put_id(c, row, "agent", "ecc_agent", agent);
	if (r == 0)
		r = cli_insert(c, "ecc_agent_cluster_member_m2m", row, NULL);
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
	r = cli_insert(c, "ecc_agent_cluster", row, NULL);
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
