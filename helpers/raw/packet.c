/* SPDX-License-Identifier: Apache-2.0 */
/* packet - see packet.h. RFC 9293 (TCP), 791 (IP), 792 (ICMP). */
#include "raw/packet.h"

#include <string.h>

#define SYN 0x02u
#define RST 0x04u
#define ACK 0x10u
#define TCP_HEAD 20u
#define SYN_BYTES 24u		/* and the option that says how large segments may be */
#define ICMP_HEAD 8u
#define ECHO_BYTES 16u
#define ECHO_REPLY 0u
#define UNREACHABLE 3u
#define NO_PORT 3u		/* its codes */
#define TOO_BIG 4u
#define ECHO_REQUEST 8u
#define IP_HEAD 20u
#define IS_TCP 6u

static uint64_t
turn(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void
round_of(uint64_t v[4])
{
	v[0] += v[1]; v[1] = turn(v[1], 13) ^ v[0]; v[0] = turn(v[0], 32);
	v[2] += v[3]; v[3] = turn(v[3], 16) ^ v[2];
	v[0] += v[3]; v[3] = turn(v[3], 21) ^ v[0];
	v[2] += v[1]; v[1] = turn(v[1], 17) ^ v[2]; v[2] = turn(v[2], 32);
}

/* SipHash-2-4 of the six bytes that say whom a question asked. */
static uint64_t
number_of(const struct packet_key *key, uint32_t target, uint16_t port)
{
	uint64_t m = 6ull << 56 | (uint64_t)port << 32 | target;
	uint64_t v[4] = { key->k[0] ^ 0x736f6d6570736575ull, key->k[1] ^ 0x646f72616e646f6dull,
		key->k[0] ^ 0x6c7967656e657261ull, key->k[1] ^ 0x7465646279746573ull };
	int i;

	v[3] ^= m;
	round_of(v);
	round_of(v);
	v[0] ^= m;
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		round_of(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* N is even. */
static uint32_t
sum_of(const uint8_t *p, size_t n, uint32_t sum)
{
	size_t i;

	for (i = 0; i < n; i += 2)
		sum += get16(p + i);
	return sum;
}

static uint16_t
checksum(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

size_t
packet_syn(uint8_t out[PACKET_ROOM], const struct packet_key *key, uint32_t source, uint32_t target, uint16_t port)
{
	static const uint8_t largest[4] = { 2, 4, 0x05, 0xb4 };
	uint8_t ends[8];

	memset(out, 0, SYN_BYTES);
	memcpy(out, &key->port, 2);
	memcpy(out + 2, &port, 2);
	put32(out + 4, (uint32_t)number_of(key, target, port));
	out[12] = SYN_BYTES / 4 << 4;
	out[13] = SYN;
	put16(out + 14, 1024);
	memcpy(out + TCP_HEAD, largest, 4);
	memcpy(ends, &source, 4);
	memcpy(ends + 4, &target, 4);
	put16(out + 16, checksum(sum_of(ends, 8, sum_of(out, SYN_BYTES, IS_TCP + SYN_BYTES))));
	return SYN_BYTES;
}

size_t
packet_echo(uint8_t out[PACKET_ROOM], const struct packet_key *key, uint32_t target)
{
	uint64_t number = number_of(key, target, 0);

	memset(out, 0, ECHO_BYTES);
	out[0] = ECHO_REQUEST;
	memcpy(out + 4, &key->port, 2);
	memcpy(out + ICMP_HEAD, &number, 8);
	put16(out + 2, checksum(sum_of(out, ECHO_BYTES, 0)));
	return ECHO_BYTES;
}

/* What an IPv4 header of PROTOCOL (0: any) carries; NULL: it is none, or part of one. */
static const uint8_t *
inside(const uint8_t *p, size_t n, uint8_t protocol, size_t *len)
{
	size_t head;

	if (n < IP_HEAD || p[0] >> 4 != 4)
		return NULL;
	head = (size_t)(p[0] & 15) * 4;
	if (head < IP_HEAD || head > n || (protocol != 0 && p[9] != protocol) || (get16(p + 6) & 0x1fff) != 0)
		return NULL;
	*len = n - head;
	return p + head;
}

bool
packet_read_tcp(const uint8_t *p, size_t n, const struct packet_key *key, struct raw_record *out)
{
	struct raw_record r = { .what = RAW_REFUSED };
	const uint8_t *t = inside(p, n, IS_TCP, &n);

	if (t == NULL || n < TCP_HEAD || memcmp(t + 2, &key->port, 2) != 0 || (t[13] & ACK) == 0)
		return false;
	memcpy(&r.address, p + 12, 4);
	memcpy(&r.port, t, 2);
	if (get32(t + 8) != (uint32_t)number_of(key, r.address, r.port) + 1)
		return false;
	if ((t[13] & RST) == 0) {
		if ((t[13] & SYN) == 0)
			return false;
		r.what = RAW_OPEN;
	}
	*out = r;
	return true;
}

/* Somebody's word on a SYN of ours: it gives back our header and the first eight bytes. As connect(2) understands it. */
static bool
read_unreachable(uint8_t code, const uint8_t *p, size_t n, const struct packet_key *key, struct raw_record *out)
{
	struct raw_record r = { .what = code == NO_PORT ? RAW_REFUSED : RAW_NO_WAY };
	const uint8_t *t = inside(p, n, IS_TCP, &n);

	if (t == NULL || n < 8 || memcmp(t, &key->port, 2) != 0)
		return false;
	memcpy(&r.address, p + 16, 4);
	memcpy(&r.port, t + 2, 2);
	if (get32(t + 4) != (uint32_t)number_of(key, r.address, r.port))
		return false;
	*out = r;
	return true;
}

bool
packet_read_icmp(const uint8_t *p, size_t n, const struct packet_key *key, struct raw_record *out)
{
	struct raw_record r = { .what = RAW_ECHOED };
	const uint8_t *t = inside(p, n, 0, &n);
	uint64_t number;

	if (t == NULL || n < ICMP_HEAD)
		return false;
	if (t[0] == UNREACHABLE)
		return t[1] != TOO_BIG && read_unreachable(t[1], t + ICMP_HEAD, n - ICMP_HEAD, key, out);
	if (t[0] != ECHO_REPLY || n < ECHO_BYTES || memcmp(t + 4, &key->port, 2) != 0)
		return false;
	memcpy(&r.address, p + 12, 4);
	number = number_of(key, r.address, 0);
	if (memcmp(t + ICMP_HEAD, &number, 8) != 0)
		return false;
	*out = r;
	return true;
}
