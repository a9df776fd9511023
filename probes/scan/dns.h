/* SPDX-License-Identifier: Apache-2.0 */
/* dns - questions and answers of the DNS (RFC 1035), as far as a scan needs them. The reader takes any bytes. */
#ifndef MID_SCAN_DNS_H
#define MID_SCAN_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_NAME_MAX 256

enum { DNS_TXT = 16, DNS_PTR = 12, DNS_IN = 1, DNS_CHAOS = 3, DNS_UNICAST = 0x8001 /* RFC 6762, 5.4 */ };

/* NAME with dots, no label over 63 bytes. The length; 0: no room. */
size_t dns_write(uint8_t *out, size_t room, uint16_t id, const char *name, uint16_t type, uint16_t class, bool recurse);

struct dns_answers { const uint8_t *p; size_t n, at; unsigned left; };
struct dns_answer { uint16_t type; const uint8_t *data; size_t len; };

/* False: no answer to ID. */
bool dns_read(struct dns_answers *a, const uint8_t *p, size_t n, uint16_t id);
bool dns_next(struct dns_answers *a, struct dns_answer *out);
/* The name in DATA, which lies in the message of A. */
bool dns_name(const struct dns_answers *a, const uint8_t *data, char out[DNS_NAME_MAX]);

#endif
