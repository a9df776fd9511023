/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near - what this host's own kernel knows of hosts on its links: their MAC
 * addresses, from the neighbour table (ARP, ND; rtnetlink(7)). No packet is sent.
 */
#ifndef MID_SCAN_NEAR_H
#define MID_SCAN_NEAR_H

struct sweep;

/* Facts mac_address and mac_vendor of hosts that answered. What the kernel refuses is left out. */
void near_tell(struct sweep *s);
/* "aa:bb:cc": its maker's name, out of rows of FILE ("aabbcc Maker"), read once at load. Absent: none is known. */
void near_load_makers(const char *file);

#endif
