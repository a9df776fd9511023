/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpkg - the packages that dpkg knows, from its status file.
 *
 * Paragraphs of "Field: value", lines that begin with a blank go on with the
 * field above. A distroless image has one file per package in status.d
 * instead, without a Status field: what is there is installed.
 */
#include "facts/packages.h"

#include <string.h>
#include <strings.h>

#include "facts/out.h"
#include "facts/parsers.h"

enum field {
	PACKAGE, STATUS, VERSION, ARCH, SOURCE, SIZE, VENDOR, SECTION, SUMMARY,
	FIELDS
};

static const char *const field_names[FIELDS] = {
	[PACKAGE] = "Package",
	[STATUS] = "Status",
	[VERSION] = "Version",
	[ARCH] = "Architecture",
	[SOURCE] = "Source",
	[SIZE] = "Installed-Size",
	[VENDOR] = "Maintainer",
	[SECTION] = "Section",
	[SUMMARY] = "Description",
};

/* The fields of one paragraph, on one line each. */
struct paragraph {
	struct str field[FIELDS];
};

static void
take_line(struct paragraph *p, struct str line)
{
	struct str key, value;
	size_t i;

	if (line.p[0] == ' ' || line.p[0] == '\t' ||
	    !str_pair(line, ':', &key, &value))
		return;
	for (i = 0; i < FIELDS; i++)
		if (key.n == strlen(field_names[i]) &&
		    strncasecmp(key.p, field_names[i], key.n) == 0)
			p->field[i] = value;
}

/* False at the end. A paragraph may be empty. */
static bool
next_paragraph(struct str *rest, struct paragraph *p)
{
	struct str line;
	bool any = false;

	memset(p, 0, sizeof(*p));
	while (str_line(rest, &line)) {
		any = true;
		if (line.n == 0 || (line.n == 1 && line.p[0] == '\r'))
			break;
		take_line(p, line);
	}
	return any;
}

/* "install ok installed": the third word. */
static struct str
state_of(struct str status)
{
	struct str word = { NULL, 0 };
	int i;

	for (i = 0; i < 3; i++)
		if (!str_word(&status, &word))
			return (struct str){ NULL, 0 };
	return word;
}

static void
put_package(struct json_object *item, const struct paragraph *p, bool installed)
{
	struct str source = p->field[SOURCE], name;
	uint64_t kib;

	out_text(item, "name", p->field[PACKAGE]);
	out_text(item, "version", p->field[VERSION]);
	out_text(item, "arch", p->field[ARCH]);
	out_text(item, "status", p->field[STATUS]);
	out_bool(item, "installed", installed);
	if (str_word(&source, &name))
		out_text(item, "source", name);
	if (str_u64(p->field[SIZE], 10, &kib) && kib < UINT64_MAX / 1024)
		out_u64(item, "size_bytes", kib * 1024);
	out_text(item, "vendor", p->field[VENDOR]);
	out_text(item, "section", p->field[SECTION]);
	out_text(item, "summary", p->field[SUMMARY]);
}

void
dpkg_scan(struct str text, bool each_is_installed, struct package_list *list)
{
	struct paragraph p;
	bool installed;

	while (next_paragraph(&text, &p)) {
		if (p.field[PACKAGE].n == 0)
			continue;
		if (list->known >= PACKAGES_MAX) {
			list->truncated = true;
			return;
		}
		installed = each_is_installed && p.field[STATUS].n == 0;
		if (str_eq(state_of(p.field[STATUS]), "installed"))
			installed = true;
		list->known++;
		list->installed += installed;
		put_package(out_item(list->items), &p, installed);
	}
}

int
parse_dpkg_status(const char *data, size_t len, struct json_object *out)
{
	struct package_list list = { .items = out_list(out, "items") };

	dpkg_scan((struct str){ data, len }, false, &list);
	out_u64(out, "installed_count", list.installed);
	if (list.truncated)
		out_bool(out, "truncated", true);
	return 0;
}
