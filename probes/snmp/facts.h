/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - a device's table told as JSON: who it is by its profile, and what the
 * standard MIBs say of interfaces, addresses, parts, neighbours, storage, software
 * and whatever else facts_rows.c has a row for.
 */
#ifndef MID_SNMP_FACTS_H
#define MID_SNMP_FACTS_H

#include "facts_rows.h"
#include "profile.h"
#include "text.h"

#define FACTS_EACH_MAX 20000u	/* of one column: a table of a million routes is no inventory */

/* What facts_write() reads, to be walked, and the gate of each. *ROOTS and *GATES are the caller's. <0: no memory. */
int facts_roots(struct oid_ref **roots, unsigned char **gates, unsigned *n);
void facts_roots_free(struct oid_ref *roots, unsigned n, unsigned char *gates);	/* NULL is fine */

void facts_write(struct text *out, const struct profiles *p, const struct table *t, const char *address, const char *version);
/* The same for a person: which rule of which profile gave which value, a line each. */
void facts_explain(struct text *out, const struct profiles *p, const struct table *t);

#endif
