/* SPDX-License-Identifier: Apache-2.0 */
/* offline - see offline.h. */
#include "offline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "facts_json.h"
#include "snmprec.h"

#define ROWS_MAX 1000000u
#define BYTES_MAX (256u << 20)
#define MISTAKES_MAX 16000u

const struct mid_param offline_params[] = {
	{ "what", MID_STRING, true, NULL, "list: the profiles; check: the mistakes of one file; test: what they make of a recorded device" },
	{ "file", MID_STRING, false, NULL, "the file to check, or the recording (.snmprec); the worker must be let read it" },
	{ "document", MID_BOOL, false, "no", "the whole as JSON instead of lines" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

struct offline {
	struct text *out;
	enum mid_kind *kind;
	const struct mid_host *h;
	struct mid_run *run;
	const struct profiles *profiles;
	const char *file;
	bool document;
	unsigned listed;
};

/* --- list and check --------------------------------------------------------------------- */

static void
list_row(void *arg, const struct profile_said *row)
{
	struct offline *o = arg;

	if (o->document) {
		text_printf(o->out, "%s{\"line\":%u", o->listed++ == 0 ? "" : ",", row->line);
		put_pair(o->out, "name", row->name);
		put_pair(o->out, "file", row->file);
		put_pair(o->out, "oid", row->oids);
		put_pair(o->out, "descr", row->descr);
		text_put(o->out, row->broken ? ",\"broken\":true}" : "}");
		return;
	}
	text_printf(o->out, "%-28.60s %s:%u%s", row->name, row->file, row->line, row->broken ? "  HAS A MISTAKE: left out" : "");
	text_printf(o->out, "%s%.400s", row->oids[0] == '\0' ? "" : "  ", row->oids);
	text_printf(o->out, row->descr[0] == '\0' ? "%s\n" : "  /%.400s/\n", row->descr);
}

static int
list(struct offline *o, const struct profiles *p)
{
	text_put(o->out, o->document ? "[" : "");
	profiles_list(p, list_row, o);
	text_put(o->out, o->document ? "]\n" : "");
	*o->kind = o->document ? MID_JSON : MID_OUTPUT;
	return 0;
}

static void
count_row(void *arg, const struct profile_said *row)
{
	unsigned *n = arg;

	n[0]++;
	n[1] += row->rules;
}

static int
check(struct offline *o)
{
	char why[MISTAKES_MAX];
	struct profiles *p = profiles_load_file(o->file, why, sizeof(why));
	unsigned n[2] = { 0, 0 };
	int r = 0;

	if (p == NULL || why[0] != '\0') {
		text_put(o->out, why);
		text_put(o->out, "\n");
		o->h->fail(o->run, MID_BAD_PARAM, "%s", p == NULL ? "out of memory" : why);
		r = -1;
	} else {
		profiles_list(p, count_row, n);
		text_printf(o->out, "%u profiles, %u rules: no mistake\n", n[0], n[1]);
	}
	profiles_free(p);
	*o->kind = MID_OUTPUT;
	return r;
}

/* --- a recorded device ------------------------------------------------------------------------ */

static int
test(struct offline *o)
{
	struct table *t = table_new(ROWS_MAX, BYTES_MAX);
	int r = snmprec_load(t, o->file, o->h, o->run);

	*o->kind = o->document ? MID_JSON : MID_OUTPUT;
	if (r == 0 && o->document)
		facts_write(o->out, o->profiles, t, "", "recorded");
	else if (r == 0)
		facts_explain(o->out, o->profiles, t);
	table_free(t);
	return r;
}

int
offline_run(struct text *out, enum mid_kind *kind, const struct mid_host *h, struct mid_run *run, const struct profiles *p)
{
	struct offline o = { out, kind, h, run, p, h->param(run, "file"), h->param_bool(run, "document", false), 0 };
	const char *what = h->param(run, "what");
	int r;

	if (strcmp(what, "list") == 0)
		r = list(&o, p);
	else if (o.file != NULL && strcmp(what, "check") == 0)
		r = check(&o);
	else if (o.file != NULL && strcmp(what, "test") == 0)
		r = test(&o);
	else {
		h->fail(run, MID_BAD_PARAM, "what is list, check or test; for the last two file names the file");
		return -1;
	}
	return r;
}
