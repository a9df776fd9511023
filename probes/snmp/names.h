/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names - the names of the standard MIBs: from a name to its OID and back.
 */
#ifndef MID_SNMP_NAMES_H
#define MID_SNMP_NAMES_H

#include "oid.h"

#define NAME_MAX_LEN 64u

struct names;

struct names *names_new(void);		/* NULL: no memory */
void names_free(struct names *n);	/* NULL is fine */

/*
 * "1.3.6.1.2.1.2.2", "ifTable", "iso.org.dod.internet.mgmt.mib-2.interfaces.ifTable",
 * "ifDescr.1". Numbers that begin below 1.3.6.1 get that in front. -1: unknown.
 */
int names_find(const struct names *n, const char *text, size_t len, struct oid *out);

/* The longest known name that OID begins with, into OUT. How many numbers of OID it stands for; 0: none. */
unsigned names_of(const struct names *n, const uint32_t *oid, unsigned len, char out[NAME_MAX_LEN]);
/* Do all names below OID begin with the same known one? */
bool names_fixed(const struct names *n, const uint32_t *oid, unsigned len);

#endif
