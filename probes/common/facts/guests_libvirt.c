/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests_libvirt - the domains that libvirt defines, from its XML files.
 */
#include "facts/guests.h"

#include <expat.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define DEPTH_MAX	64
#define NETWORKS_MAX	64

struct domain {
	XML_Parser parser;
	struct json_object *out;
	struct json_object *networks, *network;
	int depth;
	bool is_domain, in_interface;
	const char *field;	/* the text that is being read becomes this */
	uint64_t unit;
	char text[256];
	size_t len;
};

static const char *
attribute(const char **attrs, const char *name)
{
	for (; attrs[0] != NULL; attrs += 2)
		if (strcmp(attrs[0], name) == 0)
			return attrs[1];
	return NULL;
}

/* Without a unit it is KiB. */
static uint64_t
unit_of(const char *name)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} units[] = {
		{ "b", 1 }, { "bytes", 1 }, { "KB", 1000 }, { "MB", 1000000 },
		{ "M", 1u << 20 }, { "MiB", 1u << 20 }, { "G", 1u << 30 },
		{ "GiB", 1u << 30 }, { "TiB", 1ull << 40 },
	};
	size_t i;

	for (i = 0; name != NULL && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, name) == 0)
			return units[i].bytes;
	return 1024;
}

/* What stands directly in <domain>. */
static void
begin_field(struct domain *d, const char *name, const char **attrs)
{
	static const struct {
		const char *element;
		const char *field;
	} fields[] = {
		{ "name", "name" }, { "uuid", "uuid" }, { "title", "title" },
		{ "memory", "memory_bytes" }, { "vcpu", "cpus" },
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].element, name) == 0)
			d->field = fields[i].field;
	d->len = 0;
	d->unit = d->field != NULL && strcmp(name, "memory") == 0
	    ? unit_of(attribute(attrs, "unit")) : 1;
}

static void
begin_interface(struct domain *d)
{
	d->in_interface = true;
	if (d->networks == NULL)
		d->networks = out_list(d->out, "networks");
	d->network = json_object_array_length(d->networks) < NETWORKS_MAX
	    ? out_item(d->networks) : NULL;
}

static void XMLCALL
on_start(void *arg, const char *name, const char **attrs)
{
	struct domain *d = arg;

	if (++d->depth > DEPTH_MAX) {
		XML_StopParser(d->parser, XML_FALSE);
		return;
	}
	if (d->depth == 1) {
		d->is_domain = strcmp(name, "domain") == 0;
		if (d->is_domain)
			out_cstr(d->out, "hypervisor",
			    attribute(attrs, "type"));
	} else if (d->depth == 2) {
		begin_field(d, name, attrs);
	} else if (d->depth == 3 && strcmp(name, "interface") == 0) {
		begin_interface(d);
	} else if (d->in_interface && strcmp(name, "mac") == 0) {
		out_cstr(d->network, "mac", attribute(attrs, "address"));
	} else if (d->in_interface && strcmp(name, "source") == 0) {
		out_cstr(d->network, "bridge", attribute(attrs, "bridge"));
	}
}

static void
put_field(struct domain *d)
{
	struct str text = { d->text, d->len };
	uint64_t v;

	if (strcmp(d->field, "memory_bytes") != 0 &&
	    strcmp(d->field, "cpus") != 0)
		out_text(d->out, d->field, text);
	else if (str_u64(text, 10, &v) &&
	    !__builtin_mul_overflow(v, d->unit, &v))
		out_u64(d->out, d->field, v);
}

static void XMLCALL
on_end(void *arg, const char *name)
{
	struct domain *d = arg;

	if (d->depth == 2 && d->field != NULL) {
		put_field(d);
		d->field = NULL;
	}
	if (d->depth == 3 && strcmp(name, "interface") == 0)
		d->in_interface = false;
	d->depth--;
}

static void XMLCALL
on_text(void *arg, const char *text, int len)
{
	struct domain *d = arg;
	size_t n = (size_t)len, room = sizeof(d->text) - d->len;

	if (d->field == NULL || d->depth != 2)
		return;
	n = n < room ? n : room;
	memcpy(d->text + d->len, text, n);
	d->len += n;
}

/* An entity could grow without end; libvirt writes none. */
static void XMLCALL
on_doctype(void *arg, const char *name, const char *sysid, const char *pubid,
    int has_subset)
{
	struct domain *d = arg;

	(void)name, (void)sysid, (void)pubid, (void)has_subset;
	XML_StopParser(d->parser, XML_FALSE);
}

int
parse_libvirt_domain(const char *data, size_t len, struct json_object *out)
{
	struct domain d = { .parser = XML_ParserCreate(NULL), .out = out };
	bool ok;

	if (d.parser == NULL || len > GUEST_FILE_MAX) {
		XML_ParserFree(d.parser);
		return -1;
	}
	XML_SetUserData(d.parser, &d);
	XML_SetElementHandler(d.parser, on_start, on_end);
	XML_SetCharacterDataHandler(d.parser, on_text);
	XML_SetStartDoctypeDeclHandler(d.parser, on_doctype);
	ok = XML_Parse(d.parser, data, (int)len, 1) == XML_STATUS_OK &&
	    d.is_domain;
	XML_ParserFree(d.parser);
	return ok ? 0 : -1;
}

/* While a domain runs, its process number lies below run/libvirt. */
static void
put_state(struct guest_list *list, struct json_object *item, const char *driver)
{
	const char *name = out_get_text(item, "name");
	char path[FACTS_PATH_MAX], text[32];
	uint64_t pid;

	if (name == NULL || strchr(name, '/') != NULL ||
	    !facts_path(path, "run/libvirt/%s", driver) ||
	    !facts_exists(list->src, path))
		return;
	if (facts_path(path, "run/libvirt/%s/%s.pid", driver, name) &&
	    facts_read_small(list->src, path, text, sizeof(text)) == 0 &&
	    str_u64(str_of(text), 10, &pid)) {
		out_cstr(item, "state", "running");
		out_u64(item, "pid", pid);
	} else {
		out_cstr(item, "state", "stopped");
	}
}

static void
add_domain(struct guest_list *list, const char *dir, const char *name)
{
	const char *driver = strrchr(dir, '/') + 1;
	char path[FACTS_PATH_MAX];
	struct json_object *item;

	if (!facts_path(path, "%s/%s", dir, name))
		return;
	item = guest_from_file(list, "libvirt", path, parse_libvirt_domain);
	if (item != NULL)
		put_state(list, item, driver);
}

void
guests_libvirt(struct guest_list *list)
{
	guests_each(list, "etc/libvirt/qemu", ".xml", add_domain);
	guests_each(list, "etc/libvirt/lxc", ".xml", add_domain);
	guests_each(list, "etc/libvirt/libxl", ".xml", add_domain);
}
