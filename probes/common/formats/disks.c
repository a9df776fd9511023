/* SPDX-License-Identifier: Apache-2.0 */
/* disks - arrays and the disks in them: mdadm, smartctl -i, megacli -PDList; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "formats/columns.h"
#include "formats/linux.h"

/* --- mdadm --------------------------------------------------------------------------------- */

static void
put_number(struct json_object *o, const char *key, struct str value)
{
	uint64_t n;

	if (str_leading_u64(value, &n) && n <= INT64_MAX)
		put_int(o, key, (int64_t)n);
}

/* "sysrescue:0  (local to host sysrescue)" */
static void
put_with_host(struct json_object *o, const char *key, struct str value)
{
	struct str host = before(after(value, "(local to host "), ")");

	put_text(o, key, str_trim(before(value, "(")));
	if (host.n > 0)
		put_text(o, "homehost", host);
}

/* "AA. ('A' == active, '.' == missing, 'R' == replacing)" */
static void
put_array_state(struct json_object *o, struct str value)
{
	struct json_object *list = put_list(o, "array_state_list");
	size_t i;

	value = before(value, " ");
	for (i = 0; i < value.n; i++)
		if (strchr("A.R", value.p[i]) != NULL)
			out_item_text(list, value.p[i] == 'A' ? STR("active") : value.p[i] == '.' ? STR("missing") : STR("replacing"));
}

/* What follows from a value that jc tells of apart. */
static void
mdadm_more(struct json_object *o, const char *key, struct str value)
{
	static const char *const numbers[] = { "array_size", "used_dev_size", "avail_dev_size", "chunk_size", "events" };
	static const char *const percents[] = { "reshape_status", "rebuild_status", "resync_status", "check_status" };
	char name[PUT_KEY_MAX + 8];
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(key, numbers[i]) == 0) {
			snprintf(name, sizeof(name), "%s_num", key);
			put_number(o, name, value);
		}
	for (i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		if (strcmp(key, percents[i]) == 0) {
			snprintf(name, sizeof(name), "%s_percent", key);
			put_number(o, name, value);
		}
	if (strcmp(key, "unused_space") == 0) {
		put_number(o, "unused_space_before", after(value, "before="));
		put_number(o, "unused_space_after", after(value, "after="));
	} else if (strcmp(key, "name") == 0) {
		put_with_host(o, "name_val", value);
	} else if (strcmp(key, "uuid") == 0) {
		put_with_host(o, "uuid_val", value);
	} else if (strcmp(key, "checksum") == 0 && find(value, " - ") != NULL) {
		put_text(o, "checksum_val", before(value, " - "));
		put_text(o, "checksum_state", after(value, " - "));
	} else if (strcmp(key, "state") == 0) {
		put_words(o, "state_list", value, ',');
	} else if (strcmp(key, "flags") == 0) {
		put_words(o, "flag_list", value, ' ');
	} else if (strcmp(key, "array_state") == 0) {
		put_array_state(o, value);
	}
}

/* "0  254  1  0  active sync  /dev/vda1"; in metadata 0.90 "this" or an index stands before. */
static void
mdadm_device(struct json_object *o, struct str line, bool index)
{
	static const char *const keys[] = { "number", "major", "minor", "raid_device" };
	struct json_object *states;
	struct str word, device = { "", 0 };
	size_t i;

	if (index)
		(void)str_word(&line, &word);
	for (i = 0; i < 4 && str_word(&line, &word); i++)
		put_value(o, str_of(keys[i]), AS_NUMBER, word);
	for (states = put_list(o, "state"); str_word(&line, &word);) {
		if (word.p[0] == '/')
			device = word;
		else
			out_item_text(states, word);
	}
	put_text_or_null(o, "device", device);
}

/* Of a DDF container: "Number RefNo Size Device Type/State", a device may be missing. */
static void
ddf_device(struct json_object *o, struct str line)
{
	static const char *const keys[] = { "Number", "RefNo", "Size" };
	struct str word;
	size_t i;

	for (i = 0; i < 3 && str_word(&line, &word); i++)
		put_value(o, str_of(keys[i]), i == 0 ? AS_NUMBER : AS_TEXT, word);
	put_null(o, "Device");
	while (str_word(&line, &word))
		put_text(o, str_starts(word, "/dev/") ? "Device" : "Type/State", word);
}

bool
read_mdadm(const struct format *f, struct str text, struct json_object *top)
{
	enum { NONE, DEVICES, INDEXED, DDF } table = NONE;
	struct str line, key, value;
	char name[PUT_KEY_MAX];
	bool any = false;

	while (str_line(&text, &line)) {
		struct str trimmed = str_trim(line);

		if (trimmed.n == 0)
			continue;
		if (line.p[0] == '/' && trimmed.p[trimmed.n - 1] == ':') {
			put_text(top, "device", str_left(trimmed, trimmed.n - 1));
		} else if (str_starts(trimmed, "Number ")) {
			table = find(line, "RefNo") != NULL ? DDF : indent_of(line) >= 6 ? INDEXED : DEVICES;
		} else if (table != NONE && find(line, " : ") == NULL) {
			if (!isdigit((unsigned char)trimmed.p[0]) && trimmed.p[0] != '-' && !str_starts(trimmed, "this"))
				continue;
			if (table == DDF)
				ddf_device(out_item(put_list(top, "device_table")), trimmed);
			else
				mdadm_device(out_item(put_list(top, "device_table")), trimmed, table == INDEXED);
		} else if (str_pair(line, ':', &key, &value) && find(line, " : ") != NULL) {
			key_of(key, name, sizeof(name));
			put_value(top, str_of(name), kind_of(f->fields, name, AS_TEXT) == AS_NUMBER ? AS_NUMBER : AS_TEXT,
			    kind_of(f->fields, name, AS_TEXT) == AS_NUMBER ? before(value, " ") : value);
			mdadm_more(top, name, value);
			any = true;
		}
	}
	return any;
}

/* --- whose a disk is ------------------------------------------------------------------------------ */

/* What makers write, or model names begin with. */
static const struct { const char *begins, *maker; } makers[] = {
	{ "HPE", "Hewlett-Packard" }, { "Hewlett", "Hewlett-Packard" }, { "HP", "Hewlett-Packard" },
	{ "HGST", "Hitachi" }, { "HITACHI", "Hitachi" }, { "INTEL", "Intel" },
	{ "TOSHIBA", "Toshiba" }, { "SEAGATE", "Seagate" }, { "WDC", "Western Digital" }, { "WD", "Western Digital" },
	{ "WESTERN", "Western Digital" }, { "SAMSUNG", "Samsung" }, { "FUJITSU", "Fujitsu" }, { "IBM", "Ibm" }, { "MAXTOR", "Maxtor" },
	{ "MICRON", "Micron" }, { "CRUCIAL", "Crucial" }, { "KINGSTON", "Kingston" }, { "SANDISK", "SanDisk" }, { "LITEON", "Lite-On" },
	{ "ST", "Seagate" }, { "HU", "Hitachi" }, { "HD", "Hitachi" }, { "MZ", "Samsung" }, { "SSDSC", "Intel" },
};

struct str
maker_of(struct str s)
{
	size_t i, n;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		n = strlen(makers[i].begins);
		if (s.n >= n && strncasecmp(s.p, makers[i].begins, n) == 0)
			return str_of(makers[i].maker);
	}
	return s;
}

/* "INTEL SSDSC2CW240A3": the maker, and the model without it. */
static void
put_model(struct json_object *o, struct str s)
{
	struct str rest = s, word;

	if (!str_word(&rest, &word))
		return;
	put_text(o, "manufacturer", maker_of(word));
	put_text(o, "model", str_trim(rest).n > 0 ? str_trim(rest) : word);
}

/* --- smartctl ---------------------------------------------------------------------------------------- */

static bool
smart_line(struct json_object *o, struct str key, struct str value)
{
	struct str word;
	int64_t n;

	if (str_eq(key, "Vendor"))
		put_text(o, "manufacturer", maker_of(value));
	else if (str_eq(key, "Product"))
		put_text(o, "model", value);
	else if (str_eq(key, "Device Model") || str_eq(key, "Model Number"))
		put_model(o, value);
	else if (str_eq(key, "Serial number") || str_eq(key, "Serial Number"))
		put_text(o, "serial", value);
	else if (str_eq(key, "Revision") || str_eq(key, "Firmware Version"))
		put_text(o, "firmware", value);
	else if (str_eq(key, "Device type"))
		put_text(o, "type", value);
	else if ((str_eq(key, "User Capacity") || str_eq(key, "Total NVM Capacity")) && digits_of(before(before(value, "bytes"), "["), &n))
		put_int(o, "size_mb", n / 1000000);
	else if (str_eq(key, "Transport protocol") && str_word(&value, &word)) {
		put_text(o, "interface", word);
		put_text(o, "description", word);
	} else if (str_eq(key, "NVMe Version")) {
		put_text(o, "interface", STR("NVMe"));
		put_text(o, "description", STR("NVMe"));
	} else if (str_eq(key, "SATA Version is"))
		put_text(o, "interface", STR("SATA"));
	else
		return false;
	return true;
}

bool
read_smartctl(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	bool any = false;

	(void)f;
	put_text(top, "description", STR("SATA"));
	put_text(top, "type", STR("disk"));
	while (str_line(&text, &line)) {
		any |= str_starts(line, "smartctl ");
		if (str_pair(line, ':', &key, &value) && value.n > 0)
			any |= smart_line(top, key, value);
	}
	return any;
}

/* --- megacli ------------------------------------------------------------------------------------------- */

/* A SATA disk says serial, model, firmware in 20, 40, 8 characters; one of SCSI vendor, model, firmware, serial in 8, 16, 4 and the rest. */
static void
put_inquiry(struct json_object *o, struct str s, bool sata)
{
	struct str model = str_trim(sata ? str_left(str_skip(s, 20), 40) : str_left(str_skip(s, 8), 16)), rest, word;

	put_text(o, "serial", str_trim(sata ? str_left(s, 20) : str_skip(s, 28)));
	if (!sata) {
		put_text(o, "manufacturer", maker_of(str_trim(str_left(s, 8))));
		put_text(o, "model", model);
	} else {
		put_model(o, model);
		rest = model;
		(void)str_word(&rest, &word);
		model = str_trim(rest).n > 0 ? str_trim(rest) : model;
	}
	put_text(o, "name", model);
}

/* "223.570 GB [0x1bf244b0 Sectors]" in MB, of 1000. */
static void
put_raw_size(struct json_object *o, struct str value)
{
	char text[24];
	double d;

	if (!real_of(value, &d) || d < 0 || d > 1e9)
		return;
	d *= find(value, "TB") != NULL ? 1e6 : find(value, "GB") != NULL ? 1e3 : 1;
	snprintf(text, sizeof(text), "%.0f", d);
	put_text(o, "size_mb", str_of(text));
}

bool
read_megacli(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	unsigned n = 0;
	char number[16];
	bool sata = true;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "Slot Number")) {
			snprintf(number, sizeof(number), "%u", ++n);
			o = put_object(top, number);
			put_text(o, "type", STR("disk"));
		} else if (str_eq(key, "PD Type")) {
			sata = str_eq(value, "SATA");
			put_text(o, "description", value);
		} else if (str_eq(key, "Device Firmware Level")) {
			put_text(o, "firmware", value);
		} else if (str_eq(key, "Raw Size")) {
			put_raw_size(o, value);
		} else if (str_eq(key, "Inquiry Data") && o != NULL) {
			put_inquiry(o, value.n > 0 ? from_to(value.p, line.p + line.n) : value, sata);
		}
	}
	return n > 0;
}
