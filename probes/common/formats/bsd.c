/* SPDX-License-Identifier: Apache-2.0 */
/* bsd - what FreeBSD and macOS say in forms of their own: sysctl, mount, swapinfo, pkg info, vm_stat; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "formats/cut.h"

/* --- sysctl -a -------------------------------------------------------------------------- */

/* "kern.geom.conftxt: ": a name has points in it and no blank; a line without such a name goes on with the value before. */
static bool
is_name(struct str line, struct str *name)
{
	long colon = str_find(line, ':');
	bool point = false;
	size_t i;

	if (colon < 1 || !isalpha((unsigned char)line.p[0]) || ((size_t)colon + 1 < line.n && line.p[colon + 1] != ' '))
		return false;
	for (i = 0; i < (size_t)colon; i++) {
		point |= line.p[i] == '.';
		if (!isalnum((unsigned char)line.p[i]) && strchr("._%-", line.p[i]) == NULL)
			return false;
	}
	*name = str_left(line, (size_t)colon);
	return point;
}

/* VALUE is the first line of it, MORE the lines below as they are. */
static void
put_sysctl(struct json_object *top, struct str name, struct str value, struct str more)
{
	char *all;

	value = str_trim(value);
	if (more.n == 0) {
		put_value(top, name, AS_INT_OR_TEXT, value);
		return;
	}
	if (more.p[more.n - 1] == '\n')
		more.n--;
	all = malloc(value.n + 1 + more.n);
	if (all == NULL)
		return;
	if (value.n > 0)
		memcpy(all, value.p, value.n);
	all[value.n] = '\n';
	if (more.n > 0)
		memcpy(all + value.n + 1, more.p, more.n);
	out_whole_at(top, name, (struct str){ all, value.n + 1 + more.n });
	free(all);
}

bool
read_sysctl_bsd(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name = { "", 0 }, next, value = name, rest = text;
	const char *below = NULL;

	(void)f;
	while (str_line(&rest, &line)) {
		if (!is_name(line, &next))
			continue;
		if (name.n > 0)
			put_sysctl(top, name, value, from_to(below, line.p));
		name = next;
		value = str_skip(line, name.n + 1);
		below = rest.p;
	}
	if (name.n > 0)
		put_sysctl(top, name, value, below != NULL && rest.p != NULL ? from_to(below, text.p + text.n) : (struct str){ "", 0 });
	return name.n > 0;
}

/* --- mount -------------------------------------------------------------------------------- */

/* The types of what is mounted, each once: the first word in the brackets. */
bool
read_mount_types(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, options, type;
	size_t i, n;

	(void)f;
	while (str_line(&text, &line)) {
		if (!cut_at(line, " on ", NULL, &line) || !cut_at_last(line, " (", &line, &options) || !str_part(&options, ',', &type))
			continue;
		(void)cut_at_last(line, " type ", NULL, &type);		/* OpenBSD and NetBSD say it before them */
		type = str_trim(type);
		if (str_ends(type, ")"))
			type.n--;
		n = json_object_array_length(top);
		for (i = 0; i < n && !str_same(str_of(json_object_get_string(json_object_array_get_idx(top, i))), type); i++)
			;
		if (i == n && n < 100)
			out_item_text(top, type);
	}
	return json_object_array_length(top) > 0;
}

/* --- swapinfo, pkg info, vm_stat, kldstat ---------------------------------------------------- */

/* swapinfo -k: "/dev/ada0p3  2097152  0  2097152  0%". */
bool
read_swapinfo(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = { "total_kb", "used_kb", "available_kb", "used_percent" };
	struct str line, device, word;
	struct json_object *o;
	uint64_t n;
	bool any = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &device) || str_eq(device, "Total") || !str_starts(device, "/") || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "device", device);
		for (i = 0; i < 4 && str_word(&line, &word); i++)
			if (str_leading_u64(word, &n) && n < INT64_MAX)
				put_int(o, keys[i], (int64_t)n);
		any = true;
	}
	return any;
}

/* "curl-8.5.0_1                   Command line tool and library": the version begins behind the last dash. */
bool
read_pkg_info(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word, name, version;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &word) || !cut_at_last(word, "-", &name, &version) || name.n == 0 || version.n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "name", name);
		put_text(o, "version", version);
		put_known(o, "comments", str_trim(line));
		any = true;
	}
	return any;
}

/* "Pages wired down:     498116." of so many bytes each. */
bool
read_vm_stat(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, value, size;
	char key[PUT_KEY_MAX];
	int64_t n;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_between(line, "page size of ", " bytes", &size) && str_i64(size, &n)) {
			put_int(top, "page_size", n);
			continue;
		}
		if (!str_pair(line, ':', &name, &value) || value.n == 0)
			continue;
		if (str_ends(value, "."))
			value.n--;
		key_of(name, key, sizeof(key));
		if (key[0] == '\0' || !str_i64(value, &n))
			continue;
		put_int(top, key, n);
		any = true;
	}
	return any;
}
