/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu_arch - the architecture in the words of uname -m.
 *
 * A captured tree cannot be asked; newer kernels have it in a file, many
 * kernels end their release with it, and what cpuinfo looks like tells the rest.
 */
#include "facts/cpu.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"

static const char *const known[] = {
	"x86_64", "aarch64", "ppc64le", "ppc64", "s390x", "riscv64", "i686",
	"i586", "i386", "armv7l", "armv6l", "loongarch64", "mips64", "ia64",
	"sparc64",
};

static bool
has_flag(struct json_object *info, const char *flag)
{
	struct json_object *list;
	size_t i;

	if (!json_object_object_get_ex(info, "flags", &list))
		return false;
	for (i = 0; i < json_object_array_length(list); i++)
		if (strcmp(json_object_get_string(
			json_object_array_get_idx(list, i)), flag) == 0)
			return true;
	return false;
}

static const char *
text_of(struct json_object *info, const char *key)
{
	const char *text = out_get_text(info, key);

	return text != NULL ? text : "";
}

/* "ARMv7 Processor rev 4 (v7l)": what a 32-bit kernel calls itself is in there. */
static bool
arm_architecture(struct json_object *info, char *buf, size_t size)
{
	struct str model = str_of(text_of(info, "model_name"));
	const char *level = text_of(info, "architecture_level");
	long at = str_find(model, '(');
	struct str in = str_skip(model, at < 0 ? model.n : (size_t)at + 1);
	uint64_t n;

	if (*level == '\0')
		return false;
	if (str_starts(in, "v") && str_ends(in, "l)"))
		(void)snprintf(buf, size, "arm%.*s", (int)in.n - 1, in.p);
	else if (str_leading_u64(str_of(level), &n) && n < 8)
		(void)snprintf(buf, size, "armv%llul", (unsigned long long)n);
	else
		str_copy(buf, size, STR("aarch64"));
	return true;
}

static const char *
look_of(struct json_object *info)
{
	struct str model = str_of(text_of(info, "model_name"));
	struct str vendor = str_of(text_of(info, "vendor"));
	struct str isa = str_of(text_of(info, "isa"));

	if (str_eq(vendor, "IBM/S390"))
		return has_flag(info, "zarch") ? "s390x" : "s390";
	if (str_starts(isa, "rv"))
		return str_starts(isa, "rv64") ? "riscv64" : "riscv32";
	if (str_starts(model, "POWER") || str_starts(model, "PPC970"))
		return "ppc64";
	if (str_starts(model, "Loongson-3"))
		return "loongarch64";
	if (str_eq(str_of(text_of(info, "platform")), "IA-64"))
		return "ia64";
	if (str_starts(str_of(text_of(info, "hardware")), "sun4"))
		return "sparc64";
	if (has_flag(info, "lm"))
		return "x86_64";
	if (has_flag(info, "fpu"))
		return "i686";
	return "";
}

static bool
release_architecture(struct facts_source *src, char *buf, size_t size)
{
	char release[256];
	size_t i;

	if (facts_read_small(src, "proc/sys/kernel/osrelease", release,
		sizeof(release)) < 0)
		return false;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_ends(str_of(release), known[i])) {
			str_copy(buf, size, str_of(known[i]));
			return true;
		}
	return false;
}

void
cpu_architecture(struct facts_source *src, struct json_object *info,
    char *buf, size_t size)
{
	char order[16];

	buf[0] = '\0';
	if (facts_machine(src, buf, size) == 0 ||
	    facts_read_small(src, "proc/sys/kernel/arch", buf, size) == 0 ||
	    release_architecture(src, buf, size) || info == NULL ||
	    arm_architecture(info, buf, size))
		return;
	str_copy(buf, size, str_of(look_of(info)));
	if (strcmp(buf, "ppc64") == 0 &&
	    facts_read_small(src, "sys/kernel/cpu_byteorder", order,
		sizeof(order)) == 0 && strcmp(order, "little") == 0)
		str_copy(buf, size, STR("ppc64le"));
}
