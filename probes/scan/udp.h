/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp - what is asked over UDP that needs no credential, and what the answers
 * tell: rows of a writer and a reader each. Readers are pure and take any bytes.
 */
#ifndef MID_SCAN_UDP_H
#define MID_SCAN_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct found;

/* The question of service NAME (asks.h) into OUT. Its length; 0: there is none of that name. */
size_t udp_write(const char *name, uint32_t cookie, uint8_t *out, size_t room);
/* Is it an answer to it? Then what it tells is in F. */
bool udp_read(const char *name, uint32_t cookie, const uint8_t *p, size_t n, struct found *f, uint32_t host, unsigned ask);

#endif
