/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmi - the machine itself: maker, model, serial number, UUID, firmware.
 *
 * Three ways to it: the kernel's reading of the SMBIOS tables, the tables
 * themselves (for trees that have only those), and the device tree.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/unix.h"
#include "facts/smbios.h"

#define TABLE_MAX (1u << 20)

static const struct out_row rows[] = {
	{ "sys_vendor", "sys_vendor", OUT_TEXT, 0 },
	{ "product_name", "product_name", OUT_TEXT, 0 },
	{ "product_version", "product_version", OUT_TEXT, 0 },
	{ "product_serial", "product_serial", OUT_TEXT, 0 },
	{ "product_uuid", "product_uuid", OUT_TEXT, 0 },
	{ "product_sku", "product_sku", OUT_TEXT, 0 },
	{ "product_family", "product_family", OUT_TEXT, 0 },
	{ "bios_vendor", "bios_vendor", OUT_TEXT, 0 },
	{ "bios_version", "bios_version", OUT_TEXT, 0 },
	{ "bios_date", "bios_date", OUT_TEXT, 0 },
	{ "bios_release", "bios_release", OUT_TEXT, 0 },
	{ "ec_firmware_release", "ec_firmware_release", OUT_TEXT, 0 },
	{ "board_vendor", "board_vendor", OUT_TEXT, 0 },
	{ "board_name", "board_name", OUT_TEXT, 0 },
	{ "board_version", "board_version", OUT_TEXT, 0 },
	{ "board_serial", "board_serial", OUT_TEXT, 0 },
	{ "board_asset_tag", "board_asset_tag", OUT_TEXT, 0 },
	{ "chassis_vendor", "chassis_vendor", OUT_TEXT, 0 },
	{ "chassis_type", "chassis_type", OUT_NUMBER, 1 },
	{ "chassis_version", "chassis_version", OUT_TEXT, 0 },
	{ "chassis_serial", "chassis_serial", OUT_TEXT, 0 },
	{ "chassis_asset_tag", "chassis_asset_tag", OUT_TEXT, 0 },
	{ "smbios_version", "smbios_version", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* The same out of the table: structure, offset of the string. */
static const struct {
	enum smbios_type type;
	size_t at;
	const char *key;
} strings[] = {
	{ SMBIOS_BIOS, 0x04, "bios_vendor" },
	{ SMBIOS_BIOS, 0x05, "bios_version" },
	{ SMBIOS_BIOS, 0x08, "bios_date" },
	{ SMBIOS_SYSTEM, 0x04, "sys_vendor" },
	{ SMBIOS_SYSTEM, 0x05, "product_name" },
	{ SMBIOS_SYSTEM, 0x06, "product_version" },
	{ SMBIOS_SYSTEM, 0x07, "product_serial" },
	{ SMBIOS_SYSTEM, 0x19, "product_sku" },
	{ SMBIOS_SYSTEM, 0x1a, "product_family" },
	{ SMBIOS_BOARD, 0x04, "board_vendor" },
	{ SMBIOS_BOARD, 0x05, "board_name" },
	{ SMBIOS_BOARD, 0x06, "board_version" },
	{ SMBIOS_BOARD, 0x07, "board_serial" },
	{ SMBIOS_BOARD, 0x08, "board_asset_tag" },
	{ SMBIOS_CHASSIS, 0x04, "chassis_vendor" },
	{ SMBIOS_CHASSIS, 0x06, "chassis_version" },
	{ SMBIOS_CHASSIS, 0x07, "chassis_serial" },
	{ SMBIOS_CHASSIS, 0x08, "chassis_asset_tag" },
};

/* By number; DSP0134 7.4.1. */
static const char *const chassis_types[] = {
	NULL, "other", NULL, "desktop", "low profile desktop", "pizza box",
	"mini tower", "tower", "portable", "laptop", "notebook", "hand held",
	"docking station", "all in one", "sub notebook", "space-saving",
	"lunch box", "main server chassis", "expansion chassis", "sub chassis",
	"bus expansion chassis", "peripheral chassis", "RAID chassis",
	"rack mount chassis", "sealed-case PC", "multi-system chassis",
	"compact PCI", "advanced TCA", "blade", "blade enclosure", "tablet",
	"convertible", "detachable", "IoT gateway", "embedded PC", "mini PC",
	"stick PC",
};

/* What makers leave in when they fill in nothing: no identity can rest on it. */
static const char *const placeholders[] = {
	"To Be Filled By O.E.M.", "To be filled by O.E.M.", "N/A", "NA",
	"None", "Not Specified", "Not Applicable", "Not Available", "Unknown",
	"Default string", "System Serial Number", "System Product Name",
	"System manufacturer", "System Manufacturer", "Serial Number", "0",
	"0123456789", "123456789", "1234567890", "00000000", "XXXXXXXXXX",
	"OEM", "O.E.M.", "empty", "Empty", "INVALID", "Chassis Serial Number",
	"00000000-0000-0000-0000-000000000000",
	"ffffffff-ffff-ffff-ffff-ffffffffffff",
	"03000200-0400-0500-0006-000700080009",
	"12345678-1234-5678-90ab-cddeefaabbcc",
};

static bool
is_placeholder(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (strcasecmp(text, placeholders[i]) == 0)
			return true;
	return text[strspn(text, "0 .-")] == '\0';
}

/* The first of the fields that says something. */
static void
put_first(struct json_object *out, const char *key, const char *first,
    const char *second)
{
	const char *text = out_get_text(out, first);

	if (text == NULL || is_placeholder(text))
		text = second != NULL ? out_get_text(out, second) : NULL;
	if (text != NULL && !is_placeholder(text))
		out_cstr(out, key, text);
}

static void
put_uuid(struct json_object *out)
{
	const char *text = out_get_text(out, "product_uuid");
	char lower[40];
	size_t i;

	if (text == NULL || strlen(text) != 36 || is_placeholder(text))
		return;
	for (i = 0; i < 36; i++)
		lower[i] = text[i] >= 'A' && text[i] <= 'F'
		    ? (char)(text[i] + 32) : text[i];
	out_text(out, "uuid", (struct str){ lower, 36 });
}

static void
put_identity(struct json_object *out)
{
	uint64_t type = out_get_u64(out, "chassis_type");

	put_first(out, "vendor", "sys_vendor", "board_vendor");
	put_first(out, "model", "product_name", "board_name");
	put_first(out, "serial", "product_serial", "chassis_serial");
	put_uuid(out);
	if (type < sizeof(chassis_types) / sizeof(chassis_types[0]))
		out_cstr(out, "chassis_type_name", chassis_types[type]);
}

/* Sixteen bytes; the first three groups are little-endian. */
static void
put_raw_uuid(struct json_object *out, const struct smbios *s)
{
	const unsigned char *b = (const unsigned char *)s->area.p + 8;
	char text[40];

	if (s->area.n < 0x19)
		return;
	(void)snprintf(text, sizeof(text), "%02x%02x%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x-%02x%02x%02x%02x%02x%02x", b[3], b[2], b[1], b[0], b[5],
	    b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
	out_cstr(out, "product_uuid", text);
}

static void
put_structure(struct json_object *out, const struct smbios *s)
{
	uint64_t v;
	size_t i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		if (strings[i].type == (enum smbios_type)s->type)
			out_text(out, strings[i].key,
			    smbios_string(s, strings[i].at));
	if (s->type == SMBIOS_SYSTEM)
		put_raw_uuid(out, s);
	if (s->type == SMBIOS_CHASSIS && smbios_byte(s, 5, &v))
		out_u64(out, "chassis_type", v & 0x7f);
}

/* The first of each kind is the machine's own; more are of blades and trays. */
int
parse_smbios_dmi(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len };
	bool seen[4] = { false }, any = false;
	struct smbios s;

	while (smbios_next(&rest, &s)) {
		any = true;
		if (s.type > SMBIOS_CHASSIS || seen[s.type])
			continue;
		seen[s.type] = true;
		put_structure(out, &s);
	}
	return any ? 0 : -1;
}

/* "_SM3_" or "_SM_", and where the version stands behind it. */
int
parse_smbios_entry(const char *data, size_t len, struct json_object *out)
{
	struct str s = { data, len };
	size_t at = str_starts(s, "_SM3_") ? 7 : str_starts(s, "_SM_") ? 6 : 0;
	char text[16];

	if (at == 0 || at + 1 >= len)
		return -1;
	(void)snprintf(text, sizeof(text), "%u.%u",
	    (unsigned char)data[at], (unsigned char)data[at + 1]);
	out_cstr(out, "smbios_version", text);
	return 0;
}

/* Numbers that only root may read: said, as an identity without them is weak. */
static void
put_denied(struct facts_source *src, const char *dir, struct json_object *out)
{
	static const char *const secret[] = {
		"product_serial", "product_uuid", "board_serial",
		"chassis_serial",
	};
	struct json_object *list = NULL;
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	size_t i;

	for (i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		if (out_get_text(out, secret[i]) != NULL ||
		    !facts_path(path, "%s/%s", dir, secret[i]) ||
		    facts_read_small(src, path, text, sizeof(text)) != -EACCES)
			continue;
		if (list == NULL)
			list = out_list(out, "denied");
		out_item_text(list, str_of(secret[i]));
	}
	if (list != NULL)
		out_bool(out, "needs_privilege", true);
}

/* Over a login dmidecode may be run as root where the files may not be read. */
static void
put_dmidecode(struct facts_source *src, struct json_object *out)
{
	static const struct { const char *said, *field; } told[] = {
		{ "serial", "product_serial" }, { "uuid", "product_uuid" }, { "board_serial", "board_serial" },
		{ "chassis_serial", "chassis_serial" },
	};
	struct json_object *found = json_object_new_object();
	size_t i;

	facts_smbios_text(src, "dmidecode", found);
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (out_get_text(out, told[i].field) == NULL)
			out_cstr(out, told[i].field, out_get_text(found, told[i].said));
	json_object_put(found);
}

static bool
read_sysfs(struct facts_source *src, struct json_object *out)
{
	static const char *const dirs[] = {
		"sys/class/dmi/id", "sys/devices/virtual/dmi/id",
	};
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (!facts_exists(src, dirs[i]))
			continue;
		out_files(out, src, dirs[i], rows);
		put_dmidecode(src, out);
		put_denied(src, dirs[i], out);
		return json_object_object_length(out) > 0;
	}
	return false;
}

/* ARM and PowerPC: "vendor,model" is what the tree calls compatible. */
static bool
read_devicetree(struct facts_source *src, struct json_object *out)
{
	static const struct {
		const char *path, *key;
	} files[] = {
		{ "model", "product_name" },
		{ "serial-number", "product_serial" },
		{ "system-id", "product_serial" },
	};
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	bool any = false;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (out_get_text(out, files[i].key) == NULL &&
		    facts_path(path, "proc/device-tree/%s", files[i].path) &&
		    facts_read_small(src, path, text, sizeof(text)) == 0) {
			out_cstr(out, files[i].key, text);
			any = true;
		}
	return any;
}

int
facts_dmi(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	const char *source = NULL;

	(void)facts_parse_file(src, "sys/firmware/dmi/tables/smbios_entry_point",
	    FACTS_SMALL, parse_smbios_entry, out, err);
	if (read_sysfs(src, out))
		source = "dmi";
	else if (facts_parse_file(src, "sys/firmware/dmi/tables/DMI",
		     TABLE_MAX, parse_smbios_dmi, out, err) == 0)
		source = "smbios";
	else if (read_devicetree(src, out))
		source = "devicetree";
	if (source == NULL)
		return facts_fail(err, -ENOENT, "sys/class/dmi/id");
	out_cstr(out, "source", source);
	put_identity(out);
	return 0;
}
