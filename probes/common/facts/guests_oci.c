/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests_oci - containers of docker and podman.
 */
#include "facts/guests.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define DEPTH		48
#define NETWORKS_MAX	64

/* The caller's; NULL when DATA is no JSON of type WANT. */
static struct json_object *
parse_json(const char *data, size_t len, enum json_type want)
{
	struct json_tokener *tok = json_tokener_new_ex(DEPTH);
	struct json_object *doc = NULL;

	if (tok == NULL)
		return NULL;
	if (len <= INT32_MAX)
		doc = json_tokener_parse_ex(tok, data, (int)len);
	json_tokener_free(tok);
	if (!json_object_is_type(doc, want)) {
		json_object_put(doc);
		doc = NULL;
	}
	return doc;
}

/* Borrowed; NULL when it is not there or no object. */
static struct json_object *
child(struct json_object *obj, const char *key)
{
	struct json_object *v;

	return json_object_is_type(obj, json_type_object) &&
	    json_object_object_get_ex(obj, key, &v) &&
	    json_object_is_type(v, json_type_object) ? v : NULL;
}

static void
copy_text(struct json_object *out, const char *to, struct json_object *from,
    const char *key)
{
	if (json_object_is_type(from, json_type_object))
		out_cstr(out, to, out_get_text(from, key));
}

static bool
is_true(struct json_object *obj, const char *key)
{
	struct json_object *v;

	return json_object_is_type(obj, json_type_object) &&
	    json_object_object_get_ex(obj, key, &v) &&
	    json_object_get_boolean(v);
}

static const char *
docker_state(struct json_object *state)
{
	if (is_true(state, "Paused"))
		return "paused";
	if (is_true(state, "Restarting"))
		return "restarting";
	if (is_true(state, "Dead"))
		return "dead";
	return is_true(state, "Running") ? "running" : "stopped";
}

static void
put_docker_networks(struct json_object *out, struct json_object *networks)
{
	struct json_object *list, *item;
	int count = 0;

	if (networks == NULL)
		return;
	list = out_list(out, "networks");
	json_object_object_foreach(networks, name, network) {
		if (!json_object_is_type(network, json_type_object) ||
		    ++count > NETWORKS_MAX)
			continue;
		item = out_item(list);
		out_text_at(item, STR("name"), str_of(name));
		copy_text(item, "address", network, "IPAddress");
		copy_text(item, "mac", network, "MacAddress");
	}
}

/* config.v2.json of one container. */
int
parse_docker_config(const char *data, size_t len, struct json_object *out)
{
	struct json_object *doc, *config, *state;
	const char *name;

	doc = parse_json(data, len, json_type_object);
	if (doc == NULL || out_get_text(doc, "ID") == NULL) {
		json_object_put(doc);
		return -1;
	}
	config = child(doc, "Config");
	state = child(doc, "State");
	copy_text(out, "id", doc, "ID");
	name = out_get_text(doc, "Name");
	out_cstr(out, "name", name != NULL && name[0] == '/' ? name + 1 : name);
	copy_text(out, "image", config, "Image");
	copy_text(out, "image_id", doc, "Image");
	copy_text(out, "hostname", config, "Hostname");
	copy_text(out, "created", doc, "Created");
	out_cstr(out, "state", docker_state(state));
	if (is_true(state, "Running") && out_get_u64(state, "Pid") > 0)
		out_u64(out, "pid", out_get_u64(state, "Pid"));
	put_docker_networks(out, child(child(doc, "NetworkSettings"),
	    "Networks"));
	json_object_put(doc);
	return 0;
}

static void
add_docker(struct guest_list *list, const char *dir, const char *name)
{
	char path[FACTS_PATH_MAX];

	if (facts_path(path, "%s/%s/config.v2.json", dir, name))
		(void)guest_from_file(list, "docker", path,
		    parse_docker_config);
}

void
guests_docker(struct guest_list *list)
{
	guests_each(list, "var/lib/docker/containers", "", add_docker);
}

static void
put_podman(struct json_object *items, struct json_object *entry)
{
	struct json_object *names, *item;

	if (!json_object_is_type(entry, json_type_object) ||
	    out_get_text(entry, "id") == NULL)
		return;
	item = out_item(items);
	copy_text(item, "id", entry, "id");
	if (json_object_object_get_ex(entry, "names", &names) &&
	    json_object_is_type(names, json_type_array) &&
	    json_object_array_length(names) > 0)
		out_cstr(item, "name", json_object_get_string(
		    json_object_array_get_idx(names, 0)));
	copy_text(item, "image_id", entry, "image");
	copy_text(item, "created", entry, "created");
}

/* What podman knows beside, in a JSON text inside the JSON. */
static void
put_podman_metadata(struct json_object *item, struct json_object *entry)
{
	const char *text = json_object_is_type(entry, json_type_object)
	    ? out_get_text(entry, "metadata") : NULL;
	struct json_object *doc;

	if (text == NULL || item == NULL)
		return;
	doc = parse_json(text, strlen(text) + 1, json_type_object);
	copy_text(item, "image", doc, "image-name");
	json_object_put(doc);
}

/* containers.json: a list of all containers of one user. */
int
parse_podman_containers(const char *data, size_t len, struct json_object *out)
{
	struct json_object *doc = parse_json(data, len, json_type_array);
	struct json_object *items, *entry;
	size_t i, had, n;

	if (doc == NULL)
		return -1;
	items = out_list(out, "items");
	n = json_object_array_length(doc);
	for (i = 0; i < n && i < GUESTS_MAX; i++) {
		entry = json_object_array_get_idx(doc, i);
		had = json_object_array_length(items);
		put_podman(items, entry);
		if (json_object_array_length(items) > had)
			put_podman_metadata(json_object_array_get_idx(items,
			    had), entry);
	}
	json_object_put(doc);
	return 0;
}

/* A container that runs has left its number here; the number may be stale. */
static void
put_podman_state(struct guest_list *list, struct json_object *item,
    const char *storage)
{
	const char *id = out_get_text(item, "id");
	char path[FACTS_PATH_MAX], text[32];
	uint64_t pid;

	if (!facts_path(path, "%s/%s/userdata/pidfile", storage, id) ||
	    facts_read_small(list->src, path, text, sizeof(text)) < 0 ||
	    !str_u64(str_of(text), 10, &pid) ||
	    !facts_path(path, "proc/%llu", (unsigned long long)pid) ||
	    !facts_exists(list->src, path))
		return;
	out_cstr(item, "state", "running");
	out_u64(item, "pid", pid);
}

static void
add_podman(struct guest_list *list, const char *storage, const char *run)
{
	struct json_object *found = json_object_new_object(), *items, *from;
	struct json_object *item;
	char path[FACTS_PATH_MAX];
	struct facts_err err;
	size_t i;

	if (found != NULL &&
	    facts_path(path, "%s/containers.json", storage) &&
	    facts_parse_file(list->src, path, GUEST_FILE_MAX,
		parse_podman_containers, found, &err) == 0 &&
	    json_object_object_get_ex(found, "items", &items))
		for (i = 0; i < json_object_array_length(items); i++) {
			from = json_object_array_get_idx(items, i);
			item = guest_new(list, "podman");
			if (item == NULL)
				break;
			json_object_object_foreach(from, key, value)
				(void)json_object_object_add(item, key,
				    json_object_get(value));
			if (run != NULL)
				put_podman_state(list, item, run);
		}
	json_object_put(found);
}

static void
add_podman_of_user(struct guest_list *list, const char *dir, const char *name)
{
	char storage[FACTS_PATH_MAX];

	if (facts_path(storage, "%s/%s/.local/share/containers/storage/"
		"overlay-containers", dir, name))
		add_podman(list, storage, NULL);
}

void
guests_podman(struct guest_list *list)
{
	add_podman(list, "var/lib/containers/storage/overlay-containers",
	    "run/containers/storage/overlay-containers");
	guests_each(list, "home", "", add_podman_of_user);
}
