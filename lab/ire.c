/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire - one payload, first to last, in one transaction.
 */
#include "ire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ire_inside.h"

/* --- errors ---------------------------------------------------------------------- */

int
run_fail(struct run *run, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(run->why, sizeof(run->why), fmt, ap);
	va_end(ap);
	return code;
}

int
run_db_failed(struct run *run)
{
	return run_fail(run, IRE_E_DB, "%s", db_error(run->db));
}

struct json_object *
ire_note(const char *code, const char *message)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "error", code);
	json_put(o, "message", message);
	return o;
}

void
item_error(struct item *it, const char *code, const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	json_object_array_add(it->errors, ire_note(code, message));
	it->state = IRE_FAILED;
}

void
item_warn(struct item *it, const char *code, const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	json_object_array_add(it->warnings, ire_note(code, message));
}

/* --- options ---------------------------------------------------------------------- */

#define OPTION(name) { #name, offsetof(struct ire_options, name) }
static const struct {
	const char *name;
	size_t at;
} options[] = {
	OPTION(partial_payloads),
	OPTION(partial_commits),
	OPTION(deduplicate_payloads),
	OPTION(generate_summary),
};

static void
set_option(struct ire_options *opt, const char *name, size_t len, bool on)
{
	size_t i;

	for (i = 0; i < COUNT(options); i++)
		if (strlen(options[i].name) == len &&
		    memcmp(options[i].name, name, len) == 0)
			*(bool *)((char *)opt + options[i].at) = on;
}

void
ire_options_parse(struct ire_options *opt, const char *text)
{
	size_t name, word;

	for (; text != NULL && *text != '\0'; text += word) {
		text += strspn(text, ", ");
		name = strcspn(text, ":, ");
		word = strcspn(text, ", ");
		set_option(opt, text, name, name == word ||
		    strncmp(text + name, ":true", 5) == 0);
	}
}

/* --- the road ---------------------------------------------------------------------- */

/* Is the source one of the choices of cmdb_ci.discovery_source? */
static int
check_source(struct run *run)
{
	struct text query = { 0 };
	char *quoted;
	long count = 0;
	int r;

	if (run->opt->data_source == NULL || run->opt->data_source[0] == '\0')
		return 0;
	quoted = db_quote(run->opt->data_source);
	text_addf(&query, "name=cmdb_ci^element=discovery_source^value=%s",
	    quoted);
	r = db_count(run->db, "sys_choice", text_str(&query), &count);
	text_fini(&query);
	free(quoted);
	run->source_known = count > 0;
	return r < 0 ? run_db_failed(run) : 0;
}

/* A source nobody knows: all of it is put aside as it came. */
static int
set_aside(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++) {
		run->items[i].op = OP_INCOMPLETE;
		run->items[i].state = IRE_DONE;
		item_warn(&run->items[i], "INVALID_DATA_SOURCE",
		    "sysparm_data_source is no choice of"
		    " cmdb_ci.discovery_source: kept in"
		    " cmdb_ire_incomplete_payloads");
	}
	for (i = 0; i < run->relation_count; i++)
		run->relations[i].op = OP_INCOMPLETE;
	return ire_hold(run, run->payload, "cmdb_ire_incomplete_payloads",
	    "sysparm_data_source is not a known discovery source");
}

static bool
has_errors(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		if (run->items[i].state == IRE_FAILED)
			return true;
	for (i = 0; i < run->relation_count; i++)
		if (json_object_array_length(run->relations[i].errors) > 0)
			return true;
	return false;
}

/* All or nothing: what was fine in itself is told that it was not kept. */
static void
abandon(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		if (run->items[i].state != IRE_FAILED)
			item_error(&run->items[i], "ABANDONED", "Too many other"
			    " errors: nothing of this payload was kept");
	for (i = 0; i < run->relation_count; i++)
		if (json_object_array_length(run->relations[i].errors) == 0)
			json_object_array_add(run->relations[i].errors,
			    ire_note("ABANDONED", "Too many other errors"));
}

static int
walk(struct run *run)
{
	int r;

	r = ire_read(run);
	if (r == 0)
		r = ire_read_links(run);
	if (r == 0)
		r = check_source(run);
	if (r == 0 && !run->source_known)
		return set_aside(run);
	if (r == 0 && rules_load(run->db, &run->rules) < 0)
		r = run_db_failed(run);
	if (r == 0)
		r = sources_load(run);
	if (r == 0)
		r = ire_order(run);
	return r == 0 ? ire_relate(run) : r;
}

/* Writes happen behind a savepoint, so that they can be taken back. */
static int
walk_and_decide(struct run *run)
{
	bool undo;
	int r;

	if (db_begin(run->db) < 0)
		return run_db_failed(run);
	r = walk(run);
	undo = r < 0 || run->opt->dry_run;
	if (r == 0 && !run->opt->partial_commits && has_errors(run)) {
		abandon(run);
		undo = true;
	}
	if (undo)
		db_rollback(run->db);
	else if (db_commit(run->db) < 0)
		r = run_db_failed(run);
	return r;
}

static int
transact(struct run *run)
{
	int r;

	if (db_begin(run->db) < 0)
		return run_db_failed(run);
	r = walk_and_decide(run);
	/* The savepoint has undone what had to be; a caller's transaction
	 * around this one must not be doomed by a payload that was refused. */
	if (r != IRE_E_DB)
		return db_commit(run->db) < 0 ? run_db_failed(run) : r;
	db_rollback(run->db);
	return r;
}

static struct json_object *
refusal(const char *why)
{
	struct json_object *o = json_object_new_object();
	struct json_object *e = json_object_new_object();

	json_put(e, "message", "Invalid payload");
	json_put(e, "detail", why);
	json_object_object_add(o, "error", e);
	json_put(o, "status", "failure");
	return o;
}

int
ire_apply(struct db *db, struct json_object *payload,
    const struct ire_options *opt, struct json_object **answer)
{
	struct run run = { .db = db, .opt = opt, .payload = payload };
	int r;

	date_format(run.now, (time_t)(db_now_ms(db) / 1000));
	run.ids = json_object_new_object();
	run.claimed = json_object_new_object();
	run.rel_types = json_object_new_object();
	run.companies = json_object_new_object();
	r = transact(&run);
	*answer = r == 0 ? ire_answer(&run) : refusal(run.why);
	ire_read_fini(&run);
	rules_fini(&run.rules);
	json_object_put(run.precedence);
	json_object_put(run.ids);
	json_object_put(run.claimed);
	json_object_put(run.rel_types);
	json_object_put(run.companies);
	return r;
}
