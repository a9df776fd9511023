/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover - an operator begins a discovery, or asks how one stands.
 *
 *	discover   args: ranges, exclude, dry_run, and parameters of the Discover job: {id}, or of a
 *	           dry run {addresses, ranges: [..]}, and named: how many addresses the words named, where that can be counted
 *	discovery  args: id: discovery_state(), or of one that has ended {id, ended, class, partial, why, targets: [..]};
 *	           without id rows of those under way
 */
#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "control.h"
#include "discovery/discovery.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/own.h"
#include "json.h"
#include "os.h"
#include "policy/address.h"
#include "policy/policy.h"
#include "seal/seal.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

/* How many addresses LIST names; -1: more than anybody counts. */
static int64_t
named(const char *list)
{
	struct address first, last;
	char word[RANGE_TEXT_MAX];
	int64_t all = 0;
	int64_t a, b;
	size_t i;

	while (ranges_word(&list, word, sizeof(word))) {
		if (span_parse(&first, &last, word) < 0 || memcmp(first.b, last.b, 12) != 0)
			return -1;
		for (a = b = 0, i = 12; i < 16; i++) {
			a = a * 256 + first.b[i];
			b = b * 256 + last.b[i];
		}
		all += b - a + 1;
	}
	return all;
}

static struct json_object *
plan(const char *asked, const char *ranges)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();
	struct range_walk walk = { .list = ranges };
	char part[2 * ADDRESS_TEXT + 4], *dash;
	unsigned n;

	while ((n = ranges_part(&walk, 0x7fffffff, part, sizeof(part))) > 0) {
		dash = strchr(part, '-');
		if (n == 1 && dash != NULL)
			*dash = '\0';
		json_add_take(list, json_object_new_string(part));
	}
	json_put_int(o, "addresses", ranges_count(ranges));
	if (named(asked) >= 0)
		json_put_int(o, "named", named(asked));
	json_put_take(o, "ranges", list);
	return o;
}

static void
begin(struct agent *ag, struct control_call *call, struct json_object *args)
{
	struct json_object *params = json_object_new_object(), *o;
	char id[33];
	struct own_job own = {
		.id = id, .parent = "-", .topic = DISCOVERY_TOPIC, .name = json_str(args, "ranges", ""), .source = "", .correlator = "",
		.priority = 2, .params = params,
	};
	struct err err = { 0 };
	unsigned char noise[16];

	os_random(noise, sizeof(noise));
	seal_hash(id, noise, sizeof(noise));
	json_object_object_foreach(args, key, value)
		if (strcmp(key, "dry_run") != 0)
			json_put_str(params, key, json_object_get_string(value));
	store_audit(ag->store, "discover", id, own.name);
	if (own_begin(ag->flow, &own, &err) < 0) {
		control_no(call, err.code, "%s", err.text);
	} else {
		o = json_object_new_object();
		json_put_str(o, "id", id);
		control_ok_take(call, o);
	}
	json_object_put(params);
}

void
verb_discover(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	const char *asked = json_str(args, "ranges", "");
	struct err err = { 0 };
	struct buf ranges;

	buf_init(&ranges, RANGES_MAX);
	if (discovery_check(args, &err) < 0 || discovery_reach(ag->policy, asked, json_str(args, "exclude", ""), &ranges, &err) < 0)
		control_no(call, err.code, "%s", err.text);
	else if (json_flag(args, "dry_run", false))
		control_ok_take(call, plan(asked, buf_str(&ranges)));
	else
		begin(ag, call, args);
	buf_fini(&ranges);
}

/* --- how one stands --------------------------------------------------------------------------- */

struct asking { struct control_call *call; char id[33]; int class; bool partial; char *why; };

static void
on_aims(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct asking *q = arg;
	struct json_object *o;

	if (r < 0) {
		control_no(q->call, E_OS, "the store can't be read");
	} else {
		o = json_object_new_object();
		json_put_str(o, "id", q->id);
		json_put_bool(o, "ended", true);
		json_put_str(o, "class", error_class(q->class)->name);
		json_put_bool(o, "partial", q->partial);
		json_put_str(o, "why", q->why);
		discovery_rows(rows, n, o);
		control_ok_take(q->call, o);
	}
	free(q->why);
	free(q);
}

static void
ended(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	struct json_object *o;
	struct asking *q;

	(void)args;
	if (!discovery_serves(row->topic)) {
		control_no(call, E_BAD, "job %s is no discovery: its topic is %s", row->id, row->topic);
		return;
	}
	if (row->stage < STAGE_SPOOLED) {	/* it waits for its turn */
		o = json_object_new_object();
		json_put_str(o, "id", row->id);
		json_put_str(o, "step", "waits");
		control_ok_take(call, o);
		return;
	}
	q = xcalloc(1, sizeof(*q));
	q->call = call;
	memcpy(q->id, row->id, sizeof(q->id));
	q->class = row->class;
	q->partial = row->partial;
	q->why = xstrdup(row->error == NULL ? "" : row->error);
	store_aims(ag->store, row->id, 0, on_aims, q);
}

void
verb_discovery(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_str(args, "id", "")[0] == '\0' ? NULL : discovery_state(ag->discovery, json_str(args, "id", ""));
	struct json_object *list;
	size_t i;

	if (o != NULL) {
		control_ok_take(call, o);
	} else if (json_str(args, "id", "")[0] != '\0') {
		verbs_find_job(ag, call, args, ended);
	} else {
		list = discovery_list(ag->discovery);
		for (i = 0; i < json_object_array_length(list); i++)
			control_row_take(call, json_object_get(json_object_array_get_idx(list, i)));
		json_object_put(list);
		control_ok_take(call, json_object_new_object());
	}
}
