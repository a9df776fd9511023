/* SPDX-License-Identifier: Apache-2.0 */
/* load - how busy and how set a host is: iostat, mpstat, vmstat, ntpq, timedatectl, sshd; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

/* --- iostat ---------------------------------------------------------------------------- */

bool
read_iostat(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };
	struct json_object *o;
	bool cpu = false, any = false;

	while (str_line(&text, &line)) {
		if (skip_prefix(&line, "avg-cpu:")) {
			cpu = columns_of(&c, line, 1);
		} else if (find(line, "Device") != NULL && find(line, "/s") != NULL) {
			cpu = !columns_of(&c, line, 1);
		} else if (str_trim(line).n == 0) {
			c.n = 0;
		} else if (c.n > 1 && columns_words(&c, line, cell) == c.n && (o = out_item(top)) != NULL) {
			columns_put(&c, cell, f->fields, AS_DECIMAL, o);
			put_text(o, "type", cpu ? STR("cpu") : STR("device"));
			any = true;
		}
	}
	return any;
}

/* --- mpstat ------------------------------------------------------------------------------ */

/* "03:16:15 PM" or "15:16:15" or "Average:" before the columns. */
static struct str
take_time(struct str *line)
{
	struct str rest = *line, word, half, first;

	if (!str_word(&rest, &word) || (!isdigit((unsigned char)word.p[0]) && word.p[word.n - 1] != ':'))
		return (struct str){ "", 0 };
	first = word;
	half = rest;
	if (str_word(&half, &word) && (str_eq(word, "AM") || str_eq(word, "PM"))) {
		first = from_to(first.p, word.p + word.n);
		rest = half;
	}
	*line = rest;
	return first;
}

bool
read_mpstat(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX], time;
	struct columns c = { .n = 0 };
	struct json_object *o;
	bool cpu = false, any = false;

	while (str_line(&text, &line)) {
		time = take_time(&line);
		if (time.n == 0 || str_trim(line).n == 0) {
			c.n = 0;
		} else if (c.n == 0) {
			(void)columns_of(&c, line, 1);
			if (c.n > 0 && strcmp(c.at[0].name, "cpu") != 0 && strcmp(c.at[0].name, "node") != 0)
				c.n = 0;
			cpu = find(line, "%idle") != NULL;
		} else if (columns_words(&c, line, cell) == c.n && (o = out_item(top)) != NULL) {
			columns_put(&c, cell, f->fields, AS_DECIMAL, o);
			put_text(o, "type", cpu ? STR("cpu") : STR("interrupts"));
			if (time.p[time.n - 1] == ':')
				put_bool(o, "average", true);
			else
				put_text(o, "time", time);
			any = true;
		}
	}
	return any;
}

/* --- vmstat --------------------------------------------------------------------------------- */

static const struct { const char *heading, *key; } vm_names[] = {
	{ "r", "runnable_procs" }, { "b", "uninterruptible_sleeping_procs" }, { "swpd", "virtual_mem_used" }, { "free", "free_mem" },
	{ "buff", "buffer_mem" }, { "cache", "cache_mem" }, { "inact", "inactive_mem" }, { "active", "active_mem" }, { "si", "swap_in" },
	{ "so", "swap_out" }, { "bi", "blocks_in" }, { "bo", "blocks_out" }, { "in", "interrupts" }, { "cs", "context_switches" },
	{ "us", "user_time" }, { "sy", "system_time" }, { "id", "idle_time" }, { "wa", "io_wait_time" }, { "st", "stolen_time" },
	{ "gu", "kvm_guest_time" },
};
static const struct field disk_names[] = {
	{ "disk", AS_TEXT }, { "total_reads", AS_INT }, { "merged_reads", AS_INT }, { "sectors_read", AS_INT }, { "reading_ms", AS_INT },
	{ "total_writes", AS_INT }, { "merged_writes", AS_INT }, { "sectors_written", AS_INT }, { "writing_ms", AS_INT },
	{ "current_io", AS_INT }, { "io_seconds", AS_INT }, { NULL, AS_TEXT },
};

static const char *
vm_key(struct str heading)
{
	size_t i;

	for (i = 0; i < sizeof(vm_names) / sizeof(vm_names[0]); i++)
		if (str_eq(heading, vm_names[i].heading))
			return vm_names[i].key;
	return NULL;
}

/* The I-th heading of another language, where the columns have the same order; those of -a begin with "in", of "inactive". */
static const char *
vm_foreign(unsigned i, struct str fifth)
{
	static const char *const keys[] = { "runnable_procs", "uninterruptible_sleeping_procs", "virtual_mem_used", "free_mem", "buffer_mem", "cache_mem",
		"swap_in", "swap_out", "blocks_in", "blocks_out", "interrupts", "context_switches", "user_time", "system_time", "idle_time",
		"io_wait_time", "stolen_time" };

	if ((i == 4 || i == 5) && (str_starts(fifth, "in") || str_starts(fifth, "\xe4\xb8\x8d")))	/* "not", in Chinese */
		return i == 4 ? "inactive_mem" : "active_mem";
	return i < sizeof(keys) / sizeof(keys[0]) ? keys[i] : NULL;
}

/* "2021-09-16 20:33:13" behind the columns, of the zone that the heading names. */
static void
put_stamp(struct json_object *o, struct str rest, struct str zone)
{
	int y, mo, d, h, mi, s;
	char text[24];

	rest = str_trim(rest);
	str_copy(text, sizeof(text), rest);
	put_text_or_null(o, "timestamp", rest);
	put_text_or_null(o, "timezone", rest.n > 0 ? zone : (struct str){ "", 0 });
	if (rest.n == 0)
		return;
	if (str_eq(zone, "UTC") && sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) == 6 && mo >= 1 && mo <= 12)
		put_int(o, "epoch_utc", epoch_of(y, mo, d, h, mi, s));
	else
		put_null(o, "epoch_utc");
}

static void
vm_row(struct json_object *o, struct str heading, struct str line)
{
	static const char *const either[] = { "buffer_mem", "cache_mem", "inactive_mem", "active_mem" };
	struct str name, word, zone = { "", 0 }, rest = heading, fifth = zone;
	const char *key;
	unsigned columns;
	size_t i;

	for (i = 0; i < 4; i++)
		put_null(o, either[i]);
	for (columns = 0; str_word(&rest, &word); columns++)
		if (columns == 4)
			fifth = word;
	for (i = 0; str_word(&heading, &name); i++) {
		key = vm_key(name);
		if (key == NULL && columns >= 17)
			key = vm_foreign((unsigned)i, fifth);
		if (key == NULL)
			zone = name;
		else if (str_word(&line, &word))
			put_value(o, str_of(key), AS_NUMBER, word);
	}
	put_stamp(o, line, zone);
}

static void
vm_disk(struct json_object *o, struct str heading, struct str line)
{
	const struct field *at;
	struct str word, zone = { "", 0 };

	for (at = disk_names; at->key != NULL && str_word(&line, &word); at++)
		put_value(o, str_of(at->key), at->kind, word);
	while (str_word(&heading, &word))
		zone = word;
	put_stamp(o, line, zone);
}

/* "disk-" and the like: what it is called in other languages begins so too. */
static bool
is_disks(struct str word)
{
	return str_starts(word, "dis") || str_starts(word, "Dis");
}

static bool
is_row(struct str rest)
{
	struct str word;
	uint64_t n;

	return str_word(&rest, &word) && str_u64(word, 10, &n);
}

bool
read_vmstat(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, heading = { "", 0 }, copy, word;
	bool disk = false;

	(void)f;
	while (str_line(&text, &line)) {
		copy = line;
		if (!str_word(&copy, &word))
			continue;
		if (str_starts(word, "procs") || str_starts(word, "--procs") || (is_disks(word) && !is_row(copy)))
			disk = is_disks(word);
		else if (str_eq(word, "r") || (disk && !is_row(copy)))
			heading = line;
		else if (heading.n > 0 && disk)
			vm_disk(out_item(top), heading, line);
		else if (heading.n > 0 && isdigit((unsigned char)word.p[0]))
			vm_row(out_item(top), heading, line);
	}
	return heading.n > 0;
}

/* --- ntpq -------------------------------------------------------------------------------------- */

bool
read_ntpq(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, more, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };
	struct json_object *o;
	unsigned n;

	while (str_line(&text, &line)) {
		if (c.n == 0 && find(line, "remote") != NULL && find(line, "refid") != NULL)
			(void)columns_of(&c, line, 1);
		if (c.n == 0 || line.n < 2 || str_starts(line, "==") || find(line, "refid") != NULL)
			continue;
		n = columns_words(&c, str_skip(line, 1), cell);
		if (n == 1 && str_line(&text, &more))	/* a long name has a line of its own */
			n = columns_words(&c, from_to(cell[0].p, more.p + more.n), cell);
		if (n < c.n || (o = out_item(top)) == NULL)
			continue;
		put_text_or_null(o, "state", str_trim(str_left(line, 1)));
		columns_put(&c, cell, f->fields, AS_DASH, o);
	}
	return c.n > 0;
}

/* --- timedatectl --------------------------------------------------------------------------------- */

/* "-5.224ms": the number and its unit. */
static bool
put_measure(struct json_object *o, const char *key, struct str value)
{
	char unit[PUT_KEY_MAX + 8];
	struct str rest = value;
	double d;

	if (!real_of(value, &d))
		return false;
	while (rest.n > 0 && (isdigit((unsigned char)rest.p[0]) || strchr("+-.", rest.p[0]) != NULL))
		rest = str_skip(rest, 1);
	put_real(o, key, d);
	snprintf(unit, sizeof(unit), "%s_unit", key);
	put_text(o, unit, rest);
	return true;
}

static void
put_universal(struct json_object *o, struct str value)
{
	int y, mo, d, h, mi, s;
	char text[40];

	str_copy(text, sizeof(text), value);
	if (sscanf(text, "%*3s %4d-%2d-%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) == 6 && mo >= 1 && mo <= 12)
		put_int(o, "epoch_utc", epoch_of(y, mo, d, h, mi, s));
}

bool
read_timedatectl(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const measures[] = { "offset", "delay", "jitter", "frequency" };
	struct str line, key, value;
	char name[PUT_KEY_MAX];
	bool any = false;
	size_t i;

	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || isdigit((unsigned char)key.p[key.n - 1]) || str_ends(key, " DST change"))
			continue;
		key_of(key, name, sizeof(name));
		for (i = 0; i < 4 && strcmp(name, measures[i]) != 0; i++)
			;
		if (str_eq(key, "systemd-timesyncd.service active"))	/* so spelt by jc */
			snprintf(name, sizeof(name), "systemd-timesyncd.service_active");
		if (i == 4 || !put_measure(top, name, value))
			put_value(top, str_of(name), kind_of(f->fields, name, AS_TEXT), value);
		if (strcmp(name, "universal_time") == 0)
			put_universal(top, value);
		any = true;
	}
	return any;
}

/* --- sshd -T ----------------------------------------------------------------------------------------- */

/* "+aes128-ctr,...": what the sign does with the list is told apart. */
static void
put_algorithms(struct json_object *o, const char *key, struct str value)
{
	char strategy[PUT_KEY_MAX + 12];

	if (value.n > 0 && strchr("+-^", value.p[0]) != NULL) {
		snprintf(strategy, sizeof(strategy), "%s_strategy", key);
		put_text(o, strategy, str_left(value, 1));
		value = str_skip(value, 1);
	}
	put_words(o, key, value, ',');
}

/* The first value under KEY, those behind it at SEP under KEY with the endings. */
static void
put_several(struct json_object *o, const char *key, struct str value, char sep, const char *const *endings)
{
	char name[PUT_KEY_MAX + 16];
	struct str part;

	for (; *endings != NULL && (sep == ' ' ? str_word(&value, &part) : str_part(&value, sep, &part)); endings++) {
		snprintf(name, sizeof(name), "%s%s", key, *endings);
		put_value(o, str_of(name), AS_INT, part);
	}
}

static void
put_setting(struct json_object *top, const struct format *f, const char *key, struct str value)
{
	static const char *const startups[] = { "", "_rate", "_full", NULL }, *const rekey[] = { "", "_time", NULL }, *const subsystem[] = { "", NULL };
	int64_t port;

	if (strcmp(key, "maxstartups") == 0)
		put_several(top, key, value, ':', startups);
	else if (strcmp(key, "rekeylimit") == 0)
		put_several(top, key, value, ' ', rekey);
	else if (strcmp(key, "subsystem") == 0) {
		put_several(top, key, value, ' ', subsystem);
		(void)str_word(&value, &(struct str){ "", 0 });
		put_text(top, "subsystem_command", str_trim(value));
	} else if (strcmp(key, "port") == 0 && str_i64(value, &port))
		(void)json_object_array_add(put_list(top, key), json_object_new_int64(port));
	else switch (kind_of(f->fields, key, AS_TEXT)) {
	case AS_LIST:
		put_algorithms(top, key, value);
		break;
	case AS_WORDS:
		put_words(top, key, value, ' ');
		break;
	case AS_REST:		/* comes again */
		out_item_text(put_list(top, key), value);
		break;
	default:
		put_value(top, str_of(key), kind_of(f->fields, key, AS_TEXT), value);
	}
}

/* "keyword value" as sshd -T says it, or "Keyword value" of its file. */
bool
read_sshd(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word;
	char key[PUT_KEY_MAX];
	bool any = false;

	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !str_word(&line, &word))
			continue;
		key_of(word, key, sizeof(key));
		if (strcmp(key, "match") == 0)
			break;		/* holds for some only */
		put_setting(top, f, key, str_trim(line));
		any = true;
	}
	return any;
}
