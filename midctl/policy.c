/* SPDX-License-Identifier: Apache-2.0 */
/* policy - what midd may do. */
#include <stdio.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"
#include "table.h"

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

static void
draw(struct screen *sc, const struct asked *a, struct json_object *o)
{
	const char *allow = json_str(o, "allow", "");

	(void)a;
	put_line_of(sc, "targets", allow[0] == '\0' ? "all that are not denied" : allow);
	put_line_of(sc, "denied", json_str(o, "deny", ""));
	put_line_of(sc, "loopback", json_flag(o, "loopback", false) ? "is a target" : "is no target");
	put_line_of(sc, "learning", json_flag(o, "learn", false) ? "yes: every command runs" : "no");
	put_table(sc, rule_columns, json_arr(o, "rules"), "no rules: only the commands of Discovery itself");
}

int
cmd_policy_show(const struct asked *a)
{
	return show_answer(a, "policy", NULL, draw);
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
