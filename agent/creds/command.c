/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - values from a program of the operator's (creds.command): one JSON
 * line on its standard input, {"id", "ip", "type", "mid"}; one JSON object on
 * its standard output, {"user", "pswd", "pkey", "passphrase", ...}.
 */
#include <json-c/json_object.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "program.h"

#define ANSWER_MAX (64u * 1024)
#define ANSWER_MS 10000

static void
answered(void *arg, int r, struct buf *answer, const struct err *err)
{
	struct opening *o = arg;
	struct json_object *fields = NULL;
	struct err bad = *err;

	opening_set_program(o, NULL);
	if (r == 0 && (fields = values_read(buf_str(answer), answer->len, false)) == NULL)
		err_set(&bad, E_BAD, "creds.command gave no JSON");
	values_done(o, fields, &bad);
}

void
command_open(struct opening *o)
{
	struct creds *c = opening_creds(o);
	struct json_object *q = json_object_new_object();
	const char *argv[] = { c->ag->config->creds.source_command, NULL };
	struct program_ask what = { .argv = argv, .answer_max = ANSWER_MAX, .ms = ANSWER_MS };
	struct buf line;

	json_put_str(q, "id", opening_ref(o));
	json_put_str(q, "ip", opening_address(o));
	json_put_str(q, "type", opening_type(o));
	json_put_str(q, "mid", c->ag->config->name);
	buf_init(&line, 16384);
	(void)json_write(&line, q);
	(void)buf_puts(&line, "\n");
	what.line = buf_str(&line);
	what.line_len = line.len;
	opening_set_program(o, program_start(c->ag->loop, &what, answered, o));
	buf_fini(&line);
	json_object_put(q);
}
