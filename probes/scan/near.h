/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near - what this host's own kernel knows of hosts on its links: their MAC addresses,
 * from the neighbour table (ARP, ND; rtnetlink(7)), and who has made that hardware.
 * No packet is sent.
 */
#ifndef MID_SCAN_NEAR_H
#define MID_SCAN_NEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct sweep;

/* Who has just answered ARP or ND is there, whatever else it has said. Facts: mac_address of hosts that answered, mac_vendor
 * of all whose MAC address is known. What the kernel refuses is left out. */
void near_tell(struct sweep *s);
/* Where makers are looked up: in FILE, and in a list of this system; before the sandbox closes. */
void near_open_makers(const char *file);

/* One line of such a list. *PREFIX is that of the line before, NO_PREFIX at first. False: this line names no maker. */
#define NO_PREFIX UINT32_MAX
bool near_read_maker(const char *line, uint32_t *prefix, struct str *maker);

#endif
