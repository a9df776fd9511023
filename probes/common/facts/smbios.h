/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smbios - the tables in which the firmware describes the machine (DMTF DSP0134).
 *
 * A structure has a formatted area, of which each field may lie beyond its end
 * in older versions, and after it the strings that fields number from 1.
 */
#ifndef MID_FACTS_SMBIOS_H
#define MID_FACTS_SMBIOS_H
#include <stdint.h>

#include "str.h"

enum smbios_type {
	SMBIOS_BIOS = 0,
	SMBIOS_SYSTEM = 1,
	SMBIOS_BOARD = 2,
	SMBIOS_CHASSIS = 3,
	SMBIOS_MEMORY = 17,
	SMBIOS_END = 127,
};

struct smbios {
	unsigned int type;
	struct str area;	/* with its header of four bytes */
	struct str strings;
};

/* The next structure of a table; false at the end or when it is damaged. */
bool smbios_next(struct str *rest, struct smbios *s);

/* Little-endian fields by offset; false beyond the formatted area. */
bool smbios_byte(const struct smbios *s, size_t at, uint64_t *v);
bool smbios_word(const struct smbios *s, size_t at, uint64_t *v);
bool smbios_dword(const struct smbios *s, size_t at, uint64_t *v);
/* The string that the byte at AT numbers; empty when there is none. */
struct str smbios_string(const struct smbios *s, size_t at);

#endif
