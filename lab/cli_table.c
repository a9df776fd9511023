/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab table - rows of a table, for people or as JSON.
 */
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "util.h"

#define FIELDS_MAX 64
#define LIMIT_TEXT 100		/* rows on a screen */
#define LIMIT_JSON 10000
#define FIELDS_CHOSEN 8

/* What a person looks for first, when no --fields are named. */
static const struct {
	const char *table, *fields;
} usual[] = {
	{ "ecc_queue", "sys_created_on,queue,topic,name,source,agent,state,"
	  "error_string" },
	{ "ecc_agent", "name,status,validated,version,host_name,ip_address" },
	{ "cmdb_ci", "name,sys_class_name,serial_number,ip_address,"
	  "last_discovered" },
	{ "cmdb_ci_linux_server", "name,os,os_version,ip_address,"
	  "serial_number,cpu_count,ram,disk_space" },
	{ "cmdb_ci_network_adapter", "name,mac_address,ip_address,netmask,"
	  "u_kind,u_state,cmdb_ci" },
	{ "cmdb_ci_ip_address", "ip_address,ip_version,netmask,nic" },
	{ "cmdb_ci_disk", "name,model_id,serial_number,disk_space,type,"
	  "device_interface,computer" },
	{ "cmdb_ci_disk_partition", "name,disk,number,size_bytes,"
	  "u_file_system_type,computer" },
	{ "cmdb_ci_file_system", "mount_point,file_system_type,capacity,"
	  "free_space,u_device,computer" },
	{ "cmdb_ci_memory_module", "name,size,speed,type,serial_number,"
	  "part_number,u_computer" },
	{ "cmdb_ci_spkg", "name,version,short_description" },
	{ "cmdb_serial_number", "serial_number,serial_number_type,valid,"
	  "absent,cmdb_ci" },
	{ "cmdb_rel_ci", "parent,type,child" },
	{ "cmdb_running_process", "pid,name,u_user,count,command" },
	{ "cmdb_tcp", "type,u_protocol,ip,port,pid,process" },
	{ "sys_object_source", "name,id,last_scan,target_table,"
	  "target_sys_id" },
};

struct args {
	const char *table, *query, *fields;
	long limit;
	bool json, display, limited;
};

static char *
build_path(struct client *c, const struct args *args, long limit)
{
	char n[24];

	(void)snprintf(n, sizeof(n), "%ld", limit);
	return cli_path(c, "/api/now/table/%s?sysparm_query=%s"
	    "&sysparm_fields=%s&sysparm_limit=%s&sysparm_display_value=%s"
	    "&sysparm_exclude_reference_link=true&sysparm_no_count=true",
	    args->table, args->query, args->fields, n,
	    args->display ? "true" : "false");
}

/* --- which columns -------------------------------------------------------------- */

static bool
anywhere(struct json_object *rows, const char *key)
{
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++)
		if (json_str(json_object_array_get_idx(rows, i), key,
		    "")[0] != '\0')
			return true;
	return false;
}

/* Of a table nobody thought of: the first fields that say something. */
static size_t
choose(struct json_object *rows, const char **columns)
{
	struct json_object *first = json_object_array_get_idx(rows, 0);
	size_t n = 0;

	if (first == NULL)
		return 0;
	if (json_object_object_get_ex(first, "name", NULL))
		columns[n++] = "name";
	json_object_object_foreach(first, key, v) {
		(void)v;
		if (n == FIELDS_CHOSEN)
			break;
		if (!str_prefix(key, "sys_") && strcmp(key, "name") != 0 &&
		    anywhere(rows, key))
			columns[n++] = key;
	}
	return n;
}

static size_t
split(char *list, const char **columns)
{
	char *word, *save = NULL;
	size_t n = 0;

	for (word = strtok_r(list, ", ", &save); word != NULL &&
	    n < FIELDS_MAX; word = strtok_r(NULL, ", ", &save))
		columns[n++] = word;
	return n;
}

static void
print_table(const struct args *args, struct json_object *rows)
{
	const char *columns[FIELDS_MAX];
	char *list = xstrdup(args->fields);
	size_t n = split(list, columns);
	size_t count = json_object_array_length(rows);

	if (n == 0)
		n = choose(rows, columns);
	cli_print_rows(rows, columns, n);
	if (count == 0)
		fprintf(stderr, "no rows\n");
	else if (count == (size_t)args->limit)
		fprintf(stderr, "the first %zu rows; --limit shows more\n",
		    count);
	free(list);
}

static int
show(struct client *c, struct args *args)
{
	struct json_object *rows = NULL;
	char *path;
	size_t i;
	int r;

	if (!args->limited)
		args->limit = args->json ? LIMIT_JSON : LIMIT_TEXT;
	for (i = 0; i < COUNT(usual) && !args->json; i++)
		if (args->fields[0] == '\0' &&
		    strcmp(usual[i].table, args->table) == 0)
			args->fields = usual[i].fields;
	path = build_path(c, args, args->limit);
	r = cli_call(c, "GET", path, NULL, &rows);
	if (r == 0 && args->json)
		cli_print_json(rows);
	else if (r == 0)
		print_table(args, rows);
	json_object_put(rows);
	free(path);
	return r == 0 ? 0 : 1;
}

int
cmd_table(int argc, char **argv)
{
	struct args args = { .query = "", .fields = "" };
	const struct cli_option options[] = {
		{ "--fields", CLI_TEXT, &args.fields, 0, 0, NULL, "A,B,C.D",
		  "columns; a dot follows a reference" },
		{ "--limit", CLI_NUMBER, &args.limit, 1, INT_MAX,
		  &args.limited, "N", "at most so many rows" },
		{ "--display", CLI_FLAG, &args.display, 0, 0, NULL, NULL,
		  "names instead of sys_ids" },
		{ "--json", CLI_FLAG, &args.json, 0, 0, NULL, NULL,
		  "an array of objects" },
		{ 0 },
	};
	const struct cli_usage usage = { "TABLE [QUERY] [options]",
	    "  midlab table ecc_queue 'queue=input^ORDERBYDESCsys_created_on'\n"
	    "  midlab table cmdb_ci_linux_server --fields name,os,ram\n",
	    options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words < 2 || words > 3)
		return cli_usage("table", &usage, 2);
	args.table = argv[1];
	if (words == 3)
		args.query = argv[2];
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = show(c, &args);
	client_close(c);
	return r;
}
