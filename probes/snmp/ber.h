/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ber - the encoding below SNMP: read in place, written from the end of a
 * fixed buffer towards its beginning, so that every length is known when it is
 * written. Every length that is read is checked against what holds it.
 */
#ifndef MID_SNMP_BER_H
#define MID_SNMP_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oid.h"

#define BER_INTEGER 0x02
#define BER_OCTETS 0x04
#define BER_NULL 0x05
#define BER_OID 0x06
#define BER_SEQUENCE 0x30

/* What is yet to be read, or the content of something that was. */
struct slice {
	const uint8_t *at;
	size_t n;
};

/* All of these: 0, or -1 with nothing taken when it is not there, cut off, or something else. */
int ber_any(struct slice *in, uint8_t *tag, struct slice *content);
int ber_take(struct slice *in, uint8_t tag, struct slice *content);
int ber_int(struct slice *in, int64_t *out);
int ber_int32(struct slice *in, int32_t *out);
/* Of content that ber_any() has given. */
int ber_signed(struct slice content, int64_t *out);
int ber_unsigned(struct slice content, uint64_t *out);
/* At most OID_MAX numbers into IDS. Returns how many; <0. */
int ber_oid(struct slice content, uint32_t *ids);

/* Bytes from AT to the end of the buffer are written. */
struct ber_out {
	uint8_t *base, *at, *end;
	bool full;		/* something did not fit; the rest is void */
};

void out_init(struct ber_out *o, void *room, size_t size);
size_t out_len(const struct ber_out *o);
void out_bytes(struct ber_out *o, const void *data, size_t n);
void out_head(struct ber_out *o, uint8_t tag, size_t content);
/* Closes what was written since out_len() was MARK. */
void out_wrap(struct ber_out *o, uint8_t tag, size_t mark);
void out_octets(struct ber_out *o, const void *data, size_t n);
void out_int(struct ber_out *o, int64_t v);
void out_oid(struct ber_out *o, const uint32_t *ids, unsigned n);

#endif
