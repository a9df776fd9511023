/* SPDX-License-Identifier: Apache-2.0 */
/* oid - see oid.h. */
#include "oid.h"

#include <string.h>

int
oid_cmp(const uint32_t *a, unsigned an, const uint32_t *b, unsigned bn)
{
	unsigned n = an < bn ? an : bn, i;

	for (i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return an < bn ? -1 : an > bn;
}

bool
oid_under(const uint32_t *a, unsigned an, const uint32_t *prefix, unsigned pn)
{
	if (an < pn)
		return false;
	while (pn > 0 && a[pn - 1] == prefix[pn - 1])	/* names differ at their ends */
		pn--;
	return pn == 0;
}

/* One number of 32 bits. Returns the bytes used; 0: it is none. */
static size_t
read_number(const char *s, size_t len, uint32_t *out)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < len && s[i] >= '0' && s[i] <= '9'; i++) {
		v = v * 10 + (uint64_t)(s[i] - '0');
		if (v > UINT32_MAX)
			return 0;
	}
	*out = (uint32_t)v;
	return i;
}

int
oid_read(const char *s, size_t len, struct oid *out)
{
	uint32_t ids[OID_MAX];
	unsigned n = 0;
	size_t used;

	if (len > 0 && *s == '.') {
		s++;
		len--;
	}
	for (;;) {
		if (n == OID_MAX || (used = read_number(s, len, &ids[n])) == 0)
			return -1;
		n++;
		s += used;
		len -= used;
		if (len == 0)
			break;
		if (*s != '.')
			return -1;
		s++;
		len--;
	}
	memcpy(out->id, ids, n * sizeof(*ids));
	out->n = n;
	return 0;
}

int
oid_parse(const char *s, struct oid *out)
{
	return oid_read(s, strlen(s), out);
}

size_t
oid_text(const uint32_t *a, unsigned n, char *out, size_t room)
{
	size_t len = 0;
	char digits[12];
	unsigned i, k;
	uint32_t v;

	if (room == 0)
		return 0;
	for (i = 0; i < n; i++) {
		k = 0;
		v = a[i];
		do
			digits[k++] = (char)('0' + v % 10);
		while ((v /= 10) > 0);
		if (i > 0)
			digits[k++] = '.';
		if (len + k >= room)
			break;
		while (k > 0)
			out[len++] = digits[--k];
	}
	out[len] = '\0';
	return len;
}

int
oid_append(struct oid *o, const uint32_t *ids, unsigned n)
{
	if (n > OID_MAX - o->n)
		return -1;
	memcpy(o->id + o->n, ids, n * sizeof(*ids));
	o->n += n;
	return 0;
}
