/* SPDX-License-Identifier: Apache-2.0 */
/* hpux - the machine as HP-UX tells of it: machinfo, ioscan, cstm, swlist, model; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

/* --- machinfo --------------------------------------------------------------------------- */

/* A name in small letters in front of " = ", "=", or ":"; a name of its own line has all that is indented below. */
static bool
machinfo_pair(struct str line, struct str *key, struct str *value)
{
	struct str k, v;

	line = str_trim(line);
	if (line.n > 0 && line.p[0] == '@')
		return cut_at(line, ": ", key, value);
	if (cut_at(line, ":", &k, &v) && str_find(k, '=') < 0) {
		*key = str_trim(k);
		*value = str_trim(v);
		return true;
	}
	if (!cut_at(line, "=", &k, &v))
		return false;
	if (k.n > 0 && k.p[k.n - 1] == ' ')
		k.n--;		/* the one in front of the sign; more stand to align it and are kept, as GLPI has them */
	*key = k;
	*value = str_trim(v);
	return true;
}

static void
put_lower(struct json_object *o, struct str key, struct str value)
{
	char name[120], *p;

	str_copy(name, sizeof(name), key);
	for (p = name; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	put_value(o, str_of(name), AS_TEXT, value);
}

/* What has no name: lines of one text, as "3 Intel(R) Itanium 2 processors (1.6 GHz, 9 MB)", "400 MT/s bus, CPU version A2". */
static void
put_sentence(struct json_object *top, struct str section, char *all, size_t size, struct str line)
{
	size_t n = strlen(all);

	if (n + line.n + 2 >= size)
		return;
	snprintf(all + n, size - n, "%s%.*s", n > 0 ? " " : "", (int)line.n, line.p);
	put_value(top, section, AS_TEXT, str_of(all));
}

static bool
is_aside(struct str line)
{
	static const char *const asides[] = { "IPMI is", "CPUID registers", "Bus features", "Bus Lock", "vmunix _release" };
	size_t i;

	for (i = 0; i < sizeof(asides) / sizeof(asides[0]); i++)
		if (str_starts(line, asides[i]))
			return true;
	return line.n == 0;
}

bool
read_machinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, trimmed, key, value, section = { "", 0 };
	struct json_object *o = NULL;
	char sentence[400] = "";
	bool any = false, pair;

	(void)f;
	while (str_line(&text, &line)) {
		trimmed = str_trim(line);
		if (is_aside(trimmed))
			continue;
		pair = machinfo_pair(line, &key, &value);
		if (cut_indent(line) == 0) {
			section = pair ? key : trimmed;
			o = NULL;
			sentence[0] = '\0';
			if (pair && value.n > 0)
				put_value(top, key, AS_TEXT, value);
			any |= pair;
		} else if (section.n > 0 && pair && (o != NULL || sentence[0] == '\0')) {
			if (o == NULL)
				o = put_object_at(top, section);
			put_lower(o, key, value);
		} else if (section.n > 0 && o == NULL) {
			put_sentence(top, section, sentence, sizeof(sentence), trimmed);
		}
	}
	return any;
}

static void
put_speed(struct json_object *top, struct str value)
{
	char mhz[24];
	double d;

	if (!str_leading_double(value, &d) || d <= 0 || d > 1e6)
		return;
	snprintf(mhz, sizeof(mhz), "%.0f", cut_at(value, "GHz", NULL, NULL) ? d * 1000 : d);
	put_known(top, "speed_mhz", str_of(mhz));
}

/* "2 Intel(R)  Itanium(R)  Processor 9350s (1.73 GHz, 24 MB)"; a later one has no count, and "2 sockets" below. */
static bool
chips_line(struct str line, struct json_object *top)
{
	struct str count, rest, name;

	line = str_trim(line);
	rest = line;
	if (!str_word(&rest, &count))
		return false;
	if (cut_is_number(count) && (str_eq(str_trim(rest), "sockets") || str_eq(str_trim(rest), "socket"))) {
		put_known(top, "CPUcount", count);
		return true;
	}
	if (!cut_is_number(count) && str_starts(line, "Intel"))
		rest = line;
	else if (!cut_is_number(count))
		return false;
	if (!cut_at(rest, "Hz", NULL, NULL) || !cut_at_last(rest, " (", &name, &rest))
		return false;
	if (cut_is_number(count))
		put_known(top, "CPUcount", count);
	put_speed(top, rest);
	if (cut_at(name, "Intel", NULL, NULL))
		put_known(top, "manufacturer", str_of("Intel"));
	put_known(top, "name", cut_at(name, "Itanium", NULL, NULL) ? str_of("Itanium") : str_trim(name));
	return true;
}

/* The processors alone, in both forms: each value on a line, or a sentence. */
bool
read_machinfo_cpus(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, within;
	bool any = false, in = false;
	uint64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_indent(line) == 0 && str_trim(line).n > 0) {
			in = str_starts(line, "CPU info");
			continue;
		}
		if (!in)
			continue;
		if (cut_at(line, " per socket", NULL, NULL) && (cut_at(line, " (", NULL, &within) || cut_at(line, "core", &within, NULL))
		    && str_leading_u64(str_trim(within), &n))
			put_int(top, "cores_per_package", (int64_t)(n < 100000 ? n : 0));
		else if (machinfo_pair(line, &key, &value) && str_eq(key, "Number of CPUs"))
			put_known(top, "CPUcount", value);
		else if (machinfo_pair(line, &key, &value) && str_eq(key, "Clock speed"))
			put_speed(top, value);
		else if (machinfo_pair(line, &key, &value) && str_eq(key, "vendor information"))
			put_known(top, "manufacturer", cut_at(value, "Intel", NULL, NULL) ? str_of("Intel") : str_unquote(value));
		else if (machinfo_pair(line, &key, &value) && str_eq(key, "processor family") && cut_at(value, "Itanium", NULL, NULL))
			put_known(top, "name", str_of("Itanium"));
		else if (!chips_line(line, top))
			continue;
		any = true;
	}
	return any;
}

/* --- ioscan -kFnC CLASS ------------------------------------------------------------------------ */

#define IOSCAN_FIELDS 18	/* of a line of ioscan -F, at colons: bus type, ..., instance */

static bool
ioscan_line(struct str line, struct str *field)
{
	unsigned n = 0;

	if (cut_indent(line) > 0)
		return false;
	while (n < IOSCAN_FIELDS && str_part(&line, ':', &field[n]))
		n++;
	return n == IOSCAN_FIELDS;
}

/* What is no disk: class ioa, ba, ext_bus, lan, ... "sba0" is the driver and the path, or the card and the path. */
bool
read_ioscan_slots(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, field[IOSCAN_FIELDS];
	struct json_object *o;
	bool any = false;
	char name[120];

	(void)f;
	while (str_line(&text, &line)) {
		if (!ioscan_line(line, field) || str_eq(field[8], "disk") || str_eq(field[8], "tape") || (o = out_item(top)) == NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s%.*s", (int)(field[9].n < 50 ? field[9].n : 50), field[9].p, (int)(field[10].n < 60 ? field[10].n : 60), field[10].p);
		put_known(o, "name", str_of(name));
		put_known(o, "designation", field[13]);
		put_known(o, "description", field[17]);
		any = true;
	}
	return any;
}

/* The files of a disk stand below its line; the first of each such line names it, or a slice. */
static void
disk_file(struct json_object *top, struct str line, const struct str *field)
{
	struct str word, model = field[17], vendor = { "", 0 };
	struct json_object *o;

	if (!str_word(&line, &word) || !str_starts(word, "/dev/") || (o = out_item(top)) == NULL)
		return;
	(void)str_word(&model, &vendor);
	put_known(o, "name", word);
	put_known(o, "manufacturer", vendor);
	put_known(o, "model", str_trim(model));
	put_known(o, "description", field[0]);
}

/* ioscan -fn: "disk   0  0/0/1/1.2.0  sdisk  CLAIMED  DEVICE  HP 36.4GMAP3367NC", as the fields of a line of ioscan -F. */
static bool
ioscan_row(struct str line, struct str *field)
{
	struct str word[6];
	unsigned n;

	if (cut_indent(line) > 0)
		return false;
	for (n = 0; n < 6 && str_word(&line, &word[n]);)
		n++;
	if (n < 6 || !cut_is_number(word[1]))
		return false;
	memset(field, 0, IOSCAN_FIELDS * sizeof(field[0]));
	field[0] = str_of("scsi");
	field[8] = word[0];
	field[17] = str_trim(line);
	return true;
}

bool
read_ioscan_disks(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, now[IOSCAN_FIELDS], field[IOSCAN_FIELDS];
	bool any = false, in = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (ioscan_line(line, now) || ioscan_row(line, now)) {
			in = str_eq(now[8], "disk") || str_eq(now[8], "tape");
			memcpy(field, now, sizeof(field));
		} else if (in && cut_indent(line) > 0) {
			disk_file(top, line, field);
			any = true;
		}
	}
	return any;
}

/* --- cstm ------------------------------------------------------------------------------------- */

static void
put_dimm(struct json_object *top, struct str type, struct str slot, struct str mb)
{
	struct json_object *o = out_item(top);
	char caption[80];

	snprintf(caption, sizeof(caption), "%.*s %.*s", (int)(type.n < 30 ? type.n : 30), type.p, (int)(slot.n < 40 ? slot.n : 40), slot.p);
	put_known(o, "caption", str_of(caption));
	put_known(o, "capacity_mb", mb);
	put_known(o, "description", type);
	put_known(o, "type", type);
	put_known(o, "slot", slot);
}

/* "DIMM 0A  1024  DIMM 0B  1024" of Itanium; "0A  256" or "Slot 0a ... " of PA-RISC has no type in front. */
static bool
dimm_line(struct json_object *top, struct str line)
{
	struct str word, type = STR("DIMM"), slot;
	bool any = false;

	while (str_word(&line, &word)) {
		if (str_eq(word, "DIMM") && !str_word(&line, &word))
			break;
		slot = word;
		if (!str_word(&line, &word))
			break;
		if (slot.n > 6 || !isdigit((unsigned char)slot.p[0]) || (!cut_is_number(word) && word.p[0] != '-'))
			return any;
		if (cut_is_number(word))
			put_dimm(top, type, slot, word);
		any = true;
	}
	return any;
}

bool
read_cstm(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, trimmed;
	bool in = false, any = false;

	(void)f;
	while (str_line(&text, &line)) {
		trimmed = str_trim(line);
		if (str_starts(trimmed, "Memory Board Inventory") || str_starts(trimmed, "Memory Module Inventory"))
			in = true;
		else if (in && (trimmed.n == 0 || str_starts(trimmed, "DIMM Loc") || str_starts(trimmed, "--")))
			continue;
		else if (in)
			in = dimm_line(top, line) ? (any = true) : false;
	}
	return any;
}

/* --- swlist ------------------------------------------------------------------------------------ */

/* "  PRODUCT   REVISION   TITLE", with a mark "#" before bundles of a long listing. */
bool
read_swlist(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, version;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !str_word(&line, &name) || !str_word(&line, &version) || !isalnum((unsigned char)version.p[0])
		    || str_find(version, '.') < 0 || (o = out_item(top)) == NULL)
			continue;
		put_known(o, "name", name);
		put_known(o, "version", version);
		put_known(o, "comments", str_trim(line));
		put_known(o, "publisher", str_of("HP"));
		any = true;
	}
	return any;
}
