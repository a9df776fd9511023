/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines - a variable as one line of text: of a recording (OID|TYPE|VALUE, .snmprec),
 * or as net-snmp's snmpwalk -On prints it.
 */
#ifndef MID_SNMP_LINES_H
#define MID_SNMP_LINES_H

#include "text.h"
#include "varbind.h"

void line_recorded(struct text *t, const struct varbind *vb);
void line_walked(struct text *t, const struct varbind *vb);

#endif
