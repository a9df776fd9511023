/* SPDX-License-Identifier: Apache-2.0 */
/* wire - see wire.h. */
#include "wire.h"

#include <string.h>

bool
wire_u32(struct wire *w, uint32_t *out)
{
	if (w->n < 4)
		return false;
	*out = (uint32_t)w->p[0] << 24 | (uint32_t)w->p[1] << 16 | (uint32_t)w->p[2] << 8 | w->p[3];
	w->p += 4;
	w->n -= 4;
	return true;
}

bool
wire_string(struct wire *w, struct wire *out)
{
	uint32_t n;

	if (!wire_u32(w, &n) || n > w->n)
		return false;
	*out = (struct wire){ w->p, n };
	w->p += n;
	w->n -= n;
	return true;
}

bool
wire_is(struct wire w, const char *text)
{
	return w.n == strlen(text) && memcmp(w.p, text, w.n) == 0;
}

unsigned char *
wire_put_string(unsigned char *to, const void *p, size_t n)
{
	to[0] = (unsigned char)(n >> 24);
	to[1] = (unsigned char)(n >> 16);
	to[2] = (unsigned char)(n >> 8);
	to[3] = (unsigned char)n;
	memcpy(to + 4, p, n);
	return to + 4 + n;
}

unsigned char *
wire_put_mpint(unsigned char *to, const unsigned char *p, size_t n)
{
	unsigned char *next;

	while (n > 0 && *p == 0) {
		p++;
		n--;
	}
	if (n == 0 || (*p & 0x80) == 0)
		return wire_put_string(to, p, n);
	next = wire_put_string(to, p, n);	/* for the length; a zero goes before it */
	memmove(to + 5, to + 4, n);
	to[4] = 0;
	n++;
	to[0] = (unsigned char)(n >> 24);
	to[1] = (unsigned char)(n >> 16);
	to[2] = (unsigned char)(n >> 8);
	to[3] = (unsigned char)n;
	return next + 1;
}
