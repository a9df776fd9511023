/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmi_parts - what an inventory takes from dmidecode: the system, its case,
 * memory, slots, processors, power supplies; see formats.h. Names of fields
 * are those of glpi-agent, in words.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "formats/linux.h"
#include "formats/put.h"

enum { BIOS = 0, SYSTEM = 1, BOARD = 2, CHASSIS = 3, PROCESSOR = 4, OLD_MEMORY = 6, SLOT = 9, ARRAY = 16, MEMORY = 17, POWER = 39 };

/* The lines of the next structure of TYPE in *REST. */
static bool
next_structure(struct str *rest, int type, struct str *out)
{
	struct str line;
	const char *begin = NULL, *end;
	int64_t n;

	for (end = rest->p; ; end = rest->p) {
		if (!str_line(rest, &line)) {
			if (begin != NULL)
				*out = from_to(begin, end);
			return begin != NULL;
		}
		if (begin != NULL && (str_starts(line, "Handle ") || str_trim(line).n == 0)) {
			*out = from_to(begin, line.p);
			if (str_starts(line, "Handle "))
				*rest = from_to(line.p, rest->p + rest->n);
			return true;
		}
		if (begin == NULL && find(line, "DMI type ") != NULL && str_i64(before(before(after(line, "DMI type "), ","), "."), &n) && n == type)
			begin = rest->p;
	}
}

/* What stands behind KEY in the lines S, unless that says that it is unknown; empty then. */
static struct str
dmi_value(struct str s, const char *key)
{
	static const char *const nothing[] = { "N/A", "Not Specified", "Not Present", "Unknown", "<BAD INDEX>", "<OUT OF SPEC>", "None",
		"<OUT OF SPEC><OUT OF SPEC>", "To Be Filled By O.E.M.", "No Asset Tag" };
	struct str line, name, value;
	size_t i;

	while (str_line(&s, &line)) {
		if (!str_pair(line, ':', &name, &value) || name.n != strlen(key) || strncasecmp(name.p, key, name.n) != 0)
			continue;	/* old ones say "Form factor" */
		for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
			if (str_eq(value, nothing[i]))
				return str_left(value, 0);
		return value;
	}
	return (struct str){ "", 0 };
}

static void
put_if(struct json_object *o, const char *key, struct str value)
{
	if (value.n > 0)
		put_text(o, key, value);
}

struct dmi_row { const char *key, *name; };

static void
put_rows(struct json_object *o, const struct dmi_row *rows, struct str structure)
{
	for (; rows->key != NULL; rows++)
		put_if(o, rows->key, dmi_value(structure, rows->name));
}

static struct str
first_of(struct str text, int type)
{
	struct str out = { "", 0 };

	(void)next_structure(&text, type, &out);
	return out;
}

/* --- system, hardware ------------------------------------------------------------------- */

bool
read_dmi_system(const struct format *f, struct str text, struct json_object *top)
{
	static const struct dmi_row bios[] = {
		{ "bios_date", "Release" }, { "bios_date", "Release Date" }, { "bios_manufacturer", "Vendor" }, { "bios_version", "Version" }, { NULL, NULL },
	};
	static const struct dmi_row system[] = {
		{ "system_manufacturer", "Vendor" }, { "system_manufacturer", "Manufacturer" }, { "system_model", "Product" },
		{ "system_model", "Product Name" }, { "system_serial", "Serial Number" }, { "sku", "SKU Number" }, { NULL, NULL },
	};
	static const struct dmi_row board[] = {
		{ "board_manufacturer", "Manufacturer" }, { "board_model", "Product Name" }, { "board_serial", "Serial Number" }, { NULL, NULL },
	};
	struct str b = first_of(text, BIOS), s = first_of(text, SYSTEM);

	(void)f;
	if (b.n == 0 && s.n == 0)
		return false;
	put_rows(top, bios, b);
	put_rows(top, system, s);
	put_rows(top, board, first_of(text, BOARD));
	if (dmi_value(s, "Serial Number").n == 0)
		put_if(top, "system_serial", dmi_value(first_of(text, CHASSIS), "Serial Number"));
	put_if(top, "asset_tag", dmi_value(first_of(text, CHASSIS), "Asset Tag"));
	return true;
}

bool
read_dmi_hardware(const struct format *f, struct str text, struct json_object *top)
{
	struct str system = first_of(text, SYSTEM);

	(void)f;
	put_if(top, "uuid", dmi_value(system, "UUID"));
	put_if(top, "chassis_type", dmi_value(first_of(text, CHASSIS), "Type"));
	return json_object_object_length(top) > 0;
}

/* --- memories ------------------------------------------------------------------------------ */

/* JEP106: who made it, by the bank and the code of it, as "00AD...", "0x2C00" or "80CE...". */
static struct str
jedec_of(struct str s)
{
	static const struct { const char *code, *maker; } codes[] = {
		{ "00AD", "Hynix" }, { "80AD", "Hynix" }, { "AD00", "Hynix" }, { "00CE", "Samsung" }, { "80CE", "Samsung" }, { "CE00", "Samsung" },
		{ "002C", "Micron" }, { "802C", "Micron" }, { "2C00", "Micron" }, { "0198", "Kingston" }, { "9801", "Kingston" },
		{ "859B", "Crucial" }, { "059B", "Crucial" }, { "029E", "Corsair" }, { "04CD", "G.Skill" }, { "04CB", "A-DATA" },
		{ "030B", "Nanya" }, { "830B", "Nanya" }, { "0002", "Fujitsu" }, { "00C1", "Infineon" }, { "8551", "Qimonda" }, { "0551", "Qimonda" },
		{ "02FE", "Elpida" }, { "82FE", "Elpida" }, { "04EF", "Team" }, { "01BA", "PNY" }, { "0416", "Positivo Informática" }, { "014F", "Transcend" },
	};
	size_t i;

	(void)skip_prefix(&s, "0x");
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strncasecmp(s.p, codes[i].code, s.n < 4 ? s.n : 4) == 0 && s.n >= 4)
			return str_of(codes[i].maker);
	return str_left(s, 0);
}

static bool
is_hex(struct str s)
{
	size_t i;

	(void)skip_prefix(&s, "0x");
	for (i = 0; i < s.n; i++)
		if (!isxdigit((unsigned char)s.p[i]))
			return false;
	return s.n >= 4;
}

static bool
holds_any(struct str s, const char *const *words)
{
	char text[128], word[32];
	size_t i;

	str_copy(text, sizeof(text), s);
	for (i = 0; text[i] != '\0'; i++)
		text[i] = (char)tolower((unsigned char)text[i]);
	for (; *words != NULL; words++) {
		str_copy(word, sizeof(word), str_of(*words));
		if (strstr(text, word) != NULL)
			return true;
	}
	return false;
}

static void
put_memory_maker(struct json_object *o, struct str s)
{
	static const char *const empty[] = { "manufacturer", "undefined", "none", "00000", " dimm", "no dimm", NULL };
	static const char *const hynix[] = { "hynix", "hyundai", NULL };

	if (s.n == 0 || holds_any(s, empty))
		return;
	if (is_hex(s))
		put_if(o, "manufacturer", jedec_of(s));
	else
		put_text(o, "manufacturer", holds_any(s, hynix) ? STR("Hynix") : maker_of(s));
}

/* "1024 MB" is so many; "8 GB" is counted. */
static void
put_capacity(struct json_object *o, struct str s)
{
	struct str number, unit;
	int64_t n;

	if (!str_word(&s, &number) || !str_word(&s, &unit) || !str_i64(number, &n) || n <= 0 || n > INT64_C(1) << 30)
		return;
	if (str_eq(unit, "MB"))
		put_text(o, "capacity_mb", number);
	else if (str_eq(unit, "kB") || str_eq(unit, "KB"))
		put_int(o, "capacity_mb", n / 1024);
	else if (str_eq(unit, "GB") || str_eq(unit, "TB"))
		put_int(o, "capacity_mb", str_eq(unit, "GB") ? n * 1024 : n * 1024 * 1024);
}

/* "667 MHz (1.5 ns)", "2667 MT/s", "2.6 GHz": MHz. */
static void
put_mhz(struct json_object *o, const char *key, struct str s)
{
	char text[24];
	double d;

	if (!real_of(s, &d) || d <= 0 || d > 1e9)
		return;
	snprintf(text, sizeof(text), "%.0f", find(s, "GHz") != NULL ? d * 1000 : d);
	put_text(o, key, str_of(text));
}

static void
put_model(struct json_object *o, struct str s)
{
	static const char *const empty[] = { "dimm", "partnum", "part num", "sernum", "ser num", "undefined", "array", NULL };

	(void)skip_prefix(&s, "0x");
	while (s.n > 0 && s.p[s.n - 1] == '-')
		s.n--;
	if (!holds_any(s, empty))
		put_if(o, "model", s);
}

static void
put_serial(struct json_object *o, struct str s)
{
	static const char *const empty[] = { "sernum", "serial", "undefined", "none", NULL };
	size_t zeros = 0;

	while (zeros < s.n && s.p[zeros] == '0')
		zeros++;
	if (zeros < s.n && !holds_any(s, empty))
		put_if(o, "serial", s);
}

bool
read_dmi_memories(const struct format *f, struct str text, struct json_object *top)
{
	struct str correction = dmi_value(first_of(text, ARRAY), "Error Correction Type"), rest = text, m, type;
	struct json_object *o;
	bool old = find(text, "# dmidecode 2.") != NULL;	/* DDR3 is what those before 2.10 did not know */
	int64_t slot = 0;

	(void)f;
	while (next_structure(&rest, MEMORY, &m)) {
		slot++;
		type = dmi_value(m, "Type");
		if (str_starts(type, "Flash") || (o = out_item(top)) == NULL)
			continue;	/* holds the firmware */
		put_int(o, "slot", slot);
		put_if(o, "description", dmi_value(m, "Form Factor"));
		put_if(o, "caption", dmi_value(m, "Locator"));
		put_if(o, "type", type.n == 0 && old && find(m, "Type: <OUT OF SPEC>") != NULL ? STR("DDR3") : type);
		put_if(o, "memorycorrection", correction);
		put_mhz(o, "speed_mhz", dmi_value(m, "Speed"));
		put_capacity(o, dmi_value(m, "Size"));
		put_memory_maker(o, dmi_value(m, "Manufacturer"));
		put_serial(o, dmi_value(m, "Serial Number"));
		put_model(o, dmi_value(m, "Part Number"));
	}
	for (rest = text; json_object_array_length(top) == 0 && next_structure(&rest, OLD_MEMORY, &m);)
		if ((o = out_item(top)) != NULL) {
			put_int(o, "slot", ++slot);
			put_if(o, "type", dmi_value(m, "Type"));
			put_if(o, "caption", dmi_value(m, "Socket Designation"));
			put_capacity(o, before(dmi_value(m, "Installed Size"), "("));
		}
	return json_object_array_length(top) > 0;
}

static struct str
fru_value(struct json_object *fru, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(fru, key, &v) ? str_of(json_object_get_string(v)) : (struct str){ "", 0 };
}

/* Modules that ipmitool fru tells of, "CPU0 DIMM0 SPD" with a type and a size: as dmidecode would say it. */
bool
read_fru_memories(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *frus = json_object_new_array(), *fru, *o;
	char caption[64], *p;
	int64_t slot = 0;
	size_t i;

	(void)read_fru(f, text, frus);
	for (i = 0; i < json_object_array_length(frus); i++) {
		fru = json_object_array_get_idx(frus, i);
		if (fru_value(fru, "memory_type").n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_int(o, "slot", ++slot);
		str_copy(caption, sizeof(caption), str_trim(before(fru_value(fru, "name"), "SPD")));
		for (p = caption; *p != '\0'; p++)
			*p = *p == ' ' ? '_' : *p;
		put_if(o, "caption", str_of(caption));
		if (strstr(caption, "DIMM") != NULL)
			put_text(o, "description", STR("DIMM"));
		put_text(o, "type", before(fru_value(fru, "memory_type"), " "));
		put_capacity(o, fru_value(fru, "memory_size"));
		put_memory_maker(o, fru_value(fru, "manufacturer"));
		put_serial(o, fru_value(fru, "serial_number"));
		put_model(o, fru_value(fru, "part_number"));
	}
	json_object_put(frus);
	return slot > 0;
}

/* --- slots, power supplies -------------------------------------------------------------------- */

bool
read_dmi_slots(const struct format *f, struct str text, struct json_object *top)
{
	static const struct dmi_row rows[] = { { "description", "Type" }, { "designation", "ID" }, { "name", "Designation" }, { NULL, NULL } };
	struct json_object *list, *o;
	struct str s, usage, rest = text;

	(void)f;
	if (first_of(text, SLOT).n == 0) {
		if (first_of(text, SYSTEM).n == 0 || first_of(text, PROCESSOR).n == 0)
			return false;
		put_null(top, "slots");		/* all of it is there, and no slot in it */
		return true;
	}
	list = put_list(top, "slots");
	while (next_structure(&rest, SLOT, &s) && (o = out_item(list)) != NULL) {
		put_rows(o, rows, s);
		usage = dmi_value(s, "Current Usage");
		if (str_eq(usage, "Available") || str_eq(usage, "In Use"))
			put_text(o, "status", str_eq(usage, "Available") ? STR("free") : STR("used"));
	}
	return true;
}

/* Dell appends the revision: 0X185VA00 is part 0X185V. */
static struct str
part_of(struct str s)
{
	if (s.n == 9 && s.p[6] == 'A' && s.p[0] == '0' && isdigit((unsigned char)s.p[7]) && isdigit((unsigned char)s.p[8]))
		s.n = 6;
	return s;
}

bool
read_dmi_power(const struct format *f, struct str text, struct json_object *top)
{
	static const struct dmi_row rows[] = {
		{ "name", "Name" }, { "serial", "Serial Number" }, { "status", "Status" }, { "plugged", "Plugged" }, { "location", "Location" },
		{ "hotreplaceable", "Hot Replaceable" }, { NULL, NULL },
	};
	struct str s, name, maker, rest = text;
	struct json_object *o;

	(void)f;
	if (find(text, "DMI type 39") == NULL)
		return false;
	while (next_structure(&rest, POWER, &s)) {
		name = dmi_value(s, "Name");
		if (str_starts(name, "OEM Define") || name.n + dmi_value(s, "Serial Number").n + dmi_value(s, "Model Part Number").n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_rows(o, rows, s);
		maker = dmi_value(s, "Manufacturer");
		put_if(o, "manufacturer", strncasecmp(maker.p, "dell", maker.n < 4 ? maker.n : 4) == 0 && maker.n >= 4 ? STR("Dell") : maker_of(maker));
		put_if(o, "partnum", part_of(dmi_value(s, "Model Part Number")));
		put_mhz(o, "power_max", dmi_value(s, "Max Power Capacity"));
	}
	return true;
}

/* --- processors ------------------------------------------------------------------------------------ */

/* "F6 06 00 00 FF FB EB BF" is BFEBFBFF000006F6; family, model and stepping are in its last eight. */
static void
put_cpuid(struct json_object *o, struct str id)
{
	char text[17];
	unsigned bytes[8], n = 0, signature;
	struct str word;
	uint64_t v;

	while (n < 8 && str_word(&id, &word) && str_u64(word, 16, &v) && v < 256)
		bytes[n++] = (unsigned)v;
	if (n < 8)
		return;
	snprintf(text, sizeof(text), "%02X%02X%02X%02X%02X%02X%02X%02X", bytes[7], bytes[6], bytes[5], bytes[4], bytes[3], bytes[2], bytes[1], bytes[0]);
	put_text(o, "id", str_of(text));
	signature = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
	snprintf(text, sizeof(text), "%u", signature >> 8 & 15);
	put_text(o, "familynumber", str_of(text));
	snprintf(text, sizeof(text), "%u", (signature >> 12 & 0xf0) | (signature >> 4 & 15));
	put_text(o, "model", str_of(text));
	snprintf(text, sizeof(text), "%u", signature & 15);
	put_text(o, "stepping", str_of(text));
}

/* "Type 0, Family 6, Model 23, Stepping 10"; old ones leave the high bits of the model out. */
static void
put_signature(struct json_object *o, struct str s)
{
	static const struct dmi_row words[] = { { "familynumber", "Family " }, { "model", "Model " }, { "stepping", "Stepping " }, { NULL, NULL } };
	const struct dmi_row *w;

	for (w = words; w->key != NULL; w++)
		put_if(o, w->key, str_trim(before(after(s, w->name), ",")));
}

/* "Intel(R) Xeon(R) CPU   5120  @ 1.86GHz" without marks, with single blanks. */
static void
put_cpu_name(struct json_object *o, struct str s)
{
	struct str word, part;
	char name[160] = "";
	size_t n = 0;

	while (str_word(&s, &word)) {
		part = before(before(word, "(R)"), "(TM)");
		if (part.n == 0 || n + part.n + 2 > sizeof(name))
			continue;
		n += (size_t)snprintf(name + n, sizeof(name) - n, "%s%.*s", n > 0 ? " " : "", (int)part.n, part.p);
	}
	put_if(o, "name", str_of(name));
}

static void
put_cpu_speed(struct json_object *o, struct str version, struct str s)
{
	struct str at = after(version, "@ ");

	if (at.n > 0 && (find(at, "GHz") != NULL || find(at, "MHz") != NULL))
		put_mhz(o, "speed_mhz", at);
	else
		put_mhz(o, "speed_mhz", dmi_value(s, "Current Speed").n > 0 ? dmi_value(s, "Current Speed") : dmi_value(s, "Max Speed"));
}

/* Of one core. */
static void
put_threads(struct json_object *o, struct str cores, struct str threads)
{
	int64_t c, t;
	char text[24];

	if (!str_i64(cores, &c) || !str_i64(threads, &t) || c <= 0 || t < c)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)(t / c));
	put_text(o, "threads", str_of(text));
}

bool
read_dmi_cpus(const struct format *f, struct str text, struct json_object *top)
{
	static const struct dmi_row rows[] = {
		{ "cores", "Core Count" }, { "familyname", "Family" }, { "manufacturer", "Processor Manufacturer" },
		{ "manufacturer", "Manufacturer" }, { "serial", "Serial Number" }, { NULL, NULL },
	};
	struct str s, status, version, rest = text;
	struct json_object *o;

	(void)f;
	while (next_structure(&rest, PROCESSOR, &s)) {
		status = dmi_value(s, "Status");
		version = dmi_value(s, "Version").n > 0 ? dmi_value(s, "Version") : dmi_value(s, "Processor Version");
		if (find(status, "Unpopulated") != NULL || find(status, "Disabled") != NULL || str_starts(dmi_value(s, "Manufacturer"), "00000000")
		    || (o = out_item(top)) == NULL)
			continue;
		put_rows(o, rows, s);
		put_threads(o, dmi_value(s, "Core Count"), dmi_value(s, "Thread Count"));
		put_signature(o, dmi_value(s, "Signature"));
		put_cpuid(o, dmi_value(s, "ID"));
		put_cpu_name(o, version.n > 0 ? version : dmi_value(s, "Family"));
		put_mhz(o, "external_clock_mhz", dmi_value(s, "External Clock"));
		put_cpu_speed(o, version, s);
	}
	return json_object_array_length(top) > 0;
}
