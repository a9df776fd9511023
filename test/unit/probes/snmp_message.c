/* SPDX-License-Identifier: Apache-2.0 */
/* Messages written out by hand after RFC 3416 and X.690, read and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "snmp/message.h"

/* A GET of sysDescr.0 and of an enterprise name, community public, request id 0x12345678. */
static const uint8_t get_v2c[] = { 0x30, 0x36, 0x02, 0x01, 0x01, 0x04, 0x06, 'p', 'u', 'b', 'l', 'i', 'c', 0xa0,
	0x29, 0x02, 0x04, 0x12, 0x34, 0x56, 0x78, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x1b, 0x30, 0x0c, 0x06,
	0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00, 0x30, 0x0b, 0x06, 0x07, 0x2b, 0x06, 0x01,
	0x04, 0x01, 0x89, 0x52, 0x05, 0x00 };

/* An answer: an OID, a string, a negative number, the largest Counter64, end of view. */
static const uint8_t answer[] = { 0x30, 0x61, 0x02, 0x01, 0x01, 0x04, 0x01, 'p', 0xa2, 0x59, 0x02, 0x01, 0x05, 0x02,
	0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x4e,
	0x30, 0x11, 0x06, 0x03, 0x2b, 0x06, 0x01, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xbf, 0x08, 0x03, 0x02,
	0x0a,
	0x30, 0x0a, 0x06, 0x03, 0x2b, 0x06, 0x02, 0x04, 0x03, 'a', 0x00, 'b',
	0x30, 0x09, 0x06, 0x03, 0x2b, 0x06, 0x03, 0x02, 0x02, 0xff, 0x7f,
	0x30, 0x10, 0x06, 0x03, 0x2b, 0x06, 0x04, 0x46, 0x09, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0x30, 0x07, 0x06, 0x03, 0x2b, 0x06, 0x05, 0x82, 0x00,
	0x30, 0x07, 0x06, 0x03, 0x2b, 0x06, 0x06, 0x05, 0x00 };

static void
writes_a_request_byte_by_byte(void **state)
{
	const uint32_t descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, enterprise[] = { 1, 3, 6, 1, 4, 1, 1234 };
	const struct oid_ref oids[] = { { descr, 9 }, { enterprise, 7 } };
	const struct ask ask = { .type = PDU_GET, .id = 0x12345678, .n = 2, .oids = oids };
	uint8_t room[200];
	struct ber_out o;

	(void)state;
	out_init(&o, room, sizeof(room));
	message_write(&o, SNMP_V2C, "public", &ask);
	assert_false(o.full);
	assert_int_equal(out_len(&o), sizeof(get_v2c));
	assert_memory_equal(o.at, get_v2c, sizeof(get_v2c));
}

static void
says_when_the_room_is_too_small(void **state)
{
	const uint32_t descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 };
	const struct oid_ref oids[] = { { descr, 9 } };
	const struct ask ask = { .type = PDU_GETBULK, .id = 1, .repeat = 10, .n = 1, .oids = oids };
	uint8_t room[64];
	struct ber_out o;
	size_t size, fits = 0;

	(void)state;
	for (size = 0; size <= sizeof(room); size++) {
		out_init(&o, room, size);
		message_write(&o, SNMP_V2C, "public", &ask);
		fits += !o.full;
		assert_true(o.full || out_len(&o) <= size);
	}
	assert_in_range(fits, 1, 30);
}

static void
numbers_take_the_fewest_bytes(void **state)
{
	static const struct { int64_t v; size_t len; } rows[] = { { 0, 3 }, { 127, 3 }, { 128, 4 }, { -1, 3 },
		{ -128, 3 }, { -129, 4 }, { 32767, 4 }, { 32768, 5 }, { INT32_MAX, 6 }, { INT64_MIN, 10 } };
	struct slice in;
	struct ber_out o;
	uint8_t room[16];
	int64_t back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out_init(&o, room, sizeof(room));
		out_int(&o, rows[i].v);
		assert_int_equal(out_len(&o), rows[i].len);
		in = (struct slice){ o.at, out_len(&o) };
		assert_int_equal(ber_int(&in, &back), 0);
		assert_true(back == rows[i].v);
	}
}

static void
reads_values_of_each_kind_in_place(void **state)
{
	struct varbind_room room;
	struct message m;
	struct varbind vb;

	(void)state;
	assert_int_equal(message_read(answer, sizeof(answer), &m), 0);
	assert_int_equal(m.version, SNMP_V2C);
	assert_int_equal(m.community.n, 1);
	assert_int_equal(m.pdu.type, PDU_RESPONSE);
	assert_int_equal(m.pdu.id, 5);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_int_equal(vb.type, VB_OID);
	assert_int_equal(vb.oid_n, 4);
	assert_int_equal(vb.len, 10);
	assert_int_equal(vb.ids[6], 8072);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_int_equal(vb.len, 3);
	assert_true(vb.bytes > answer && vb.bytes < answer + sizeof(answer));
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_true(vb.integer == -129);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_true(vb.number == UINT64_MAX);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_int_equal(vb.type, VB_END_OF_VIEW);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 1);
	assert_int_equal(varbind_next(&m.pdu.varbinds, &room, &vb), 0);
}

static int
read_all(const uint8_t *data, size_t len)
{
	struct varbind_room room;
	struct message m;
	struct varbind vb;
	int r, n = 0;

	if (message_read(data, len, &m) < 0)
		return -1;
	while ((r = varbind_next(&m.pdu.varbinds, &room, &vb)) == 1)
		n++;
	return r < 0 ? -1 : n;
}

static void
refuses_an_answer_cut_off_anywhere(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(read_all(answer, sizeof(answer)), 6);
	for (n = 0; n < sizeof(answer); n++)
		assert_int_equal(read_all(answer, n), -1);
}

static void
survives_every_flipped_bit(void **state)
{
	uint8_t copy[sizeof(answer)];
	size_t i, good = 0;

	(void)state;
	for (i = 0; i < sizeof(answer) * 8; i++) {
		memcpy(copy, answer, sizeof(answer));
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		good += read_all(copy, sizeof(copy)) >= 0;
	}
	assert_in_range(good, 1, sizeof(answer) * 8);
}

static void
refuses_numbers_in_a_name_that_have_no_32_bits(void **state)
{
	static const uint8_t largest[] = { 0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f }, over[] = { 0x2b, 0x90, 0x80, 0x80, 0x80, 0x00 },
	    open_end[] = { 0x2b, 0x81 };
	uint8_t many[OID_MAX] = { 0x2b };
	uint32_t ids[OID_MAX];

	(void)state;
	assert_int_equal(ber_oid((struct slice){ largest, 6 }, ids), 3);
	assert_true(ids[2] == UINT32_MAX);
	assert_int_equal(ber_oid((struct slice){ over, 6 }, ids), -1);
	assert_int_equal(ber_oid((struct slice){ open_end, 2 }, ids), -1);
	assert_int_equal(ber_oid((struct slice){ many, OID_MAX - 1 }, ids), OID_MAX);
	assert_int_equal(ber_oid((struct slice){ many, OID_MAX }, ids), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_a_request_byte_by_byte),
		cmocka_unit_test(says_when_the_room_is_too_small),
		cmocka_unit_test(numbers_take_the_fewest_bytes),
		cmocka_unit_test(reads_values_of_each_kind_in_place),
		cmocka_unit_test(refuses_an_answer_cut_off_anywhere),
		cmocka_unit_test(survives_every_flipped_bit),
		cmocka_unit_test(refuses_numbers_in_a_name_that_have_no_32_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
