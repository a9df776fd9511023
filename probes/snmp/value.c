/* SPDX-License-Identifier: Apache-2.0 */
/* value - see value.h. */
#include "value.h"

#include <inttypes.h>
#include <stdio.h>

#include "oid.h"
#include "text.h"

static size_t
put_hex(const unsigned char *p, size_t n, char *out, size_t room)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, at = 0;

	for (i = 0; i < n && at + 4 < room; i++) {
		if (i > 0)
			out[at++] = ':';
		out[at++] = hex[p[i] >> 4];
		out[at++] = hex[p[i] & 15];
	}
	out[at] = '\0';
	return at;
}

size_t
value_text(const struct varbind *vb, char *out, size_t room)
{
	switch (vb->type) {
	case VB_INTEGER:
		return (size_t)snprintf(out, room, "%" PRId64, vb->integer);
	case VB_COUNTER32: case VB_GAUGE32: case VB_TICKS: case VB_COUNTER64:
		return (size_t)snprintf(out, room, "%" PRIu64, vb->number);
	case VB_OID:
		return oid_text(vb->ids, (unsigned)vb->len, out, room);
	case VB_ADDRESS:
		if (vb->len == 4)
			return (size_t)snprintf(out, room, "%u.%u.%u.%u", vb->bytes[0], vb->bytes[1], vb->bytes[2], vb->bytes[3]);
		return put_hex(vb->bytes, vb->len, out, room);
	case VB_OCTETS:
		if (text_is(vb->bytes, vb->len))
			return text_clean(vb->bytes, vb->len, out, room);
		return put_hex(vb->bytes, vb->len, out, room);
	case VB_OPAQUE:
		return put_hex(vb->bytes, vb->len, out, room);
	default:
		out[0] = '\0';
		return 0;
	}
}

const char *
value_type(enum vb_type type)
{
	static const struct { enum vb_type type; const char *name; } names[] = {
		{ VB_INTEGER, "INTEGER" }, { VB_OCTETS, "OCTET STRING" }, { VB_OID, "OBJECT IDENTIFIER" },
		{ VB_ADDRESS, "IpAddress" }, { VB_COUNTER32, "Counter32" }, { VB_GAUGE32, "Gauge32" },
		{ VB_TICKS, "TimeTicks" }, { VB_OPAQUE, "Opaque" }, { VB_COUNTER64, "Counter64" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "NULL";
}
