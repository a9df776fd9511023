/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acl - see the header.
 */
#include "acl.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "http.h"
#include "password.h"

#define PASSWORD_LINE_MAX 400

static const struct {
	const char *name;
	unsigned bit;
} roles[] = {
	{ "admin", ROLE_ADMIN },
	{ "mid_server", ROLE_MID },
	{ "itil", ROLE_ITIL },
	{ "asset", ROLE_ITIL },
	{ "import_admin", ROLE_IMPORT },
};

/* The first row whose pattern fits decides; a * at the end is any rest. */
static const struct {
	const char *tables;
	unsigned read, write;
} rows[] = {
	{ "ecc_queue", ROLE_MID, ROLE_MID },
	{ "ecc_agent*", ROLE_MID, ROLE_MID },
	{ "sys_attachment", ROLE_MID | ROLE_ITIL, ROLE_MID | ROLE_ITIL },
	{ "discovery_credentials", ROLE_MID, 0 },
	{ "sys_properties", ROLE_MID, 0 },
	{ "sys_choice", ROLE_MID | ROLE_ITIL, 0 },
	{ "em_event", ROLE_MID, ROLE_MID },
	{ "cmdb_identifier*", ROLE_ITIL, 0 },
	{ "cmdb_reconciliation*", ROLE_ITIL, 0 },
	{ "discovery_schedule", ROLE_MID | ROLE_ITIL, 0 },
	{ "u_discovery_assignment", ROLE_MID | ROLE_ITIL, 0 },
	{ "sys_audit", ROLE_ITIL, 0 },
	{ "cmdb*", ROLE_ITIL, ROLE_ITIL },
	{ "discovery*", ROLE_MID | ROLE_ITIL, ROLE_MID },
	{ "dscy*", ROLE_ITIL, ROLE_ITIL },
	{ "core_company", ROLE_ITIL, 0 },
	{ "cmn_location", ROLE_ITIL, 0 },
	{ "sys_object_source", ROLE_ITIL, 0 },
	{ "u_*", ROLE_ITIL | ROLE_IMPORT, ROLE_ITIL | ROLE_IMPORT },
};

static bool
fits(const char *pattern, const char *table)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(pattern, table, n - 1) == 0;
	return strcmp(pattern, table) == 0;
}

bool
acl_table(const struct caller *caller, const char *table, bool write)
{
	size_t i;

	if ((caller->roles & ROLE_ADMIN) != 0)
		return true;
	for (i = 0; i < COUNT(rows); i++)
		if (fits(rows[i].tables, table))
			return (caller->roles &
			    (write ? rows[i].write : rows[i].read)) != 0;
	return false;
}

static void
load_roles(struct db *db, struct caller *caller)
{
	const char *const fields[] = { "role.name" };
	char query[64];
	struct db_select sel = { .table = "sys_user_has_role",
	    .query = query, .fields = fields, .field_count = 1 };
	struct json_object *list;
	size_t i, j;

	snprintf(query, sizeof(query), "user=%s", caller->sys_id);
	if (db_select(db, &sel, &list) < 0)
		return;
	for (i = 0; i < json_object_array_length(list); i++)
		for (j = 0; j < COUNT(roles); j++)
			if (strcmp(json_str(json_object_array_get_idx(list, i),
			    "role.name", ""), roles[j].name) == 0)
				caller->roles |= roles[j].bit;
	json_object_put(list);
}

/* ROW: a sys_user, or fields of it under PREFIX. */
static void
know(struct db *db, struct json_object *user, struct caller *caller)
{
	if (strcmp(json_str(user, "active", ""), "true") != 0 ||
	    strcmp(json_str(user, "locked_out", ""), "true") == 0)
		return;
	snprintf(caller->user, sizeof(caller->user), "%s",
	    json_str(user, "user_name", ""));
	snprintf(caller->sys_id, sizeof(caller->sys_id), "%s",
	    json_str(user, "sys_id", ""));
	caller->known = true;
	load_roles(db, caller);
}

void
acl_certificate(struct db *db, const char *sha256, struct caller *caller)
{
	struct json_object *cert, *user;
	char query[128];

	snprintf(query, sizeof(query), "u_sha256=%s^active=true", sha256);
	if (db_first(db, "sys_user_certificate", query, &cert) < 0)
		return;
	if (db_get(db, "sys_user", json_str(cert, "user", ""), &user) == 0) {
		know(db, user, caller);
		caller->fresh = strcmp(json_str(cert, "u_fresh", ""), "true") == 0;
		json_object_put(user);
	}
	json_object_put(cert);
}

static void
log_in(struct db *db, const char *name, const char *password,
    struct caller *caller)
{
	char *quoted = db_quote(name);
	struct text query = { 0 };
	struct json_object *user;

	text_addf(&query, "user_name=%s", quoted);
	if (db_first(db, "sys_user", text_str(&query), &user) == 0) {
		if (password_matches(password,
		    json_str(user, "user_password", "")))
			know(db, user, caller);
		json_object_put(user);
	}
	text_fini(&query);
	free(quoted);
}

void
acl_basic(struct db *db, const char *authorization, struct caller *caller)
{
	char *line, *colon;
	size_t n;

	if (strncasecmp(authorization, "Basic ", 6) != 0 ||
	    strlen(authorization) > PASSWORD_LINE_MAX)
		return;
	line = base64_decode(authorization + 6, strlen(authorization + 6), &n);
	if (line == NULL)
		return;
	line[n] = '\0';
	colon = strchr(line, ':');
	if (colon != NULL) {
		*colon = '\0';
		log_in(db, line, colon + 1, caller);
	}
	free(line);
}
