/* SPDX-License-Identifier: Apache-2.0 */
/* unix_machine - the sections host, dmi, time and virtual of systems that are no Linux. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/host.h"
#include "facts/out.h"
#include "facts/pick.h"
#include "facts/unix.h"

static const struct pick ids[] = {
	{ "freebsd", "sysctl", "kern.hostuuid", "machine_id", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.uuid", "machine_id", PICK_TEXT },
	{ "macos", "system_profiler", "Hardware UUID", "machine_id", PICK_TEXT },
	{ "macos", "ioreg", "\"IOPlatformUUID\"", "machine_id", PICK_TEXT },
	{ "hpux", "machinfo", "Machine ID number", "machine_id", PICK_TEXT },
	{ "hpux", "machinfo", "machine id number", "machine_id", PICK_TEXT },
	{ NULL, NULL, NULL, NULL, PICK_TEXT },
};

int
facts_unix_host(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);
	char name[256], id[256];

	facts_uname(src, UNAME_N, name, sizeof(name));
	if (name[0] != '\0')
		facts_put_names(src, str_of(name), out);
	pick_all(src, sys, ids, out);
	if (out_get_text(out, "machine_id") == NULL) {
		if (facts_is(sys, "solaris"))
			(void)out_file(out, "machine_id", src, "commands/hostid");
		else if (facts_is(sys, "hpux"))
			(void)out_file(out, "machine_id", src, "commands/ident");
		else if (facts_is(sys, "aix")) {	/* that of the planar */
			facts_uname(src, UNAME_M, id, sizeof(id));
			out_cstr(out, "machine_id", id);
		}
	}
	return name[0] == '\0' ? facts_command_failed(err, -ENOENT, "uname") : 0;
}

/* --- dmi ---------------------------------------------------------------------- */

static const struct pick machine[] = {
	{ "freebsd", "kenv", "smbios.system.maker", "vendor", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.system.product", "model", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.system.version", "product_version", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.system.serial", "serial", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.system.uuid", "uuid", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.bios.vendor", "bios_vendor", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.bios.version", "bios_version", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.bios.reldate", "bios_date", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.planar.maker", "board_vendor", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.planar.product", "board_name", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.planar.serial", "board_serial", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.chassis.maker", "chassis_vendor", PICK_TEXT },
	{ "freebsd", "kenv", "smbios.chassis.serial", "chassis_serial", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.vendor", "vendor", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.product", "model", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.serialno", "serial", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.uuid", "uuid", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.system-vendor", "vendor", PICK_TEXT },	/* NetBSD */
	{ "freebsd", "sysctl", "machdep.dmi.system-product", "model", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.system-serial", "serial", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.system-uuid", "uuid", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.bios-vendor", "bios_vendor", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.bios-version", "bios_version", PICK_TEXT },
	{ "freebsd", "sysctl", "machdep.dmi.bios-date", "bios_date", PICK_TEXT },
	{ "macos", "system_profiler", "Model Identifier", "model", PICK_TEXT },
	{ "macos", "system_profiler", "Model Name", "product_name", PICK_TEXT },
	{ "macos", "system_profiler", "Serial Number (system)", "serial", PICK_TEXT },
	{ "macos", "system_profiler", "Serial Number", "serial", PICK_TEXT },
	{ "macos", "system_profiler", "Hardware UUID", "uuid", PICK_TEXT },
	{ "macos", "system_profiler", "System Firmware Version", "bios_version", PICK_TEXT },
	{ "macos", "system_profiler", "Boot ROM Version", "bios_version", PICK_TEXT },
	{ "macos", "ioreg", "\"IOPlatformSerialNumber\"", "serial", PICK_TEXT },
	{ "macos", "ioreg", "\"IOPlatformUUID\"", "uuid", PICK_TEXT },
	{ "solaris", "sneep", "serial", "serial", PICK_TEXT },
	{ "aix", "lsconf", "Machine Serial Number", "serial", PICK_TEXT },
	{ "aix", "lsconf", "Platform Firmware level", "bios_version", PICK_TEXT },
	{ "hpux", "machinfo", "Model", "model", PICK_TEXT },
	{ "hpux", "machinfo", "model string", "model", PICK_TEXT },
	{ "hpux", "machinfo", "Machine serial number", "serial", PICK_TEXT },
	{ "hpux", "machinfo", "machine serial number", "serial", PICK_TEXT },
	{ "hpux", "machinfo", "Machine ID number", "uuid", PICK_TEXT },
	{ "hpux", "machinfo", "machine id number", "uuid", PICK_TEXT },
	{ "hpux", "machinfo", "Firmware revision", "bios_version", PICK_TEXT },
	{ NULL, NULL, NULL, NULL, PICK_TEXT },
};

/* Below a line with TITLE in it, up to the next title: lines of a key and a value. */
static const struct { const char *title, *key, *field; } smbios[] = {
	{ "SMB_TYPE_SYSTEM", "Manufacturer", "vendor" }, { "SMB_TYPE_SYSTEM", "Product", "model" },
	{ "SMB_TYPE_SYSTEM", "Serial Number", "serial" }, { "SMB_TYPE_SYSTEM", "UUID", "uuid" },
	{ "SMB_TYPE_SYSTEM", "Version", "product_version" }, { "SMB_TYPE_BIOS", "Vendor", "bios_vendor" },
	{ "SMB_TYPE_BIOS", "Version String", "bios_version" }, { "SMB_TYPE_BIOS", "Release Date", "bios_date" },
	{ "SMB_TYPE_CHASSIS", "Serial Number", "chassis_serial" }, { "SMB_TYPE_BASEBOARD", "Serial Number", "board_serial" },
	{ "System Information", "Manufacturer", "vendor" }, { "System Information", "Product Name", "model" },
	{ "System Information", "Serial Number", "serial" }, { "System Information", "UUID", "uuid" },
	{ "System Information", "Version", "product_version" }, { "BIOS Information", "Vendor", "bios_vendor" },
	{ "BIOS Information", "Version", "bios_version" }, { "BIOS Information", "Release Date", "bios_date" },
	{ "Base Board Information", "Serial Number", "board_serial" }, { "Chassis Information", "Serial Number", "chassis_serial" },
};

static bool
is_title(struct str line)
{
	return line.n > 0 && line.p[0] != ' ' && line.p[0] != '\t';
}

/* What dmidecode or smbios says; fields that are known stay. */
void
facts_smbios_text(struct facts_source *src, const char *command, struct json_object *out)
{
	struct facts_bytes b;
	struct str rest, line, title = STR(""), key, value, head;
	size_t i;

	if (facts_command(src, command, &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
		if (is_title(line))
			title = line;
		if (is_title(line) || !str_pair(line, ':', &key, &value))
			continue;
		for (i = 0; i < sizeof(smbios) / sizeof(smbios[0]); i++) {
			head = str_of(smbios[i].title);
			if (title.n > 0 && memmem(title.p, title.n, head.p, head.n) != NULL && str_eq(key, smbios[i].key) &&
			    !json_object_object_get_ex(out, smbios[i].field, NULL))
				out_text(out, smbios[i].field, value);
		}
	}
	facts_bytes_free(&b);
}

/* "IBM,7040-681". */
static void
aix_model(struct facts_source *src, struct json_object *out)
{
	static const struct pick rows[] = {
		{ "aix", "lsconf", "System Model", "model", PICK_TEXT }, { NULL, NULL, NULL, NULL, PICK_TEXT },
	};
	struct json_object *found = json_object_new_object();
	const char *model, *comma;

	pick_all(src, facts_system(src), rows, found);
	model = out_get_text(found, "model");
	comma = model == NULL ? NULL : strchr(model, ',');
	out_cstr(out, "vendor", comma == NULL ? "IBM" : NULL);
	if (comma != NULL)
		out_text(out, "vendor", (struct str){ model, (size_t)(comma - model) });
	out_cstr(out, "model", comma == NULL ? model : comma + 1);
	json_object_put(found);
}

/* Of SPARC: "System Configuration:  Oracle Corporation  sun4v SPARC T5-2"; and below a title, the chassis' number. */
static void
sparc_model(struct facts_source *src, const char *command, struct json_object *out)
{
	struct facts_bytes b;
	struct str rest, line, value, word;
	bool chassis = false;
	size_t i;

	if (facts_command(src, command, &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
		line = str_trim(line);
		if (str_starts(line, "System Configuration:") && out_get_text(out, "model") == NULL) {
			value = str_trim(str_skip(line, strlen("System Configuration:")));
			for (i = 0; i + 4 < value.n && memcmp(value.p + i, "sun4", 4) != 0; i++)
				;
			if (i + 4 < value.n) {
				out_text(out, "vendor", str_left(value, i));
				value = str_skip(value, i);
				(void)str_word(&value, &word);
				out_text(out, "model", value);
			}
		}
		if (chassis && line.n > 0 && line.p[0] != '-' && line.p[0] != '=' && out_get_text(out, "serial") == NULL)
			out_text(out, "serial", line);
		chassis = line.n == 0 || line.p[0] == '-' || line.p[0] == '=' ? chassis : str_starts(line, "Chassis Serial Number");
	}
	facts_bytes_free(&b);
}

static void
sun_machine(struct facts_source *src, struct json_object *out)
{
	static const struct pick banner[] = {
		{ "solaris", "banner", "banner-name", "model", PICK_TEXT }, { NULL, NULL, NULL, NULL, PICK_TEXT },
	};

	facts_smbios_text(src, "smbios", out);
	sparc_model(src, "prtdiag", out);
	sparc_model(src, "prtdiag2", out);
	pick_all(src, facts_system(src), banner, out);
	if (out_get_text(out, "serial") == NULL)
		(void)out_file(out, "serial", src, "commands/sneep");
}

static void
lower(struct json_object *out, const char *field)
{
	const char *v = out_get_text(out, field);
	char text[128];
	size_t i;

	if (v == NULL || strlen(v) >= sizeof(text))
		return;
	for (i = 0; v[i] != '\0'; i++)
		text[i] = (char)tolower((unsigned char)v[i]);
	text[i] = '\0';
	out_cstr(out, field, text);
}

int
facts_unix_dmi(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);

	pick_all(src, sys, machine, out);
	facts_smbios_text(src, "dmidecode", out);
	if (facts_is(sys, "solaris"))
		sun_machine(src, out);
	else if (facts_is(sys, "macos"))
		out_cstr(out, "vendor", "Apple Inc.");
	else if (facts_is(sys, "aix"))
		aix_model(src, out);
	else if (facts_is(sys, "hpux")) {
		out_cstr(out, "vendor", "HP");
		if (out_get_text(out, "model") == NULL)
			(void)out_file(out, "model", src, "commands/model");
		if (out_get_text(out, "serial") == NULL)
			(void)out_file(out, "serial", src, "commands/serial");
	}
	lower(out, "uuid");
	return out_get_text(out, "model") != NULL || out_get_text(out, "vendor") != NULL ? 0 :
	    facts_say(err, "missing", "nothing tells what machine this is");
}

/* --- time ----------------------------------------------------------------------- */

/* "up 20 days, 19:45, 8 users", "up 45 min(s)", "up 3 hr(s), 2:10". */
static double
up_for(struct str s)
{
	struct str word, unit;
	double seconds = 0;
	uint64_t n, m;
	long colon;

	while (str_word(&s, &word)) {
		if (word.n > 0 && word.p[word.n - 1] == ',')
			word.n--;
		colon = str_find(word, ':');
		if (colon > 0 && str_leading_u64(word, &n) && str_leading_u64(str_skip(word, (size_t)colon + 1), &m))
			return seconds + (double)n * 3600 + (double)m * 60;
		if (!str_leading_u64(word, &n) || !str_word(&s, &unit))
			break;
		if (str_starts(unit, "day"))
			seconds += (double)n * 86400;
		else if (str_starts(unit, "hr") || str_starts(unit, "hour"))
			seconds += (double)n * 3600;
		else if (str_starts(unit, "min"))
			seconds += (double)n * 60;
		else if (str_starts(unit, "sec"))
			seconds += (double)n;
		else
			break;
	}
	return seconds;
}

static void
put_uptime(struct str line, struct json_object *out)
{
	static const char *const loads[] = { "load_1m", "load_5m", "load_15m" };
	const char *up = memmem(line.p, line.n, "up ", 3), *load = memmem(line.p, line.n, "load average", 12);
	struct str rest, word;
	double v;
	size_t i;

	if (up == NULL)
		return;
	v = up_for(str_skip(line, (size_t)(up - line.p) + 3));
	if (v > 0)
		out_real(out, "uptime_s", v);
	if (load == NULL)
		return;
	rest = str_skip(line, (size_t)(load - line.p));
	if (!str_word(&rest, &word) || !str_word(&rest, &word))
		return;
	for (i = 0; i < 3 && str_word(&rest, &word); i++)
		if (str_leading_double(word, &v))
			out_real(out, loads[i], v);
}

/* "{ sec = 1590581225, usec = 12345 } Wed May 27 05:07:05 2020". */
static void
put_boot(struct facts_source *src, struct json_object *out)
{
	struct facts_bytes b;
	struct str value;
	const char *sec;
	uint64_t n;

	if (facts_command(src, "sysctl", &b) < 0)
		return;
	if (pick_value((struct str){ b.data, b.len }, "kern.boottime", &value)) {
		sec = memmem(value.p, value.n, "sec = ", 6);
		if (sec != NULL ? str_leading_u64(str_skip(value, (size_t)(sec - value.p) + 6), &n) : str_u64(value, 10, &n))
			out_u64(out, "boot_time_s", n);
	}
	facts_bytes_free(&b);
}

static void
put_zone(struct facts_source *src, struct json_object *out)
{
	static const char *const files[] = { "etc/TIMEZONE", "etc/default/init", "etc/environment" };
	char text[FACTS_PATH_MAX], *at;
	struct facts_bytes b;
	struct str value;
	size_t i;

	if (facts_link(src, "etc/localtime", text, sizeof(text)) == 0 && (at = strstr(text, "zoneinfo/")) != NULL)
		out_cstr(out, "timezone", at + strlen("zoneinfo/"));
	else if (!out_file(out, "timezone", src, "var/db/zoneinfo"))
		for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			if (facts_read(src, files[i], 65536, &b) == 0) {
				if (pick_value((struct str){ b.data, b.len }, "TZ", &value) && out_get_text(out, "timezone") == NULL)
					out_text(out, "timezone", str_left(value, strcspn(value.p, "; \t\n") < value.n ? strcspn(value.p, "; \t\n") : value.n));
				facts_bytes_free(&b);
			}
}

int
facts_unix_time(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct facts_bytes b;
	int r = facts_command(src, "uptime", &b);

	put_boot(src, out);
	put_zone(src, out);
	if (r < 0)
		return facts_command_failed(err, r, "uptime");
	put_uptime((struct str){ b.data, b.len }, out);
	facts_bytes_free(&b);
	return 0;
}

/* --- virtual ----------------------------------------------------------------------- */

static const struct { const char *word, *hypervisor; } hypervisors[] = {
	{ "vmware", "vmware" }, { "kvm", "kvm" }, { "qemu", "qemu" }, { "xen", "xen" }, { "hv", "microsoft" }, { "microsoft", "microsoft" },
	{ "bhyve", "bhyve" }, { "vbox", "virtualbox" }, { "virtualbox", "virtualbox" }, { "innotek", "virtualbox" },
	{ "parallels", "parallels" }, { "amazon", "amazon" }, { "google", "google" }, { "openstack", "kvm" },
};

static bool
put_hypervisor(struct json_object *out, const char *text)
{
	size_t i;

	for (i = 0; text != NULL && i < sizeof(hypervisors) / sizeof(hypervisors[0]); i++)
		if (strcasestr(text, hypervisors[i].word) != NULL) {
			out_bool(out, "virtual", true);
			out_cstr(out, "role", "guest");
			out_cstr(out, "hypervisor", hypervisors[i].hypervisor);
			return true;
		}
	return false;
}

int
facts_unix_virtual(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	static const struct pick rows[] = {
		{ "freebsd", "sysctl", "kern.vm_guest", "guest", PICK_TEXT },
		{ "aix", "lparstat", "Partition Number", "partition", PICK_TEXT },
		{ "aix", "lparstat", "Partition Name", "partition", PICK_TEXT },
		{ "aix", "lsconf", "LPAR Info", "partition", PICK_TEXT },
		{ NULL, NULL, NULL, NULL, PICK_TEXT },
	};
	const struct facts_system *sys = facts_system(src);
	struct json_object *found = json_object_new_object();
	const char *guest, *model;
	char zone[256] = "";

	pick_all(src, sys, rows, found);
	guest = out_get_text(found, "guest");
	(void)facts_unix_dmi(src, found, err);
	model = out_get_text(found, "model");
	if (guest != NULL && strcmp(guest, "none") == 0)
		out_bool(out, "virtual", false);
	else if (put_hypervisor(out, guest) || put_hypervisor(out, out_get_text(found, "vendor")) || put_hypervisor(out, model))
		;
	else if (out_get_text(found, "partition") != NULL || (model != NULL && strstr(model, "Virtual Machine") != NULL)) {
		out_bool(out, "virtual", true);
		out_cstr(out, "role", "guest");
		out_cstr(out, "hypervisor", facts_is(sys, "aix") ? "powervm" : NULL);
	} else if (model != NULL)
		out_bool(out, "virtual", false);
	(void)facts_read_small(src, "commands/zonename", zone, sizeof(zone));
	if (zone[0] != '\0' && strcmp(zone, "global") != 0)
		out_cstr(out, "container", "zone");
	json_object_put(found);
	return 0;
}
