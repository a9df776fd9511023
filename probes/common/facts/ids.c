/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ids - names of PCI and USB devices from the system's own pci.ids, usb.ids.
 *
 *	8086  Intel Corporation			vendor
 *		100e  82540EM Gigabit ...	its device
 *			8086 001e  PRO/1000	the same on this board
 *	C 02  Network controller		class
 *		00  Ethernet controller		subclass
 */
#include "facts/ids.h"

#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define FILE_MAX	(16u << 20)

struct scan {
	const struct ids_row *rows;
	size_t count;
	uint8_t vendors[8192];		/* a bit for each that is wanted */
	bool wanted, in_class;
	uint16_t vendor, device;
	uint8_t class;
};

static void
want(struct scan *s, uint16_t vendor)
{
	s->vendors[vendor / 8] |= (uint8_t)(1u << (vendor % 8));
}

/* DIGITS of hexadecimal at the start of TEXT, then a blank; the name follows. */
static bool
take_number(struct str *text, size_t digits, uint32_t *out)
{
	uint64_t v;

	if (text->n <= digits || text->p[digits] != ' ' ||
	    !str_u64(str_left(*text, digits), 16, &v))
		return false;
	*out = (uint32_t)v;
	*text = str_trim(str_skip(*text, digits));
	return true;
}

static void
name_vendor(struct scan *s, struct str name)
{
	const struct ids_row *r;

	for (r = s->rows; r < s->rows + s->count; r++) {
		if (r->vendor == s->vendor)
			out_text(r->item, "vendor", name);
		if (r->sub_vendor == s->vendor && r->sub_vendor != 0)
			out_text(r->item, "subsystem_vendor", name);
	}
}

static void
name_device(struct scan *s, struct str name)
{
	const struct ids_row *r;

	for (r = s->rows; r < s->rows + s->count; r++)
		if (r->vendor == s->vendor && r->device == s->device)
			out_text(r->item, "device", name);
}

static void
name_subsystem(struct scan *s, uint32_t vendor, uint32_t device, struct str name)
{
	const struct ids_row *r;

	for (r = s->rows; r < s->rows + s->count; r++)
		if (r->vendor == s->vendor && r->device == s->device &&
		    r->sub_vendor == vendor && r->sub_device == device)
			out_text(r->item, "subsystem", name);
}

/* SUBCLASS -1: of the class as a whole; a subclass that follows says it better. */
static void
name_class(struct scan *s, int subclass, struct str name)
{
	const struct ids_row *r;

	for (r = s->rows; r < s->rows + s->count; r++)
		if (r->class >> 8 == s->class &&
		    (subclass < 0 || (int)(r->class & 0xff) == subclass))
			out_text(r->item, "class", name);
}

static void
take_top(struct scan *s, struct str line)
{
	uint32_t v;

	s->in_class = str_starts(line, "C ");
	s->wanted = false;
	if (s->in_class) {
		line = str_trim(str_skip(line, 2));
		s->in_class = take_number(&line, 2, &v);
		if (!s->in_class)
			return;
		s->class = (uint8_t)v;
		name_class(s, -1, line);
	} else if (take_number(&line, 4, &v)) {
		s->vendor = (uint16_t)v;
		s->wanted = s->vendors[v / 8] & (1u << (v % 8));
		if (s->wanted)
			name_vendor(s, line);
	}
}

static void
take_nested(struct scan *s, struct str line)
{
	bool deep = line.n > 1 && line.p[1] == '\t';
	uint32_t v, w;

	line = str_skip(line, deep ? 2 : 1);
	if (s->in_class) {
		if (!deep && take_number(&line, 2, &v))
			name_class(s, (int)v, line);
	} else if (!deep && take_number(&line, 4, &v)) {
		s->device = (uint16_t)v;
		name_device(s, line);
	} else if (deep && take_number(&line, 4, &v) &&
	    take_number(&line, 4, &w)) {
		name_subsystem(s, v, w, line);
	}
}

void
ids_scan(struct str text, const struct ids_row *rows, size_t count)
{
	struct scan s = { .rows = rows, .count = count };
	struct str line;
	size_t i;

	for (i = 0; i < count; i++) {
		want(&s, rows[i].vendor);
		want(&s, rows[i].sub_vendor);
	}
	while (str_line(&text, &line)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (line.p[0] != '\t')
			take_top(&s, line);
		else if (s.wanted || s.in_class)
			take_nested(&s, line);
	}
}

void
ids_name(struct facts_source *src, const char *name,
    const struct ids_row *rows, size_t count)
{
	static const char *const dirs[] = {
		"usr/share/misc", "usr/share/hwdata", "var/lib/pciutils",
	};
	char path[FACTS_PATH_MAX];
	struct facts_bytes b;
	size_t i;

	for (i = 0; count > 0 && i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (!facts_path(path, "%s/%s", dirs[i], name) ||
		    facts_read(src, path, FILE_MAX, &b) < 0)
			continue;
		ids_scan((struct str){ b.data, b.len }, rows, count);
		facts_bytes_free(&b);
		return;
	}
}

static uint32_t
number_of(struct json_object *item, const char *key)
{
	uint64_t v = 0;

	(void)str_u64(str_of(out_get_text(item, key)), 16, &v);
	return (uint32_t)v;
}

/* PCI gives class, subclass and interface, USB the class alone. */
static uint32_t
class_of(struct json_object *item)
{
	const char *text = out_get_text(item, "class_id");

	if (text == NULL)
		return UINT32_MAX;
	return strlen(text) > 4 ? number_of(item, "class_id") >> 8
	    : number_of(item, "class_id") << 8;
}

struct ids_row
ids_row_of(struct json_object *item)
{
	return (struct ids_row){
		.vendor = (uint16_t)number_of(item, "vendor_id"),
		.device = (uint16_t)number_of(item, "device_id"),
		.sub_vendor = (uint16_t)number_of(item, "subsystem_vendor_id"),
		.sub_device = (uint16_t)number_of(item, "subsystem_device_id"),
		.class = class_of(item),
		.item = item,
	};
}

/* OUT is one device, with its numbers. */
int
parse_ids(const char *data, size_t len, struct json_object *out)
{
	struct ids_row row = ids_row_of(out);

	ids_scan((struct str){ data, len }, &row, 1);
	return 0;
}
