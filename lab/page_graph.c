/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_graph - the part of the CMDB that is drawn: at most GRAPH_NODES CIs and
 * the relations between them. Found breadth first, so that what is left out of
 * a large net is what is farthest from the CI that was asked for, or from the
 * one with the most relations.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "db.h"
#include "http.h"
#include "instance.h"
#include "page.h"

#define GRAPH_NODES 250
#define CIS_MAX 50000
#define RELATIONS_MAX 200000

/* What a machine is made of, and what is installed on it, is no net. */
static const char *const parts[] = { "cmdb_ci_network_adapter",
    "cmdb_ci_ip_address", "cmdb_ci_storage_device", "cmdb_ci_disk_partition",
    "cmdb_ci_storage_pool", "cmdb_ci_storage_volume", "cmdb_ci_file_system",
    "cmdb_ci_memory_module", "cmdb_ci_fc_port", "cmdb_ci_ups_input",
    "cmdb_ci_ups_output", "cmdb_ci_spkg" };

struct edge {
	size_t from, to;
	struct json_object *row;	/* borrowed from graph.relations */
};
struct graph {
	struct json_object *cis, *relations;
	struct json_object *index;	/* sys_id -> place in cis */
	size_t nodes, edges;
	struct edge *edge;
	size_t *degree;
	bool *taken;
	size_t *order;			/* nodes as they were taken */
	size_t taken_count;
};

bool
page_is_part(const struct db *db, const char *class)
{
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		if (db_has_table(db, class) && db_is_a(db, class, parts[i]))
			return true;
	return false;
}

static bool
place_of(const struct graph *g, const char *sys_id, size_t *place)
{
	struct json_object *o;

	if (!json_object_object_get_ex(g->index, sys_id, &o))
		return false;
	*place = (size_t)json_object_get_int64(o);
	return true;
}

static void
read_nodes(const struct request *req, struct graph *g)
{
	struct json_object *all = page_rows(req, "cmdb_ci",
	    "ORDERBYname^ORDERBYsys_id", "sys_id name sys_class_name"
	    " ip_address", CIS_MAX, 0), *row;
	bool whole = request_flag(req, "parts");
	size_t i;

	g->cis = json_object_new_array();
	g->index = json_object_new_object();
	for (i = 0; all != NULL && i < json_object_array_length(all); i++) {
		row = json_object_array_get_idx(all, i);
		if (!whole && page_is_part(req->in->db,
		    json_str(row, "sys_class_name", "")))
			continue;
		json_object_object_add(g->index, json_str(row, "sys_id", ""),
		    json_object_new_int64((int64_t)g->nodes++));
		json_object_array_add(g->cis, json_object_get(row));
	}
	json_object_put(all);
}

static void
read_edges(const struct request *req, struct graph *g)
{
	struct edge e;
	size_t i, n;

	g->relations = page_rows(req, "cmdb_rel_ci", "ORDERBYsys_id",
	    "parent child type.name port", RELATIONS_MAX, 0);
	n = g->relations != NULL ? json_object_array_length(g->relations) : 0;
	g->edge = xcalloc(n + 1, sizeof(*g->edge));
	for (i = 0; i < n; i++) {
		e.row = json_object_array_get_idx(g->relations, i);
		if (!place_of(g, json_str(e.row, "parent", ""), &e.from) ||
		    !place_of(g, json_str(e.row, "child", ""), &e.to))
			continue;
		g->edge[g->edges++] = e;
		g->degree[e.from]++;
		g->degree[e.to]++;
	}
}

static void
take(struct graph *g, size_t node)
{
	if (g->taken[node] || g->taken_count == GRAPH_NODES)
		return;
	g->taken[node] = true;
	g->order[g->taken_count++] = node;
}

/* All that START reaches, nearest first, while there is room. */
static void
spread(struct graph *g, size_t start)
{
	size_t done = g->taken_count, i;

	take(g, start);
	for (; done < g->taken_count && g->taken_count < GRAPH_NODES; done++)
		for (i = 0; i < g->edges; i++) {
			if (g->edge[i].from == g->order[done])
				take(g, g->edge[i].to);
			if (g->edge[i].to == g->order[done])
				take(g, g->edge[i].from);
		}
}

/* False when every node has been taken. */
static bool
best_left(const struct graph *g, size_t *best)
{
	bool found = false;
	size_t i;

	for (i = 0; i < g->nodes; i++)
		if (!g->taken[i] && (!found ||
		    g->degree[i] > g->degree[*best])) {
			*best = i;
			found = true;
		}
	return found;
}

static void
choose(struct graph *g, const char *around)
{
	size_t start = 0;

	if (place_of(g, around, &start)) {
		spread(g, start);
		return;
	}
	while (g->taken_count < GRAPH_NODES && best_left(g, &start))
		spread(g, start);
}

static struct json_object *
node_json(const struct request *req, const struct graph *g, size_t i)
{
	struct json_object *o = json_object_get(
	    json_object_array_get_idx(g->cis, i));
	const char *class = json_str(o, "sys_class_name", "");

	json_put(o, "label", db_has_table(req->in->db, class) ?
	    db_label_of(req->in->db, class) : class);
	return o;
}

static struct json_object *
shape(const struct request *req, const struct graph *g)
{
	struct json_object *o = json_object_new_object();
	struct json_object *nodes = json_object_new_array();
	struct json_object *edges = json_object_new_array();
	size_t i;

	for (i = 0; i < g->nodes; i++)
		if (g->taken[i])
			json_object_array_add(nodes, node_json(req, g, i));
	for (i = 0; i < g->edges; i++)
		if (g->taken[g->edge[i].from] && g->taken[g->edge[i].to])
			json_object_array_add(edges,
			    json_object_get(g->edge[i].row));
	json_object_object_add(o, "nodes", nodes);
	json_object_object_add(o, "edges", edges);
	json_object_object_add(o, "total",
	    json_object_new_int64((int64_t)g->nodes));
	return o;
}

void
page_graph(struct request *req, struct answer *a)
{
	struct graph g = { 0 };

	if (!acl_table(req->caller, "cmdb_ci", false)) {
		answer_error(a, 403, "User Not Authorized",
		    "The CMDB may be read with the role itil.");
		return;
	}
	read_nodes(req, &g);
	g.degree = xcalloc(g.nodes + 1, sizeof(*g.degree));
	g.taken = xcalloc(g.nodes + 1, sizeof(*g.taken));
	g.order = xcalloc(g.nodes + 1, sizeof(*g.order));
	read_edges(req, &g);
	choose(&g, request_arg(req, "around", ""));
	answer_result(a, 200, shape(req, &g));
	free(g.degree);
	free(g.taken);
	free(g.order);
	free(g.edge);
	json_object_put(g.cis);
	json_object_put(g.index);
	json_object_put(g.relations);
}
