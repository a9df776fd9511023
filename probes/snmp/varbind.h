/* SPDX-License-Identifier: Apache-2.0 */
/*
 * varbind - one variable that an agent has told: its name, its type, its value.
 *
 * It borrows all it points at: from the message it was decoded out of, or from
 * the table (table.h) it was kept in. A recording's reader makes the same.
 */
#ifndef MID_SNMP_VARBIND_H
#define MID_SNMP_VARBIND_H

#include <stddef.h>
#include <stdint.h>

/* The BER tag; .snmprec has the same numbers, in decimal. */
enum vb_type {
	VB_INTEGER = 0x02,		/* .integer */
	VB_OCTETS = 0x04,		/* .bytes, .len */
	VB_NULL = 0x05,
	VB_OID = 0x06,			/* .ids, .len of them */
	VB_ADDRESS = 0x40,		/* .bytes, .len (4) */
	VB_COUNTER32 = 0x41,		/* .number */
	VB_GAUGE32 = 0x42,		/* .number */
	VB_TICKS = 0x43,		/* .number, hundredths of a second */
	VB_OPAQUE = 0x44,		/* .bytes, .len */
	VB_COUNTER64 = 0x46,		/* .number */
	VB_NO_OBJECT = 0x80,		/* never in a table */
	VB_NO_INSTANCE = 0x81,
	VB_END_OF_VIEW = 0x82
};

struct varbind {
	const uint32_t *oid;
	unsigned oid_n;
	enum vb_type type;
	union {
		int64_t integer;
		uint64_t number;
		const uint8_t *bytes;
		const uint32_t *ids;
	};
	size_t len;			/* of bytes or ids; 0 with the other types */
};

#endif
