/* SPDX-License-Identifier: Apache-2.0 */
/* kernel - what Linux counts and reserves: /proc/stat, slabinfo, vmallocinfo, pagetypeinfo, iomem, locks, consoles and others; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/cut.h"
#include "formats/linux.h"

static void
put_numbers(struct json_object *o, const char *key, struct str words)
{
	struct json_object *list = put_list(o, key);
	struct str word;
	int64_t n;

	while (str_word(&words, &word))
		if (str_i64(word, &n))
			(void)json_object_array_add(list, json_object_new_int64(n));
}

/* The next words of LINE under NAMES, as numbers. */
static void
put_named(struct json_object *o, const char *const *names, struct str line)
{
	struct str word;

	for (; *names != NULL && str_word(&line, &word); names++)
		put_value(o, str_of(*names), AS_INT, word);
}

/* --- stat ------------------------------------------------------------------------------- */

bool
read_proc_stat(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const times[] = { "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice", NULL };
	static const struct { const char *word, *key; bool list; } rows[] = {
		{ "intr", "interrupts", true }, { "ctxt", "context_switches", false }, { "btime", "boot_time", false }, { "processes", "processes", false },
		{ "procs_running", "processes_running", false }, { "procs_blocked", "processes_blocked", false }, { "softirq", "softirq", true },
	};
	struct str line, word;
	char key[32];
	bool any = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &word))
			continue;
		if (str_starts(word, "cpu") && word.n < sizeof(key)) {
			str_copy(key, sizeof(key), word);
			put_named(put_object(top, key), times, line);
			any = true;
		}
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_eq(word, rows[i].word) && rows[i].list)
				put_numbers(top, rows[i].key, line);
			else if (str_eq(word, rows[i].word))
				put_value(top, str_of(rows[i].key), AS_INT, str_trim(line));
	}
	return any;
}

/* --- slabinfo, vmallocinfo, pagetypeinfo --------------------------------------------------- */

bool
read_slabinfo(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const objects[] = { "active_objs", "num_objs", "obj_size", "obj_per_slab", "pages_per_slab", NULL };
	static const char *const tunables[] = { "limit", "batch_count", "shared_factor", NULL };
	static const char *const slabs[] = { "active_slabs", "num_slabs", "shared_avail", NULL };
	struct json_object *o;
	struct str line, name;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "slabinfo") || str_starts(line, "#")) {
			any = true;
			continue;
		}
		if (find(line, ": tunables ") == NULL || !str_word(&line, &name) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "name", name);
		put_named(o, objects, line);
		put_named(put_object(o, "tunables"), tunables, after(line, ": tunables "));
		put_named(put_object(o, "slabdata"), slabs, after(line, ": slabdata "));
		any = true;
	}
	return any;
}

/* "0xffff-0xffff  8192 caller+0x1/0x2 pages=1 vmalloc phys=0x0 N0=1" */
bool
read_vmallocinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, range, size, caller, word, key, value;
	struct json_object *o, *options;
	char name[32];

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &range) || !str_starts(range, "0x") || !str_word(&line, &size) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "start", before(range, "-"));
		put_text(o, "end", after(range, "-"));
		put_value(o, STR("size"), AS_INT, size);
		put_null(o, "caller");
		options = put_list(o, "options");
		if (str_eq(str_trim(line), "unpurged vm_area")) {
			put_text(o, "caller", str_trim(line));
			continue;
		}
		if (str_word(&line, &caller))
			put_text(o, "caller", caller);
		while (str_word(&line, &word)) {
			if (!str_pair(word, '=', &key, &value) || key.n >= sizeof(name)) {
				out_item_text(options, word);
				continue;
			}
			str_copy(name, sizeof(name), key);
			put_value(o, str_of(name), str_starts(value, "0x") ? AS_TEXT : AS_INT, value);
		}
	}
	return json_object_array_length(top) > 0;
}

/* "Node    0, zone   Normal, type    Movable   1   0 ..." */
static void
put_node(struct json_object *o, struct str line)
{
	struct str rest = before(after(line, "zone"), ","), zone;

	put_value(o, STR("node"), AS_NUMBER, before(line, ","));
	if (str_word(&rest, &zone))
		put_text(o, "zone", zone);
}

bool
read_pagetypeinfo(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const blocks[] = { "unmovable", "movable", "reclaimable", "high_atomic", "isolate", NULL };
	static const struct { const char *is, *key; } counts[] = {
		{ "Page block order:", "page_block_order" }, { "Pages per block:", "pages_per_block" },
	};
	struct str line, rest, word;
	struct json_object *o;
	size_t i;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		for (i = 0; i < 2; i++)
			if (str_starts(line, counts[i].is)) {
				put_value(top, str_of(counts[i].key), AS_INT, str_trim(str_skip(line, strlen(counts[i].is))));
				put_list(top, "free_pages");
				put_list(top, "num_blocks_type");
				any = true;
			}
		if (!str_starts(line, "Node"))
			continue;
		rest = after(line, "type ");
		o = out_item(put_list(top, rest.n > 0 ? "free_pages" : "num_blocks_type"));
		put_node(o, line);
		if (rest.n > 0) {
			(void)str_word(&rest, &word);
			put_text(o, "type", word);
			put_numbers(o, "free", rest);
		} else {
			rest = after(line, "zone");
			(void)str_word(&rest, &word);
			put_named(o, blocks, rest);
		}
		any = true;
	}
	return any;
}

/* --- iomem, ioports, mtrr, locks ------------------------------------------------------------ */

/* "  0000-001f : dma1" */
bool
read_regions(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, range, device;
	struct json_object *o;

	(void)f;
	while (str_line(&text, &line)) {
		if (!cut_at(line, " : ", &range, &device) || str_find(range, '-') < 0 || (o = out_item(top)) == NULL)
			continue;
		range = str_trim(range);
		put_text(o, "start", before(range, "-"));
		put_text(o, "end", after(range, "-"));
		put_text(o, "device", str_trim(device));
	}
	return json_object_array_length(top) > 0;
}

/* "reg00: base=0x000000000 (    0MB), size= 2048MB, count=1: write-back" */
bool
read_mtrr(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, type, rest, part, key, value;
	struct json_object *o;
	char name[32];

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_starts(line, "reg") || !cut_at(line, ": ", NULL, &rest) || !cut_at_last(rest, ": ", &rest, &type) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "register", before(line, ":"));
		put_text(o, "type", str_trim(type));
		while (str_part(&rest, ',', &part)) {
			if (!str_pair(part, '=', &key, &value) || key.n >= sizeof(name))
				continue;
			str_copy(name, sizeof(name), key);
			if (strcmp(name, "base") == 0) {
				put_value(o, STR("base_mb"), AS_NUMBER, after(value, "("));
				value = str_trim(before(value, "("));
			}
			put_value(o, str_of(name), strcmp(name, "size") == 0 || strcmp(name, "count") == 0 ? AS_NUMBER : AS_TEXT, value);
		}
	}
	return json_object_array_length(top) > 0;
}

/* "1: POSIX  ADVISORY  WRITE 877 00:19:812 0 EOF"; one that waits has "->" behind its number. */
bool
read_locks(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[] = { "class", "type", "access" }, *const of[] = { "maj", "min" };
	struct str line, word, part;
	struct json_object *o;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &word) || !str_ends(word, ":") || (o = out_item(top)) == NULL)
			continue;
		put_value(o, STR("id"), AS_INT, before(word, ":"));
		for (i = 0; i < 3 && str_word(&line, &word);)
			if (!str_eq(word, "->"))
				put_text(o, names[i++], word);
		if (str_word(&line, &word))
			put_value(o, STR("pid"), AS_INT, word);
		if (!str_word(&line, &word))
			continue;
		for (i = 0; i < 2 && str_part(&word, ':', &part); i++)
			put_text(o, of[i], part);
		put_value(o, STR("inode"), AS_INT, word);
		if (str_word(&line, &word))
			put_text(o, "start", word);
		if (str_word(&line, &word))
			put_text(o, "end", word);
	}
	return json_object_array_length(top) > 0;
}

/* --- consoles, crypto, rtc --------------------------------------------------------------------- */

struct letter { char letter; const char *means; };

static void
put_letters(struct json_object *o, const char *key, const struct letter *letters, struct str s)
{
	struct json_object *list = put_list(o, key);
	const struct letter *l;
	size_t i;

	for (i = 0; i < s.n; i++)
		for (l = letters; l->letter != '\0'; l++)
			if (l->letter == s.p[i])
				out_item_text(list, str_of(l->means));
}

/* "tty0                 -WU (ECp  )  4:7" */
bool
read_consoles(const struct format *f, struct str text, struct json_object *top)
{
	static const struct letter operations[] = { { 'R', "read" }, { 'W', "write" }, { 'U', "unblank" }, { 0, NULL } };
	static const struct letter marks[] = {
		{ 'E', "enabled" }, { 'C', "preferred" }, { 'B', "primary boot" }, { 'p', "printk buffer" }, { 'b', "braille device" },
		{ 'a', "safe when CPU offline" }, { 0, NULL },
	};
	struct str line, device, can, is, number;
	struct json_object *o;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &device) || !str_word(&line, &can) || !cut_between(line, "(", ")", &is) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "device", device);
		put_text(o, "operations", can);
		put_letters(o, "operations_list", operations, can);
		put_text(o, "flags", is);
		put_letters(o, "flags_list", marks, is);
		number = str_trim(after(line, ")"));
		put_value(o, STR("major"), AS_INT, before(number, ":"));
		put_value(o, STR("minor"), AS_INT, after(number, ":"));
	}
	return json_object_array_length(top) > 0;
}

/* Paragraphs of "name         : crc32c". */
bool
read_crypto(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[40];

	(void)f;
	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0) {
			o = NULL;
			continue;
		}
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || key.n >= sizeof(name) || (o == NULL && (o = out_item(top)) == NULL))
			continue;
		str_copy(name, sizeof(name), key);
		put_value(o, str_of(name), str_eq(key, "priority") || str_eq(key, "refcnt") || str_ends(key, "size") ? AS_INT : AS_TEXT, value);
	}
	return json_object_array_length(top) > 0;
}

/* "alarm_IRQ	: no" */
bool
read_rtc(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	char name[40];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || key.n >= sizeof(name))
			continue;
		str_copy(name, sizeof(name), key);
		if (str_eq(value, "yes") || str_eq(value, "no"))
			put_bool(top, name, str_eq(value, "yes"));
		else
			put_value(top, str_of(name), AS_INT, value);
		any = true;
	}
	return any;
}

/* --- of the network ---------------------------------------------------------------------------------- */

/* "TcpExt: SyncookiesSent ..." and below it the numbers. */
bool
read_net_netstat(const struct format *f, struct str text, struct json_object *top)
{
	struct str names, numbers, name, number;
	struct json_object *o;
	char key[64];

	(void)f;
	while (str_line(&text, &names) && str_line(&text, &numbers)) {
		if (str_find(names, ':') < 0 || !str_same(before(names, ":"), before(numbers, ":")) || (o = out_item(top)) == NULL)
			continue;
		name = before(names, ":");
		names = after(names, ":");
		numbers = after(numbers, ":");
		put_text(o, "type", name);
		while (str_word(&names, &name) && str_word(&numbers, &number))
			if (name.n < sizeof(key)) {
				str_copy(key, sizeof(key), name);
				put_value(o, str_of(key), AS_INT, number);
			}
	}
	return json_object_array_length(top) > 0;
}

/* A table whose two-letter columns are what a protocol can do, y or n; kernels differ in them. */
bool
read_protocols(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };
	struct json_object *o;
	unsigned i;

	if (!str_line(&text, &line) || !str_starts(line, "protocol ") || !columns_of(&c, line, 1))
		return false;
	while (str_line(&text, &line)) {
		if (columns_words(&c, line, cell) < c.n || (o = out_item(top)) == NULL)
			continue;
		for (i = 0; i < c.n; i++)
			put_value(o, str_of(c.at[i].name), kind_of(f->fields, c.at[i].name, AS_BOOL), cell[i]);
	}
	return true;
}

/* One socket a line, named or not. */
bool
read_net_unix(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[] = { "Num", "RefCount", "Protocol", "Flags", "Type", "St" };
	struct json_object *o;
	struct str line, word;
	bool heading = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "Num ")) {
			heading = true;
			continue;
		}
		if (!heading || str_trim(line).n == 0 || (o = out_item(top)) == NULL)
			continue;
		for (i = 0; i < 6 && str_word(&line, &word); i++)
			put_text(o, names[i], word);
		if (str_word(&line, &word))
			put_value(o, STR("Inode"), AS_INT, word);
		if (str_trim(line).n > 0)
			put_text(o, "Path", str_trim(line));
	}
	return heading;
}

/* One socket, as jc has it: the last of several. */
bool
read_packet(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *all = json_object_new_array(), *one;
	size_t n;
	bool any = read_fields(f, text, all);

	n = json_object_array_length(all);
	if (n > 0) {
		one = json_object_array_get_idx(all, n - 1);
		json_object_object_foreach(one, key, value)
			put_at(top, key, json_object_get(value));
	}
	json_object_put(all);
	return any;
}
