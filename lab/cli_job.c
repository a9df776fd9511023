/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab job - writes jobs into the queue of the running lab, as an instance
 * would.
 */
#include "cli_job.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "cli_call.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define COUNT_MAX 100000
#define BATCH 200		/* jobs in one request */
#define PAYLOAD_MAX (16UL * 1024 * 1024)
#define WAIT_DEFAULT 300

struct args {
	const char *topic, *agent, *source, *name, *correlator, *file;
	char **params;		/* "k=v" */
	int param_count;
	long priority, count, wait_s;
	bool wait, json;
};

/* --- the payload --------------------------------------------------------------- */

static char *
payload_of(const struct args *args)
{
	struct text t = { 0 };
	const char *eq;
	char *whole;
	int i;

	if (args->file != NULL) {
		whole = file_read(args->file, PAYLOAD_MAX, NULL);
		if (whole == NULL)
			complain("%s cannot be read, or is larger than %lu"
			    " bytes", args->file, PAYLOAD_MAX);
		return whole;
	}
	text_add(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<parameters>");
	for (i = 0; i < args->param_count; i++) {
		eq = strchr(args->params[i], '=');
		text_add(&t, "<parameter name=\"");
		text_add_xml(&t, args->params[i],
		    (size_t)(eq - args->params[i]));
		text_add(&t, "\" value=\"");
		text_add_xml(&t, eq + 1, strlen(eq + 1));
		text_add(&t, "\"/>");
	}
	text_add(&t, "</parameters>");
	return text_take(&t);
}

/* --- the agent ------------------------------------------------------------------- */

/* The one there is; of several, the one that is Up. NULL after complaining. */
static char *
pick_agent(struct client *c)
{
	static const char *const queries[] = { "status=Up", "" };
	struct json_object *rows = NULL;
	char *path, *name = NULL;
	size_t i, n = 0;

	for (i = 0; i < COUNT(queries) && name == NULL; i++) {
		path = cli_path(c, "/api/now/table/ecc_agent?sysparm_query=%s"
		    "&sysparm_fields=name&sysparm_limit=2", queries[i]);
		if (cli_call(c, "GET", path, NULL, &rows) == 0)
			n = json_object_array_length(rows);
		if (n == 1)
			name = xstrdup(json_str(json_object_array_get_idx(rows,
			    0), "name", ""));
		json_object_put(rows);
		rows = NULL;
		free(path);
	}
	if (name == NULL)
		complain("%s: name one with --agent", n == 0 ?
		    "no agent has registered yet" : "there are several agents");
	return name;
}

static struct json_object *
row_of(const struct args *args, const char *agent, const char *payload)
{
	struct json_object *o = json_object_new_object();
	struct text to = { 0 };
	char n[24];

	text_addf(&to, "mid.server.%s", agent);
	(void)snprintf(n, sizeof(n), "%ld", args->priority);
	json_put(o, "agent", text_str(&to));
	json_put(o, "topic", args->topic);
	json_put(o, "name", args->name);
	json_put(o, "source", args->source);
	json_put(o, "queue", "output");
	json_put(o, "state", "ready");
	json_put(o, "priority", n);
	json_put(o, "payload", payload);
	json_put(o, "agent_correlator", args->correlator);
	text_fini(&to);
	return o;
}

/* --- writing ----------------------------------------------------------------------- */

static int
insert_one(struct client *c, struct json_object *row, char **id)
{
	struct json_object *made = NULL;
	int r;

	r = cli_call(c, "POST", "/api/now/table/ecc_queue", row, &made);
	if (r == 0)
		*id = xstrdup(json_str(made, "sys_id", ""));
	json_object_put(made);
	return r;
}

static struct json_object *
batch_body(const char *row64, size_t n)
{
	struct json_object *o = json_object_new_object(), *part, *h;
	struct json_object *parts = json_object_new_array();
	struct json_object *headers = json_object_new_array();
	char id[24];
	size_t i;

	h = json_object_new_object();
	json_put(h, "name", "Content-Type");
	json_put(h, "value", "application/json");
	json_object_array_add(headers, h);
	for (i = 0; i < n; i++) {
		part = json_object_new_object();
		(void)snprintf(id, sizeof(id), "%zu", i);
		json_put(part, "id", id);
		json_put(part, "method", "POST");
		json_put(part, "url", "/api/now/table/ecc_queue");
		json_put(part, "body", row64);
		json_object_object_add(part, "headers",
		    json_object_get(headers));
		json_object_array_add(parts, part);
	}
	json_object_put(headers);
	json_put(o, "batch_request_id", "midlab job");
	json_object_object_add(o, "rest_requests", parts);
	return o;
}

/* The sys_id in a part of a batch's answer; NULL after complaining. */
static char *
made_by(struct json_object *part)
{
	const char *body = json_str(part, "body", "");
	struct json_object *answer, *row = NULL;
	char *text, *id = NULL;
	size_t n;

	text = base64_decode(body, strlen(body), &n);
	answer = text != NULL ? json_tokener_parse(text) : NULL;
	if (json_object_object_get_ex(answer, "result", &row) &&
	    json_str(row, "sys_id", "")[0] != '\0')
		id = xstrdup(json_str(row, "sys_id", ""));
	else
		complain("the instance refused a job: %s",
		    text != NULL ? text : "no body");
	json_object_put(answer);
	free(text);
	return id;
}

static int
insert_batch(struct client *c, const char *row64, size_t n, char **ids)
{
	struct json_object *body = batch_body(row64, n), *answer = NULL, *parts;
	size_t i;
	int r;

	r = cli_call(c, "POST", "/api/now/v1/batch", body, &answer);
	if (r == 0 && (!json_object_object_get_ex(answer, "serviced_requests",
	    &parts) || json_object_array_length(parts) != n))
		r = -complain("the instance did not serve all of the batch");
	for (i = 0; i < n && r == 0; i++) {
		ids[i] = made_by(json_object_array_get_idx(parts, i));
		if (ids[i] == NULL)
			r = -1;
	}
	json_object_put(answer);
	json_object_put(body);
	return r;
}

static int
insert_all(struct client *c, const struct args *args,
    struct json_object *row, char **ids)
{
	const char *text = json_object_to_json_string_ext(row,
	    JSON_C_TO_STRING_PLAIN);
	size_t done, n, count = (size_t)args->count;
	char *row64;
	int r = 0;

	if (count == 1)
		return insert_one(c, row, ids);
	row64 = base64_encode(text, strlen(text));
	for (done = 0; done < count && r == 0; done += n) {
		n = count - done < BATCH ? count - done : BATCH;
		r = insert_batch(c, row64, n, ids + done);
	}
	free(row64);
	return r;
}

/* --- the command ---------------------------------------------------------------------- */

static int
finish(struct client *c, const struct args *args, char **ids)
{
	size_t i;

	if (args->wait)
		return job_wait(c, ids, (size_t)args->count, args->wait_s,
		    args->json);
	for (i = 0; i < (size_t)args->count; i++)
		puts(ids[i]);
	return 0;
}

static int
run(struct client *c, const struct args *args)
{
	char *agent = args->agent != NULL ? xstrdup(args->agent) :
	    pick_agent(c);
	char *payload = agent != NULL ? payload_of(args) : NULL;
	char **ids = xcalloc((size_t)args->count, sizeof(*ids));
	struct json_object *row;
	long i;
	int r = 1;

	if (payload != NULL) {
		row = row_of(args, agent, payload);
		if (insert_all(c, args, row, ids) == 0)
			r = finish(c, args, ids);
		json_object_put(row);
	}
	for (i = 0; i < args->count; i++)
		free(ids[i]);
	free(ids);
	free(payload);
	free(agent);
	return r;
}

static bool
words_ok(const struct args *args)
{
	int i;

	for (i = 0; i < args->param_count; i++)
		if (strchr(args->params[i], '=') == NULL ||
		    args->params[i][0] == '=') {
			complain("\"%s\" is no parameter: write name=value",
			    args->params[i]);
			return false;
		}
	if (args->file != NULL && args->param_count > 0) {
		complain("--payload is the whole payload: parameters cannot be"
		    " added to it");
		return false;
	}
	return true;
}

int
cmd_job(int argc, char **argv)
{
	struct args args = { .source = "", .name = "", .correlator = "",
	    .priority = 2, .count = 1, .wait_s = WAIT_DEFAULT };
	const struct cli_option options[] = {
		{ "--agent", CLI_TEXT, &args.agent, 0, 0, NULL, "NAME",
		  "who is to do it (default: the one that is Up)" },
		{ "--source", CLI_TEXT, &args.source, 0, 0, NULL, "TEXT",
		  "target address, or the system command" },
		{ "--name", CLI_TEXT, &args.name, 0, 0, NULL, "TEXT",
		  "the name column" },
		{ "--priority", CLI_NUMBER, &args.priority, 0, 2, NULL, "0|1|2",
		  "interactive, expedited, standard (default)" },
		{ "--correlator", CLI_TEXT, &args.correlator, 0, 0, NULL,
		  "TEXT", "the agent_correlator column" },
		{ "--payload", CLI_TEXT, &args.file, 0, 0, NULL, "FILE",
		  "XML instead of name=value" },
		{ "--count", CLI_NUMBER, &args.count, 1, COUNT_MAX, NULL, "N",
		  "the same job N times" },
		{ "--wait", CLI_MAYBE_NUMBER, &args.wait_s, 0, 86400,
		  &args.wait, "[SECONDS]",
		  "print the opened answer; exit 1 on error, 3 on timeout" },
		{ "--json", CLI_FLAG, &args.json, 0, 0, NULL, NULL,
		  "with --wait: one object a job" },
		{ 0 },
	};
	const struct cli_usage usage = { "TOPIC [name=value]... [options]",
	    "  midlab job Echo text=hello --wait\n"
	    "  midlab job SystemCommand --source status --priority 0 --wait 20"
	    "\n", options };
	struct client *c;
	int words, r;

	r = cli_parse(argc, argv, &usage, &words);
	if (r != 0)
		return r == 1 ? 0 : r;
	if (words < 2)
		return cli_usage("job", &usage, 2);
	args.topic = argv[1];
	args.params = argv + 2;
	args.param_count = words - 2;
	if (!words_ok(&args))
		return 2;
	c = cli_connect();
	if (c == NULL)
		return 1;
	r = run(c, &args);
	client_close(c);
	return r;
}
