/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inet - addresses and networks as text.
 */
#ifndef MID_FACTS_INET_H
#define MID_FACTS_INET_H
#include <stdint.h>

#include "str.h"

struct json_object;

/* An address in host order as "10.0.0.1". */
void inet_text4(uint32_t a, char text[16]);
bool inet_of_text4(struct str s, uint32_t *a);
uint32_t inet_mask4(unsigned int bits);		/* 24: 255.255.255.0 */

/* 32 hex digits, as in /proc/net/if_inet6, as "fe80::1". */
bool inet_text6(struct str hex, char text[64]);

#endif
