/* SPDX-License-Identifier: Apache-2.0 */
/* value - what a variable holds, in words. */
#ifndef MID_SNMP_VALUE_H
#define MID_SNMP_VALUE_H

#include <stddef.h>

#include "varbind.h"

#define VALUE_TEXT_MAX 4096u	/* of one value: more is cut */

/* The value as a person reads it: text as it is, other bytes as 00:1b:..; cut to ROOM, with its NUL. Returns its length. */
size_t value_text(const struct varbind *vb, char *out, size_t room);
const char *value_type(enum vb_type type);	/* "OCTET STRING" */

#endif
