/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema - see the header. One row a table; a column is a word
 * "name[:type][>table][*length]", a plain one a string of 255 characters.
 */
#include "schema.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "cmdb.h"
#include "db.h"

#define LONG_TEXT "*100000000"	/* payloads: bounded by the body's size */

static const struct {
	const char *name, *label, *columns, *indexes;
} tables[] = {
	{ "sys_user", "User", "user_name name email active:b locked_out:b"
	  " user_password:p*200 internal_integration_user:b", "user_name" },
	{ "sys_user_group", "Group", "name description active:b", "" },
	{ "sys_user_role", "Role", "name description", "name" },
	{ "sys_user_has_role", "User Role", "user>sys_user role>sys_user_role"
	  " inherited:b", "user" },
	{ "sys_user_certificate", "User Certificate", "name user>sys_user"
	  " active:b pem_certificate*20000 u_sha256*64 u_fresh:b", "u_sha256" },
	{ "sys_properties", "System Property", "name value*4000 description",
	  "name" },
	{ "sys_attachment", "Attachment", "table_name table_sys_id file_name"
	  " content_type size_bytes:i hash compressed:b state", "table_sys_id" },
	{ "ecc_queue", "Queue", "agent topic name*120 source*1000 queue:c*40"
	  " state:c*40 processed:d sequence response_to>ecc_queue"
	  " agent_correlator priority:c*40 payload" LONG_TEXT
	  " error_string*4000 from_host to_host from_sys_id to_sys_id"
	  " signature*4000 sys_domain",
	  "agent,queue,state,priority,sequence response_to"
	  " queue,topic,state" },
	{ "ecc_agent", "MID Server", "name status:c validated:c version"
	  " started:d stopped:d last_refreshed:d user_name ip_address host_name"
	  " host_type host_os_distribution host_os_version"
	  " host_os_address_width host_cpu_core_count:i host_cpu_speed"
	  " host_hyperthreading:b host_total_ram host_disk_size"
	  " host_disk_size_bytes host_glibc_version host_powershell_version"
	  " home_dir win_domain network router jvm_version"
	  " mid_java_command_dir mid_maximum_ram nmap_version public_key*20000"
	  " unresolved_issues:i sys_domain timezone is_using_mutual_auth:b"
	  " container_id deployment_name", "name" },
	{ "ecc_agent_property", "MID Server Property", "ecc_agent>ecc_agent"
	  " name value*4000 description", "" },
	{ "ecc_agent_config", "MID Server Configuration Parameter",
	  "ecc_agent>ecc_agent param_name value*4000 is_secure:b", "" },
	{ "ecc_agent_issue", "MID Server Issue", "mid_server>ecc_agent"
	  " message*4000 short_description source state:c count:i"
	  " last_detected:d", "" },
	{ "ecc_agent_log", "MID Server Log", "agent>ecc_agent message*4000"
	  " severity:c source", "" },
	{ "ecc_agent_capability", "MID Server Capability", "name capability"
	  " value agent>ecc_agent", "" },
	{ "ecc_agent_capability_m2m", "MID Server Capabilities",
	  "agent>ecc_agent capability>ecc_agent_capability", "" },
	{ "ecc_agent_status", "MID Server Status", "mid_server>ecc_agent"
	  " mean_cpu_used:f max_memory_used:f pending:i processing:i u_slots:i", "" },
	{ "ecc_agent_ip_address", "MID Server IP Range", "agent>ecc_agent"
	  " name type range*1000", "" },
	{ "ecc_agent_cluster", "MID Server Cluster", "name cluster_type"
	  " active:b", "name" },
	{ "ecc_agent_cluster_member_m2m", "MID Server Cluster Member",
	  "mid_cluster>ecc_agent_cluster agent>ecc_agent", "mid_cluster" },
	{ "ecc_agent_ext_context", "MID Server Extension Context", "name"
	  " extension status executing_on>ecc_agent error_message*4000", "" },
	{ "discovery_credentials", "Credentials", "name type order:i active:b"
	  " user_name tag applies_to mid_list*4000 credential_id"
	  " use_external_store:b u_sealed*100000 u_ranges*4000 u_scope", "" },
	{ "em_event", "Event", "source event_class node resource metric_name"
	  " type message_key*1024 severity description*4000"
	  " additional_info*1000000 time_of_event:d resolution_state state:c"
	  " cmdb_ci>cmdb_ci", "message_key" },
	{ "midlab_enroll_token", "Enrolment Token", "token_sha256*64 agent"
	  " expires:d", "token_sha256" },
	{ "midlab_enroll_request", "Enrolment Request", "name state:c words*200"
	  " csr*20000 certificate*20000", "state" },
};

static const struct {
	char letter;
	const char *type;
} types[] = {
	{ 'i', "integer" }, { 'f', "decimal" }, { 'b', "boolean" },
	{ 'd', "glide_date_time" }, { 'c', "choice" },
	{ 'p', "password" },
};

static int
create_column(struct db *db, const char *table, const char *word)
{
	size_t n = strcspn(word, ":>*"), i;
	const char *type = "string", *at = word + n;
	char name[80], ref[80] = "";
	int max = 255;

	snprintf(name, sizeof(name), "%.*s", (int)n, word);
	if (*at == ':') {
		for (i = 0; i < COUNT(types); i++)
			if (types[i].letter == at[1])
				type = types[i].type;
		at += 2;
	}
	if (*at == '>') {
		type = "reference";
		max = SYS_ID_LEN;
		snprintf(ref, sizeof(ref), "%s", at + 1);
	} else if (*at == '*') {
		max = atoi(at + 1);
	}
	return db_create_column(db, table, name, type, ref, max);
}

static int
create_index(struct db *db, const char *table, const char *columns)
{
	return db_create_index(db, table, columns);
}

static int
each_word(struct db *db, const char *table, const char *words,
    int (*call)(struct db *, const char *, const char *))
{
	char *copy = xstrdup(words), *word, *save = NULL;
	int r = 0;

	for (word = strtok_r(copy, " ", &save); word != NULL && r == 0;
	    word = strtok_r(NULL, " ", &save))
		r = call(db, table, word);
	free(copy);
	return r;
}

int
schema_create(struct db *db)
{
	size_t i;
	int r;

	r = db_begin(db);
	if (r < 0)
		return r;
	for (i = 0; r == 0 && i < COUNT(tables); i++) {
		r = db_create_table(db, tables[i].name, NULL, tables[i].label);
		if (r == 0)
			r = each_word(db, tables[i].name, tables[i].columns,
			    create_column);
		if (r == 0)
			r = each_word(db, tables[i].name, tables[i].indexes,
			    create_index);
	}
	if (r == 0)
		r = cmdb_create(db);
	if (r == 0)
		r = blob_create(db);
	return db_end(db, r);
}

/* --- users --------------------------------------------------------------- */

static int
give_role(struct db *db, const char *user, const char *role)
{
	struct json_object *o = json_object_new_object();
	char id[SYS_ID_LEN + 1], link[SYS_ID_LEN + 1], query[160];
	int r;

	json_put(o, "name", role);
	snprintf(query, sizeof(query), "name=%s", role);
	r = db_ensure(db, "sys_user_role", query, o, id);
	if (r < 0)
		return r;
	o = json_object_new_object();
	json_put(o, "user", user);
	json_put(o, "role", id);
	snprintf(query, sizeof(query), "user=%s^role=%s", user, id);
	return db_ensure(db, "sys_user_has_role", query, o, link);
}

int
schema_user(struct db *db, const char *name, const char *const *roles,
    char sys_id[33])
{
	struct json_object *o = json_object_new_object();
	char *quoted = db_quote(name);
	struct text query = { 0 };
	int r;

	json_put(o, "user_name", name);
	json_put(o, "name", name);
	json_put(o, "active", "true");
	text_addf(&query, "user_name=%s", quoted);
	r = db_ensure(db, "sys_user", text_str(&query), o, sys_id);
	for (; r == 0 && *roles != NULL; roles++)
		r = give_role(db, sys_id, *roles);
	text_fini(&query);
	free(quoted);
	return r;
}

int
schema_certificate(struct db *db, const char *user_sys_id, const char *name,
    const char *pem, const char *sha256, bool fresh)
{
	struct json_object *o = json_object_new_object();
	char query[96], id[SYS_ID_LEN + 1];

	json_put(o, "name", name);
	json_put(o, "user", user_sys_id);
	json_put(o, "active", "true");
	json_put(o, "pem_certificate", pem);
	json_put(o, "u_sha256", sha256);
	json_put(o, "u_fresh", fresh ? "true" : "false");
	snprintf(query, sizeof(query), "u_sha256=%s", sha256);
	return db_ensure(db, "sys_user_certificate", query, o, id);
}
