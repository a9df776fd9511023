/* SPDX-License-Identifier: Apache-2.0 */
/* page - what an HTTP answer tells of who serves it (RFC 9110, 9112). A pure reader of foreign bytes. */
#ifndef MID_SCAN_PAGE_H
#define MID_SCAN_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct found;

/* Its head has come, and its title if it has one among what has come. */
bool page_is_enough(const char *p, size_t n);
void page_tell(const char *p, size_t n, struct found *f, uint32_t host, unsigned ask);

#endif
