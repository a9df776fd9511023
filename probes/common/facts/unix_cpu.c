/* SPDX-License-Identifier: Apache-2.0 */
/* unix_cpu - the sections cpu and memory of systems that are no Linux. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/pick.h"
#include "facts/unix.h"

static const struct pick cpu_rows[] = {
	{ "freebsd", "sysctl", "machdep.cpu_brand", "model_name", PICK_TEXT },	/* NetBSD, whose model is a class */
	{ "freebsd", "sysctl", "hw.model", "model_name", PICK_TEXT },
	{ "freebsd", "sysctl", "hw.ncpu", "logical_online", PICK_COUNT },
	{ "freebsd", "sysctl", "kern.smp.cores", "cores", PICK_COUNT },
	{ "freebsd", "sysctl", "kern.smp.threads_per_core", "threads_per_core", PICK_COUNT },
	{ "freebsd", "sysctl", "hw.clockrate", "mhz", PICK_MHZ },
	{ "freebsd", "sysctl", "hw.cpuspeed", "mhz", PICK_MHZ },	/* OpenBSD */
	{ "freebsd", "sysctl", "hw.ncpuonline", "logical_online", PICK_COUNT },
	{ "macos", "sysctl", "machdep.cpu.brand_string", "model_name", PICK_TEXT },
	{ "macos", "sysctl", "machdep.cpu.vendor", "vendor", PICK_TEXT },
	{ "macos", "sysctl", "machdep.cpu.family", "family", PICK_TEXT },
	{ "macos", "sysctl", "machdep.cpu.model", "model", PICK_TEXT },
	{ "macos", "sysctl", "machdep.cpu.stepping", "stepping", PICK_TEXT },
	{ "macos", "sysctl", "hw.packages", "sockets", PICK_COUNT },
	{ "macos", "sysctl", "hw.physicalcpu", "cores", PICK_COUNT },
	{ "macos", "sysctl", "hw.logicalcpu", "logical_online", PICK_COUNT },
	{ "macos", "sysctl", "hw.cpufrequency", "mhz", PICK_MHZ },
	{ "macos", "system_profiler", "Chip", "model_name", PICK_TEXT },
	{ "macos", "system_profiler", "Processor Name", "model_name", PICK_TEXT },
	{ "macos", "system_profiler", "Processor Speed", "mhz", PICK_MHZ },
	{ "macos", "system_profiler", "Number Of Processors", "sockets", PICK_COUNT },
	{ "macos", "system_profiler", "Number of Processors", "sockets", PICK_COUNT },
	{ "macos", "system_profiler", "Total Number Of Cores", "cores", PICK_COUNT },
	{ "macos", "system_profiler", "Total Number of Cores", "cores", PICK_COUNT },
	{ "aix", "lsconf", "Processor Type", "model_name", PICK_TEXT },
	{ "aix", "lsconf", "Number Of Processors", "cores", PICK_COUNT },
	{ "aix", "lsconf", "Processor Clock Speed", "mhz", PICK_MHZ },
	{ "hpux", "machinfo", "Number of CPUs", "logical_online", PICK_COUNT },
	{ "hpux", "machinfo", "Clock speed", "mhz", PICK_MHZ },
	{ "hpux", "machinfo", "processor model", "model_name", PICK_TEXT },
	{ NULL, NULL, NULL, NULL, PICK_TEXT },
};

/* "  2 Intel(R) Itanium 2 processors (1.6 GHz, 9 MB)", and perhaps "  8 logical processors (4 per socket)". */
static void
hp_line(struct str line, struct json_object *out)
{
	struct str rest = str_trim(line), word;
	long open = str_find(rest, '(');
	uint64_t n;
	double mhz;
	size_t i;

	if (!str_word(&rest, &word) || !str_u64(word, 10, &n))
		return;
	rest = str_trim(rest);
	if (str_starts(rest, "logical processor")) {
		out_u64(out, "logical_online", n);
		return;
	}
	for (i = 0; i + 9 < rest.n && strncasecmp(rest.p + i, "processor", 9) != 0; i++)
		;
	if (i + 9 >= rest.n || json_object_object_get_ex(out, "sockets", NULL))
		return;
	out_u64(out, "sockets", n);
	out_u64(out, "logical_online", n);
	/* The bracket with the clock is the last one: names have others. */
	for (open = (long)rest.n - 1; open > 0 && rest.p[open] != '('; open--)
		;
	out_text(out, "model_name", str_left(rest, (size_t)open));
	if (pick_scaled(str_skip(rest, (size_t)open + 1), 1000, &mhz))
		out_real(out, "mhz", mhz > 100000 ? mhz / 1e6 : mhz);
}

/* The older machinfo: "processor model:   2   Intel(R) Itanium 2 processor". */
static void
drop_number(struct json_object *out)
{
	const char *name = out_get_text(out, "model_name");
	char text[256];
	size_t n = name == NULL ? 0 : strspn(name, "0123456789");

	if (n == 0 || name[n] != ' ')
		return;
	str_copy(text, sizeof(text), str_trim(str_of(name + n)));
	out_cstr(out, "model_name", text);
}

/* The newer machinfo; that of PA-RISC counts lines of ioscan. */
static void
hp_cpu(struct facts_source *src, struct json_object *out)
{
	struct facts_bytes b;
	struct str rest, line;
	uint64_t n = 0;

	out_cstr(out, "vendor", "Intel");
	drop_number(out);
	if (facts_command(src, "machinfo", &b) == 0) {
		rest = (struct str){ b.data, b.len };
		while (str_line(&rest, &line) && !str_starts(line, "Memory"))
			hp_line(line, out);
		facts_bytes_free(&b);
		return;
	}
	out_cstr(out, "vendor", "HP");
	if (facts_command(src, "ioscan-cpu", &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		n += str_starts(line, "processor");
	if (n > 0)
		out_u64(out, "logical_online", n);
	facts_bytes_free(&b);
}

/* psrinfo -pv: a chip is "The physical processor has 8 cores and 32 virtual processors (0-31)", its clock stands below. */
struct chips { uint64_t sockets, cores, threads; };

static void
sun_chip(struct str line, struct chips *c, struct json_object *out)
{
	struct str rest = line, word, next;
	const char *clock;
	uint64_t n, cores = 0, threads = 0;
	double mhz;

	if (str_starts(line, "The physical processor has")) {
		for (rest = str_skip(line, strlen("The physical processor has")); str_word(&rest, &word) && word.p[0] != '(';)
			if (str_u64(word, 10, &n) && str_word(&rest, &next)) {
				if (str_starts(next, "core"))
					cores = n;
				else if (str_starts(next, "virtual"))
					threads = n;
			}
		c->sockets++;
		c->threads += threads;
		c->cores += cores;
		return;
	}
	clock = memmem(line.p, line.n, "clock ", 6);
	if (clock != NULL && pick_scaled(str_skip(line, (size_t)(clock - line.p) + 6), 1000, &mhz) && !json_object_object_get_ex(out, "mhz", NULL)) {
		out_real(out, "mhz", mhz > 100000 ? mhz / 1e6 : mhz);
		out_text(out, "model_name", str_left(line, strcspn(line.p, "(\n") < line.n ? strcspn(line.p, "(\n") : line.n));
		return;
	}
	/* x86: the maker's name is a line of its own. */
	if (line.n > 8 && memmem(line.p, line.n, "virtual processor", 17) == NULL && json_object_object_get_ex(out, "mhz", NULL) &&
	    out_get_text(out, "model_name") != NULL && strcmp(out_get_text(out, "model_name"), "x86") == 0)
		out_text(out, "model_name", line);
}

static void
sun_cpu(struct facts_source *src, struct json_object *out)
{
	struct chips c = { 0, 0, 0 };
	struct facts_bytes b;
	struct str rest, line;

	if (facts_command(src, "psrinfo", &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		sun_chip(str_trim(line), &c, out);
	facts_bytes_free(&b);
	if (c.sockets == 0)
		return;
	out_u64(out, "sockets", c.sockets);
	out_u64(out, "logical_online", c.threads);
	if (c.cores > 0) {
		out_u64(out, "cores", c.cores);
		out_u64(out, "cores_per_socket", c.cores / c.sockets);
		out_u64(out, "threads_per_core", c.threads / c.cores);
	}
}

/* "The available processors are:  0 1 2 3". */
static void
aix_threads(struct facts_source *src, struct json_object *out)
{
	char text[FACTS_SMALL];
	struct str rest, word;
	uint64_t n = 0, id;

	if (facts_read_small(src, "commands/bindprocessor", text, sizeof(text)) < 0)
		return;
	for (rest = str_of(text); str_word(&rest, &word);)
		n += str_u64(word, 10, &id);
	if (n > 0)
		out_u64(out, "logical_online", n);
}

int
facts_unix_cpu(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);
	uint64_t cores, threads, sockets;
	char arch[64];

	(void)err;
	facts_uname(src, facts_is(sys, "aix") || facts_is(sys, "solaris") ? UNAME_P : UNAME_M, arch, sizeof(arch));
	out_cstr(out, "architecture", arch);
	pick_all(src, sys, cpu_rows, out);
	if (facts_is(sys, "hpux"))
		hp_cpu(src, out);
	else if (facts_is(sys, "solaris"))
		sun_cpu(src, out);
	else if (facts_is(sys, "aix")) {
		out_cstr(out, "vendor", "IBM");
		aix_threads(src, out);
	}
	cores = out_get_u64(out, "cores");
	threads = out_get_u64(out, "logical_online");
	sockets = out_get_u64(out, "sockets");
	if (sockets > 0 && cores >= sockets)
		out_u64(out, "cores_per_socket", cores / sockets);
	if (cores > 0 && threads >= cores && !json_object_object_get_ex(out, "threads_per_core", NULL))
		out_u64(out, "threads_per_core", threads / cores);
	return json_object_object_get_ex(out, "logical_online", NULL) || cores > 0 ? 0 :
	    facts_say(err, "missing", "nothing tells which processors there are");
}

/* --- memory --------------------------------------------------------------------- */

static const struct pick memory_rows[] = {
	{ "freebsd", "sysctl", "hw.physmem64", "mem_total_bytes", PICK_BYTES },	/* NetBSD */
	{ "freebsd", "sysctl", "hw.physmem", "mem_total_bytes", PICK_BYTES },
	{ "macos", "sysctl", "hw.memsize", "mem_total_bytes", PICK_BYTES },
	{ "macos", "system_profiler", "Memory", "mem_total_bytes", PICK_BYTES },
	{ "solaris", "prtconf", "Memory size", "mem_total_bytes", PICK_BYTES },
	{ "solaris", "prtdiag", "Memory size", "mem_total_bytes", PICK_BYTES },
	{ "aix", "lsconf", "Memory Size", "mem_total_bytes", PICK_BYTES },
	{ "hpux", "machinfo", "Memory", "mem_total_bytes", PICK_BYTES },
	{ NULL, NULL, NULL, NULL, PICK_TEXT },
};

/* Which column of a line holds what, counted from 0, and the unit of its sizes; a unit of 0: it is written there. */
static const struct swap {
	const char *system, *command;
	int device, size, used, free;	/* -1: there is none */
	uint64_t unit;
} swaps[] = {
	{ "freebsd", "swapinfo", 0, 1, 2, 3, 1024 },
	{ "solaris", "swap", 0, 3, -1, 4, 512 },
	{ "aix", "lsps", 0, 3, -1, -1, 0 },
	{ "hpux", "swapinfo", 8, 1, 2, 3, 1024 },
};

static bool
swap_line(const struct swap *s, struct str line, struct json_object *items, uint64_t *total, uint64_t *left)
{
	struct str word, device = STR("");
	uint64_t v[4] = { 0 }, n;
	struct json_object *item;
	double scaled;
	int i;

	for (i = 0; str_word(&line, &word); i++) {
		if (i == s->device)
			device = word;
		if (i == s->size && s->unit == 0 && pick_scaled(word, 1024, &scaled))
			v[1] = (uint64_t)scaled;
		else if ((i == s->size || i == s->used || i == s->free) && str_u64(word, 10, &n) && n < (1ULL << 50))
			v[i == s->size ? 1 : i == s->used ? 2 : 3] = n * (s->unit == 0 ? 1 : s->unit);
	}
	if (v[1] == 0 || device.n == 0 || !(device.p[0] == '/' || s->unit == 0))
		return false;
	item = out_item(items);
	out_text(item, "device", device);
	out_u64(item, "size_bytes", v[1]);
	if (s->used >= 0 || s->free >= 0)
		out_u64(item, "used_bytes", s->used >= 0 ? v[2] : v[1] >= v[3] ? v[1] - v[3] : 0);
	*total += v[1];
	*left += s->free >= 0 ? v[3] : 0;
	return true;
}

static void
put_swaps(struct facts_source *src, const struct facts_system *sys, struct json_object *out)
{
	struct json_object *items = NULL;
	uint64_t total = 0, left = 0;
	struct facts_bytes b;
	struct str rest, line;
	size_t i;

	for (i = 0; i < sizeof(swaps) / sizeof(swaps[0]); i++) {
		if (!facts_is(sys, swaps[i].system) || facts_command(src, swaps[i].command, &b) < 0)
			continue;
		items = out_list(out, "swaps");
		for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
			(void)swap_line(&swaps[i], line, items, &total, &left);
		out_u64(out, "swap_total_bytes", total);
		if (swaps[i].free >= 0)
			out_u64(out, "swap_free_bytes", left);
		facts_bytes_free(&b);
	}
}

/* "total = 2048.00M  used = 1135.00M  free = 913.00M". */
static void
mac_swap(struct facts_source *src, struct json_object *out)
{
	static const struct { const char *word, *field; } rows[] = { { "total = ", "swap_total_bytes" }, { "free = ", "swap_free_bytes" } };
	struct facts_bytes b;
	struct str value;
	const char *at;
	double v;
	size_t i;

	if (facts_command(src, "sysctl", &b) < 0)
		return;
	if (pick_value((struct str){ b.data, b.len }, "vm.swapusage", &value))
		for (i = 0; i < 2; i++) {
			at = memmem(value.p, value.n, rows[i].word, strlen(rows[i].word));
			if (at != NULL && pick_scaled(str_skip(value, (size_t)(at - value.p) + strlen(rows[i].word)), 1024, &v))
				out_u64(out, rows[i].field, (uint64_t)v);
		}
	facts_bytes_free(&b);
}

int
facts_unix_memory(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);

	pick_all(src, sys, memory_rows, out);
	put_swaps(src, sys, out);
	if (facts_is(sys, "macos"))
		mac_swap(src, out);
	return json_object_object_get_ex(out, "mem_total_bytes", NULL) ? 0 : facts_say(err, "missing", "nothing tells how much memory there is");
}
