/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - how one agent is spoken to: version, and the community or the user
 * with all that version 3 keeps between two messages.
 *
 * With version 1 or 2c not settled yet, the last try of a question goes out as
 * version 1, and the version that is answered first is kept.
 */
#ifndef MID_SNMP_SESSION_H
#define MID_SNMP_SESSION_H

#include <stdbool.h>

#include "message.h"
#include "usm.h"

#define COMMUNITY_MAX 256u

struct session {
	enum version version;
	bool settled;			/* the version is sure */
	char community[COMMUNITY_MAX];
	struct usm usm;			/* of version 3 */
	const char *why;		/* of the last SESSION_REFUSED; a literal */
};

enum session_read { SESSION_DROP, SESSION_ANSWER, SESSION_ASK_AGAIN, SESSION_REFUSED };

/* What is too long is cut: it would not be a community either. */
void session_community(struct session *s, const char *community, const char *index);
void session_wipe(struct session *s);

/* <0: does not fit. */
int session_write(struct session *s, struct ber_out *o, const struct ask *a, bool last_try);
/* DATA, LEN: the whole datagram M was read from; it is changed in checking and deciphering. */
enum session_read session_read(struct session *s, const struct message *m, struct pdu *out, uint8_t *data, size_t len);

#endif
