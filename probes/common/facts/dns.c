/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns - which name servers this machine asks.
 */
#include "facts/sections.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define WORDS_MAX 64

static void
put_words(struct json_object *out, const char *key, struct str rest,
    bool again)
{
	struct json_object *list;
	struct str word;

	/* Of search the last line counts; servers and options add up. */
	if (!again || !json_object_object_get_ex(out, key, &list))
		list = out_list(out, key);
	while (str_word(&rest, &word))
		if (json_object_array_length(list) < WORDS_MAX)
			out_item_text(list, word);
}

int
parse_resolv_conf(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, word, first;

	while (str_line(&rest, &line)) {
		if (!str_word(&line, &word) || word.p[0] == '#' ||
		    word.p[0] == ';')
			continue;
		if (str_eq(word, "nameserver") && str_word(&line, &first))
			put_words(out, "servers", first, true);
		else if (str_eq(word, "search") || str_eq(word, "domain"))
			put_words(out, "search", line, false);
		else if (str_eq(word, "options"))
			put_words(out, "options", line, true);
	}
	return 0;
}

/* The local stub of systemd-resolved, and dnsmasq on the same machine. */
static bool
is_stub(struct json_object *out)
{
	struct json_object *list;
	size_t i;

	if (!json_object_object_get_ex(out, "servers", &list) ||
	    json_object_array_length(list) == 0)
		return false;
	for (i = 0; i < json_object_array_length(list); i++)
		if (strncmp(json_object_get_string(
			json_object_array_get_idx(list, i)), "127.", 4) != 0)
			return false;
	return true;
}

int
facts_dns(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct json_object *found, *v;
	struct facts_err ignored;
	int r;

	r = facts_parse_file(src, "etc/resolv.conf", 65536, parse_resolv_conf,
	    out, err);
	if (r < 0 || !is_stub(out))
		return r;
	found = json_object_new_object();
	(void)facts_parse_file(src, "run/systemd/resolve/resolv.conf", 65536,
	    parse_resolv_conf, found, &ignored);
	if (json_object_object_get_ex(found, "servers", &v))
		json_object_object_add(out, "upstream_servers",
		    json_object_get(v));
	json_object_put(found);
	return 0;
}
