/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu_arm - names of ARM processors, which tell only numbers of themselves.
 *
 * The numbers are those of the Main ID Register in the makers' reference manuals.
 */
#include "facts/cpu.h"

#include <stdio.h>

#include "facts/out.h"

static const struct {
	unsigned int implementer;
	const char *name;
} makers[] = {
	{ 0x41, "ARM" }, { 0x42, "Broadcom" }, { 0x43, "Cavium" },
	{ 0x44, "DEC" }, { 0x46, "FUJITSU" }, { 0x48, "HiSilicon" },
	{ 0x49, "Infineon" }, { 0x4d, "Motorola/Freescale" },
	{ 0x4e, "NVIDIA" }, { 0x50, "APM" }, { 0x51, "Qualcomm" },
	{ 0x53, "Samsung" }, { 0x56, "Marvell" }, { 0x61, "Apple" },
	{ 0x66, "Faraday" }, { 0x69, "Intel" }, { 0x6d, "Microsoft" },
	{ 0x70, "Phytium" }, { 0xc0, "Ampere" },
};

static const struct {
	unsigned int implementer, part;
	const char *name;
} parts[] = {
	{ 0x41, 0x920, "ARM920T" }, { 0x41, 0x922, "ARM922T" },
	{ 0x41, 0x926, "ARM926EJ-S" }, { 0x41, 0xb02, "ARM11 MPCore" },
	{ 0x41, 0xb36, "ARM1136" }, { 0x41, 0xb56, "ARM1156" },
	{ 0x41, 0xb76, "ARM1176" }, { 0x41, 0xc05, "Cortex-A5" },
	{ 0x41, 0xc07, "Cortex-A7" }, { 0x41, 0xc08, "Cortex-A8" },
	{ 0x41, 0xc09, "Cortex-A9" }, { 0x41, 0xc0d, "Cortex-A17" },
	{ 0x41, 0xc0e, "Cortex-A17" }, { 0x41, 0xc0f, "Cortex-A15" },
	{ 0x41, 0xc14, "Cortex-R4" }, { 0x41, 0xc15, "Cortex-R5" },
	{ 0x41, 0xc20, "Cortex-M0" }, { 0x41, 0xc21, "Cortex-M1" },
	{ 0x41, 0xc23, "Cortex-M3" }, { 0x41, 0xc24, "Cortex-M4" },
	{ 0x41, 0xc27, "Cortex-M7" }, { 0x41, 0xd01, "Cortex-A32" },
	{ 0x41, 0xd02, "Cortex-A34" }, { 0x41, 0xd03, "Cortex-A53" },
	{ 0x41, 0xd04, "Cortex-A35" }, { 0x41, 0xd05, "Cortex-A55" },
	{ 0x41, 0xd06, "Cortex-A65" }, { 0x41, 0xd07, "Cortex-A57" },
	{ 0x41, 0xd08, "Cortex-A72" }, { 0x41, 0xd09, "Cortex-A73" },
	{ 0x41, 0xd0a, "Cortex-A75" }, { 0x41, 0xd0b, "Cortex-A76" },
	{ 0x41, 0xd0c, "Neoverse-N1" }, { 0x41, 0xd0d, "Cortex-A77" },
	{ 0x41, 0xd0e, "Cortex-A76AE" }, { 0x41, 0xd40, "Neoverse-V1" },
	{ 0x41, 0xd41, "Cortex-A78" }, { 0x41, 0xd42, "Cortex-A78AE" },
	{ 0x41, 0xd43, "Cortex-A65AE" }, { 0x41, 0xd44, "Cortex-X1" },
	{ 0x41, 0xd46, "Cortex-A510" }, { 0x41, 0xd47, "Cortex-A710" },
	{ 0x41, 0xd48, "Cortex-X2" }, { 0x41, 0xd49, "Neoverse-N2" },
	{ 0x41, 0xd4a, "Neoverse-E1" }, { 0x41, 0xd4b, "Cortex-A78C" },
	{ 0x41, 0xd4c, "Cortex-X1C" }, { 0x41, 0xd4d, "Cortex-A715" },
	{ 0x41, 0xd4e, "Cortex-X3" }, { 0x41, 0xd4f, "Neoverse-V2" },
	{ 0x41, 0xd80, "Cortex-A520" }, { 0x41, 0xd81, "Cortex-A720" },
	{ 0x41, 0xd82, "Cortex-X4" }, { 0x41, 0xd84, "Neoverse-V3" },
	{ 0x41, 0xd8e, "Neoverse-N3" }, { 0x42, 0x00f, "Brahma-B15" },
	{ 0x42, 0x100, "Brahma-B53" }, { 0x42, 0x516, "ThunderX2" },
	{ 0x43, 0x0a1, "ThunderX-88XX" }, { 0x43, 0x0a2, "ThunderX-81XX" },
	{ 0x43, 0x0a3, "ThunderX-83XX" }, { 0x43, 0x0af, "ThunderX2-99xx" },
	{ 0x43, 0x0b8, "ThunderX3-T110" }, { 0x46, 0x001, "A64FX" },
	{ 0x48, 0xd01, "TaiShan-v110" }, { 0x48, 0xd02, "TaiShan-v120" },
	{ 0x4e, 0x003, "Denver-2" }, { 0x4e, 0x004, "Carmel" },
	{ 0x50, 0x000, "X-Gene" }, { 0x51, 0x201, "Kryo" },
	{ 0x51, 0x205, "Kryo" }, { 0x51, 0x211, "Kryo" },
	{ 0x51, 0x800, "Falkor-V1/Kryo" }, { 0x51, 0x801, "Kryo-V2" },
	{ 0x51, 0x802, "Kryo-3XX-Gold" }, { 0x51, 0x803, "Kryo-3XX-Silver" },
	{ 0x51, 0x804, "Kryo-4XX-Gold" }, { 0x51, 0x805, "Kryo-4XX-Silver" },
	{ 0x51, 0xc00, "Falkor" }, { 0x51, 0xc01, "Saphira" },
	{ 0x53, 0x001, "exynos-m1" }, { 0x61, 0x022, "Icestorm-M1" },
	{ 0x61, 0x023, "Firestorm-M1" }, { 0x70, 0x662, "FTC662" },
	{ 0x70, 0x663, "FTC663" }, { 0x70, 0x664, "FTC664" },
	{ 0xc0, 0xac3, "Ampere-1" }, { 0xc0, 0xac4, "Ampere-1a" },
};

static const char *
maker_name(uint64_t implementer)
{
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (makers[i].implementer == implementer)
			return makers[i].name;
	return NULL;
}

static const char *
part_name(uint64_t implementer, uint64_t part)
{
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].implementer == implementer &&
		    parts[i].part == part)
			return parts[i].name;
	return NULL;
}

static bool
number(struct json_object *out, const char *key, uint64_t *v)
{
	const char *text = out_get_text(out, key);
	bool hex = text != NULL && str_starts(str_of(text), "0x");

	return text != NULL && str_u64(str_of(text), hex ? 16 : 10, v);
}

void
cpu_arm(struct json_object *out)
{
	uint64_t implementer, part, variant, revision;
	char stepping[64];

	if (!number(out, "implementer", &implementer))
		return;
	if (out_get_text(out, "vendor") == NULL)
		out_cstr(out, "vendor", maker_name(implementer));
	if (number(out, "part", &part))
		out_cstr(out, "part_name", part_name(implementer, part));
	if (out_get_text(out, "model_name") == NULL)
		out_cstr(out, "model_name", out_get_text(out, "part_name"));
	if (number(out, "variant", &variant) &&
	    number(out, "revision", &revision)) {
		/* ARM's own way to say it; others say the variant, as they say it. */
		(void)snprintf(stepping, sizeof(stepping),
		    "r%llup%llu", (unsigned long long)variant,
		    (unsigned long long)revision);
		out_cstr(out, "stepping", implementer == 0x41 ? stepping : out_get_text(out, "variant"));
	}
}
