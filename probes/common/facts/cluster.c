/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster - of which cluster this machine is a member: corosync.conf(5), which Pacemaker and Proxmox VE
 * have on every node.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define NODES_MAX 256
#define ADDRESSES_MAX 8
#define DEPTH_MAX 8

static void
put_address(struct json_object *node, struct str value)
{
	struct json_object *list;

	if (!json_object_object_get_ex(node, "addresses", &list))
		list = out_list(node, "addresses");
	if (json_object_array_length(list) < ADDRESSES_MAX)
		out_item_text(list, value);
}

static void
put_of_node(struct json_object *node, struct str key, struct str value)
{
	uint64_t id;

	if (str_eq(key, "name"))
		out_text(node, "name", value);
	else if (str_eq(key, "nodeid") && str_u64(value, 10, &id))
		out_u64(node, "id", id);
	else if (str_starts(key, "ring") && str_ends(key, "_addr") && value.n > 0)
		put_address(node, value);
}

/* "section {", "key: value", "}"; a node stands in nodelist. */
int
parse_corosync_conf(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value, in[DEPTH_MAX];
	struct json_object *items = out_list(out, "items"), *node = NULL;
	unsigned depth = 0;

	while (str_line(&rest, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (str_ends(line, "{")) {
			if (depth == DEPTH_MAX)
				return -EINVAL;
			in[depth++] = str_trim(str_left(line, line.n - 1));
			if (depth == 2 && str_eq(in[0], "nodelist") && str_eq(in[1], "node"))
				node = json_object_array_length(items) < NODES_MAX ? out_item(items) : NULL;
		} else if (str_eq(line, "}")) {
			if (depth == 0)
				return -EINVAL;
			depth--;
			node = NULL;
		} else if (depth > 0 && str_pair(line, ':', &key, &value)) {
			if (node != NULL)
				put_of_node(node, key, value);
			else if (str_eq(in[0], "totem") && depth == 1 && str_eq(key, "cluster_name"))
				out_text(out, "name", value);
		}
	}
	return depth == 0 ? 0 : -EINVAL;
}

int
facts_cluster(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	if (!facts_exists(src, "etc/corosync/corosync.conf"))
		return 0;	/* most machines are in none */
	out_cstr(out, "kind", "corosync");
	return facts_parse_file(src, "etc/corosync/corosync.conf", 262144, parse_corosync_conf, out, err);
}
