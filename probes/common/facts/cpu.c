/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu - the processors: what they are, how many, how they hang together.
 */
#include "facts/cpu.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/sections.h"

#define DIR "sys/devices/system/cpu"
#define CPUINFO_MAX (32u << 20)

static bool
is_offline(struct facts_source *src, const char *name)
{
	char path[FACTS_PATH_MAX], text[16];

	return facts_path(path, DIR "/%s/online", name) &&
	    facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    strcmp(text, "0") == 0;
}

/* The CPUs that have a folder, for kernels without the file "online". */
static void
sets_of_folders(struct facts_source *src, struct cpu_sets *sets)
{
	struct facts_names names;
	uint64_t cpu;
	size_t i;

	if (facts_list(src, DIR, &names) < 0)
		return;
	for (i = 0; i < names.count; i++)
		if (str_starts(str_of(names.name[i]), "cpu") &&
		    str_u64(str_of(names.name[i] + 3), 10, &cpu) &&
		    cpu < CPUSET_MAX) {
			cpuset_add(&sets->present, (unsigned int)cpu);
			if (!is_offline(src, names.name[i]))
				cpuset_add(&sets->online, (unsigned int)cpu);
		}
	sets->told = cpuset_count(&sets->present) > 0;
	facts_names_free(&names);
}

static void
sets_of_cpuinfo(struct json_object *info, struct cpu_sets *sets)
{
	struct json_object *list;
	uint64_t cpu;
	size_t i;

	if (!json_object_object_get_ex(info, "cpus", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		cpu = out_get_u64(json_object_array_get_idx(list, i), "cpu");
		if (cpu < CPUSET_MAX)
			cpuset_add(&sets->online, (unsigned int)cpu);
	}
	sets->present = sets->online;
}

static void
read_sets(struct facts_source *src, struct json_object *info,
    struct cpu_sets *sets)
{
	memset(sets, 0, sizeof(*sets));
	if (cpu_read_set(src, DIR "/online", true, &sets->online) &&
	    cpuset_count(&sets->online) > 0) {
		sets->told = true;
		if (!cpu_read_set(src, DIR "/present", true, &sets->present))
			sets->present = sets->online;
		cpuset_join(&sets->present, &sets->online);
		return;
	}
	sets_of_folders(src, sets);
	if (!sets->told)
		sets_of_cpuinfo(info, sets);
}

static void
put_sets(const struct cpu_sets *sets, struct json_object *out)
{
	char text[FACTS_SMALL];
	struct cpuset offline = sets->present;
	size_t i;

	out_u64(out, "logical_online", cpuset_count(&sets->online));
	out_u64(out, "logical_present", cpuset_count(&sets->present));
	cpuset_text(&sets->online, text, sizeof(text));
	out_cstr(out, "online", text);
	for (i = 0; i < CPUSET_MAX / 64; i++)
		offline.bits[i] &= ~sets->online.bits[i];
	cpuset_text(&offline, text, sizeof(text));
	out_cstr(out, "offline", text);
}

static bool
read_khz(struct facts_source *src, unsigned int cpu, const char *name,
    uint64_t *khz)
{
	char path[FACTS_PATH_MAX], text[32];

	return facts_path(path, DIR "/cpu%u/cpufreq/%s", cpu, name) &&
	    facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    str_u64(str_of(text), 10, khz) && *khz < UINT32_MAX;
}

static void
put_speed(struct facts_source *src, const struct cpu_sets *sets,
    struct json_object *out)
{
	uint64_t khz, max = 0, min = UINT64_MAX, now_sum = 0, max_sum = 0;
	unsigned int cpu;

	for (cpu = cpuset_next(&sets->online, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&sets->online, cpu + 1)) {
		if (!read_khz(src, cpu, "cpuinfo_max_freq", &khz)) {
			if (max == 0)	/* most likely none has it */
				break;
			continue;
		}
		max = khz > max ? khz : max;
		max_sum += khz;
		if (read_khz(src, cpu, "cpuinfo_min_freq", &khz) && khz < min)
			min = khz;
		if (read_khz(src, cpu, "scaling_cur_freq", &khz))
			now_sum += khz;
	}
	if (max > 0)
		out_real(out, "mhz_max", (double)max / 1000);
	if (min < UINT64_MAX)
		out_real(out, "mhz_min", (double)min / 1000);
	if (now_sum > 0)
		out_real(out, "mhz_scaling_percent",
		    100.0 * (double)now_sum / (double)max_sum);
}

/* What a flag means, by flag. */
static const struct {
	const char *flag, *field, *text;
} meanings[] = {
	{ "vmx", "virtualization", "VT-x" },
	{ "svm", "virtualization", "AMD-V" },
	{ "lm", "op_modes", "32-bit, 64-bit" },
	{ "zarch", "op_modes", "32-bit, 64-bit" },
};

static void
put_meanings(struct json_object *out)
{
	struct json_object *flags;
	const char *flag;
	size_t i, j;

	flag = out_get_text(out, "hardware");
	if (flag != NULL && strncmp(flag, "sun4", 4) == 0)
		out_cstr(out, "op_modes", "32-bit, 64-bit");
	if (!json_object_object_get_ex(out, "flags", &flags))
		return;
	for (i = 0; i < json_object_array_length(flags); i++) {
		flag = json_object_get_string(
		    json_object_array_get_idx(flags, i));
		for (j = 0; j < sizeof(meanings) / sizeof(meanings[0]); j++)
			if (strcmp(flag, meanings[j].flag) == 0)
				out_cstr(out, meanings[j].field,
				    meanings[j].text);
	}
}

static void
put_mhz(struct json_object *info, struct json_object *out)
{
	struct json_object *list, *v;

	if (json_object_object_get_ex(info, "cpus", &list) &&
	    json_object_array_length(list) > 0 &&
	    json_object_object_get_ex(json_object_array_get_idx(list, 0),
		"mhz", &v))
		out_real(out, "mhz", json_object_get_double(v));
}

static void
put_vulnerabilities(struct facts_source *src, struct json_object *out)
{
	struct json_object *obj;
	struct facts_names names;
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	size_t i;

	if (facts_list(src, DIR "/vulnerabilities", &names) < 0)
		return;
	obj = out_object(out, "vulnerabilities");
	for (i = 0; i < names.count; i++)
		if (facts_path(path, DIR "/vulnerabilities/%s",
			names.name[i]) &&
		    facts_read_small(src, path, text, sizeof(text)) == 0)
			out_text_at(obj, str_of(names.name[i]), str_of(text));
	facts_names_free(&names);
}

/* Moves what cpuinfo told, all but the list of CPUs, which is made anew. */
static void
put_info(struct json_object *info, struct json_object *out)
{
	json_object_object_foreach(info, key, v)
		if (strcmp(key, "cpus") != 0)
			json_object_object_add(out, key, json_object_get(v));
}

static void
put_system(struct facts_source *src, struct json_object *out)
{
	static const struct out_row rows[] = {
		{ "cpufreq/boost", "boost", OUT_BOOL, 1 },
		{ NULL, NULL, OUT_TEXT, 0 },
	};
	struct facts_err ignored;
	char text[16];

	if (facts_read_small(src, DIR "/dispatching", text, sizeof(text)) == 0)
		out_cstr(out, "dispatching",
		    text[0] == '1' ? "vertical" : "horizontal");
	out_files(out, src, DIR, rows);
	(void)out_file(out, "byte_order", src, "sys/kernel/cpu_byteorder");
	if (str_starts(str_of(out_get_text(out, "vendor")), "IBM/S390"))
		(void)facts_parse_file(src, "proc/sysinfo", 1 << 20,
		    parse_s390_sysinfo, out, &ignored);
}

int
facts_cpu(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct json_object *info = json_object_new_object();
	struct cpu_sets sets;
	char arch[64];
	int r;

	if (info == NULL)
		return facts_fail(err, -12, "proc/cpuinfo");
	r = facts_parse_file(src, "proc/cpuinfo", CPUINFO_MAX, parse_cpuinfo,
	    info, err);
	cpu_architecture(src, info, arch, sizeof(arch));
	out_cstr(out, "architecture", arch);
	put_info(info, out);
	cpu_arm(out);
	put_meanings(out);
	read_sets(src, info, &sets);
	if (cpuset_count(&sets.online) > 0) {
		put_sets(&sets, out);
		put_mhz(info, out);
		put_speed(src, &sets, out);
		cpu_caches(src, &sets, out);
		cpu_numa(src, out);
		cpu_topology(src, info, &sets, arch, out);
	}
	put_system(src, out);
	put_vulnerabilities(src, out);
	json_object_put(info);
	return r;
}
