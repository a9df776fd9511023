/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - what is said between midd, its scan and midd-raw(8) on one connection.
 *
 * First one line of text, from midd: "targets FIRST-LAST FIRST-LAST ...\n",
 * the addresses that policy has left; others are never asked on this
 * connection. Then records of eight bytes, both ways: questions from the
 * worker, answers to it, the first of which is RAW_READY. Nothing is repeated
 * and nothing waited for: that is the asker's.
 */
#ifndef MIDD_RAW_H
#define MIDD_RAW_H

#include <stdint.h>

#define RAW_LINE_MAX (64u * 1024)
#define RAW_WORD "targets "

/* Port and address are in the network's order. */
struct raw_record {
	uint32_t address;	/* IPv4 */
	uint16_t port;		/* 0 of an echo */
	uint8_t what;
	uint8_t none;		/* 0 */
};

enum raw_what {
	/* asked */
	RAW_SYN = 'S',		/* is the TCP port open? */
	RAW_ECHO = 'E',		/* is anybody there? */
	/* answered */
	RAW_READY = 'g',
	RAW_OPEN = 'o', RAW_REFUSED = 'r', RAW_ECHOED = 'e',
	RAW_NO_WAY = 'u',	/* a router, or our own system, says so */
	RAW_DENIED = 'n'	/* none of the targets */
};

#endif
