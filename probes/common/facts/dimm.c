/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dimm - memory modules, as the firmware tells of them (SMBIOS type 17).
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>

#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/unix.h"
#include "facts/smbios.h"

#define TABLE_MAX (1u << 20)
#define SLOTS_MAX 4096

/* By number; DSP0134 7.18.1 and 7.18.2. */
static const char *const forms[] = {
	NULL, "Other", NULL, "SIMM", "SIP", "Chip", "DIP", "ZIP",
	"Proprietary Card", "DIMM", "TSOP", "Row Of Chips", "RIMM", "SODIMM",
	"SRIMM", "FB-DIMM", "Die", "CAMM",
};
static const char *const types[] = {
	NULL, "Other", NULL, "DRAM", "EDRAM", "VRAM", "SRAM", "RAM", "ROM",
	"Flash", "EEPROM", "FEPROM", "EPROM", "CDRAM", "3DRAM", "SDRAM",
	"SGRAM", "RDRAM", "DDR", "DDR2", "DDR2 FB-DIMM", NULL, NULL, NULL,
	"DDR3", "FBD2", "DDR4", "LPDDR", "LPDDR2", "LPDDR3", "LPDDR4",
	"Logical non-volatile device", "HBM", "HBM2", "DDR5", "LPDDR5", "HBM3",
};

#define NAME_OF(table, n) \
	((n) < sizeof(table) / sizeof((table)[0]) ? (table)[n] : NULL)

/* Makers write these where they know nothing. */
static struct str
meant(struct str s)
{
	static const char *const nothing[] = {
		"Not Specified", "Unknown", "NO DIMM", "Not Available",
		"To Be Filled By O.E.M.", "None", "[Empty]", "Undefined",
		"Undefine", "Empty", "<OUT OF SPEC>", "0x00000000",
	};
	size_t i;

	for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		if (str_eq(s, nothing[i]))
			return (struct str){ "", 0 };
	return s;
}

/* 0 is an empty slot, all ones unknown; bit 15 says that it is in kB. */
static uint64_t
size_bytes(const struct smbios *s)
{
	uint64_t size, more;

	if (!smbios_word(s, 0x0c, &size) || size == 0 || size == 0xffff)
		return 0;
	if (size == 0x7fff && smbios_dword(s, 0x1c, &more))
		return (more & 0x7fffffff) << 20;
	return (size & 0x7fff) << (size & 0x8000 ? 10 : 20);
}

/* From version 3.3 on a speed too large for a word stands elsewhere. */
static void
put_speed(struct json_object *item, const char *key, const struct smbios *s,
    size_t at, size_t more_at)
{
	uint64_t v;

	if (!smbios_word(s, at, &v) || v == 0)
		return;
	if (v == 0xffff && !smbios_dword(s, more_at, &v))
		return;
	out_u64(item, key, v);
}

static void
put_module(struct json_object *item, const struct smbios *s, uint64_t size)
{
	uint64_t v;

	out_u64(item, "size_bytes", size);
	out_text(item, "manufacturer", meant(smbios_string(s, 0x17)));
	out_text(item, "serial", meant(smbios_string(s, 0x18)));
	out_text(item, "asset_tag", meant(smbios_string(s, 0x19)));
	out_text(item, "part_number", meant(smbios_string(s, 0x1a)));
	if (smbios_byte(s, 0x12, &v))
		out_cstr(item, "type", NAME_OF(types, v));
	put_speed(item, "speed_mts", s, 0x15, 0x54);
	put_speed(item, "configured_speed_mts", s, 0x20, 0x58);
	if (smbios_byte(s, 0x1b, &v) && (v & 15) != 0)
		out_u64(item, "rank", v & 15);
	if (smbios_word(s, 0x08, &v) && v != 0 && v != 0xffff)
		out_u64(item, "total_width_bits", v);
	if (smbios_word(s, 0x0a, &v) && v != 0 && v != 0xffff)
		out_u64(item, "data_width_bits", v);
}

static void
put_slot(struct json_object *list, const struct smbios *s)
{
	struct json_object *item;
	uint64_t size = size_bytes(s), v;

	if (json_object_array_length(list) >= SLOTS_MAX)
		return;
	item = out_item(list);
	out_text(item, "locator", smbios_string(s, 0x10));
	out_text(item, "bank", smbios_string(s, 0x11));
	out_bool(item, "present", size > 0);
	if (smbios_byte(s, 0x0e, &v))
		out_cstr(item, "form_factor", NAME_OF(forms, v));
	if (size > 0)
		put_module(item, s, size);
}

int
parse_smbios_dimms(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len };
	struct json_object *list;
	struct smbios s;
	bool any = false;

	if (!json_object_object_get_ex(out, "items", &list))
		list = out_list(out, "items");
	while (list != NULL && smbios_next(&rest, &s)) {
		any = true;
		if (s.type == SMBIOS_MEMORY)
			put_slot(list, &s);
	}
	return any ? 0 : -1;
}

/* One file a structure, where the whole table cannot be had. */
static int
read_entries(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_names names;
	char path[FACTS_PATH_MAX];
	size_t i;
	int r;

	r = facts_list(src, "sys/firmware/dmi/entries", &names);
	if (r < 0)
		return facts_fail(err, r, "sys/firmware/dmi/entries");
	for (i = 0; r == 0 && i < names.count; i++)
		if (str_starts(str_of(names.name[i]), "17-") &&
		    facts_path(path, "sys/firmware/dmi/entries/%s/raw",
			names.name[i]))
			r = facts_parse_file(src, path, FACTS_SMALL,
			    parse_smbios_dimms, out, err);
	facts_names_free(&names);
	return r;
}

static void
put_sums(struct json_object *out)
{
	struct json_object *list, *item;
	uint64_t size, modules = 0, bytes = 0;
	size_t i;

	if (!json_object_object_get_ex(out, "items", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		size = out_get_u64(item, "size_bytes");
		modules += size > 0;
		bytes += size;
	}
	out_u64(out, "slots", json_object_array_length(list));
	out_u64(out, "modules", modules);
	out_u64(out, "installed_bytes", bytes);
}

int
facts_dimms(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err second;
	int r;

	r = facts_parse_file(src, "sys/firmware/dmi/tables/DMI", TABLE_MAX,
	    parse_smbios_dimms, out, err);
	if (r < 0 && read_entries(src, out, &second) == 0)
		r = 0;
	if (r < 0 && facts_unix_dimms(src, out, &second) == 0)
		r = 0;
	put_sums(out);
	return r;
}
