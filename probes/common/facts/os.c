/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os - distribution, kernel and architecture.
 */
#include "facts/sections.h"

#include "facts/out.h"
#include "facts/parsers.h"

/* What os-release(5) says, and our name for it. */
static const struct {
	const char *key;
	const char *field;
} release_keys[] = {
	{ "ID", "id" },
	{ "ID_LIKE", "id_like" },
	{ "NAME", "name" },
	{ "VERSION", "version" },
	{ "VERSION_ID", "version_id" },
	{ "VERSION_CODENAME", "codename" },
	{ "PRETTY_NAME", "pretty_name" },
	{ "VARIANT", "variant" },
	{ "BUILD_ID", "build_id" },
	{ "CPE_NAME", "cpe" },
};

int
parse_os_release(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	size_t i;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, '=', &key, &value))
			continue;
		for (i = 0; i < sizeof(release_keys) / sizeof(release_keys[0]); i++)
			if (str_eq(key, release_keys[i].key))
				out_text(out, release_keys[i].field,
				    str_unquote(value));
	}
	return 0;
}

int
facts_os(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	char machine[64];

	if (facts_machine(src, machine, sizeof(machine)) == 0)
		out_cstr(out, "architecture", machine);
	(void)out_file(out, "kernel_release", src, "proc/sys/kernel/osrelease");
	return facts_parse_file(src, "etc/os-release", 65536, parse_os_release,
	    out, err);
}
