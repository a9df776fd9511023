/* SPDX-License-Identifier: Apache-2.0 */
/* dns - see dns.h. */
#include "dns.h"

#include <string.h>

#define HEADER 12u
#define JUMPS_MAX 16u		/* of compression: a circle ends here */

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

size_t
dns_write(uint8_t *out, size_t room, uint16_t id, const char *name, uint16_t type, uint16_t class, bool recurse)
{
	size_t at = HEADER, n;

	if (room < HEADER + strlen(name) + 2 + 4)
		return 0;
	memset(out, 0, HEADER);
	put16(out, id);
	put16(out + 2, recurse ? 0x0100 : 0);
	put16(out + 4, 1);
	while (*name != '\0') {
		n = strcspn(name, ".");
		if (n == 0 || n > 63)
			return 0;
		out[at++] = (uint8_t)n;
		memcpy(out + at, name, n);
		at += n;
		name += n + (name[n] == '.');
	}
	out[at++] = 0;
	put16(out + at, type);
	put16(out + at + 2, class);
	return at + 4;
}

/* Behind the name at AT; 0: it does not end. */
static size_t
skip_name(const uint8_t *p, size_t n, size_t at)
{
	while (at < n) {
		if (p[at] == 0)
			return at + 1;
		if ((p[at] & 0xc0) == 0xc0)
			return at + 2 <= n ? at + 2 : 0;
		if ((p[at] & 0xc0) != 0)
			return 0;
		at += 1u + p[at];
	}
	return 0;
}

bool
dns_read(struct dns_answers *a, const uint8_t *p, size_t n, uint16_t id)
{
	unsigned questions;

	if (n < HEADER || get16(p) != id || (p[2] & 0x80) == 0)
		return false;
	*a = (struct dns_answers){ .p = p, .n = n, .at = HEADER, .left = get16(p + 6) };
	for (questions = get16(p + 4); questions > 0; questions--) {
		a->at = skip_name(p, n, a->at);
		if (a->at == 0 || a->at + 4 > n)
			return false;
		a->at += 4;
	}
	return true;
}

bool
dns_next(struct dns_answers *a, struct dns_answer *out)
{
	size_t at;

	if (a->left == 0)
		return false;
	at = skip_name(a->p, a->n, a->at);
	if (at == 0 || at + 10 > a->n)
		return false;
	out->type = (uint16_t)get16(a->p + at);
	out->len = get16(a->p + at + 8);
	out->data = a->p + at + 10;
	if (out->len > a->n - at - 10)
		return false;
	a->at = at + 10 + out->len;
	a->left--;
	return true;
}

bool
dns_name(const struct dns_answers *a, const uint8_t *data, char out[DNS_NAME_MAX])
{
	size_t at = (size_t)(data - a->p), n = 0, label;
	unsigned jumps = 0;

	while (at < a->n && a->p[at] != 0) {
		if ((a->p[at] & 0xc0) == 0xc0) {
			if (at + 2 > a->n || jumps++ >= JUMPS_MAX)
				return false;
			at = get16(a->p + at) & 0x3fff;
			continue;
		}
		label = a->p[at];
		if (label > 63 || at + 1 + label > a->n || n + label + 2 > DNS_NAME_MAX)
			return false;
		if (n > 0)
			out[n++] = '.';
		memcpy(out + n, a->p + at + 1, label);
		n += label;
		at += 1 + label;
	}
	out[n] = '\0';
	return at < a->n && n > 0 && memchr(out, '\0', n) == NULL;
}
