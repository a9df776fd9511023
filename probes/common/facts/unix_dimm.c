/* SPDX-License-Identifier: Apache-2.0 */
/* unix_dimm - memory modules by dmidecode's text, for those who may run it and may not read the table. */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/pick.h"
#include "facts/unix.h"

#define SLOTS_MAX 4096

enum as { TEXT, SIZE, NUMBER };
static const struct { const char *key, *field; enum as as; } rows[] = {
	{ "Locator", "locator", TEXT }, { "Bank Locator", "bank", TEXT }, { "Size", "size_bytes", SIZE }, { "Manufacturer", "manufacturer", TEXT },
	{ "Serial Number", "serial", TEXT }, { "Asset Tag", "asset_tag", TEXT }, { "Part Number", "part_number", TEXT },
	{ "Form Factor", "form_factor", TEXT }, { "Type", "type", TEXT }, { "Speed", "speed_mts", NUMBER },
	{ "Configured Memory Speed", "configured_speed_mts", NUMBER }, { "Rank", "rank", NUMBER }, { "Total Width", "total_width_bits", NUMBER },
	{ "Data Width", "data_width_bits", NUMBER },
};

static void
put(struct json_object *item, struct str key, struct str value)
{
	uint64_t n;
	double v;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!str_eq(key, rows[i].key) || str_eq(value, "Unknown") || str_eq(value, "Not Specified"))
			continue;
		if (rows[i].as == TEXT)
			out_text(item, rows[i].field, value);
		else if (rows[i].as == NUMBER && str_leading_u64(value, &n))
			out_u64(item, rows[i].field, n);
		else if (rows[i].as == SIZE && pick_scaled(value, 1024, &v) && v > 0) {
			out_u64(item, rows[i].field, (uint64_t)v);
			out_bool(item, "present", true);
		}
	}
}

int
facts_unix_dimms(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = NULL, *item = NULL;
	struct facts_bytes b;
	struct str rest, line, key, value;
	int r = facts_command(src, "dmidecode", &b);

	if (r < 0)
		return facts_command_failed(err, r, "dmidecode");
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
		if (str_starts(line, "Memory Device") && str_eq(str_trim(line), "Memory Device")) {
			if (items == NULL && !json_object_object_get_ex(out, "items", &items))
				items = out_list(out, "items");
			item = json_object_array_length(items) < SLOTS_MAX ? out_item(items) : NULL;
			out_bool(item, "present", false);
		} else if (line.n == 0 || (line.p[0] != '\t' && line.p[0] != ' '))
			item = NULL;
		else if (item != NULL && str_pair(line, ':', &key, &value))
			put(item, key, value);
	}
	facts_bytes_free(&b);
	return 0;
}
