/* SPDX-License-Identifier: Apache-2.0 */
/* aix_hardware - what AIX says of the machine: lscfg, lsconf and prtconf, lsvpd, lsattr, lparstat, oslevel; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

/* --- lscfg ------------------------------------------------------------------------------ */

/* "Network Address.............08005ABAE967": the dots are at least two. */
static bool
dotted(struct str line, struct str *key, struct str *value)
{
	if (!cut_at(str_trim(line), "..", key, value))
		return false;
	while (value->n > 0 && value->p[0] == '.')
		*value = str_skip(*value, 1);
	*value = str_trim(*value);
	return key->n > 0;
}

/* "  ent0             10-80             IBM PCI Ethernet Adapter (22100020)", or + and * before the name. */
static bool
device_line(struct str line, struct str *name, struct str *location, struct str *description)
{
	struct str mark;

	*location = (struct str){ line.p, 0 };
	if (line.n > 0 && (line.p[0] == '+' || line.p[0] == '*' || line.p[0] == '-') && !str_word(&line, &mark))
		return false;
	if (!str_word(&line, name) || str_find(*name, ':') >= 0)
		return false;
	if (cut_indent(line) < 20 && !str_word(&line, location))
		return false;	/* a gap so wide has no location in it */
	*description = str_trim(line);
	return description->n > 0;
}

bool
read_lscfg(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, location, description, key, value;
	struct json_object *o = NULL, *vpd = NULL;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (dotted(line, &key, &value)) {
			if (o != NULL && vpd == NULL)
				vpd = out_object(o, "vpd");
			put_value(vpd, key, AS_TEXT, value);
		} else if (cut_indent(line) <= 2 && device_line(line, &name, &location, &description) && !str_eq(name, "DEVICE")) {
			o = out_item(top);
			vpd = NULL;
			put_known(o, "name", name);
			put_known(o, "location", location);
			put_known(o, "description", description);
			any |= o != NULL;
		}
	}
	return any;
}

/* Of the Ethernet adapters alone: entN is the adapter of the interface enN. */
bool
read_lscfg_macs(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word, key, value, adapter = { "", 0 };
	char interface[32], mac[18];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (dotted(line, &key, &value) && str_eq(key, "Network Address") && adapter.n > 0 && cut_mac(value, mac)) {
			snprintf(interface, sizeof(interface), "en%.*s", (int)(adapter.n - 3), adapter.p + 3);
			put_known(top, interface, str_of(mac));
			any = true;
		} else if (cut_indent(line) <= 2 && str_word(&line, &word)) {
			adapter = word.n > 3 && word.n < 12 && str_starts(word, "ent") && cut_is_number(str_skip(word, 3)) ? word : (struct str){ "", 0 };
		}
	}
	return any;
}

/* --- lsconf, prtconf ------------------------------------------------------------------------ */

/* "hdisk0   active   546   290   109..06..04..65..106" below the name of its group. */
static void
volume_line(struct json_object *group, struct str line)
{
	static const struct field fields[] = {
		{ "pv_name", AS_TEXT }, { "pv_state", AS_TEXT }, { "total_pps", AS_INT }, { "free_pps", AS_INT }, { "free_distribution", AS_TEXT },
		{ NULL, AS_TEXT },
	};
	const struct field *at;
	struct json_object *o;
	struct str word;

	if (group == NULL || str_starts(line, "PV_NAME") || (o = out_item(group)) == NULL)
		return;
	for (at = fields; at->key != NULL && str_word(&line, &word); at++)
		put_value(o, str_of(at->key), at->kind, word);
}

/* A heading stands alone, and what belongs to it is indented; the volume groups and the list of resources have a form of their own. */
struct lsconf { struct json_object *top, *section, *group, *resources; bool volumes; };

static void
resource_line(struct json_object *list, struct str line)
{
	struct str name, location, description;
	struct json_object *o;

	if (line.n < 2 || (line.p[0] != '+' && line.p[0] != '*' && line.p[0] != '-')
	    || !device_line(line, &name, &location, &description) || (o = out_item(list)) == NULL)
		return;
	put_known(o, "name", name);
	put_known(o, "location", location);
	put_known(o, "description", description);
}

static void
lsconf_line(struct lsconf *l, struct str line)
{
	struct str key, value, trimmed = str_trim(line);

	if (trimmed.n == 0 || trimmed.p[0] == '=')
		return;
	if (l->resources != NULL) {
		resource_line(l->resources, line);
	} else if (str_eq(trimmed, "INSTALLED RESOURCE LIST")) {
		l->resources = put_list_at(l->top, str_of("Installed Resource List"));
	} else if (l->volumes) {
		if (str_ends(trimmed, ":"))
			l->group = put_list_at(l->section, str_left(trimmed, trimmed.n - 1));
		else
			volume_line(l->group, trimmed);
	} else if (!str_pair(line, ':', &key, &value)) {
		l->section = put_object_at(l->top, trimmed);
		l->volumes = str_starts(trimmed, "Volume Groups");
	} else {
		if (cut_indent(line) == 0)
			l->section = NULL;
		put_value(l->section != NULL ? l->section : l->top, key, AS_TEXT, value);
	}
}

bool
read_lsconf(const struct format *f, struct str text, struct json_object *top)
{
	struct lsconf l = { top, NULL, NULL, NULL, false };
	struct str line;

	(void)f;
	while (str_line(&text, &line))
		lsconf_line(&l, line);
	return json_object_object_get_ex(top, "System Model", NULL) || json_object_object_get_ex(top, "Machine Serial Number", NULL);
}

/* --- lsvpd ---------------------------------------------------------------------------------- */

/* One part of the machine: from a line *DS to the next. */
struct vpd { struct str ds, yl, sn, sz, tm, se, mi, rm; };

static bool
vpd_line(struct str line, struct str key, struct vpd *v)
{
	struct { const char *key; struct str *to; } rows[] = {
		{ "DS", &v->ds }, { "YL", &v->yl }, { "SN", &v->sn }, { "SZ", &v->sz }, { "TM", &v->tm }, { "SE", &v->se }, { "MI", &v->mi }, { "RM", &v->rm },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_eq(key, rows[i].key) && rows[i].to->n == 0)
			*rows[i].to = str_trim(line);
	return true;
}

/* The next part of TEXT, in *V; the first is what stands before any *DS. */
static bool
vpd_next(struct str *text, struct vpd *v)
{
	struct str line, key, ahead = *text;
	bool any = false;

	memset(v, 0, sizeof(*v));
	while (str_line(&ahead, &line)) {
		if (!str_starts(line, "*")) {
			*text = ahead;
			continue;
		}
		line = str_skip(line, 1);
		if (!str_word(&line, &key))
			continue;
		if (str_eq(key, "DS") && any)
			return true;	/* it begins the next part */
		any = vpd_line(line, key, v);
		*text = ahead;
	}
	return any;
}

/* "IBM,9111-520" is the model 9111-520, "IBM,0265DEDAB" the serial number 65DEDAB. */
static struct str
behind_comma(struct str s, size_t more)
{
	long comma = str_find(s, ',');

	return comma < 0 ? s : str_skip(s, (size_t)comma + 1 + more);
}

static void
put_infos(struct json_object *top, struct str model, struct str serial, struct str firmware)
{
	struct json_object *infos = out_object(top, "infos");
	struct str word;

	put_known(infos, "system_manufacturer", str_of("IBM"));
	put_known(infos, "bios_manufacturer", str_of("IBM"));
	put_known(infos, "system_model", model);
	put_known(infos, "system_serial", serial);
	if (str_word(&firmware, &word))
		put_known(infos, "bios_version", word);
}

/* UnameL, the number and name of the partition, is what `uname -L` says: not of this command, so empty. */
bool
read_lsvpd_system(const struct format *f, struct str text, struct json_object *top)
{
	struct str model = { "", 0 }, serial = model, firmware = model;
	struct vpd v;
	bool any = false;

	(void)f;
	while (vpd_next(&text, &v)) {
		if (!any || str_eq(v.ds, "System VPD")) {
			model = v.tm.n > 0 ? behind_comma(v.tm, 0) : model;
			serial = v.se.n > 0 ? behind_comma(v.se, 2) : serial;
		}
		if (firmware.n == 0 && (str_starts(v.ds, "System Firmware") || str_starts(v.ds, "Platform Firmware")))
			firmware = v.mi.n > 0 ? v.mi : v.rm;
		any = true;
	}
	if (!any || model.n == 0)
		return false;
	put_value(top, str_of("UnameL"), AS_TEXT, STR(""));
	put_infos(top, model, serial, firmware);
	return true;
}

bool
read_lsvpd_memories(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	char caption[120];
	struct vpd v;
	int64_t slot = 0;

	(void)f;
	while (vpd_next(&text, &v)) {
		if (!str_starts(v.ds, "Memory DIMM") && !str_starts(v.ds, "Memory CARD") && !str_eq(v.ds, "Memory"))
			continue;
		if ((o = out_item(top)) == NULL)
			break;
		put_known(o, "capacity_mb", v.sz);
		put_known(o, "description", v.ds);
		put_known(o, "serial", v.sn);
		snprintf(caption, sizeof(caption), "Slot %.*s", (int)(v.yl.n < 100 ? v.yl.n : 100), v.yl.n > 0 ? v.yl.p : "");
		if (v.yl.n > 0)
			put_known(o, "caption", str_of(caption));
		put_int(o, "slot", slot++);
	}
	return slot > 0;
}

/* --- lsattr, oslevel ------------------------------------------------------------------------- */

/* Where the second word of LINE begins; 0: there is none. */
static size_t
second_word(struct str line)
{
	struct str rest = line, word;

	return str_word(&rest, &word) && str_word(&rest, &word) ? (size_t)(word.p - line.p) : 0;
}

/* lsattr -El NAME: "size_in_mb 73400 Size in Megabytes False". Where a value is missing, the second word stands farther right. */
bool
read_lsattr(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, value, settable, rest = text;
	size_t column = 0, at;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&rest, &line))
		if ((at = second_word(line)) > 0 && (column == 0 || at < column))
			column = at;
	while (str_line(&text, &line)) {
		at = second_word(line);
		if (!cut_last_word(&line, &settable) || (!str_starts(settable, "True") && !str_starts(settable, "False"))
		    || !str_word(&line, &name) || (o = out_item(top)) == NULL)
			continue;
		put_known(o, "attribute", name);
		if (at == column && str_word(&line, &value))
			put_known(o, "value", value);
		put_known(o, "description", str_trim(line));
		out_bool(o, "settable", str_starts(settable, "True"));
		any = true;
	}
	return any;
}

/* "7200-05-03-2148", or of oslevel alone "7.2.0.0". */
bool
read_oslevel(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = { NULL, "technology_level", "service_pack", "build" };
	struct str level, rest, part;
	char version[8];
	unsigned i;

	(void)f;
	if (!str_word(&text, &level) || level.n < 4 || level.p[0] < '0' || level.p[0] > '9')
		return false;
	put_known(top, "level", level);
	rest = level;
	for (i = 0; i < 4 && str_part(&rest, '-', &part); i++)
		if (i > 0)
			put_known(top, keys[i], part);
		else if (part.n == 4 && cut_is_number(part)) {
			snprintf(version, sizeof(version), "%c.%c", part.p[0], part.p[1]);
			put_known(top, "version", str_of(version));
		} else {
			put_known(top, "version", str_left(part, 3));
		}
	return true;
}
