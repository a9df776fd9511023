/* SPDX-License-Identifier: Apache-2.0 */
/* run_params - a word of the command line that the probe does not know is most likely a misspelt one; see run.h. */
#include <json-c/json_object_iterator.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "midctl.h"
#include "near.h"
#include "run.h"

#define NAMES_MAX 800

/* What a topic takes; NULL: there is no such topic here. */
static struct json_object *
params_of(struct json_object *probes, const char *topic)
{
	size_t i, k, n = probes == NULL ? 0 : json_object_array_length(probes);
	struct json_object *topics, *t;

	for (i = 0; i < n; i++) {
		topics = json_arr(json_object_array_get_idx(probes, i), "topics");
		for (k = 0; topics != NULL && k < json_object_array_length(topics); k++) {
			t = json_object_array_get_idx(topics, k);
			if (strcmp(json_str(t, "name", ""), topic) != 0)
				continue;
			t = json_arr(t, "params") != NULL ? t : json_object_array_get_idx(probes, i);
			return json_arr(t, "params");
		}
	}
	return NULL;
}

/* True: it is one. *NEAR: else the one it may be meant for, NULL none. */
static bool
is_param(struct json_object *params, const char *name, const char **near)
{
	static const char *const all[] = { "credential_id", "credential_tag", "credential_alias", "raw" };	/* of every topic */
	size_t i, n = json_object_array_length(params);
	unsigned far = 3, d;
	const char *has;

	*near = NULL;
	for (i = 0; i < n + sizeof(all) / sizeof(all[0]); i++) {
		has = i < n ? json_str(json_object_array_get_idx(params, i), "name", "") : all[i - n];
		d = near_distance(name, has);
		if (strcmp(name, has) == 0)
			return true;
		if (d < far) {
			far = d;
			*near = has;
		}
	}
	return false;
}

/* The names of a list of objects, with commas between. */
static void
put_names(struct buf *out, struct json_object *list)
{
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);

	for (i = 0; i < n; i++)
		(void)buf_printf(out, "%s%s", out->len > 0 ? ", " : "", json_str(json_object_array_get_idx(list, i), "name", ""));
}

void
run_doubt(struct json_object *probes, const char *topic, struct json_object *given)
{
	struct json_object *params = params_of(probes, topic);
	struct json_object_iterator it = json_object_iter_begin(given), end = json_object_iter_end(given);
	const char *name, *near;
	struct buf all;

	buf_init(&all, NAMES_MAX);
	put_names(&all, params);
	for (; params != NULL && !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		name = json_object_iter_peek_name(&it);
		if (!is_param(params, name, &near))
			complain("%s knows no parameter %.60s%s%s%s it knows %s", topic, name, near ? "; did you mean " : "",
			    near ? near : "", near ? "?" : ":", buf_str(&all));
	}
	buf_fini(&all);
}

void
run_no_topic(struct json_object *probes, const char *topic)
{
	size_t i, n = probes == NULL ? 0 : json_object_array_length(probes);
	struct buf all;

	buf_init(&all, NAMES_MAX);
	for (i = 0; i < n; i++)
		put_names(&all, json_arr(json_object_array_get_idx(probes, i), "topics"));
	complain("no probe here serves %.60s; there are %s", topic, all.len > 0 ? buf_str(&all) : "none: see --probes");
	buf_fini(&all);
}
