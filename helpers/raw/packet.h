/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet - the two packets that midd-raw can make, and what answers to them
 * look like. Pure; foreign bytes are read with every length checked.
 *
 * Nothing is remembered of a question: its number (a TCP sequence number, the
 * bytes of an echo) is a keyed hash of whom it asked, and an answer counts only
 * if it knows that.
 */
#ifndef MID_RAW_PACKET_H
#define MID_RAW_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "midd/raw.h"

#define PACKET_ROOM 24u

struct packet_key {
	uint64_t k[2];
	uint16_t port;		/* our own, and the name of our echoes; in the network's order */
};

/* Behind the IP header, which the system writes. Their length. SOURCE, TARGET and PORT are in the network's order. */
size_t packet_syn(uint8_t out[PACKET_ROOM], const struct packet_key *key, uint32_t source, uint32_t target, uint16_t port);
size_t packet_echo(uint8_t out[PACKET_ROOM], const struct packet_key *key, uint32_t target);
/* N bytes from the IP header on. True: it answers a question of ours, in *OUT. */
bool packet_read_tcp(const uint8_t *p, size_t n, const struct packet_key *key, struct raw_record *out);
bool packet_read_icmp(const uint8_t *p, size_t n, const struct packet_key *key, struct raw_record *out);

#endif
