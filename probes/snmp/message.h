/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - SNMP messages of version 1, 2c and 3 as they stand in a datagram.
 *
 * Reading is in place: what comes out points into the datagram, and varbinds
 * are decoded one by one into the reader's own room. Nothing here allocates,
 * keeps state or knows a key; what version 3 hides is usm.h's affair.
 */
#ifndef MID_SNMP_MESSAGE_H
#define MID_SNMP_MESSAGE_H

#include "ber.h"
#include "varbind.h"

#define MESSAGE_MAX 65507u	/* what one datagram holds */
#define ENGINE_ID_MAX 32u

enum version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };

enum pdu_type {
	PDU_GET = 0xa0,
	PDU_GETNEXT = 0xa1,
	PDU_RESPONSE = 0xa2,
	PDU_GETBULK = 0xa5,
	PDU_REPORT = 0xa8
};

enum snmp_error { ERR_NONE, ERR_TOO_BIG, ERR_NO_SUCH_NAME, ERR_BAD_VALUE, ERR_READ_ONLY, ERR_GENERAL };

struct pdu {
	enum pdu_type type;
	int32_t id;
	int32_t error, error_index;	/* of an answer */
	struct slice varbinds;
};

#define FLAG_AUTH 1u
#define FLAG_PRIV 2u
#define FLAG_REPORTABLE 4u

struct message {
	enum version version;
	struct slice community;		/* v1, v2c */
	struct pdu pdu;			/* of version 3 only after scoped_read() */
	/* version 3 */
	int32_t id, boots, time;
	unsigned flags;
	struct slice engine, user, auth, salt;
	struct slice data;		/* a scoped PDU, or its cipher text */
};

/* 0, or -1: not a message of ours to read. */
int message_read(const void *data, size_t len, struct message *out);
/* What is within a message of version 3, deciphered. */
int scoped_read(struct slice in, struct pdu *out);

/* Where the numbers of one varbind are put. */
struct varbind_room {
	uint32_t oid[OID_MAX], value[OID_MAX];
};

/* 1: the next one. 0: that was all. -1: nonsense. Borrows IN and ROOM. */
int varbind_next(struct slice *in, struct varbind_room *room, struct varbind *out);

/* --- writing ----------------------------------------------------------------------- */

struct oid_ref {
	const uint32_t *ids;
	unsigned n;
};

/* What is asked: the same in all versions. */
struct ask {
	enum pdu_type type;
	int32_t id;
	int32_t repeat;			/* GETBULK: of each */
	unsigned n;
	const struct oid_ref *oids;
};

void ask_write(struct ber_out *o, const struct ask *a);
/* The whole message of v1 or v2c around it. */
void message_write(struct ber_out *o, enum version v, const char *community, const struct ask *a);

#endif
