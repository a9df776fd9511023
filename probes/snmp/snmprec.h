/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmprec - a recorded device: lines of OID|TYPE|VALUE, as snmpsim and others
 * write and play them. TYPE is the BER tag in decimal, with an x behind it when
 * VALUE is in hexadecimal, and may go on with ":..." that means nothing here.
 */
#ifndef MID_SNMP_SNMPREC_H
#define MID_SNMP_SNMPREC_H

#include "midd/probe.h"

struct table;

/* All lines of TEXT into T, sorted. 0, or -1 and WHY: the line that is none, or that T is full. */
int snmprec_read(struct table *t, const char *text, size_t n, char *why, size_t room);
/* All of FILE. 0, or -1 after fail(); T may be NULL: no memory. */
int snmprec_load(struct table *t, const char *file, const struct mid_host *h, struct mid_run *run);

#endif
