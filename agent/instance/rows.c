/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - ECC rows out of an answer of the Table API. Bytes in, rows out.
 *
 * An instance drops a condition that it does not understand, so an answer may
 * hold rows that nobody asked for: each is checked again here.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define ROWS_MAX 10000

bool
rows_id_ok(const char *s)
{
	size_t i;

	for (i = 0; isxdigit((unsigned char)s[i]); i++)
		;
	return i == 32 && s[i] == '\0';
}

bool
rows_is_control(const char *topic)
{
	return strcmp(topic, "HeartbeatProbe") == 0 || strcmp(topic, "SystemCommand") == 0;
}

/* A plain string, or the value of a reference that came with its link. */
static const char *
column(struct json_object *o, const char *name)
{
	struct json_object *v = json_get(o, name);

	if (json_object_is_type(v, json_type_object))
		return json_str(v, "value", "");
	return json_str(o, name, "");
}

static bool
is_wanted(const struct rows_want *w, const struct ecc_row *r, const char *queue)
{
	if (!rows_id_ok(r->sys_id) || strcmp(queue, "output") != 0)
		return false;
	if (w->agent != NULL && strcmp(w->agent, r->agent) != 0)
		return false;
	if (w->state != NULL && strcmp(w->state, r->state) != 0)
		return false;
	if (w->what == POLL_CONTROL)
		return rows_is_control(r->topic);
	return w->what != POLL_WORK || !rows_is_control(r->topic);
}

static void
row_fill(struct ecc_row *r, struct json_object *o)
{
	struct json_object *payload = json_get(o, "payload");
	const char *p = column(o, "priority");

	*r = (struct ecc_row){
		.sys_id = column(o, "sys_id"),
		.agent = column(o, "agent"),
		.topic = column(o, "topic"),
		.name = column(o, "name"),
		.source = column(o, "source"),
		.sequence = column(o, "sequence"),
		.correlator = column(o, "agent_correlator"),
		.created = column(o, "sys_created_on"),
		.state = column(o, "state"),
		.payload = "",
		.priority = p[0] >= '0' && p[0] <= '2' && p[1] == '\0' ? p[0] - '0' : 2,
	};
	if (json_object_is_type(payload, json_type_string)) {
		r->payload = json_object_get_string(payload);
		r->payload_len = (size_t)json_object_get_string_len(payload);
	}
}

int
rows_parse(struct rows *out, const char *text, size_t len, const struct rows_want *want, struct err *err)
{
	struct rows rs = { 0 };
	struct json_object *list, *o;
	size_t i, n;
	int r = json_parse(&rs.root, text, len, "the list of rows", err);

	if (r < 0)
		return r;
	list = json_arr(rs.root, "result");
	if (list == NULL) {
		json_object_put(rs.root);
		return err_set(err, E_PEER, "the list of rows has no \"result\"");
	}
	n = json_object_array_length(list);
	if (n > ROWS_MAX)
		n = ROWS_MAX;
	rs.row = xcalloc(n + 1, sizeof(*rs.row));
	for (i = 0; i < n; i++) {
		o = json_object_array_get_idx(list, i);
		row_fill(&rs.row[rs.n], o);
		if (is_wanted(want, &rs.row[rs.n], column(o, "queue")))
			rs.n++;
		else
			rs.dropped++;
	}
	*out = rs;
	return 0;
}

void
rows_fini(struct rows *r)
{
	free(r->row);
	json_object_put(r->root);
	memset(r, 0, sizeof(*r));
}
