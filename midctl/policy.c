/* SPDX-License-Identifier: Apache-2.0 */
/* policy, hostkeys - what midd may do, and which SSH servers it knows. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "table.h"

/* --- policy ------------------------------------------------------------------------ */

static void
put_line_of(struct screen *sc, const char *what, const char *value)
{
	put_cell(sc, PAINT_DIM, what, 12);
	put_wrapped(sc, PAINT_NONE, value, 12, 6);
	put_line(sc);
}

static const struct column rule_columns[] = {
	{ "LINE", "line", 5 }, { "ACTION", "action", 7 }, { "TOPIC", "topic", 14 }, { "TARGETS", "targets", 18 },
	{ "TAG", "tag", 8 }, { "HITS", "hits", 6 }, { "PATTERN", "pattern", 0 }, { NULL, NULL, 0 },
};

int
cmd_policy_show(const struct asked *a)
{
	struct json_object *o;
	struct screen sc;
	int status = ask(a, "policy", NULL, NULL, NULL, &o);
	const char *allow;

	if (status != EXIT_OK)
		return status;
	if (a->json) {
		print_json(o);
	} else {
		allow = json_str(o, "allow", "");
		screen_of_terminal(&sc);
		put_line_of(&sc, "targets", allow[0] == '\0' ? "all that are not denied" : allow);
		put_line_of(&sc, "denied", json_str(o, "deny", ""));
		put_line_of(&sc, "loopback", json_flag(o, "loopback", false) ? "is a target" : "is no target");
		put_line_of(&sc, "learning", json_flag(o, "learn", false) ? "yes: every command runs" : "no");
		put_table(&sc, rule_columns, json_arr(o, "rules"), "no rules: only the commands of Discovery itself");
		screen_show(&sc);
		screen_fini(&sc);
	}
	json_object_put(o);
	return EXIT_OK;
}

int
cmd_policy_check(const struct asked *a)
{
	struct json_object *args = json_object_new_object(), *o;
	int status;

	json_put_str(args, "host", a->words[0]);
	json_put_str(args, "command", a->nwords > 1 ? a->words[1] : "");
	json_put_str(args, "topic", a->topic == NULL ? "SSHCommand" : a->topic);
	json_put_str(args, "tag", a->tag == NULL ? "" : a->tag);
	status = ask(a, "policy", args, NULL, NULL, &o);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	status = json_flag(o, "allowed", false) ? EXIT_OK : EXIT_PROBLEM;
	if (a->json)
		print_json(o);
	else
		printf("%s: %s\n", a->words[0], status == EXIT_OK ? "allowed" : json_str(o, "why", "denied"));
	json_object_put(o);
	return status;
}

/* --- host keys ------------------------------------------------------------------------ */

static struct json_object *
order_to(const char *what, const struct asked *a)
{
	static const char *const names[] = { "host", "port", "type", "key" };
	struct json_object *args = json_object_new_object();
	int i;

	json_put_str(args, "do", what);
	for (i = 0; i < a->nwords && i < 4; i++)
		if (i == 1)
			json_put_int(args, names[i], strtol(a->words[i], NULL, 10));
		else
			json_put_str(args, names[i], a->words[i]);
	return args;
}

static const struct column key_columns[] = {
	{ "HOST", "host", 24 }, { "PORT", "port", 6 }, { "STATE", "state", 8 }, { "TYPE", "type", 20 }, { "KEY", "key", 0 },
	{ NULL, NULL, 0 },
};

int
cmd_hostkeys_list(const struct asked *a)
{
	struct json_object *args = order_to("list", a), *rows, *o = NULL;
	struct screen sc;
	int status = ask_rows(a, "hostkeys", args, &rows, &o);

	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json) {
		print_json(rows);
	} else {
		screen_of_terminal(&sc);
		put_table(&sc, key_columns, rows, "no key is known yet");
		screen_show(&sc);
		screen_fini(&sc);
	}
	json_object_put(rows);
	json_object_put(o);
	return EXIT_OK;
}

static int
change(const struct asked *a, const char *what, const char *says)
{
	struct json_object *args = order_to(what, a), *o;
	int status = ask(a, "hostkeys", args, NULL, NULL, &o);

	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json)
		print_json(o);
	else
		printf("%s: %lld of %s\n", says, (long long)json_int(o, "changed", 0), a->words[0]);
	json_object_put(o);
	return EXIT_OK;
}

int
cmd_hostkeys_accept(const struct asked *a)
{
	return change(a, "accept", "keys trusted from now on");
}

int
cmd_hostkeys_remove(const struct asked *a)
{
	return change(a, "remove", "keys forgotten");
}
