/* SPDX-License-Identifier: Apache-2.0 */
/* hpux_cprop - cprop -summary of newer HP-UX: memory and processors, one block of "[Key]: value" each; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>

#include "formats/cut.h"

/* What a block may say of one thing. */
struct thing { struct str size, part, serial, type, processor, speed; };

/* The next block of TEXT; blocks end with stars. False at the end. */
static bool
next_thing(struct str *text, struct thing *t)
{
	struct { const char *key; struct str *to; } rows[] = {
		{ "Size", &t->size }, { "Part Number", &t->part }, { "Serial Number", &t->serial }, { "Module Type", &t->type },
		{ "Processor Type", &t->processor }, { "Processor Speed", &t->speed }, { "Speed", &t->speed },
	};
	struct str line, key, value;
	bool any = false;
	size_t i;

	*t = (struct thing){ .size = { "", 0 } };
	while (str_line(text, &line)) {
		if (str_starts(line, "***") && any)
			return true;
		if (!cut_between(line, "[", "]:", &key) || !cut_at(line, "]:", NULL, &value))
			continue;
		any = true;
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_eq(key, rows[i].key))
				*rows[i].to = str_trim(value);
	}
	return any;
}

bool
read_cprop_memories(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct thing t;
	uint64_t mb;
	char size[24];

	(void)f;
	while (next_thing(&text, &t)) {
		if (!cut_megabytes(t.size, &mb) || (o = out_item(top)) == NULL)
			continue;
		snprintf(size, sizeof(size), "%llu", (unsigned long long)mb);
		put_text(o, "capacity_mb", str_of(size));
		put_known(o, "description", t.part);
		put_known(o, "serial", t.serial);
		put_known(o, "type", t.type);
	}
	return json_object_array_length(top) > 0;
}

bool
read_cprop_cpus(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct thing t;
	char mhz[24];
	double d;

	(void)f;
	while (next_thing(&text, &t)) {
		if (t.processor.n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "name", find(t.processor, "Itanium") != NULL ? STR("Itanium") : t.processor);
		if (find(t.processor, "Intel") != NULL)
			put_text(o, "manufacturer", STR("Intel"));
		if (!real_of(t.speed, &d) || d <= 0 || d > 1e6)
			continue;
		snprintf(mhz, sizeof(mhz), "%.0f", find(t.speed, "GHz") != NULL ? d * 1000 : d);
		put_text(o, "speed_mhz", str_of(mhz));
	}
	return json_object_array_length(top) > 0;
}
