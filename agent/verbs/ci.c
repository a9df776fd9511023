/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci - which job has last told of a CI. args: id, its sys_id, its name, or its name without the domain.
 * {ci, job, class, at}; class is null where it was asked for by sys_id.
 */
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

#define LOOKED 16

struct look { struct control_call *call; char key[CI_KEY_MAX]; };

/* The row of just this name; else the one whose name goes on with a domain, where there is one only. */
static struct json_object *
pick(const char *key, struct json_object *rows)
{
	size_t i, n = rows != NULL ? json_object_array_length(rows) : 0, len = strlen(key), longer = 0;
	struct json_object *row, *found = NULL;
	const char *got;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(rows, i);
		got = json_str(row, "key", "");
		if (strcmp(got, key) == 0)
			return row;
		if (strncmp(got, key, len) == 0 && got[len] == '.') {
			found = row;
			longer++;
		}
	}
	return longer == 1 ? found : NULL;
}

static void
looked(void *arg, int r, struct json_object *rows)
{
	struct look *l = arg;
	struct json_object *row = r < 0 ? NULL : pick(l->key, rows), *o;
	char job[33] = "";
	const char *value = json_str(row, "value", ""), *class = strchr(value, ' ');

	if (r < 0) {
		control_no(l->call, -r, "the store cannot be read: midctl log tells more");
	} else if (row == NULL) {
		control_no(l->call, E_NONE, "no job here has told of a CI %.100s", l->key);
	} else {
		memcpy(job, value, strcspn(value, " ") < 32 ? strcspn(value, " ") : 32);
		o = json_object_new_object();
		json_put_str(o, "ci", json_str(row, "key", ""));
		json_put_str(o, "job", job);
		json_put_str(o, "class", class != NULL ? class + 1 : NULL);
		json_put_int(o, "at", json_int(row, "ms", 0));
		control_ok_take(l->call, o);
	}
	free(l);
}

void
verb_ci(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct look *l = xcalloc(1, sizeof(*l));

	l->call = call;
	ci_key(l->key, json_str(args, "id", ""));
	if (l->key[0] == '\0') {
		control_no(call, E_BAD, "which CI? its name or sys_id");
		free(l);
		return;
	}
	store_targets(ag->store, CI_KIND, l->key, 0, LOOKED, looked, l);
}
