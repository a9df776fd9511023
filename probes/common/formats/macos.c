/* SPDX-License-Identifier: Apache-2.0 */
/* macos - system_profiler: all of it as a tree, and memory, processors and displays out of it; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <strings.h>

#include "formats/cut.h"

#define DEPTH_MAX 24
#define CPUS_MAX 64

/* --- the tree ------------------------------------------------------------------------------ */

struct level { struct json_object *o; unsigned indent; };

/* "Memory Slots:" has what is indented below; "Size: 2 GB" is a value. */
static bool
profile(struct str text, struct json_object *top)
{
	struct level at[DEPTH_MAX] = { { top, 0 } };
	struct str line, key, value;
	unsigned n = 1, indent;
	bool any = false;

	while (str_line(&text, &line)) {
		indent = cut_indent(line) + 1;
		line = str_trim(line);
		if (line.n == 0)
			continue;
		while (n > 1 && at[n - 1].indent >= indent)
			n--;
		if (str_ends(line, ":")) {
			if (n < DEPTH_MAX) {
				at[n] = (struct level){ put_object_at(at[n - 1].o, str_left(line, line.n - 1)), indent };
				n++;
			}
			any |= n == 2;
		} else if (n > 1 && cut_at(line, ": ", &key, &value)) {
			put_value(at[n - 1].o, key, AS_TEXT, str_trim(value));
		}
	}
	return any;
}

bool
read_profiler_tree(const struct format *f, struct str text, struct json_object *top)
{
	(void)f;
	return profile(text, top);
}

/* Whatever the letters: "Number Of Processors" of old, "Number of Processors" now. */
static struct json_object *
member(struct json_object *o, const char *key)
{
	if (!json_object_is_type(o, json_type_object))
		return NULL;
	json_object_object_foreach(o, name, value) {
		if (strcasecmp(name, key) == 0)
			return value;
	}
	return NULL;
}

static struct str
text_of(struct json_object *o, const char *key)
{
	struct json_object *value = member(o, key);

	return json_object_is_type(value, json_type_string) ? str_of(json_object_get_string(value)) : (struct str){ "", 0 };
}

/* The first of KEYS that is there. */
static struct str
text_of_any(struct json_object *o, const char *const *keys)
{
	struct str s = { "", 0 };

	for (; *keys != NULL && s.n == 0; keys++)
		s = text_of(o, *keys);
	return s;
}

/* --- memory ---------------------------------------------------------------------------------- */

/* "0x4D342037..." of a part number is text in hexadecimal digits, of nothing but zeros none. */
static struct str
unhex(struct str s, char *buf, size_t size)
{
	uint64_t byte;
	size_t n = 0, i;

	if (!str_starts(s, "0x"))
		return s;
	for (i = 2; i + 1 < s.n && n + 1 < size && str_u64((struct str){ s.p + i, 2 }, 16, &byte); i += 2)
		if (byte >= ' ' && byte < 0x7f)
			buf[n++] = (char)byte;
	return str_trim((struct str){ buf, n });
}

/* "BANK 0/DIMM1", "DIMM0/J11": the digits behind DIMM. */
static int64_t
slot_of(struct str name)
{
	uint64_t n;

	return cut_at(name, "DIMM", NULL, &name) && str_leading_u64(str_trim(name), &n) && n < 1000 ? (int64_t)n : 0;
}

static void
put_mb(struct json_object *o, const char *key, struct str size)
{
	uint64_t mb;
	char text[24];

	if (!cut_megabytes(size, &mb))
		return;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)mb);
	put_text(o, key, str_of(text));
}

static void
put_module(struct json_object *list, struct str name, struct json_object *module)
{
	struct str size = text_of(module, "Size"), status = text_of(module, "Status"), speed = text_of(module, "Speed");
	struct json_object *o;
	char text[100];
	uint64_t n;

	if (size.n == 0 || !isdigit((unsigned char)size.p[0]) || (o = out_item(list)) == NULL)
		return;		/* "Empty" */
	put_mb(o, "capacity_mb", size);
	put_int(o, "slot", slot_of(name));
	put_known(o, "type", text_of(module, "Type"));
	put_known(o, "serial", text_of(module, "Serial Number"));
	put_known(o, "description", unhex(text_of(module, "Part Number"), text, sizeof(text)));
	if (status.n > 0 && status.n < 80) {
		snprintf(text, sizeof(text), "Status: %.*s", (int)status.n, status.p);
		put_text(o, "caption", str_of(text));
	}
	if (str_leading_u64(speed, &n) && n < 1000000) {
		snprintf(text, sizeof(text), "%u", (unsigned)n);
		put_text(o, "speed_mhz", str_of(text));
	}
}

/* Modules stand below "Memory Slots", or as they are; of Apple's own processors memory is no module. */
static void
put_modules(struct json_object *list, struct json_object *memory, unsigned depth)
{
	struct json_object *o;

	json_object_object_foreach(memory, name, below) {
		if (!json_object_is_type(below, json_type_object))
			continue;
		if (find(str_of(name), "DIMM") != NULL)
			put_module(list, str_of(name), below);
		else if (depth > 0)
			put_modules(list, below, depth - 1);
	}
	if (depth == 0 || text_of(memory, "Memory").n == 0 || (o = out_item(list)) == NULL)
		return;
	put_mb(o, "capacity_mb", text_of(memory, "Memory"));
	put_known(o, "type", text_of(memory, "Type"));
	put_text(o, "description", STR("Integrated memory"));
	put_int(o, "slot", 0);
}

bool
read_profiler_memories(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *tree = json_object_new_object(), *memory;

	(void)f;
	(void)profile(text, tree);
	memory = member(tree, "Memory");
	if (json_object_is_type(memory, json_type_object))
		put_modules(top, memory, 1);
	json_object_put(tree);
	return json_object_array_length(top) > 0;
}

/* --- the machine ---------------------------------------------------------------------------------- */

/* How much memory there is, in MB: "memory". */
bool
read_profiler_memory(const struct format *f, struct str text, struct json_object *doc)
{
	struct json_object *tree = json_object_new_object();
	uint64_t mb;
	bool any;

	(void)f;
	(void)profile(text, tree);
	any = cut_megabytes(text_of(member(member(tree, "Hardware"), "Hardware Overview"), "Memory"), &mb);
	if (any)
		put_int(doc, "memory", (int64_t)mb);
	json_object_put(tree);
	return any;
}

/* "2,26 GHz" where a comma is the point. */
static void
put_mhz(struct json_object *o, struct str speed)
{
	char text[40];
	double d;
	char *p;

	str_copy(text, sizeof(text), speed);
	for (p = text; *p != '\0'; p++)
		*p = *p == ',' ? '.' : *p;
	if (!real_of(str_of(text), &d) || d <= 0 || d > 1e6)
		return;
	snprintf(text, sizeof(text), "%.0f", find(speed, "GHz") != NULL ? d * 1000 : d);
	put_text(o, "speed_mhz", str_of(text));
}

static void
put_cpu(struct json_object *o, struct json_object *overview, uint64_t processors)
{
	static const char *const names[] = { "Processor Name", "CPU Type", "Chip", NULL }, *const speeds[] = { "Processor Speed", "CPU Speed", NULL };
	static const char *const makers[] = { "Intel", "Apple", "AMD" };
	struct str name = text_of_any(overview, names);
	uint64_t cores;
	char text[24];
	size_t i;

	put_known(o, "name", name);
	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (find(name, makers[i]) != NULL)
			put_text(o, "manufacturer", str_of(makers[i]));
	put_mhz(o, text_of_any(overview, speeds));
	if (!str_leading_u64(text_of(overview, "Total Number of Cores"), &cores))
		return;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)(cores / processors));
	put_text(o, "cores_per_package", str_of(text));
}

bool
read_profiler_cpus(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[] = { "Processor Name", "CPU Type", "Chip", NULL };
	static const char *const counts[] = { "Number of Processors", "Number of CPUs", NULL };
	struct json_object *tree = json_object_new_object(), *overview;
	uint64_t n = 1, i;

	(void)f;
	(void)profile(text, tree);
	overview = member(member(tree, "Hardware"), "Hardware Overview");
	if (!str_leading_u64(text_of_any(overview, counts), &n) || n == 0 || n > CPUS_MAX)
		n = 1;
	for (i = 0; i < n && text_of_any(overview, names).n > 0; i++)
		put_cpu(out_item(top), overview, n);
	json_object_put(tree);
	return json_object_array_length(top) > 0;
}

/* --- displays ---------------------------------------------------------------------------------------- */

/* Of the first screen that says one: "1920 x 1080 @ 60 Hz". */
static void
put_resolution(struct json_object *o, struct json_object *screens)
{
	struct str s, x, by, y;
	char text[40];

	if (!json_object_is_type(screens, json_type_object))
		return;
	json_object_object_foreach(screens, name, screen) {
		(void)name;
		s = text_of(screen, "Resolution");
		if (!str_word(&s, &x) || !str_word(&s, &by) || !str_eq(by, "x") || !str_word(&s, &y) || x.n + y.n > 20)
			continue;
		snprintf(text, sizeof(text), "%.*sx%.*s", (int)x.n, x.p, (int)y.n, y.p);
		put_text(o, "resolution", str_of(text));
		return;
	}
}

bool
read_profiler_displays(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const memories[] = { "VRAM (Total)", "VRAM (Dynamic, Max)", "VRAM", NULL }, *const slots[] = { "Slot", "Bus", NULL };
	struct json_object *tree = json_object_new_object(), *cards, *o;

	(void)f;
	(void)profile(text, tree);
	cards = member(tree, "Graphics/Displays");
	if (json_object_is_type(cards, json_type_object)) {
		json_object_object_foreach(cards, name, card) {
			if (!json_object_is_type(card, json_type_object) || (o = out_item(top)) == NULL)
				continue;
			put_text(o, "name", str_of(name));
			put_known(o, "chipset", text_of(card, "Chipset Model"));
			put_mb(o, "memory", text_of_any(card, memories));
			put_known(o, "pci_slot", text_of_any(card, slots));
			put_resolution(o, member(card, "Displays"));
		}
	}
	json_object_put(tree);
	return json_object_array_length(top) > 0;
}
