/* SPDX-License-Identifier: Apache-2.0 */
/* hardware - what is built in and plugged in: lspci, lsusb, ipmitool fru, acpi; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

#define THINGS_MAX 16		/* of acpi that are looked through for one that is there */

/* --- lspci -mmv --------------------------------------------------------------------------------- */

static void
put_hex(struct json_object *o, const char *key, struct str hex)
{
	char name[PUT_KEY_MAX + 8];
	uint64_t n;

	put_text(o, key, hex);
	snprintf(name, sizeof(name), "%s_int", key);
	if (str_u64(hex, 16, &n) && n <= INT64_MAX)
		put_int(o, name, (int64_t)n);
}

/* "[DOMAIN:]BUS:DEVICE.FUNCTION" */
static void
put_slot(struct json_object *o, struct str slot)
{
	struct str bus = before(slot, ":"), rest = after(slot, ":"), domain = STR("00");

	put_text(o, "slot", slot);
	if (str_find(rest, ':') >= 0) {
		domain = bus;
		bus = before(rest, ":");
		rest = after(rest, ":");
	}
	put_hex(o, "domain", domain);
	put_hex(o, "bus", bus);
	put_hex(o, "dev", before(rest, "."));
	put_hex(o, "function", after(rest, "."));
}

static bool
is_id(struct str s)
{
	uint64_t n;

	return s.n == 4 && str_u64(s, 16, &n);
}

/* "Host bridge", "0600" (-n) or "Host bridge [0600]" (-nn). */
static void
put_name_and_id(struct json_object *o, const char *key, struct str value)
{
	const char *open = value.n > 6 ? value.p + value.n - 6 : NULL;
	char id[PUT_KEY_MAX + 4];

	snprintf(id, sizeof(id), "%s_id", key);
	if (is_id(value)) {
		put_hex(o, id, value);
	} else if (open != NULL && *open == '[' && is_id((struct str){ open + 1, 4 })) {
		put_text(o, key, str_trim(from_to(value.p, open)));
		put_hex(o, id, (struct str){ open + 1, 4 });
	} else {
		put_text(o, key, value);
	}
}

bool
read_lspci(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const ids[] = { "class", "vendor", "device", "svendor", "sdevice" };
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[PUT_KEY_MAX];
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || indent_of(line) > 0 || isdigit((unsigned char)line.p[0]))
			continue;
		key_of(key, name, sizeof(name));
		for (i = 0; i < 5 && strcmp(name, ids[i]) != 0; i++)
			;
		if (strcmp(name, "slot") == 0 && (o = out_item(top)) != NULL)
			put_slot(o, value);
		else if (o != NULL && i < 5)
			put_name_and_id(o, name, value);
		else if (o != NULL && strcmp(name, "progif") == 0)
			put_hex(o, name, value);
		else if (o != NULL && strcmp(name, "module") == 0)
			out_item_text(put_list(o, name), value);
		else if (o != NULL)
			put_text(o, name, value);
	}
	return o != NULL;
}

/* --- lspci -v -nn --------------------------------------------------------------------------------- */

/* "256M" in "[size=256M]", in MB. */
static int64_t
prefetchable_of(struct str line)
{
	int64_t n;

	if (find(line, "Memory at ") == NULL || find(line, ", prefetchable") == NULL || !bytes_of(before(after(line, "[size="), "]"), &n))
		return 0;
	return n >> 20;
}

/* "Host bridge: MAKER NAME (rev 61)" of lspci alone, "0600: 1022:1480 (rev 61)" of lspci -n. */
static struct json_object *
plain_device(struct json_object *top, struct str slot, struct str line)
{
	struct str class = str_trim(before(line, ": ")), what = after(line, ": "), revision = before(after(what, " (rev "), ")");
	struct json_object *o;
	bool numbers;

	if (what.n == 0 || str_starts(class, "\"") || str_find(slot, ':') < 0 || (o = out_item(top)) == NULL)
		return NULL;
	what = str_trim(before(before(what, " (rev "), " (prog-if "));
	numbers = class.n == 4 && what.n == 9 && what.p[4] == ':';
	put_text(o, "pci_slot", slot);
	put_text(o, numbers ? "pci_class" : "name", class);
	put_text(o, numbers ? "pci_id" : "manufacturer", what);
	if (revision.n > 0)
		put_text(o, "revision", revision);
	return o;
}

/* "00:00.0 Host bridge [0600]: MAKER NAME [1022:1480] (rev 61) (prog-if ...)" */
static struct json_object *
pci_device(struct json_object *top, struct str line)
{
	struct str slot, name, class, rest, id = { "", 0 }, maker;
	struct json_object *o;
	const char *at;

	if (!str_word(&line, &slot) || str_find(slot, '.') < 0)
		return NULL;
	if (find(line, "]: ") == NULL)
		return plain_device(top, slot, line);
	rest = after(line, "]: ");
	class = before(line, "]: ");
	at = memrchr(class.p, '[', class.n);
	if (at == NULL)
		return NULL;
	name = str_trim(from_to(class.p, at));
	class = from_to(at + 1, class.p + class.n);
	for (at = rest.p; (at = find(from_to(at, rest.p + rest.n), " [")) != NULL; at += 2)
		if (at + 11 < rest.p + rest.n && at[6] == ':' && at[11] == ']') {
			id = (struct str){ at + 2, 9 };
			maker = from_to(rest.p, at);
		}
	if (id.n == 0 || (o = out_item(top)) == NULL)
		return NULL;
	put_text(o, "pci_slot", slot);
	put_text(o, "name", name);
	put_text(o, "pci_class", class);
	put_text(o, "pci_id", id);
	put_text(o, "manufacturer", str_trim(maker));
	rest = before(after(from_to(id.p + id.n, rest.p + rest.n), "(rev "), ")");
	if (rest.n > 0)
		put_text(o, "revision", rest);
	return o;
}

bool
read_lspci_devices(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, id, driver;
	int64_t memory = 0;
	char mb[24];
	bool display = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (line.n > 0 && isxdigit((unsigned char)line.p[0])) {
			o = pci_device(top, line);
			display = find(before(line, "]:"), "[03") != NULL;
			memory = 0;
		} else if (o != NULL && find(line, "Subsystem: ") != NULL) {
			id = before(after(line, "["), "]");
			while ((id.n != 9 || id.p[4] != ':') && after(from_to(id.p, line.p + line.n), "[").n > 0)
				id = before(after(from_to(id.p, line.p + line.n), "["), "]");
			if (id.n == 9 && id.p[4] == ':')
				put_text(o, "pci_subsystem_id", id);
		} else if (o != NULL && find(line, "Kernel driver in use: ") != NULL) {
			driver = str_trim(after(line, "in use: "));
			put_text(o, "driver", driver);
		} else if (o != NULL && display && prefetchable_of(line) > 0) {
			memory += prefetchable_of(line);
			snprintf(mb, sizeof(mb), "%lld", (long long)memory);
			put_text(o, "memory", str_of(mb));
		}
	}
	return json_object_array_length(top) > 0;
}

/* --- ipmitool fru --------------------------------------------------------------------------------------- */

bool
read_fru(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL, *old, *list;
	struct str line, key, value;
	char name[PUT_KEY_MAX];

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "FRU Device Description") && str_pair(line, ':', &key, &value)) {
			o = out_item(top);
			put_text(o, "name", str_trim(before(value, "(ID ")));
			put_value(o, STR("id"), AS_NUMBER, before(after(value, "(ID "), ")"));
		} else if (o != NULL && find(line, "Device not present") != NULL) {
			put_bool(o, "present", false);
		} else if (o != NULL && str_pair(line, ':', &key, &value) && key.n > 0) {
			key_of(key, name, sizeof(name));
			if (!json_object_object_get_ex(o, name, &old)) {
				put_text(o, name, value);
				continue;
			}
			list = json_object_new_array();	/* "Product Extra" comes several times */
			if (!json_object_is_type(old, json_type_array))
				(void)json_object_array_add(list, json_object_get(old));
			else {
				json_object_put(list);
				list = json_object_get(old);
			}
			out_item_text(list, value);
			put_at(o, name, list);
		}
	}
	return o != NULL;
}

/* --- acpi ------------------------------------------------------------------------------------------------- */

/* "01:43:14 remaining", "00:10:00 until charged" */
static void
put_charge_time(struct json_object *o, struct str s)
{
	const char *key = find(s, "remaining") != NULL ? "charge_remaining" : find(s, "until charged") != NULL ? "until_charged" : NULL;
	struct str time;
	char text[16], name[48];
	int h, m, sec;

	if (key == NULL || !str_word(&s, &time))
		return;
	str_copy(text, sizeof(text), time);
	if (sscanf(text, "%3d:%2d:%2d", &h, &m, &sec) != 3)
		return;
	put_text(o, key, time);
	snprintf(name, sizeof(name), "%s_hours", key);
	put_int(o, name, h);
	snprintf(name, sizeof(name), "%s_minutes", key);
	put_int(o, name, m);
	snprintf(name, sizeof(name), "%s_seconds", key);
	put_int(o, name, sec);
	snprintf(name, sizeof(name), "%s_total_seconds", key);
	put_int(o, name, (h * 60 + m) * 60 + sec);
}

static void
acpi_battery(struct json_object *o, struct str s)
{
	struct str part;

	if (str_starts(s, "design capacity")) {
		put_value(o, STR("design_capacity_mah"), AS_NUMBER, before(s, "mAh"));
		s = after(s, "last full capacity");
		put_value(o, STR("last_full_capacity"), AS_NUMBER, before(s, "mAh"));
		put_value(o, STR("last_full_capacity_percent"), AS_NUMBER, after(s, "="));
		return;
	}
	if (str_part(&s, ',', &part))
		put_text(o, "state", str_trim(part));
	if (str_part(&s, ',', &part))
		put_value(o, STR("charge_percent"), AS_NUMBER, part);
	put_charge_time(o, str_trim(s));
}

/* "ok, 60.5 degrees C", "trip point 0 switches to mode critical at temperature 84.0 degrees C" */
static void
acpi_thermal(struct json_object *o, struct str s)
{
	struct str degrees;

	if (skip_prefix(&s, "trip point ")) {
		o = out_item(put_list(o, "trip_points"));
		put_value(o, STR("id"), AS_NUMBER, before(s, " "));
		put_text(o, "switches_to_mode", before(after(s, "to mode "), " "));
		degrees = after(s, "temperature ");
	} else {
		put_text(o, "mode", str_trim(before(s, ",")));
		degrees = str_trim(after(s, ","));
	}
	put_value(o, STR("temperature"), AS_DECIMAL, degrees);
	if (find(degrees, "degrees ") != NULL)
		put_text(o, "temperature_unit", str_trim(after(degrees, "degrees ")));
}

static struct json_object *
acpi_thing(struct json_object *top, struct str type, int64_t id)
{
	struct json_object *o, *t, *i;
	size_t n;

	for (n = json_object_array_length(top); n > 0 && n + THINGS_MAX > json_object_array_length(top); n--) {
		o = json_object_array_get_idx(top, n - 1);
		if (json_object_object_get_ex(o, "type", &t) && str_eq(type, json_object_get_string(t))
		    && json_object_object_get_ex(o, "id", &i) && json_object_get_int64(i) == id)
			return o;
	}
	o = out_item(top);
	put_text(o, "type", type);
	put_int(o, "id", id);
	return o;
}

bool
read_acpi(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct str line, head, type, value;
	bool any = false;
	int64_t id;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &head, &value) || !str_word(&head, &type) || !str_i64(head, &id))
			continue;
		o = acpi_thing(top, type, id);
		if (str_eq(type, "Battery"))
			acpi_battery(o, value);
		else if (str_eq(type, "Adapter"))
			put_bool(o, "on-line", str_eq(value, "on-line"));
		else if (str_eq(type, "Thermal"))
			acpi_thermal(o, value);
		else
			out_item_text(put_list(o, "messages"), value);
		any = true;
	}
	return any;
}
