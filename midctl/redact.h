/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redact - text without what may be a secret in it: logins in URLs, private
 * keys, values behind words such as password= and token:, and what stands
 * behind Authorization. It takes rather too much than too little.
 */
#ifndef MIDCTL_REDACT_H
#define MIDCTL_REDACT_H

#include <stddef.h>

struct buf;

/* Appends TEXT to OUT. 0, or -E_FULL at its ceiling. */
int redact(struct buf *out, const char *text);

#endif
