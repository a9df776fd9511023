/* SPDX-License-Identifier: Apache-2.0 */
/* wire - SSH's data types (RFC 4251, 5), read from bytes and put into bytes. */
#ifndef MID_SSH_WIRE_H
#define MID_SSH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire { const unsigned char *p; size_t n; };	/* what is left to read */

bool wire_u32(struct wire *w, uint32_t *out);
bool wire_string(struct wire *w, struct wire *out);	/* also an mpint's bytes; borrowed */
bool wire_is(struct wire w, const char *text);

/* At TO; gives where the next one goes. */
unsigned char *wire_put_string(unsigned char *to, const void *p, size_t n);
/* An mpint of N bytes without sign: N + 5 at most. */
unsigned char *wire_put_mpint(unsigned char *to, const unsigned char *p, size_t n);

#endif
