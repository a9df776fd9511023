/* SPDX-License-Identifier: Apache-2.0 */
/* solaris_devices - disks, adapters, memory and slots of Solaris: iostat -En, fcinfo hba-port, prtdiag; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

/* --- iostat -En --------------------------------------------------------------------------------- */

/* "Vendor: ATA  Product: INTEL SSDSC2BB48 Revision: 0370 Serial No: BTWL1": or "Model: ... Revision: ... Serial No: ..." of IDE. */
static void
put_disk(struct json_object *o, struct str line)
{
	struct str revision = str_trim(before(after(line, "Revision:"), "Serial No:")), serial = str_trim(after(line, "Serial No:"));
	struct str product = find(line, "Product:") != NULL ? after(line, "Product:") : after(line, "Model:");
	char description[200];

	serial = str_trim(before(serial, "Size:"));
	put_known(o, "manufacturer", str_trim(before(after(line, "Vendor:"), "Product:")));
	put_known(o, "model", str_trim(before(product, "Revision:")));
	put_known(o, "firmware", revision);
	put_known(o, "serial", serial);
	snprintf(description, sizeof(description), "%s%.*s%s%s%.*s", serial.n > 0 ? "S/N:" : "", (int)(serial.n < 80 ? serial.n : 80), serial.n > 0 ? serial.p : "",
	    serial.n > 0 && revision.n > 0 ? " " : "", revision.n > 0 ? "FW:" : "", (int)(revision.n < 80 ? revision.n : 80), revision.n > 0 ? revision.p : "");
	put_known(o, "description", str_of(description));
}

bool
read_iostat_disks(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, name, bytes;
	uint64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_at(line, "Soft Errors:", &name, NULL)) {
			o = out_item(top);
			put_text(o, "name", str_trim(name));
		} else if (o != NULL && (str_starts(line, "Vendor:") || str_starts(line, "Model:"))) {
			put_disk(o, line);
		}
		if (o != NULL && cut_at(line, "Size:", NULL, NULL) && cut_between(line, "<", " bytes", &bytes) && str_u64(bytes, 10, &n))
			put_int(o, "size_mb", (int64_t)(n / 1000000));
	}
	return o != NULL;
}

/* --- fcinfo hba-port ------------------------------------------------------------------------------ */

static void
put_port(struct json_object *o, struct str key, struct str value)
{
	static const char *const names[][2] = {
		{ "Manufacturer", "manufacturer" }, { "Model", "model" }, { "Firmware Version", "firmware" }, { "Driver Name", "driver" },
		{ "Node WWN", "wwn" }, { "Serial Number", "serial" },
	};
	uint64_t gigabit;
	char mhz[32];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(key, names[i][0]) && !str_eq(value, "not available") && !str_eq(value, "unknown"))
			put_known(o, names[i][1], value);
	if (str_eq(key, "State"))
		put_text(o, "status", str_eq(value, "online") ? STR("Up") : STR("Down"));
	if (str_eq(key, "Current Speed") && str_leading_u64(value, &gigabit) && gigabit > 0 && gigabit < 100000) {
		snprintf(mhz, sizeof(mhz), "%u", (unsigned)gigabit * 1000);
		put_text(o, "speed_mhz", str_of(mhz));
	}
}

bool
read_fcinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	struct json_object *o = NULL;
	char description[160];
	unsigned n = 0;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "HBA Port WWN")) {
			o = out_item(top);
			n++;
			put_text(o, "type", STR("fibrechannel"));
			put_text(o, "port_wwn", value);
		} else if (o != NULL && str_eq(key, "OS Device Name")) {
			snprintf(description, sizeof(description), "HBA_Port_WWN_%u %.*s", n, (int)(value.n < 120 ? value.n : 120), value.p);
			put_text(o, "description", str_of(description));
		} else if (o != NULL) {
			put_port(o, key, value);
		}
	}
	return n > 0;
}

/* --- prtdiag ----------------------------------------------------------------------------------------- */

/* "==== Memory Device Sockets ====": what stands below it, up to the next such line. */
static bool
section_of(struct str text, const char *name, struct str *body)
{
	struct str line;
	bool in = false;

	*body = (struct str){ text.p, 0 };
	while (str_line(&text, &line)) {
		if (str_starts(line, "===")) {
			if (in)
				break;
			in = find(line, name) != NULL;
			*body = (struct str){ text.p, 0 };
		} else if (in) {
			body->n = (size_t)(line.p + line.n - body->p);
		}
	}
	return in && body->n > 0;
}

/* "512MB" is the text 512, "2GB" the number 2048, as GLPI has them. */
static void
put_dimm(struct json_object *list, int64_t *slot, struct str size, const char *type)
{
	struct json_object *o = out_item(list);
	uint64_t n, mb;

	if (find(size, "GB") != NULL && cut_megabytes(size, &mb)) {
		put_int(o, "capacity_mb", (int64_t)mb);
	} else if (str_leading_u64(size, &n) && n > 0) {
		char text[24];

		snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
		put_text(o, "capacity_mb", str_of(text));
	}
	put_int(o, "slot", (*slot)++);
	put_text(o, "type", str_of(type));
}

/* x86: "DDR     in use 0   DIMM 1A             BANK". */
static void
sockets_x86(struct json_object *list, struct str body)
{
	struct str line, type, rest, word, locator;
	struct json_object *o;
	int64_t slot = 0;
	size_t n;

	while (str_line(&body, &line)) {
		if (!str_word(&line, &type) || !cut_at(line, "in use", NULL, &rest) || !str_word(&rest, &word) || !str_word(&rest, &locator)
		    || (o = out_item(list)) == NULL)
			continue;
		for (n = 0; n < locator.n && isalpha((unsigned char)locator.p[n]); n++)
			;
		put_text(o, "type", type);
		put_known(o, "description", str_left(locator, n));
		put_int(o, "slot", slot++);
	}
}

/* SPARC, Bank Table: "0        0             0         512MB           0,1,2,3". */
static void
bank_table(struct json_object *list, struct str body)
{
	struct str line, word[4];
	int64_t slot = 0;
	unsigned n;
	bool in = false;

	while (str_line(&body, &line) && !str_starts(line, "Memory Module")) {
		in |= str_starts(line, "Bank Table");
		for (n = 0; n < 4 && str_word(&line, &word[n]); n++)
			;
		if (in && n == 4 && cut_is_number(word[0]) && (str_ends(word[3], "MB") || str_ends(word[3], "GB")))
			put_dimm(list, &slot, word[3], "DIMM");
	}
}

static bool
is_size(struct str word, struct str last, struct str *size)
{
	bool unit = str_eq(word, "MB") || str_eq(word, "GB");

	if (!(unit && cut_is_number(last)) && !(word.n > 2 && isdigit((unsigned char)word.p[0]) && (str_ends(word, "MB") || str_ends(word, "GB"))))
		return false;
	*size = unit ? from_to(last.p, word.p + word.n) : word;
	return true;
}

/* M series: "00  A  8192MB  okay  2048MB  4 no  4-way" is a group of four modules. */
static bool
module_groups(struct json_object *list, struct str body)
{
	struct str line, word, last, size = { "", 0 };
	int64_t slot = 0;
	unsigned sizes;
	uint64_t k, count;

	while (str_line(&body, &line)) {
		last = (struct str){ "", 0 };
		for (sizes = 0; str_word(&line, &word); last = word) {
			if (is_size(word, last, &size)) {
				sizes++;
				continue;
			}
			if (sizes < 2 || !str_u64(word, 10, &count) || last.p + last.n != size.p + size.n)
				continue;
			for (k = 0; k < count && count <= 64; k++)
				put_dimm(list, &slot, size, "DIMM");
		}
	}
	return slot > 0;
}

static void
put_bank(struct json_object *list, int64_t *slot, struct str size, unsigned modules)
{
	uint64_t mb;
	unsigned k;

	if (modules == 0 || modules > 64 || !cut_megabytes(size, &mb))
		return;
	for (k = 0; k < modules; k++) {
		struct json_object *o = out_item(list);

		put_int(o, "capacity_mb", (int64_t)(mb / modules));
		put_int(o, "slot", (*slot)++);
		put_text(o, "type", STR("DIMM"));
	}
}

/* T series: "2 GB  MB/CMP0/BR0/CH0/D0,MB/CMP0/BR0/CH1/D0" is a bank with the names of its modules, which may go on below. */
static void
module_names(struct json_object *list, struct str body)
{
	struct str word, last = { "", 0 }, size = last;
	unsigned modules = 0;
	int64_t slot = 0;
	size_t i;

	for (; str_word(&body, &word); last = word) {
		if (str_starts(word, "MB/") || str_starts(word, "/SYS/")) {
			for (modules++, i = 0; i + 1 < word.n && modules < 1000; i++)
				modules += word.p[i] == ',';
		} else if (is_size(word, last, &last)) {
			put_bank(list, &slot, size, modules);
			modules = 0;
			size = last;
		}
	}
	put_bank(list, &slot, size, modules);
}

/* Before those: "A  0  0  1024MB  no_status  512MB  8-way  0" is a logical bank of two modules. */
static void
logical_banks(struct json_object *list, struct str body)
{
	struct str line, word, last, size[2];
	uint64_t bank, module, k;
	int64_t slot = 0;
	unsigned n;

	while (str_line(&body, &line)) {
		last = (struct str){ "", 0 };
		for (n = 0; n < 2 && str_word(&line, &word); last = word)
			n += is_size(word, last, &size[n]);
		if (n < 2 || !cut_megabytes(size[0], &bank) || !cut_megabytes(size[1], &module) || module == 0)
			continue;
		for (k = 0; k == 0 || (k < bank / module && k < 64); k++)
			put_dimm(list, &slot, size[1], "DIMM");
	}
}

static void
put_memories(struct json_object *list, struct str text)
{
	struct str body;

	if (section_of(text, " Memory Device Sockets ", &body))
		sockets_x86(list, body);
	else if (section_of(text, " Memory Configuration ", &body) && find(body, "Bank Table") != NULL)
		bank_table(list, body);
	else if (body.n > 0 && find(body, "Logical ") != NULL)
		logical_banks(list, body);
	else if (body.n > 0 && !module_groups(list, body))
		module_names(list, body);
}

static bool
is_capitals(struct str s)
{
	size_t i = 0;

	while (i < s.n && (isupper((unsigned char)s.p[i]) || s.p[i] == '-'))
		i++;
	return s.n > 2 && i == s.n;
}

/* T series: "MB/NET0  PCIE  network-pciex8086,105e", and its path below. */
static void
put_devices(struct json_object *list, struct str body)
{
	struct str line, slot, bus, name;
	struct json_object *o;

	while (str_line(&body, &line)) {
		if (!str_word(&line, &slot) || str_find(slot, '/') < 0 || !str_word(&line, &bus) || !is_capitals(bus) || !str_word(&line, &name)
		    || (o = out_item(list)) == NULL)
			continue;
		put_text(o, "name", slot);
		put_text(o, "description", bus);
		put_text(o, "designation", name);
	}
}

/* "1   available PCI Express      PCIE1": the number as one, or as text. */
static void
put_slots(struct json_object *list, struct str text, enum field_kind kind)
{
	struct str body, line, id, status, type;
	struct json_object *o;

	if (section_of(text, " IO Devices ", &body))
		put_devices(list, body);
	if (!section_of(text, " Upgradeable Slots ", &body))
		return;
	while (str_line(&body, &line)) {
		if (!str_word(&line, &id) || !isdigit((unsigned char)id.p[0]))
			continue;
		line = str_trim(line);
		if (str_starts(line, "in use")) {
			status = STR("used");
			line = str_skip(line, 6);
		} else if (str_word(&line, &status)) {
			status = str_eq(status, "available") ? STR("free") : status;
		}
		if (!cut_column(&line, &type) || (o = out_item(list)) == NULL)
			continue;
		put_value(o, STR("name"), kind, id);
		put_text(o, "status", status);
		put_text(o, "description", type);
		put_known(o, "designation", str_trim(line));
	}
}

bool
read_prtdiag(const struct format *f, struct str text, struct json_object *top)
{
	(void)f;
	if (find(text, "===") == NULL)
		return false;
	put_memories(put_list(top, "memories"), text);
	put_slots(put_list(top, "slots"), text, AS_TEXT);
	return true;
}

bool
read_prtdiag_slots(const struct format *f, struct str text, struct json_object *top)
{
	(void)f;
	put_slots(top, text, AS_INT);
	return json_object_array_length(top) > 0;
}
