/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asks - what is asked of every address: rows of known services, and the list
 * a job gives, by number or by name.
 */
#ifndef MID_SCAN_ASKS_H
#define MID_SCAN_ASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASKS_MAX 200u

enum ask_proto { ASK_TCP, ASK_UDP, ASK_ICMP };

/* What is said once a TCP port has opened. */
enum ask_talk {
	TALK_NONE,
	TALK_BANNER,		/* the server speaks first */
	TALK_HTTP,
	TALK_TLS,		/* a handshake: its certificates */
	TALK_HTTPS		/* and HTTP in it */
};

/* NAME as in the instance's discovery_port_probe, SCANNER and SERVICE as in its answers. */
struct service {
	const char *name;
	uint16_t port;
	enum ask_proto proto;
	const char *scanner, *service;
	enum ask_talk talk;
	bool usual;		/* asked when the job names none */
};

struct ask { const struct service *service; uint16_t port; };
struct asks { struct ask v[ASKS_MAX]; unsigned n; };

/* The I-th row; NULL at the end. */
const struct service *service_at(unsigned i);
/* LIST: "22,80,8000-8010,ssh,udp:161,snmp,icmp", or NULL for the usual ones. 0, or <0 and the word in WHY. */
int asks_read(struct asks *out, const char *list, char *why, size_t size);
/* Every TCP port is asked for its certificate, whatever its row says. */
void asks_all_tls(struct asks *a);
/* The ask for PORT of PROTO; NULL: none. */
const struct ask *asks_find(const struct asks *a, enum ask_proto proto, uint16_t port);
const char *proto_name(enum ask_proto p);

#endif
