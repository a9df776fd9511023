/* SPDX-License-Identifier: Apache-2.0 */
/* session - see session.h. */
#include "session.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

void
session_community(struct session *s, const char *community, const char *index)
{
	*s = (struct session){ .version = SNMP_V2C };
	snprintf(s->community, sizeof(s->community), "%s%s%s", community, index[0] == '\0' ? "" : "@", index);
}

void
session_wipe(struct session *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}

int
session_write(struct session *s, struct ber_out *o, const struct ask *a, bool last_try)
{
	enum version v = s->version == SNMP_V2C && !s->settled && last_try ? SNMP_V1 : s->version;

	if (v == SNMP_V3)
		return usm_write(&s->usm, o, a);
	message_write(o, v, s->community, a);
	return o->full ? -1 : 0;
}

static enum session_read
read_v3(struct session *s, const struct message *m, struct pdu *out, uint8_t *data, size_t len)
{
	switch (usm_read(&s->usm, m, out, data, len)) {
	case USM_ANSWER:
		return SESSION_ANSWER;
	case USM_ASK_AGAIN:
		return SESSION_ASK_AGAIN;
	case USM_REFUSED:
		s->why = s->usm.why;
		return SESSION_REFUSED;
	default:
		return SESSION_DROP;
	}
}

enum session_read
session_read(struct session *s, const struct message *m, struct pdu *out, uint8_t *data, size_t len)
{
	if ((m->version == SNMP_V3) != (s->version == SNMP_V3))
		return SESSION_DROP;
	if (m->version == SNMP_V3)
		return read_v3(s, m, out, data, len);
	if (s->settled && m->version != s->version)
		return SESSION_DROP;
	if (m->pdu.type != PDU_RESPONSE)
		return SESSION_DROP;
	s->version = m->version;
	s->settled = true;
	*out = m->pdu;
	return SESSION_ANSWER;
}
