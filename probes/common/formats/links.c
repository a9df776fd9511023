/* SPDX-License-Identifier: Apache-2.0 */
/* links - how an interface is set: ethtool, iwconfig, nmcli; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

/* --- ethtool ---------------------------------------------------------------------------- */

/* "1000Mb/s" are so many bits. */
static void
put_speed(struct json_object *o, struct str value)
{
	int64_t n;

	if (!digits_of(value, &n) || find(value, "b/s") == NULL || n > INT64_C(1) << 30)
		return;
	put_int(o, "speed_bps", n * (find(value, "Gb/s") != NULL ? INT64_C(1000000000) : find(value, "Mb/s") != NULL ? 1000000 : 1000));
}

static bool
is_not_reported(struct str value)
{
	return str_eq(value, "Not reported") || value.n == 0;
}

/* "[ TP MII ]", modes in several lines, or one value; one key that comes again is a list. */
static void
put_setting(struct json_object *o, const struct format *f, const char *key, struct str value)
{
	enum field_kind kind = kind_of(f->fields, key, AS_TEXT);
	struct json_object *old, *list;

	if (kind == AS_WORDS) {
		if (find(value, "[") != NULL)
			value = before(after(value, "["), "]");
		put_words(o, key, is_not_reported(str_trim(value)) ? str_left(value, 0) : value, ' ');
	} else if (kind == AS_LIST) {
		out_item_text(put_list(o, key), value);
	} else if (kind == AS_BOOL && (is_yes(value) || str_eq(value, "No") || str_eq(value, "no") || str_eq(value, "off"))) {
		put_bool(o, key, is_yes(value));
	} else if (json_object_object_get_ex(o, key, &old)) {
		list = json_object_is_type(old, json_type_array) ? json_object_get(old) : json_object_new_array();
		if (!json_object_is_type(old, json_type_array))
			(void)json_object_array_add(list, json_object_get(old));
		out_item_text(list, value);
		put_at(o, key, list);
	} else {
		put_text(o, key, value);
	}
	if (strcmp(key, "speed") == 0)
		put_speed(o, value);
}

bool
read_ethtool(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, value;
	char key[PUT_KEY_MAX] = "";
	bool any = false;

	while (str_line(&text, &line)) {
		if (skip_prefix(&line, "Settings for ") || skip_prefix(&line, "Features for ")) {
			put_text(top, "name", before(line, ":"));
			any = true;
		} else if (str_pair(line, ':', &name, &value) && name.n > 0 && (size_t)str_find(line, ':') < 56) {
			key_of(name, key, sizeof(key));
			put_setting(top, f, key, value);
			any = true;
		} else if (key[0] != '\0' && str_trim(line).n > 0) {
			put_setting(top, f, key, str_trim(line));
		}
	}
	return any;
}

/* --- iwconfig ------------------------------------------------------------------------------- */

/* What is said of a wireless link: the label, its key. MEASURE is a number with a unit. */
enum iw_kind { IW_TEXT, IW_QUOTED, IW_INT, IW_SWITCH, IW_MEASURE, IW_WHOLE_MEASURE };
static const struct { const char *label, *key; enum iw_kind kind; } iw_labels[] = {
	{ "ESSID", "essid", IW_QUOTED }, { "Mode", "mode", IW_TEXT }, { "Frequency", "frequency", IW_MEASURE },
	{ "Access Point", "access_point", IW_TEXT }, { "Bit Rate", "bit_rate", IW_MEASURE }, { "Tx-Power", "tx_power", IW_WHOLE_MEASURE },
	{ "Retry short limit", "retry_short_limit", IW_INT }, { "Retry  long limit", "retry_long_limit", IW_INT },
	{ "RTS thr", "rts_threshold", IW_SWITCH }, { "Fragment thr", "fragment_threshold", IW_SWITCH },
	{ "Power Management", "power_management", IW_SWITCH }, { "Link Quality", "link_quality", IW_TEXT },
	{ "Signal level", "signal_level", IW_WHOLE_MEASURE }, { "Noise level", "noise_level", IW_WHOLE_MEASURE },
	{ "Rx invalid nwid", "rx_invalid_nwid", IW_INT }, { "Rx invalid crypt", "rx_invalid_crypt", IW_INT },
	{ "Rx invalid frag", "rx_invalid_frag", IW_INT }, { "Tx excessive retries", "tx_excessive_retries", IW_INT },
	{ "Invalid misc", "invalid_misc", IW_INT }, { "Missed beacon", "missed_beacon", IW_INT }, { "Nickname", "nickname", IW_QUOTED },
	{ "Encryption key", "encryption_key", IW_SWITCH }, { "Sensitivity", "sensitivity", IW_TEXT },
};

static void
put_iw(struct json_object *o, const char *key, enum iw_kind kind, struct str value)
{
	struct str number = value;
	char unit[48];
	double d;
	int64_t i;

	(void)str_word(&value, &number);
	snprintf(unit, sizeof(unit), "%s_unit", key);
	if (kind == IW_SWITCH && (str_eq(number, "on") || str_eq(number, "off")))
		put_bool(o, key, str_eq(number, "on"));
	else if ((kind == IW_INT || kind == IW_SWITCH) && digits_of(number, &i))
		put_int(o, key, i);
	else if ((kind == IW_MEASURE || kind == IW_WHOLE_MEASURE) && real_of(number, &d) && d > -9e15 && d < 9e15) {
		if (kind == IW_MEASURE)
			put_real(o, key, d);
		else
			put_int(o, key, (int64_t)d);
		if (str_trim(value).n > 0)
			put_text(o, unit, str_trim(value));
	} else
		put_text(o, key, str_trim(from_to(number.p, value.p + value.n)));
}

static void
iw_line(struct json_object *o, struct str line)
{
	const char *at;
	struct str value;
	size_t i, n;

	for (i = 0; i < sizeof(iw_labels) / sizeof(iw_labels[0]); i++) {
		n = strlen(iw_labels[i].label);
		at = find(line, iw_labels[i].label);
		if (at == NULL || at + n >= line.p + line.n || (at[n] != ':' && at[n] != '='))
			continue;
		value = from_to(at + n + 1, line.p + line.n);
		value = str_trim(before(iw_labels[i].kind == IW_TEXT && value.n > 0 && value.p[0] == ' ' ? str_skip(value, 1) : value, "  "));
		if (iw_labels[i].kind == IW_QUOTED) {
			value = from_to(at + n + 1, line.p + line.n);
			put_text(o, iw_labels[i].key, value.n > 0 && value.p[0] == '"' ? before(str_skip(value, 1), "\"") : before(value, " "));
		} else {
			put_iw(o, iw_labels[i].key, iw_labels[i].kind, value);
		}
	}
}

bool
read_iwconfig(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, rest, name;

	(void)f;
	while (str_line(&text, &line)) {
		rest = line;
		if (line.n > 0 && indent_of(line) == 0 && str_word(&rest, &name)) {
			if (find(line, "no wireless extensions") != NULL || find(line, "ESSID") == NULL)
				continue;
			o = out_item(top);
			put_text(o, "name", name);
			put_text(o, "protocol", str_trim(before(rest, "ESSID")));
		}
		if (o != NULL)
			iw_line(o, line);
	}
	return o != NULL;
}

/* --- nmcli -------------------------------------------------------------------------------------- */

/* "--" is null, \"\" empty, a number a number; "100 (connected)" is both. */
static void
put_nm(struct json_object *o, const char *key, struct str value)
{
	struct str number = before(value, " ("), text = before(after(value, " ("), ")");
	char name[PUT_KEY_MAX + 8];
	int64_t n;

	if (str_eq(value, "\"\""))
		put_text(o, key, str_left(value, 0));
	else if (value.n == 0 || str_eq(value, "--"))
		put_null(o, key);
	else if (text.n > 0 && str_i64(number, &n)) {
		put_int(o, key, n);
		snprintf(name, sizeof(name), "%s_text", key);
		put_text(o, name, text);
	} else
		put_value(o, str_of(key), AS_INT_OR_TEXT, value);
}

/* "dst = fe80::/64, nh = ::, mt = 100, table=255" */
static void
put_nm_route(struct json_object *o, struct str value)
{
	struct str part, key, is;
	char name[PUT_KEY_MAX];

	while (str_part(&value, ',', &part)) {
		if (!str_pair(part, '=', &key, &is))
			continue;
		key_of(key, name, sizeof(name));
		put_nm(o, name, is);
	}
}

static bool
put_nm_line(struct json_object *o, struct str key, struct str value)
{
	char name[PUT_KEY_MAX];
	const char *as = name;
	struct str option, is;

	key_of(key, name, sizeof(name));
	if (strncmp(name, "general_", 8) == 0)
		as = name + 8;
	if (strstr(name, "_route_") != NULL && find(value, "dst") != NULL) {
		put_nm_route(put_object(o, as), value);
	} else if (strncmp(name, "dhcp", 4) == 0 && strstr(name, "_option_") != NULL && str_pair(value, '=', &option, &is)) {
		o = put_object(o, as);
		put_text(o, "name", option);
		put_nm(o, "value", is);
	} else {
		put_nm(o, as, value);
	}
	return true;
}

/* nmcli ... show NAME: "KEY: value", things apart at an empty line. */
static bool
nm_things(struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	bool ended = true;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0) {
			ended = true;
		} else if (str_pair(line, ':', &key, &value)) {
			if (ended && (o == NULL || str_starts(key, "GENERAL.DEVICE") || str_starts(key, "connection.id")))
				o = out_item(top);
			ended = !put_nm_line(o, key, value);
		}
	}
	return o != NULL;
}

bool
read_nmcli(const struct format *f, struct str text, struct json_object *top)
{
	struct str line = { "", 0 }, all = text, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };
	struct json_object *o = NULL;
	char name[PUT_KEY_MAX];
	unsigned i;

	(void)f;
	while (str_line(&text, &line) && str_trim(line).n == 0)
		;
	if (str_find(line, ':') > 0)
		return nm_things(all, top);
	(void)columns_of(&c, line, 1);
	while (c.n > 1 && str_line(&text, &line)) {
		if (str_trim(line).n == 0)
			continue;
		columns_cells(&c, line, cell);
		if (strcmp(c.at[0].name, "permission") == 0) {
			key_of(cell[0], name, sizeof(name));
			put_nm(o != NULL ? o : (o = out_item(top)), name, cell[1]);
			continue;
		}
		o = out_item(top);
		for (i = 0; i < c.n; i++)
			put_nm(o, c.at[i].name, cell[i]);
	}
	return o != NULL;
}
