/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_wait - waits for the answers to jobs and prints them, opened.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli_answer.h"
#include "cli_call.h"
#include "cli_job.h"
#include "client.h"
#include "files.h"
#include "util.h"

#define ASK_MIN_MS 50
#define ASK_MAX_MS 500

static void
rest(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* 1 when the queue has done with the job, 0 not yet, -1 after complaining. */
static int
is_over(struct client *c, const char *id)
{
	struct json_object *row = NULL;
	char *path = cli_path(c,
	    "/api/now/table/ecc_queue/%s?sysparm_fields=state", id);
	const char *state;
	int r;

	r = cli_call(c, "GET", path, NULL, &row);
	state = json_str(row, "state", "");
	if (r == 0)
		r = strcmp(state, "ready") != 0 &&
		    strcmp(state, "processing") != 0;
	json_object_put(row);
	free(path);
	return r;
}

/* 1 when all pages are there; *A is to be finished with in any case. */
static int
fetch(struct client *c, const char *id, struct json_object **result,
    struct cli_answer *a)
{
	char *path = cli_path(c, "/api/midlab/result/%s", id);
	int r;

	*result = NULL;
	memset(a, 0, sizeof(*a));
	r = cli_call(c, "GET", path, NULL, result);
	free(path);
	if (r == 0 && !cli_answer_read(a, *result))
		r = -complain("the lab gave no answers for %s", id);
	if (r < 0)
		return r;
	/* A cancelled job may have none at all. */
	return cli_answer_complete(a) || (a->seen == 0 &&
	    strcmp(json_str(*result, "state", ""), "cancelled") == 0);
}

static struct json_object *
as_json(struct json_object *result, const struct cli_answer *a)
{
	struct json_object *o = json_object_new_object(), *inputs;

	json_put(o, "sys_id", json_str(result, "sys_id", ""));
	json_put(o, "state", json_str(result, "state", ""));
	json_object_object_add(o, "ok",
	    json_object_new_boolean(cli_answer_good(a)));
	json_object_object_add(o, "partial",
	    json_object_new_boolean(a->partial));
	json_object_object_add(o, "result_code", json_object_new_int(a->code));
	json_put(o, "warning", a->warning);
	json_put(o, "error", a->error);
	json_put(o, "error_class", a->class);
	json_object_object_add(o, "pages", json_object_new_int(a->pages));
	json_put(o, "output", text_str(&a->output));
	json_put(o, "stderr", text_str(&a->complaint));
	if (json_object_object_get_ex(result, "inputs", &inputs))
		json_object_object_add(o, "results", json_object_get(inputs));
	return o;
}

static void
put_text(FILE *out, const struct text *t)
{
	if (t->len == 0)
		return;
	(void)fwrite(t->at, 1, t->len, out);
	if (t->at[t->len - 1] != '\n')
		fputc('\n', out);
}

/* What the probe said goes where a command run by hand would have put it. */
static void
print_answer(const struct cli_answer *a)
{
	if (a->structured)
		put_text(stdout, &a->output);
	else if (cli_answer_good(a) && a->complaint.len == 0)
		put_text(stdout, &a->raw);
	put_text(stderr, &a->complaint);
	if (a->error[0] != '\0' && strstr(text_str(&a->complaint),
	    a->error) == NULL)
		fprintf(stderr, "%s\n", a->error);
	if (a->warning[0] != '\0')
		fprintf(stderr, "not all: %s\n", a->warning);
}

/* The exit status of one job; *LEFT_MS is what remains of the patience. */
static int
wait_one(struct client *c, const char *id, int64_t until_ms, bool json)
{
	struct json_object *result = NULL, *o;
	struct cli_answer a = { 0 };
	long pause = ASK_MIN_MS;
	int r;

	for (;;) {
		r = is_over(c, id);
		if (r > 0)
			r = fetch(c, id, &result, &a);
		if (r != 0 || clock_ms() >= until_ms)
			break;
		cli_answer_fini(&a);
		json_object_put(result);
		result = NULL;
		rest(pause);
		pause = pause * 2 < ASK_MAX_MS ? pause * 2 : ASK_MAX_MS;
	}
	if (r == 0) {
		complain("job %s has no complete answer yet", id);
		r = JOB_TIMEOUT;
	} else if (r > 0) {
		r = cli_answer_good(&a) && a.seen > 0 ? 0 : 1;
		o = as_json(result, &a);
		if (json)
			cli_print_json(o);
		else
			print_answer(&a);
		json_object_put(o);
	} else {
		r = 1;
	}
	cli_answer_fini(&a);
	json_object_put(result);
	return r;
}

int
job_wait(struct client *c, char *const *ids, size_t count, long wait_s,
    bool json)
{
	int64_t until = clock_ms() + (int64_t)wait_s * 1000;
	size_t i;
	int r, worst = 0;

	for (i = 0; i < count; i++) {
		r = wait_one(c, ids[i], until, json);
		worst = r > worst ? r : worst;
	}
	return worst;
}
