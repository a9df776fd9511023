/* SPDX-License-Identifier: Apache-2.0 */
/* cpuinfo - /proc/cpuinfo as an inventory takes it: logical processors, packages, the board; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

#define PACKAGES_MAX 1024

static struct str
text_at(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? str_of(json_object_get_string(v)) : (struct str){ "", 0 };
}

/* With single blanks, as text. */
static void
put_collapsed(struct json_object *o, const char *key, struct str value)
{
	struct str word, rest = value;
	size_t single = 0;

	while (str_word(&rest, &word))
		single += word.n + 1;
	if (single == value.n + 1) {
		put_text(o, key, value);
		return;
	}
	put_text(o, key, str_left(value, 0));
	while (str_word(&value, &word))
		put_more(o, key, word, " ");
}

/* --- processors ---------------------------------------------------------------------------- */

static void
end_processor(struct json_object *top, struct json_object *o)
{
	if (json_object_object_get_ex(o, "processor", NULL) || json_object_object_get_ex(o, "cpu", NULL)
	    || json_object_object_get_ex(o, "cpu model", NULL))
		(void)json_object_array_add(top, o);
	else
		json_object_put(o);	/* about the board */
}

/* "processor 0: version = FF,  identification = 0123F7,  machine = 2964" of s390x is a line each. */
static bool
s390_processor(struct json_object *top, const char *name, struct str value)
{
	struct json_object *o;
	struct str part, key, is;

	if (strncmp(name, "processor ", 10) != 0 || find(value, "machine") == NULL || (o = out_item(top)) == NULL)
		return false;
	put_text(o, "processor", str_of(name + 10));
	while (str_part(&value, ',', &part))
		if (str_pair(part, '=', &key, &is) && key.n < 40)
			put_value(o, key, AS_TEXT, is);
	return true;
}

/* One object for each paragraph that is about a processor, its keys in small letters. */
bool
read_cpu_processors(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[64], *p;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0 && o != NULL) {
			end_processor(top, o);
			o = NULL;
		}
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || value.n == 0)
			continue;
		str_copy(name, sizeof(name), key);
		for (p = name; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
		if (s390_processor(top, name, value))
			continue;
		if (o == NULL)
			o = json_object_new_object();
		put_collapsed(o, name, value);
	}
	if (o != NULL)
		end_processor(top, o);
	return json_object_array_length(top) > 0;
}

/* --- packages ---------------------------------------------------------------------------------- */

static void
put_speed_of_name(struct json_object *o, struct str name)
{
	const char *at = name.n > 0 ? memrchr(name.p, ' ', name.n) : NULL;
	struct str last = at == NULL ? name : from_to(at + 1, name.p + name.n);
	char text[24];
	double d;

	if (!real_of(last, &d) || d <= 0 || d > 1e6 || (find(last, "GHz") == NULL && find(last, "MHz") == NULL))
		return;
	snprintf(text, sizeof(text), "%.0f", find(last, "GHz") != NULL ? d * 1000 : d);
	put_text(o, "speed_mhz", str_of(text));
}

static struct str
vendor_of(struct str id)
{
	static const char *const names[][2] = {
		{ "GenuineIntel", "Intel" }, { "AuthenticAMD", "AMD" }, { "CentaurHauls", "VIA" }, { "GenuineTMx86", "Transmeta" },
		{ "HygonGenuine", "Hygon" }, { "TransmetaCPU", "Transmeta" }, { "CyrixInstead", "Cyrix" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(id, names[i][0]))
			return str_of(names[i][1]);
	return id;
}

/* Cores as the file has them, or 1; threads of one core from both counts. */
static void
put_cores(struct json_object *o, struct json_object *cpu)
{
	struct str cores = text_at(cpu, "cpu cores"), siblings = text_at(cpu, "siblings");
	int64_t c, s;
	char text[24];

	if (!str_i64(cores, &c) || c < 1) {
		put_int(o, "cores_per_package", 1);
		put_int(o, "threads_per_core", 1);
		return;
	}
	put_text(o, "cores_per_package", cores);
	if (str_i64(siblings, &s) && s >= c) {
		snprintf(text, sizeof(text), "%lld", (long long)(s / c));
		put_text(o, "threads_per_core", str_of(text));
	}
}

static void
x86_package(struct json_object *o, struct json_object *cpu)
{
	static const char *const same[][2] = { { "familynumber", "cpu family" }, { "model", "model" }, { "stepping", "stepping" }, { "name", "model name" } };
	size_t i;

	for (i = 0; i < 4; i++)
		if (text_at(cpu, same[i][1]).n > 0)
			put_text(o, same[i][0], text_at(cpu, same[i][1]));
	put_text(o, "manufacturer", vendor_of(text_at(cpu, "vendor_id")));
	put_cores(o, cpu);
	put_speed_of_name(o, text_at(cpu, "model name"));
}

/* Which architecture has such a paragraph, and where the name of the processor is. */
static const struct { const char *mark, *arch, *name; } archs[] = {
	{ "vendor_id", "i386", NULL }, { "cpu implementer", "arm", "processor" }, { "ncpus probed", "sparc", "cpu" },
	{ "cpus detected", "alpha", "cpu model" }, { "cpu part", "arm", "processor" }, { "system type", "mips", "cpu model" },
	{ "asids implemented", "mips", "cpu model" }, { "uarch", "riscv", "uarch" }, { "isa", "riscv", "isa" }, { "clock", "powerpc", "cpu" },
	{ "cpu", "powerpc", "cpu" }, { "machine", "s390", "machine" }, { "features", "arm", "processor" }, { "cpu model", "mips", "cpu model" },
};

static int
arch_of(struct json_object *cpu)
{
	size_t i;

	for (i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (json_object_object_get_ex(cpu, archs[i].mark, NULL))
			return (int)i;
	return -1;
}

static void
other_package(struct json_object *o, struct json_object *cpu, const char *name)
{
	struct str clock = text_at(cpu, "clock"), by_model = text_at(cpu, "model name"), named = text_at(cpu, name);
	char text[24];
	uint64_t number;
	double d;

	if (by_model.n == 0 && strcmp(name, "machine") != 0 && str_u64(named, 10, &number))
		named.n = 0;	/* of new ARM: the count of processors */
	if ((by_model.n > 0 ? by_model : named).n > 0)
		put_text(o, "name", by_model.n > 0 ? by_model : named);
	if (real_of(clock, &d) && d > 0 && d < 1e9) {
		snprintf(text, sizeof(text), "%.0f", d);
		put_text(o, "speed_mhz", str_of(text));
	}
}

/* True when the package of CPU has been told of: one of x86 names it by a number. */
static bool
seen(struct json_object *cpu, int64_t *ids, unsigned *n)
{
	int64_t id;
	unsigned i;

	if (!str_i64(text_at(cpu, "physical id"), &id))
		return false;
	for (i = 0; i < *n; i++)
		if (ids[i] == id)
			return true;
	if (*n < PACKAGES_MAX)
		ids[(*n)++] = id;
	return false;
}

bool
read_cpu_packages(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *cpus = json_object_new_array(), *cpu, *o;
	int64_t ids[PACKAGES_MAX], times;
	unsigned known = 0;
	size_t i;
	int arch;

	(void)read_cpu_processors(f, text, cpus);
	for (i = 0; i < json_object_array_length(cpus); i++) {
		cpu = json_object_array_get_idx(cpus, i);
		arch = arch_of(cpu);
		if (arch < 0 || seen(cpu, ids, &known))
			continue;
		/* One paragraph may be about several. */
		if (!str_i64(text_at(cpu, "ncpus active"), &times) && !str_i64(text_at(cpu, "cpus active"), &times))
			times = 1;
		for (; times > 0 && times <= PACKAGES_MAX && json_object_array_length(top) < PACKAGES_MAX; times--) {
			o = out_item(top);
			put_text(o, "arch", str_of(archs[arch].arch));
			if (archs[arch].name == NULL)
				x86_package(o, cpu);
			else
				other_package(o, cpu, archs[arch].name);
		}
	}
	json_object_put(cpus);
	return json_object_array_length(top) > 0;
}

/* --- board ---------------------------------------------------------------------------------------- */

/* The paragraph about the board of an ARM, as it is, and as an inventory says it. */
bool
read_cpu_board(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[][3] = {
		{ "Hardware", "hardware", "board_model" }, { "Revision", "revision", "board_serial" }, { "Serial", "serial", "system_serial" },
		{ "Model", "model", "system_model" },
	};
	struct json_object *plain = NULL, *names = NULL;
	struct str line, key, value;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || value.n == 0)
			continue;
		for (i = 0; i < 4; i++)
			if (str_eq(key, keys[i][0])) {
				if (plain == NULL) {
					plain = out_item(top);
					names = out_item(top);
				}
				put_text(plain, keys[i][1], value);
				put_text(names, keys[i][2], value);
			}
	}
	return plain != NULL;
}
