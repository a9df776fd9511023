/* SPDX-License-Identifier: Apache-2.0 */
/* lines - see lines.h. */
#include "lines.h"

#include <inttypes.h>
#include <stdio.h>

#include "oid.h"

static const char hex[] = "0123456789abcdef", HEX[] = "0123456789ABCDEF";

static void
put_oid(struct text *t, const uint32_t *ids, size_t n)
{
	char text[OID_TEXT_MAX];

	oid_text(ids, (unsigned)n, text, sizeof(text));
	text_put(t, text);
}

static bool
is_number(enum vb_type type)
{
	return type == VB_INTEGER || type == VB_COUNTER32 || type == VB_GAUGE32 || type == VB_TICKS || type == VB_COUNTER64;
}

static void
put_number(struct text *t, const struct varbind *vb)
{
	if (vb->type == VB_INTEGER)
		text_printf(t, "%" PRId64, vb->integer);
	else
		text_printf(t, "%" PRIu64, vb->number);
}

/* --- a recording --------------------------------------------------------------------------- */

/* What is one line of plain letters stands as it is. */
static bool
is_plain(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return false;
	return true;
}

static void
put_bytes(struct text *t, const struct varbind *vb, bool plain)
{
	char *at = text_need(t, vb->len * 2);
	size_t i;

	for (i = 0; at != NULL && i < vb->len; i++) {
		if (!plain)
			*at++ = hex[vb->bytes[i] >> 4];
		*at++ = plain ? (char)vb->bytes[i] : hex[vb->bytes[i] & 15];
	}
	if (at != NULL)
		text_add(t, (size_t)(at - (t->data + t->n)));
}

void
line_recorded(struct text *t, const struct varbind *vb)
{
	bool plain = is_number(vb->type) || vb->type == VB_OID || (vb->type == VB_OCTETS && is_plain(vb->bytes, vb->len));

	if (vb->type == VB_NULL || vb->type >= VB_NO_OBJECT)
		return;
	put_oid(t, vb->oid, vb->oid_n);
	text_printf(t, "|%u%s|", (unsigned)vb->type, plain ? "" : "x");
	if (is_number(vb->type))
		put_number(t, vb);
	else if (vb->type == VB_OID)
		put_oid(t, vb->ids, vb->len);
	else
		put_bytes(t, vb, plain);
	text_put(t, "\n");
}

/* --- as snmpwalk has it ----------------------------------------------------------------------- */

static void
put_ticks(struct text *t, uint64_t v)
{
	uint64_t s = v / 100, days = s / 86400;

	text_printf(t, "(%" PRIu64 ") ", v);
	if (days > 0)
		text_printf(t, "%" PRIu64 " day%s, ", days, days == 1 ? "" : "s");
	text_printf(t, "%" PRIu64 ":%02u:%02u.%02u", s / 3600 % 24, (unsigned)(s / 60 % 60), (unsigned)(s % 60), (unsigned)(v % 100));
}

static void
put_hex(struct text *t, const struct varbind *vb)
{
	char *at = text_need(t, vb->len * 3);
	size_t i;

	for (i = 0; at != NULL && i < vb->len; i++) {
		*at++ = HEX[vb->bytes[i] >> 4];
		*at++ = HEX[vb->bytes[i] & 15];
		*at++ = ' ';
	}
	if (at != NULL)
		text_add(t, (size_t)(at - (t->data + t->n)));
}

/* "text", with \ before what would end it. */
static void
put_string(struct text *t, const struct varbind *vb)
{
	char *at = text_need(t, vb->len * 2 + 2);
	size_t i;

	if (at == NULL)
		return;
	*at++ = '"';
	for (i = 0; i < vb->len; i++) {
		if (vb->bytes[i] == '"' || vb->bytes[i] == '\\')
			*at++ = '\\';
		*at++ = (char)vb->bytes[i];
	}
	*at++ = '"';
	text_add(t, (size_t)(at - (t->data + t->n)));
}

static bool
is_text(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') || p[i] > 0x7e)
			return false;
	return true;
}

static void
put_octets(struct text *t, const struct varbind *vb)
{
	if (vb->type == VB_OCTETS && is_text(vb->bytes, vb->len)) {
		text_put(t, vb->len == 0 ? "" : "STRING: ");
		put_string(t, vb);
	} else {
		text_put(t, vb->type == VB_OPAQUE ? "OPAQUE: " : "Hex-STRING: ");
		put_hex(t, vb);
	}
}

void
line_walked(struct text *t, const struct varbind *vb)
{
	static const struct { enum vb_type type; const char *name; } numbers[] = {
		{ VB_INTEGER, "INTEGER" }, { VB_COUNTER32, "Counter32" }, { VB_GAUGE32, "Gauge32" }, { VB_COUNTER64, "Counter64" },
	};
	size_t i;

	text_put(t, ".");
	put_oid(t, vb->oid, vb->oid_n);
	text_put(t, " = ");
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].type == vb->type) {
			text_printf(t, "%s: ", numbers[i].name);
			put_number(t, vb);
		}
	if (vb->type == VB_TICKS) {
		text_put(t, "Timeticks: ");
		put_ticks(t, vb->number);
	} else if (vb->type == VB_OID) {
		text_put(t, "OID: .");
		put_oid(t, vb->ids, vb->len);
	} else if (vb->type == VB_ADDRESS && vb->len == 4) {
		text_printf(t, "IpAddress: %u.%u.%u.%u", vb->bytes[0], vb->bytes[1], vb->bytes[2], vb->bytes[3]);
	} else if (vb->type == VB_OCTETS || vb->type == VB_OPAQUE || vb->type == VB_ADDRESS) {
		put_octets(t, vb);
	} else if (vb->type == VB_NULL) {
		text_put(t, "NULL");
	}
	text_put(t, "\n");
}
