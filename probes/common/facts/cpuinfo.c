/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpuinfo - /proc/cpuinfo, which every architecture writes in its own way.
 *
 * Keys are rows: what it is called, what we call it. The first value counts:
 * the blocks of the other CPUs repeat it. What differs from CPU to CPU goes
 * into the list "cpus".
 */
#include "facts/cpu.h"

#include <json-c/json.h>
#include <stdio.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define CPUS_MAX 8192
#define FLAGS_MAX 1024

enum to {
	TO_TEXT,
	TO_REAL,
	TO_FLAGS,
	TO_ADDRESS,		/* "46 bits physical, 48 bits virtual" */
	TO_MODEL,		/* x86: a number; PowerPC, ARM: the machine */
};

static const struct {
	const char *key;
	const char *field;
	enum to to;
} keys[] = {
	{ "vendor_id", "vendor", TO_TEXT },
	{ "vendor", "vendor", TO_TEXT },		/* ia64 */
	{ "mvendorid", "vendor", TO_TEXT },		/* RISC-V */
	{ "model name", "model_name", TO_TEXT },
	{ "Model Name", "model_name", TO_TEXT },	/* LoongArch */
	{ "Processor", "model_name", TO_TEXT },		/* old ARM */
	{ "cpu model", "model_name", TO_TEXT },		/* MIPS */
	{ "uarch", "model_name", TO_TEXT },		/* RISC-V */
	{ "cpu", "model_name", TO_TEXT },		/* PowerPC, SPARC, PA-RISC */
	{ "cpu family", "family", TO_TEXT },
	{ "CPU Family", "family", TO_TEXT },
	{ "family", "family", TO_TEXT },
	{ "marchid", "family", TO_TEXT },
	{ "model", "model", TO_MODEL },
	{ "Model", "hardware", TO_TEXT },
	{ "mimpid", "model", TO_TEXT },
	{ "stepping", "stepping", TO_TEXT },
	{ "microcode", "microcode", TO_TEXT },
	{ "revision", "revision", TO_TEXT },
	{ "isa", "isa", TO_TEXT },
	{ "mmu", "mmu", TO_TEXT },
	{ "machine", "hardware", TO_TEXT },
	{ "system type", "hardware", TO_TEXT },
	{ "Hardware", "hardware", TO_TEXT },
	{ "platform", "platform", TO_TEXT },
	{ "arch", "platform", TO_TEXT },		/* ia64: IA-64 */
	{ "type", "hardware", TO_TEXT },		/* SPARC: sun4v */
	{ "Serial", "board_serial", TO_TEXT },
	{ "CPU implementer", "implementer", TO_TEXT },
	{ "CPU architecture", "architecture_level", TO_TEXT },
	{ "CPU variant", "variant", TO_TEXT },
	{ "CPU part", "part", TO_TEXT },
	{ "CPU revision", "revision", TO_TEXT },
	{ "bogomips", "bogomips", TO_REAL },
	{ "BogoMIPS", "bogomips", TO_REAL },
	{ "Bogomips", "bogomips", TO_REAL },
	{ "bogomips per cpu", "bogomips", TO_REAL },
	{ "flags", "flags", TO_FLAGS },
	{ "Features", "flags", TO_FLAGS },
	{ "features", "flags", TO_FLAGS },
	{ "address sizes", "", TO_ADDRESS },
};

/* What belongs to one CPU. */
static const struct {
	const char *key;
	const char *field;
	bool real;
} cpu_keys[] = {
	{ "physical id", "package", false },
	{ "book id", "book", false },			/* s390x */
	{ "drawer id", "drawer", false },
	{ "core id", "core", false },
	{ "cpu cores", "cores", false },
	{ "siblings", "siblings", false },
	{ "cpu MHz", "mhz", true },
	{ "CPU MHz", "mhz", true },
	{ "clock", "mhz", true },
	{ "cpu MHz dynamic", "mhz", true },
};

struct state {
	struct json_object *out, *cpus, *cpu;
	unsigned int count;
	uint64_t clock_hz;	/* SPARC: of all */
	uint64_t named;		/* one bit per row of keys[] that has been seen */
};

static void
put_flags(struct json_object *out, const char *field, struct str value)
{
	struct json_object *list = out_list(out, field);
	struct str word;
	unsigned int n = 0;

	while (n++ < FLAGS_MAX && str_word(&value, &word))
		out_item_text(list, word);
}

static void
put_address(struct json_object *out, struct str value)
{
	struct str part;
	uint64_t bits;

	while (str_part(&value, ',', &part))
		if (str_leading_u64(part, &bits))
			out_u64(out, str_ends(str_trim(part), "physical")
			    ? "address_bits_physical"
			    : "address_bits_virtual", bits);
}

static void
put_value(struct json_object *out, const char *field, enum to to,
    struct str value)
{
	uint64_t n;
	double real;

	if (to == TO_FLAGS)
		put_flags(out, field, value);
	else if (to == TO_ADDRESS)
		put_address(out, value);
	else if (to == TO_REAL && str_leading_double(value, &real))
		out_real(out, field, real);
	else if (to == TO_MODEL && !str_u64(value, 10, &n))
		out_text(out, "hardware", value);
	else if (to != TO_REAL)
		out_text(out, field, value);
}

static void
one_value(struct state *s, struct str key, struct str value)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!(s->named >> i & 1) && str_eq(key, keys[i].key)) {
			s->named |= (uint64_t)1 << i;
			if (!json_object_object_get_ex(s->out, keys[i].field,
				NULL))
				put_value(s->out, keys[i].field, keys[i].to,
				    value);
			return;
		}
}

static bool
cpu_value(struct state *s, struct str key, struct str value)
{
	uint64_t n;
	double real;
	size_t i;

	for (i = 0; i < sizeof(cpu_keys) / sizeof(cpu_keys[0]); i++) {
		if (!str_eq(key, cpu_keys[i].key))
			continue;
		if (cpu_keys[i].real && str_leading_double(value, &real))
			out_real(s->cpu, cpu_keys[i].field, real);
		if (!cpu_keys[i].real && str_u64(value, 10, &n))
			out_u64(s->cpu, cpu_keys[i].field, n);
		return true;
	}
	if (!str_eq(key, "cache size"))
		return false;
	if (str_leading_u64(value, &n) && n < UINT32_MAX)
		out_u64(s->cpu, "cache_bytes", n * 1024);
	return true;
}

static void
new_cpu(struct state *s, uint64_t number)
{
	if (++s->count > CPUS_MAX) {
		s->cpu = NULL;
		return;
	}
	s->cpu = out_item(s->cpus);
	out_u64(s->cpu, "cpu", number);
}

/* s390x: "processor 1: version = 00,  identification = 279F25,  machine = 2817" */
static void
s390_cpu(struct state *s, struct str key, struct str value)
{
	struct str part, name, text;
	uint64_t n;

	if (!str_u64(str_skip(key, sizeof("processor ") - 1), 10, &n))
		return;
	new_cpu(s, n);
	while (s->count == 1 && str_part(&value, ',', &part))
		if (str_pair(part, '=', &name, &text) &&
		    str_eq(name, "machine"))
			out_text(s->out, "machine_type", text);
}

/* s390x: "cache0 : level=1 type=Data scope=Private size=128K line_size=256 ..." */
static void
s390_cache(struct state *s, struct str value)
{
	struct json_object *list, *item;
	struct str word, name, text;
	uint64_t n;

	if (!json_object_object_get_ex(s->out, "caches", &list))
		list = out_list(s->out, "caches");
	if (list == NULL || json_object_array_length(list) >= 16)
		return;
	item = out_item(list);
	while (str_word(&value, &word)) {
		if (!str_pair(word, '=', &name, &text))
			continue;
		if (str_eq(name, "level") && str_u64(text, 10, &n))
			out_u64(item, "level", n);
		if (str_eq(name, "type"))
			out_cstr(item, "type", cpu_cache_type(text));
		if (str_eq(name, "size") && str_leading_u64(text, &n) &&
		    n < UINT32_MAX)
			out_u64(item, "size_bytes", n * 1024);
	}
}

/* s390x, below the list: "cpu number : 0" begins what there is to say of it. */
static void
choose_cpu(struct state *s, uint64_t number)
{
	size_t i, n = json_object_array_length(s->cpus);

	for (i = number < n ? number : 0; i < n; i++) {
		s->cpu = json_object_array_get_idx(s->cpus, i);
		if (out_get_u64(s->cpu, "cpu") == number)
			return;
	}
	s->cpu = NULL;
}

/* SPARC: "CPU0: online" below "State:", and the clock "Cpu0ClkTck : 3b9ac9f4". */
static bool
sparc_line(struct state *s, struct str key, struct str value)
{
	struct str number = str_skip(key, 3);
	uint64_t n, hz;

	if (str_starts(key, "CPU") && str_eq(value, "online") &&
	    str_u64(number, 10, &n)) {
		new_cpu(s, n);
		if (s->clock_hz > 0)
			out_real(s->cpu, "mhz", (double)s->clock_hz / 1e6);
		return true;
	}
	if (str_starts(key, "Cpu") && str_ends(key, "ClkTck") &&
	    str_u64(value, 16, &hz)) {
		s->clock_hz = hz;
		return true;
	}
	return false;
}

static void
one_line(struct state *s, struct str line)
{
	struct str key, value;
	uint64_t n;

	if (!str_pair(line, ':', &key, &value))
		return;
	/* Old ARM kernels have a line "Processor : ARMv7 ..." beside "processor : 0". */
	if ((str_eq(key, "processor") || str_eq(key, "Processor")) &&
	    str_u64(value, 10, &n))
		new_cpu(s, n);
	else if (str_eq(key, "processor"))
		one_value(s, STR("model name"), value);
	else if (str_starts(key, "processor "))
		s390_cpu(s, key, value);
	else if (str_eq(key, "cpu number") && str_u64(value, 10, &n))
		choose_cpu(s, n);
	else if (sparc_line(s, key, value))
		return;
	else if (str_starts(key, "cache") && str_starts(value, "level="))
		s390_cache(s, value);
	else if (!cpu_value(s, key, value))
		one_value(s, key, value);
}

int
parse_cpuinfo(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line;
	struct state s = { .out = out };

	s.cpus = out_list(out, "cpus");
	while (str_line(&rest, &line))
		one_line(&s, line);
	/* A kernel without SMP may leave the number out. */
	if (s.count == 0 && s.named != 0)
		new_cpu(&s, 0);
	out_u64(out, "cpuinfo_processors", s.count);
	return s.count > 0 ? 0 : -1;
}
