/* SPDX-License-Identifier: Apache-2.0 */
/* message - see message.h. */
#include "message.h"

#include <string.h>

#define USM_MODEL 3

/* --- reading ----------------------------------------------------------------------- */

static int
pdu_read(struct slice in, struct pdu *out)
{
	struct slice c;
	uint8_t tag;

	if (ber_any(&in, &tag, &c) < 0 || tag < PDU_GET || tag > PDU_REPORT)
		return -1;
	out->type = tag;
	if (ber_int32(&c, &out->id) < 0 || ber_int32(&c, &out->error) < 0 ||
	    ber_int32(&c, &out->error_index) < 0)
		return -1;
	return ber_take(&c, BER_SEQUENCE, &out->varbinds);
}

int
scoped_read(struct slice in, struct pdu *out)
{
	struct slice c, engine, context;

	/* After deciphering there may be padding behind it. */
	if (ber_take(&in, BER_SEQUENCE, &c) < 0 || ber_take(&c, BER_OCTETS, &engine) < 0 ||
	    ber_take(&c, BER_OCTETS, &context) < 0)
		return -1;
	return pdu_read(c, out);
}

static int
usm_read(struct slice params, struct message *m)
{
	struct slice c;

	if (ber_take(&params, BER_SEQUENCE, &c) < 0 || ber_take(&c, BER_OCTETS, &m->engine) < 0 ||
	    ber_int32(&c, &m->boots) < 0 || ber_int32(&c, &m->time) < 0 ||
	    ber_take(&c, BER_OCTETS, &m->user) < 0 || ber_take(&c, BER_OCTETS, &m->auth) < 0)
		return -1;
	return ber_take(&c, BER_OCTETS, &m->salt);
}

static int
v3_read(struct slice body, struct message *m)
{
	struct slice header, flags, params;
	int32_t size, model;
	uint8_t tag;

	if (ber_take(&body, BER_SEQUENCE, &header) < 0 || ber_int32(&header, &m->id) < 0 ||
	    ber_int32(&header, &size) < 0 || ber_take(&header, BER_OCTETS, &flags) < 0 ||
	    ber_int32(&header, &model) < 0 || flags.n != 1 || model != USM_MODEL)
		return -1;
	m->flags = flags.at[0];
	if (ber_take(&body, BER_OCTETS, &params) < 0 || usm_read(params, m) < 0)
		return -1;
	if (m->engine.n > ENGINE_ID_MAX || m->boots < 0 || m->time < 0)
		return -1;
	if ((m->flags & FLAG_PRIV) != 0)
		return ber_take(&body, BER_OCTETS, &m->data);
	m->data = body;		/* scoped_read() wants the head as well */
	return ber_any(&body, &tag, &params) < 0 || tag != BER_SEQUENCE ? -1 : 0;
}

int
message_read(const void *data, size_t len, struct message *m)
{
	struct slice in = { data, len }, body;
	int32_t version;

	*m = (struct message){ 0 };
	if (ber_take(&in, BER_SEQUENCE, &body) < 0 || ber_int32(&body, &version) < 0)
		return -1;
	m->version = (enum version)version;
	if (version == SNMP_V3)
		return v3_read(body, m);
	if (version != SNMP_V1 && version != SNMP_V2C)
		return -1;
	if (ber_take(&body, BER_OCTETS, &m->community) < 0)
		return -1;
	return pdu_read(body, &m->pdu);
}

/* --- varbinds ----------------------------------------------------------------------- */

static int
value_signed(struct slice c, struct varbind_room *room, struct varbind *out)
{
	(void)room;
	return ber_signed(c, &out->integer);
}

/* Some agents sign-extend what should be positive: what counts is 32 bits. */
static int
value_32(struct slice c, struct varbind_room *room, struct varbind *out)
{
	int64_t v;

	(void)room;
	if (ber_signed(c, &v) < 0)
		return -1;
	out->number = (uint32_t)v;
	return 0;
}

static int
value_64(struct slice c, struct varbind_room *room, struct varbind *out)
{
	(void)room;
	return ber_unsigned(c, &out->number);
}

static int
value_bytes(struct slice c, struct varbind_room *room, struct varbind *out)
{
	(void)room;
	out->bytes = c.at;
	out->len = c.n;
	return 0;
}

static int
value_oid(struct slice c, struct varbind_room *room, struct varbind *out)
{
	int n = ber_oid(c, room->value);

	out->ids = room->value;
	out->len = n < 0 ? 0 : (size_t)n;
	return n < 0 ? -1 : 0;
}

static int
value_none(struct slice c, struct varbind_room *room, struct varbind *out)
{
	(void)room;
	out->number = 0;
	return c.n == 0 ? 0 : -1;
}

static const struct value {
	uint8_t tag;
	int (*read)(struct slice, struct varbind_room *, struct varbind *);
} values[] = {
	{ VB_INTEGER, value_signed },
	{ VB_OCTETS, value_bytes },
	{ VB_COUNTER32, value_32 },
	{ VB_GAUGE32, value_32 },
	{ VB_COUNTER64, value_64 },
	{ VB_TICKS, value_32 },
	{ VB_OID, value_oid },
	{ VB_ADDRESS, value_bytes },
	{ VB_OPAQUE, value_bytes },
	{ VB_NULL, value_none },
	{ VB_NO_OBJECT, value_none },
	{ VB_NO_INSTANCE, value_none },
	{ VB_END_OF_VIEW, value_none },
};

int
varbind_next(struct slice *in, struct varbind_room *room, struct varbind *out)
{
	struct slice pair, name, value;
	uint8_t tag;
	size_t i;
	int n;

	if (in->n == 0)
		return 0;
	if (ber_take(in, BER_SEQUENCE, &pair) < 0 || ber_take(&pair, BER_OID, &name) < 0 ||
	    ber_any(&pair, &tag, &value) < 0)
		return -1;
	n = ber_oid(name, room->oid);
	if (n < 0)
		return -1;
	*out = (struct varbind){ .oid = room->oid, .oid_n = (unsigned)n, .type = tag };
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (values[i].tag == tag)
			return values[i].read(value, room, out) < 0 ? -1 : 1;
	return -1;
}

/* --- writing ------------------------------------------------------------------------- */

void
ask_write(struct ber_out *o, const struct ask *a)
{
	size_t mark = out_len(o), pair;
	unsigned i = a->n;

	while (i-- > 0) {
		pair = out_len(o);
		out_head(o, BER_NULL, 0);
		out_oid(o, a->oids[i].ids, a->oids[i].n);
		out_wrap(o, BER_SEQUENCE, pair);
	}
	out_wrap(o, BER_SEQUENCE, mark);
	out_int(o, a->type == PDU_GETBULK ? a->repeat : 0);
	out_int(o, 0);		/* error-status; GETBULK: no non-repeaters */
	out_int(o, a->id);
	out_wrap(o, (uint8_t)a->type, mark);
}

void
message_write(struct ber_out *o, enum version v, const char *community, const struct ask *a)
{
	size_t mark = out_len(o);

	ask_write(o, a);
	out_octets(o, community, strlen(community));
	out_int(o, (int64_t)v);
	out_wrap(o, BER_SEQUENCE, mark);
}
