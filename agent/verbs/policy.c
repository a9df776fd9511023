/* SPDX-License-Identifier: Apache-2.0 */
/* policy - the rules in force, and what one command or address would get: args {topic, command, host, tag}. */
#include "policy/policy.h"

#include <stdlib.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "verbs/verbs.h"
#include "xalloc.h"

struct checking {
	struct agent *ag;
	struct control_call *call;
	struct json_object *args;
};

static void
answer(struct checking *ch, const char *address, int r, const struct err *err)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "address", address);
	json_put_bool(o, "allowed", r == 0);
	json_put_str(o, "why", r == 0 ? "" : err->text);
	control_ok_take(ch->call, o);
	json_object_put(ch->args);
	free(ch);
}

static void
found(void *arg, int r, const char *address, const struct err *err)
{
	struct checking *ch = arg;
	struct command_wish w = { .topic = json_str(ch->args, "topic", ""), .command = json_str(ch->args, "command", ""),
	    .address = address, .tag = json_str(ch->args, "tag", "") };
	struct err why = { 0 };

	if (r == 0 && w.command[0] != '\0') {
		r = policy_would(ch->ag->policy, &w, &why);
		err = &why;
	}
	answer(ch, address, r, err);
}

void
verb_policy(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct checking *ch;

	if (json_str(args, "host", "")[0] == '\0' && json_str(args, "command", "")[0] == '\0') {
		control_ok_take(call, policy_show(ag->policy));
		return;
	}
	ch = xcalloc(1, sizeof(*ch));
	ch->ag = ag;
	ch->call = call;
	ch->args = json_object_get(args);
	if (json_str(args, "host", "")[0] == '\0')
		found(ch, 0, "", NULL);
	else
		policy_resolve(ag->policy, json_str(args, "host", ""), found, ch);
}
