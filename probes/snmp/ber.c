/* SPDX-License-Identifier: Apache-2.0 */
/* ber - see ber.h. */
#include "ber.h"

#include <string.h>

/* --- reading ---------------------------------------------------------------------- */

/* Some agents write a long form where a short one would do: any up to four bytes is read. */
static int
read_length(struct slice *in, size_t *out)
{
	size_t n, v = 0;

	if (in->n == 0)
		return -1;
	n = *in->at++;
	in->n--;
	if (n < 0x80) {
		*out = n;
		return 0;
	}
	n &= 0x7f;
	if (n == 0 || n > 4 || n > in->n)
		return -1;
	in->n -= n;
	while (n-- > 0)
		v = v << 8 | *in->at++;
	*out = v;
	return 0;
}

int
ber_any(struct slice *in, uint8_t *tag, struct slice *content)
{
	struct slice s = *in;
	uint8_t t;
	size_t n;

	if (s.n < 2)
		return -1;
	t = *s.at++;
	s.n--;
	if (read_length(&s, &n) < 0 || n > s.n)
		return -1;
	*tag = t;
	*content = (struct slice){ s.at, n };
	*in = (struct slice){ s.at + n, s.n - n };
	return 0;
}

int
ber_take(struct slice *in, uint8_t tag, struct slice *content)
{
	struct slice s = *in, c;
	uint8_t t;

	if (ber_any(&s, &t, &c) < 0 || t != tag)
		return -1;
	*in = s;
	*content = c;
	return 0;
}

int
ber_signed(struct slice c, int64_t *out)
{
	uint64_t v;
	size_t i;

	if (c.n == 0 || c.n > 8)
		return -1;
	v = (c.at[0] & 0x80) != 0 ? UINT64_MAX : 0;
	for (i = 0; i < c.n; i++)
		v = v << 8 | c.at[i];
	*out = (int64_t)v;
	return 0;
}

int
ber_unsigned(struct slice c, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (c.n == 0 || c.n > 9 || (c.n == 9 && c.at[0] != 0))
		return -1;
	for (i = 0; i < c.n; i++)
		v = v << 8 | c.at[i];
	*out = v;
	return 0;
}

int
ber_int(struct slice *in, int64_t *out)
{
	struct slice s = *in, c;

	if (ber_take(&s, BER_INTEGER, &c) < 0 || ber_signed(c, out) < 0)
		return -1;
	*in = s;
	return 0;
}

int
ber_int32(struct slice *in, int32_t *out)
{
	struct slice s = *in;
	int64_t v;

	if (ber_int(&s, &v) < 0 || v < INT32_MIN || v > INT32_MAX)
		return -1;
	*in = s;
	*out = (int32_t)v;
	return 0;
}

/* The first number stands for two. */
static unsigned
split_first(uint32_t *ids)
{
	uint32_t v = ids[0];

	ids[0] = v < 80 ? v / 40 : 2;
	ids[1] = v - ids[0] * 40;
	return 2;
}

int
ber_oid(struct slice c, uint32_t *ids)
{
	const uint8_t *at = c.at, *end = c.at + c.n;
	unsigned n = 0;
	uint32_t v;

	if (c.n == 0) {		/* how some write 0.0 */
		ids[0] = ids[1] = 0;
		return 2;
	}
	if (end[-1] & 0x80)
		return -1;
	while (at < end) {
		for (v = *at & 0x7f; *at & 0x80; v = v << 7 | (*at & 0x7f)) {
			at++;
			if (v >> 25 != 0)
				return -1;
		}
		at++;
		if (n == OID_MAX)
			return -1;
		ids[n++] = v;
		if (n == 1)
			n = split_first(ids);
	}
	return (int)n;
}

/* --- writing ---------------------------------------------------------------------- */

void
out_init(struct ber_out *o, void *room, size_t size)
{
	o->base = room;
	o->end = o->at = o->base + size;
	o->full = false;
}

size_t
out_len(const struct ber_out *o)
{
	return (size_t)(o->end - o->at);
}

void
out_bytes(struct ber_out *o, const void *data, size_t n)
{
	if (o->full || n > (size_t)(o->at - o->base)) {
		o->full = true;
		return;
	}
	o->at -= n;
	if (n > 0)
		memcpy(o->at, data, n);
}

static void
out_byte(struct ber_out *o, uint8_t b)
{
	if (o->at == o->base)
		o->full = true;
	else
		*--o->at = b;
}

void
out_head(struct ber_out *o, uint8_t tag, size_t n)
{
	uint8_t bytes = 0;

	if (n < 0x80) {
		out_byte(o, (uint8_t)n);
	} else {
		for (; n > 0; n >>= 8, bytes++)
			out_byte(o, (uint8_t)n);
		out_byte(o, 0x80 | bytes);
	}
	out_byte(o, tag);
}

void
out_wrap(struct ber_out *o, uint8_t tag, size_t mark)
{
	out_head(o, tag, out_len(o) - mark);
}

void
out_octets(struct ber_out *o, const void *data, size_t n)
{
	out_bytes(o, data, n);
	out_head(o, BER_OCTETS, n);
}

void
out_int(struct ber_out *o, int64_t v)
{
	size_t mark = out_len(o);
	uint8_t b;

	do {
		b = (uint8_t)v;
		out_byte(o, b);
		v >>= 8;
	} while ((v != 0 || (b & 0x80) != 0) && (v != -1 || (b & 0x80) == 0));
	out_wrap(o, BER_INTEGER, mark);
}

static void
out_number(struct ber_out *o, uint32_t v)
{
	out_byte(o, v & 0x7f);
	while ((v >>= 7) > 0)
		out_byte(o, 0x80 | (v & 0x7f));
}

void
out_oid(struct ber_out *o, const uint32_t *ids, unsigned n)
{
	size_t mark = out_len(o);

	while (n > 2)
		out_number(o, ids[--n]);
	out_number(o, (n > 0 ? ids[0] * 40 : 0) + (n > 1 ? ids[1] : 0));
	out_wrap(o, BER_OID, mark);
}
