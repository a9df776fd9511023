/* SPDX-License-Identifier: Apache-2.0 */
/* trial - see trial.h. */
#include "trial.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"

static const struct { enum mid_class class; const char *result; } results[] = {
	{ MID_OK, "worked" }, { MID_AUTH, "refused" }, { MID_UNREACHABLE, "unreachable" }, { MID_TIMEOUT, "unreachable" },
	{ MID_TARGET, "unreachable" }, { MID_NO_CREDENTIAL, "not tried" }, { MID_POLICY, "not tried" },
};

int
trial_check(const struct mid_host *h, struct mid_run *run)
{
	const char *id = h->param(run, "credential_id");

	if (id != NULL && id[0] != '\0')
		return 0;
	h->fail(run, MID_BAD_PARAM, "which credential? credential_id names it, by its id or its name");
	return -1;
}

static int
emit(const struct trial *t, const char *result, const char *reason)
{
	struct json_object *doc = json_object_new_object();
	const char *text;
	size_t n;
	int r;

	out_cstr(doc, "result", result);
	out_cstr(doc, "reason", reason);
	out_cstr(doc, "credential", t->h->param(t->run, "credential_id"));
	out_cstr(doc, "type", t->type);
	out_cstr(doc, "user", t->user);
	out_cstr(doc, "address", t->h->address(t->run));
	out_i64(doc, "port", t->port);
	text = json_object_to_json_string_length(doc, JSON_C_TO_STRING_PLAIN, &n);
	r = t->h->emit(t->run, MID_JSON, text, n);
	json_object_put(doc);
	return r;
}

/* All it has found is told; what it could not find out is its failure. */
enum mid_next
trial_tell(const struct trial *t, struct mid_wait *wait)
{
	const char *reason = t->reason, *result = NULL, *answer;
	size_t i;
	int r;

	wait->nfds = 0;
	wait->timeout_ms = -1;
	if (t->class == MID_NO_CREDENTIAL) {
		r = t->h->ask(t->run, "why-none", "-", &answer);
		if (r == MID_AGAIN)
			return MID_WAIT;
		if (r == 0 && strchr(answer, ' ') != NULL)
			reason = strchr(answer, ' ') + 1;
	}
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (results[i].class == t->class)
			result = results[i].result;
	if (result == NULL)
		return MID_FAIL;
	t->h->note(t->run, "result", result);
	return emit(t, result, reason) == MID_AGAIN ? MID_WAIT : MID_DONE;
}
