/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - what the machine calls itself.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/host.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define HOSTS_MAX (4u << 20)

/* A line of /etc/hosts for HOST: the name on it that is HOST with a domain. */
static bool
find_fqdn(struct str line, struct str host, struct str *fqdn)
{
	struct str word, full = { "", 0 };
	bool ours = false;

	if (!str_word(&line, &word) || word.p[0] == '#')
		return false;
	while (str_word(&line, &word) && word.p[0] != '#') {
		ours = ours || str_same(word, host);
		if (full.n == 0 && word.n > host.n + 1 &&
		    str_same(str_left(word, host.n), host) &&
		    word.p[host.n] == '.' &&
		    !str_ends(word, ".localdomain"))
			full = word;
	}
	*fqdn = full;
	return full.n > 0;
}

static void
fqdn_of_hosts(struct facts_source *src, struct str host,
    struct json_object *out)
{
	struct facts_bytes b;
	struct str rest, line, fqdn;

	if (host.n == 0 || str_eq(host, "localhost") ||
	    facts_read(src, "etc/hosts", HOSTS_MAX, &b) < 0)
		return;
	rest = (struct str){ b.data, b.len };
	while (str_line(&rest, &line))
		if (find_fqdn(line, host, &fqdn)) {
			out_text(out, "fqdn", fqdn);
			break;
		}
	facts_bytes_free(&b);
}

static void
domain_of_dns(struct facts_source *src, struct json_object *out)
{
	struct json_object *found = json_object_new_object(), *list;
	struct facts_err ignored;

	(void)facts_parse_file(src, "etc/resolv.conf", 65536,
	    parse_resolv_conf, found, &ignored);
	if (json_object_object_get_ex(found, "search", &list) &&
	    json_object_array_length(list) > 0)
		out_cstr(out, "domain", json_object_get_string(
		    json_object_array_get_idx(list, 0)));
	json_object_put(found);
}

void
facts_put_names(struct facts_source *src, struct str name, struct json_object *out)
{
	long dot = str_find(name, '.');
	const char *fqdn;

	if (dot > 0) {
		out_text(out, "hostname", str_left(name, (size_t)dot));
		out_text(out, "fqdn", name);
	} else {
		out_text(out, "hostname", name);
		fqdn_of_hosts(src, name, out);
	}
	fqdn = out_get_text(out, "fqdn");
	if (fqdn != NULL)
		out_cstr(out, "domain", strchr(fqdn, '.') + 1);
	else
		domain_of_dns(src, out);
}

/* /etc/hostname may have comments; the first other line counts. */
static struct str
first_line(struct str rest)
{
	struct str line;

	while (str_line(&rest, &line)) {
		line = str_trim(line);
		if (line.n > 0 && line.p[0] != '#')
			return line;
	}
	return (struct str){ "", 0 };
}

int
facts_host(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	static const char *const places[] = {
		"proc/sys/kernel/hostname", "etc/hostname", "etc/HOSTNAME",
	};
	char text[FACTS_SMALL];
	size_t i;
	int r = -ENOENT;

	for (i = 0; r < 0 && i < sizeof(places) / sizeof(places[0]); i++)
		r = facts_read_small(src, places[i], text, sizeof(text));
	if (r == 0)
		facts_put_names(src, first_line(str_of(text)), out);
	if (!out_file(out, "machine_id", src, "etc/machine-id"))
		(void)out_file(out, "machine_id", src,
		    "var/lib/dbus/machine-id");
	(void)out_file(out, "boot_id", src, "proc/sys/kernel/random/boot_id");
	return r < 0 ? facts_fail(err, r, "etc/hostname") : 0;
}
