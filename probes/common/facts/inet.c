/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inet - addresses and networks as text.
 */
#include "facts/inet.h"

#include <arpa/inet.h>
#include <stdio.h>

void
inet_text4(uint32_t a, char text[16])
{
	(void)snprintf(text, 16, "%u.%u.%u.%u", a >> 24, a >> 16 & 255,
	    a >> 8 & 255, a & 255);
}

bool
inet_of_text4(struct str s, uint32_t *a)
{
	struct str part;
	uint64_t v;
	uint32_t sum = 0;
	unsigned int n = 0;

	while (str_part(&s, '.', &part)) {
		if (++n > 4 || !str_u64(part, 10, &v) || v > 255)
			return false;
		sum = sum << 8 | (uint32_t)v;
	}
	if (n != 4)
		return false;
	*a = sum;
	return true;
}

uint32_t
inet_mask4(unsigned int bits)
{
	return bits == 0 ? 0 : ~(uint32_t)0 << (32 - (bits > 32 ? 32 : bits));
}

bool
inet_text6(struct str hex, char text[64])
{
	unsigned char raw[16];
	uint64_t v;
	unsigned int i;

	if (hex.n != 32)
		return false;
	for (i = 0; i < 16; i++) {
		if (!str_u64((struct str){ hex.p + 2 * i, 2 }, 16, &v))
			return false;
		raw[i] = (unsigned char)v;
	}
	return inet_ntop(AF_INET6, raw, text, 64) != NULL;
}
