/* SPDX-License-Identifier: Apache-2.0 */
/* utf8 - see utf8.h. */
#include "utf8.h"

/* By lead byte: how long, and what the second byte may be (Unicode, table 3-7). */
static const struct lead {
	unsigned char first, last, len, lo, hi;
} leads[] = {
	{ 0x00, 0x7F, 1, 0x00, 0x00 },
	{ 0xC2, 0xDF, 2, 0x80, 0xBF },
	{ 0xE0, 0xE0, 3, 0xA0, 0xBF },
	{ 0xE1, 0xEC, 3, 0x80, 0xBF },
	{ 0xED, 0xED, 3, 0x80, 0x9F },
	{ 0xEE, 0xEF, 3, 0x80, 0xBF },
	{ 0xF0, 0xF0, 4, 0x90, 0xBF },
	{ 0xF1, 0xF3, 4, 0x80, 0xBF },
	{ 0xF4, 0xF4, 4, 0x80, 0x8F },
};

int
utf8_next(const char *p, size_t left)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t i, k;

	for (i = 0; i < sizeof(leads) / sizeof(*leads); i++) {
		if (u[0] < leads[i].first || u[0] > leads[i].last)
			continue;
		for (k = 1; k < leads[i].len; k++)
			if (k >= left || u[k] < (k == 1 ? leads[i].lo : 0x80) ||
			    u[k] > (k == 1 ? leads[i].hi : 0xBF))
				return -(int)k;
		return leads[i].len;
	}
	return -1;
}

bool
utf8_steers(const char *p, int n)
{
	const unsigned char *u = (const unsigned char *)p;

	if (n == 1)
		return u[0] < 0x20 || u[0] == 0x7F;
	if (n == 2)
		return u[0] == 0xC2 && u[1] < 0xA0;
	return n == 3 && u[0] == 0xE2 && ((u[1] == 0x80 && (u[2] == 0x8E || u[2] == 0x8F || (u[2] >= 0xAA && u[2] <= 0xAE))) ||
	    (u[1] == 0x81 && u[2] >= 0xA6 && u[2] <= 0xA9));
}
