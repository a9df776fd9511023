/* SPDX-License-Identifier: Apache-2.0 */
/* doctor - the hops in order; see doctor.h. */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "config.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

#define ASK_MS 5000

static const struct row {
	const char *name;
	bool config;			/* needs to know the options */
	bool road;			/* of no use behind a broken hop of the road */
	hop_fn *look;
} rows[] = {
	{ "config", false, false, hop_config },
	{ "files", true, false, hop_files },
	{ "certificate", true, false, hop_certificate },
	{ "dns", true, true, hop_dns },
	{ "proxy", true, true, hop_proxy },
	{ "tcp", true, true, hop_tcp },
	{ "tls", true, true, hop_tls },
	{ "http", true, true, hop_http },
	{ "login", true, true, hop_login },
	{ "role", true, true, hop_role },
	{ "clock", true, false, hop_clock },
	{ "disk", true, false, hop_disk },
	{ "sandbox", false, false, hop_sandbox },
	{ "workers", true, false, hop_workers },
	{ "helpers", true, false, hop_helpers },
	{ "midd", false, false, hop_midd },
	{ "spool", false, false, hop_spool },
};

static const char *const state_names[] = { "ok", "warning", "bad", "skipped" };

void
hop_ok(struct hop *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->what, sizeof(h->what), fmt, ap);
	va_end(ap);
	h->state = HOP_OK;
	h->remedy[0] = '\0';
}

void
hop_bad(struct hop *h, enum hop_state state, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->what, sizeof(h->what), fmt, ap);
	va_end(ap);
	h->state = state;
	snprintf(h->remedy, sizeof(h->remedy), "%s", remedy);
}

const char *
doctor_option(const struct doctor *d, const char *name)
{
	size_t i, n = d->options ? json_object_array_length(d->options) : 0;
	struct json_object *o;

	for (i = 0; i < n; i++) {
		o = json_object_array_get_idx(d->options, i);
		if (strcmp(json_str(o, "option", ""), name) == 0)
			return json_str(o, "value", "");
	}
	return "";
}

bool
doctor_sealed(const char *path)
{
	return strstr(path, "/credentials.encrypted/") != NULL;
}

/* A number and its unit; the options have been checked by midd, so that a stranger is nobody's mistake. */
static int64_t
scaled(const char *text, const char *const *units, const int64_t *factors)
{
	char *end;
	double n = strtod(text, &end);
	size_t i;

	while (*end == ' ')
		end++;
	for (i = 0; units[i] != NULL; i++)
		if (strcmp(end, units[i]) == 0)
			return (int64_t)(n * (double)factors[i]);
	return (int64_t)n;
}

int64_t
doctor_duration(const char *text)
{
	static const char *const units[] = { "ms", "s", "m", "h", "d", NULL };
	static const int64_t factors[] = { 1, 1000, 60000, 3600000, 86400000 };

	return scaled(text, units, factors);
}

int64_t
doctor_size(const char *text)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", NULL };
	static const int64_t factors[] = { 1, 1000, 1000000, 1000000000, 1000000000000 };

	return scaled(text, units, factors);
}

static void
look(const struct row *row, struct doctor *d, const char **broken, struct hop *h)
{
	if (row->config && d->options == NULL)
		hop_bad(h, HOP_SKIPPED, "", "not known without a configuration");
	else if (row->road && *broken != NULL)
		hop_bad(h, HOP_SKIPPED, "", "not tried: %s comes first", *broken);
	else
		row->look(d, h);
	if (row->road && h->state == HOP_BAD && *broken == NULL)
		*broken = row->name;
}

static struct json_object *
row_json(const char *name, const struct hop *h)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "hop", name);
	json_put_str(o, "state", state_names[h->state]);
	json_put_str(o, "what", h->what);
	json_put_str(o, "remedy", h->remedy[0] ? h->remedy : NULL);
	return o;
}

struct json_object *
doctor_examine(const struct asked *a, enum hop_state *worst)
{
	struct json_object *list = json_object_new_array();
	struct doctor *d = calloc(1, sizeof(*d));
	const char *broken = NULL;
	struct err err = { 0, "" };
	size_t i;

	if (d == NULL)
		abort();
	*worst = HOP_OK;
	d->asked = a;
	d->status_code = -control_ask(a->control, "status", NULL, ASK_MS, NULL, NULL, &d->status, &err);
	if (d->status_code != 0) {
		json_object_put(d->status);
		d->status = NULL;
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hop h = { HOP_OK, "", "" };

		look(&rows[i], d, &broken, &h);
		if (h.state != HOP_SKIPPED && h.state > *worst)
			*worst = h.state;
		json_add_take(list, row_json(rows[i].name, &h));
	}
	pair_fini(&d->pair);
	json_object_put(d->options);
	json_object_put(d->status);
	free(d);
	return list;
}

/* --- the command ----------------------------------------------------------------- */

static void
put_hop(struct screen *sc, struct json_object *o)
{
	const char *state = json_str(o, "state", "");
	enum paint paint = strcmp(state, "ok") == 0 ? PAINT_GOOD : strcmp(state, "bad") == 0 ? PAINT_BAD :
	    strcmp(state, "warning") == 0 ? PAINT_WARN : PAINT_DIM;

	put_cell(sc, PAINT_NONE, json_str(o, "hop", ""), 13);
	put_cell(sc, paint, state, 9);
	put_wrapped(sc, PAINT_NONE, json_str(o, "what", ""), 22, 6);
	put_line(sc);
	if (json_str(o, "remedy", "")[0] == '\0')
		return;
	put_to_column(sc, 22);
	put(sc, PAINT_BOLD, "-> ");
	put_wrapped(sc, PAINT_BOLD, json_str(o, "remedy", ""), 25, 6);
	put_line(sc);
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *list)
{
	size_t i;

	(void)a;
	for (i = 0; i < json_object_array_length(list); i++)
		put_hop(sc, json_object_array_get_idx(list, i));
}

int
cmd_doctor(const struct asked *a)
{
	static const int statuses[] = { EXIT_OK, EXIT_PARTIAL, EXIT_PROBLEM };
	enum hop_state worst;
	struct json_object *list = doctor_examine(a, &worst);

	show(a, list, draw);
	json_object_put(list);
	return statuses[worst];
}
