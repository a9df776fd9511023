/* SPDX-License-Identifier: Apache-2.0 */
/* creds, hostkeys - credentials and host keys: args.do says which order; see creds/creds.h for the shapes. */
#include "creds/creds.h"

#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "verbs/verbs.h"

static void
do_list(struct creds *c, struct control_call *call, struct json_object *args)
{
	(void)args;
	creds_list(c, call);
}

static void
do_remove(struct creds *c, struct control_call *call, struct json_object *args)
{
	creds_remove(c, call, json_str(args, "name", ""));
}

static void
do_test(struct creds *c, struct control_call *call, struct json_object *args)
{
	creds_test(c, call, json_str(args, "name", ""), json_str(args, "host", ""));
}

static void
do_why(struct creds *c, struct control_call *call, struct json_object *args)
{
	creds_why(c, call, json_str(args, "host", ""));
}

static void
do_reload(struct creds *c, struct control_call *call, struct json_object *args)
{
	(void)args;
	creds_reload(c);
	control_ok_take(call, json_object_new_object());
}

static void
keys_list(struct creds *c, struct control_call *call, struct json_object *args)
{
	hostkeys_list(c, call, json_str(args, "host", ""));
}

static void
keys_remove(struct creds *c, struct control_call *call, struct json_object *args)
{
	hostkeys_remove(c, call, json_str(args, "host", ""), (int)json_int(args, "port", 0));
}

static const struct order {
	const char *what, *name;
	void (*fn)(struct creds *, struct control_call *, struct json_object *);
} orders[] = {
	{ "creds", "list", do_list }, { "creds", "add", creds_add }, { "creds", "remove", do_remove },
	{ "creds", "test", do_test }, { "creds", "why", do_why }, { "creds", "reload", do_reload },
	{ "hostkeys", "list", keys_list }, { "hostkeys", "accept", hostkeys_accept }, { "hostkeys", "remove", keys_remove },
	{ "hostkeys", "import", hostkeys_import },
};

static void
order(struct agent *ag, const char *what, struct control_call *call, struct json_object *args)
{
	const char *name = json_str(args, "do", "list");
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i].what, what) == 0 && strcmp(orders[i].name, name) == 0) {
			orders[i].fn(ag->creds, call, args);
			return;
		}
	control_no(call, E_BAD, "%s knows no %.40s", what, name);
}

void
verb_creds(void *ctx, struct control_call *call, struct json_object *args)
{
	order(ctx, "creds", call, args);
}

void
verb_hostkeys(void *ctx, struct control_call *call, struct json_object *args)
{
	order(ctx, "hostkeys", call, args);
}
