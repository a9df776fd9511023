/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oid - object identifiers as arrays of numbers: compare, read and write them
 * in dotted form. Nothing here allocates.
 */
#ifndef MID_SNMP_OID_H
#define MID_SNMP_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OID_MAX 128u		/* numbers in one, as SNMP has it */
#define OID_TEXT_MAX (OID_MAX * 11u)

struct oid {
	unsigned n;
	uint32_t id[OID_MAX];
};

/* <0, 0, >0: the order of a walk. */
int oid_cmp(const uint32_t *a, unsigned an, const uint32_t *b, unsigned bn);
/* Does A begin with PREFIX? Itself counts. */
bool oid_under(const uint32_t *a, unsigned an, const uint32_t *prefix, unsigned pn);
/* "1.3.6.1" or ".1.3.6.1", whole of LEN bytes. 0, or -1 with *OUT untouched. */
int oid_read(const char *s, size_t len, struct oid *out);
int oid_parse(const char *s, struct oid *out);	/* the same, to the NUL */
/* Dotted, cut to ROOM, always with its NUL. Returns its length. */
size_t oid_text(const uint32_t *a, unsigned n, char *out, size_t room);
/* <0 when it would be longer than OID_MAX. */
int oid_append(struct oid *o, const uint32_t *ids, unsigned n);

#endif
