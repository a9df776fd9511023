/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_adopt - a Discover job that somebody has put into the queue himself is a
 * discovery too: it gets a row, so that people see it, and others wait for its
 * addresses. Its agent is named in the job, so nobody else takes it over.
 */
#include "disco.h"

#include <expat.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "rules.h"

#define AGENT "mid.server."

static const char *
value(const struct rule_run *run, const char *key)
{
	return json_str(run->values, key, "");
}

bool
disco_is_job(const struct rule_run *run)
{
	return strcmp(value(run, "queue"), "output") == 0 &&
	    strcmp(value(run, "topic"), "Discover") == 0 &&
	    strcmp(value(run, "state"), "ready") == 0 &&
	    str_prefix(value(run, "agent"), AGENT);
}

/* --- what it asks for ----------------------------------------------------- */

/* <parameter name="ranges" value="10.1.0.0/22"/>: into the row. */
static void XMLCALL
on_parameter(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	const char *key = "", *text = "";
	struct json_object *row = arg;
	size_t i;

	if (strcmp(name, "parameter") != 0)
		return;
	for (i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(attributes[i], "name") == 0)
			key = attributes[i + 1];
		else if (strcmp(attributes[i], "value") == 0)
			text = attributes[i + 1];
	}
	if (strcmp(key, "ranges") == 0 && text[0] != '\0')
		json_put(row, "u_ranges", text);
	else if (strcmp(key, "exclude") == 0)
		json_put(row, "u_exclude", text);
}

/* Payloads are the queue's, not ours: one that is no XML tells us nothing. */
static void
read_parameters(const char *payload, struct json_object *row)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	if (parser == NULL)
		return;
	XML_SetUserData(parser, row);
	XML_SetElementHandler(parser, on_parameter, NULL);
	(void)XML_Parse(parser, payload, (int)strlen(payload), XML_TRUE);
	XML_ParserFree(parser);
}

/* --- its row ------------------------------------------------------------------- */

/* The row is there already: this job was made of it. */
static bool
is_ordered(struct db *db, const char *correlator)
{
	struct json_object *row;

	if (!is_sys_id(correlator) ||
	    db_get(db, "discovery_status", correlator, &row) < 0)
		return false;
	json_object_put(row);
	return true;
}

int
disco_adopt(struct rule_run *run)
{
	struct json_object *o, *agent = NULL;
	struct db *db = run->in->db;
	struct text query = { 0 };
	char *quoted;
	int r;

	if (is_ordered(db, value(run, "agent_correlator")))
		return 0;
	quoted = db_quote(value(run, "agent") + strlen(AGENT));
	text_addf(&query, "name=%s", quoted);
	free(quoted);
	r = db_first(db, "ecc_agent", text_str(&query), &agent);
	text_fini(&query);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = json_object_new_object();
	json_put(o, "u_ranges", value(run, "source"));
	read_parameters(value(run, "payload"), o);
	json_put(o, "state", "Queued");
	json_put(o, "source", "job");
	json_put(o, "u_output", run->sys_id);
	json_put(o, "mid_server", json_str(agent, "sys_id", ""));
	json_put(o, "u_mid_server", json_str(agent, "sys_id", ""));
	json_put(o, "u_assigned", "1");
	r = record_insert(run->in, "discovery_status", o, NULL);
	json_object_put(agent);
	json_object_put(o);
	return r == DB_E_BAD ? 0 : r;	/* the agent says what is wrong with it */
}
