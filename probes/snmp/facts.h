/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - a device's table told as JSON: who it is by its profile, and what the
 * standard MIBs say of interfaces, addresses, parts, neighbours, storage and software.
 */
#ifndef MID_SNMP_FACTS_H
#define MID_SNMP_FACTS_H

#include "profile.h"
#include "text.h"

/* What facts_write() reads, to be walked; ends with NULL. */
extern const char *const facts_roots[];

void facts_write(struct text *out, const struct profiles *p, const struct table *t, const char *address, const char *version);

#endif
