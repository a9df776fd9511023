/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_stats - the Aggregate API: counts, sums, averages, extremes, groups.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "http.h"
#include "instance.h"

static const char *const functions[] = { "sum", "avg", "min", "max" };

/* "sum.size" of a row goes to stats.sum.size. */
static void
put_figure(struct json_object *stats, const char *key, const char *value)
{
	struct json_object *group;
	char name[8];
	size_t i, n;

	for (i = 0; i < COUNT(functions); i++) {
		n = strlen(functions[i]);
		if (!str_prefix(key, functions[i]) || key[n] != '.')
			continue;
		snprintf(name, sizeof(name), "%s", functions[i]);
		if (!json_object_object_get_ex(stats, name, &group)) {
			group = json_object_new_object();
			json_object_object_add(stats, name, group);
		}
		json_put(group, key + n + 1, value);
	}
}

static struct json_object *
shape(struct request *req, struct json_object *row, const char *group_by)
{
	struct json_object *out = json_object_new_object(), *g;
	struct json_object *stats = json_object_new_object();
	struct json_object *groups = json_object_new_array();
	char *copy = xstrdup(group_by), *name, *save = NULL;

	if (request_flag(req, "sysparm_count"))
		json_put(stats, "count", json_str(row, "count", "0"));
	json_object_object_foreach(row, key, v)
		put_figure(stats, key,
		    v != NULL ? json_object_get_string(v) : "");
	for (name = strtok_r(copy, ",", &save); name != NULL;
	    name = strtok_r(NULL, ",", &save)) {
		g = json_object_new_object();
		json_put(g, "field", name);
		json_put(g, "value", json_str(row, name, ""));
		json_object_array_add(groups, g);
	}
	free(copy);
	json_object_object_add(out, "stats", stats);
	if (group_by[0] != '\0')
		json_object_object_add(out, "groupby_fields", groups);
	else
		json_object_put(groups);
	return out;
}

void
stats_read(struct request *req, struct answer *a)
{
	const char *group_by = request_arg(req, "sysparm_group_by", "");
	struct db_stats st = {
		.table = req->params[0],
		.query = request_arg(req, "sysparm_query", ""),
		.group_by = group_by,
		.sum = request_arg(req, "sysparm_sum_fields", ""),
		.avg = request_arg(req, "sysparm_avg_fields", ""),
		.min = request_arg(req, "sysparm_min_fields", ""),
		.max = request_arg(req, "sysparm_max_fields", ""),
	};
	struct json_object *rows, *out;
	size_t i;
	int r;

	r = db_stats(req->in->db, &st, &rows);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	if (group_by[0] == '\0') {
		out = shape(req, json_object_array_get_idx(rows, 0), "");
	} else {
		out = json_object_new_array();
		for (i = 0; i < json_object_array_length(rows); i++)
			json_object_array_add(out, shape(req,
			    json_object_array_get_idx(rows, i), group_by));
	}
	json_object_put(rows);
	answer_result(a, 200, out);
}
