/* SPDX-License-Identifier: Apache-2.0 */
/* Keys after the examples of RFC 3414 A.3 and A.5; and two ends of one conversation, ours being both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "snmp/usm.h"
#include "snmp/usm_keys.h"

static const uint8_t engine[12] = { [11] = 2 };

static void
makes_the_keys_of_the_rfc(void **state)
{
	static const struct { const char *name; unsigned n; uint8_t ku[20], kul[20]; } rows[] = {
		{ "MD5", 16, { 0x9f, 0xaf, 0x32, 0x83, 0x88, 0x4e, 0x92, 0x83, 0x4e, 0xbc, 0x98, 0x47, 0xd8, 0xed, 0xd9, 0x63 },
		    { 0x52, 0x6f, 0x5e, 0xed, 0x9f, 0xcc, 0xe2, 0x6f, 0x89, 0x64, 0xc2, 0x93, 0x07, 0x87, 0xd8, 0x2b } },
		{ "sha", 20, { 0x9f, 0xb5, 0xcc, 0x03, 0x81, 0x49, 0x7b, 0x37, 0x93, 0x52, 0x89, 0x39, 0xff, 0x78, 0x8d, 0x5d, 0x79, 0x14, 0x52, 0x11 },
		    { 0x66, 0x95, 0xfe, 0xbc, 0x92, 0x88, 0xe3, 0x62, 0x82, 0x23, 0x5f, 0xc7, 0x15, 0x1f, 0x12, 0x84, 0x97, 0xb3, 0x8f, 0x3f } },
	};
	struct usm_phrases *p = usm_phrases_new();
	uint8_t ku[USM_KEY_MAX], kul[USM_KEY_MAX];
	size_t i, again;

	(void)state;
	for (i = 0; i < 2; i++)
		for (again = 0; again < 2; again++) {
			const struct usm_auth *a = usm_auth_named(rows[i].name);

			assert_non_null(a);
			assert_int_equal(usm_phrase_cached(p, a, "maplesyrup", ku), 0);
			assert_memory_equal(ku, rows[i].ku, rows[i].n);
			assert_int_equal(usm_localise(a, ku, engine, sizeof(engine), kul), 0);
			assert_memory_equal(kul, rows[i].kul, rows[i].n);
		}
	usm_phrases_free(p);
}

static void
knows_the_names_of_algorithms_and_no_others(void **state)
{
	(void)state;
	assert_non_null(usm_auth_named("SHA-512"));
	assert_non_null(usm_auth_named("sha256"));
	assert_non_null(usm_priv_named("aes"));
	assert_null(usm_auth_named("SHA3"));
	assert_null(usm_auth_named(""));
	assert_null(usm_priv_named("AES25"));
}

/* --- a conversation ------------------------------------------------------------------ */

static const uint32_t name[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 };
static const struct oid_ref names[] = { { name, 9 } };

static void
start(struct usm *u, struct usm_phrases *p, const char *auth, const char *priv, const char *key)
{
	const struct usm_account a = { "user", auth, auth == NULL ? NULL : "a long pass phrase", priv, priv == NULL ? NULL : key, NULL };
	const char *why;

	assert_int_equal(usm_init(u, p, &a, 7, &why), 0);
}

/* The agent's report of its engine ID, as it stands in a datagram. */
static size_t
report(uint8_t *room, size_t size, uint8_t **at, int32_t id, uint32_t which, const uint8_t *eng, size_t n)
{
	static uint8_t flags;
	const uint32_t oid[] = { 1, 3, 6, 1, 6, 3, 15, 1, 1, which, 0 };
	struct ber_out o;
	size_t mark;

	out_init(&o, room, size);
	out_int(&o, 1);
	out_oid(&o, oid, 11);
	out_wrap(&o, BER_SEQUENCE, 0);
	out_wrap(&o, BER_SEQUENCE, 0);
	out_int(&o, 0);
	out_int(&o, 0);
	out_int(&o, id);
	out_wrap(&o, PDU_REPORT, 0);
	out_octets(&o, "", 0);
	out_octets(&o, eng, n);
	out_wrap(&o, BER_SEQUENCE, 0);
	mark = out_len(&o);
	out_octets(&o, "", 0);
	out_octets(&o, "", 0);
	out_octets(&o, "", 0);
	out_int(&o, 100);
	out_int(&o, 5);
	out_octets(&o, eng, n);
	out_wrap(&o, BER_SEQUENCE, mark);
	out_wrap(&o, BER_OCTETS, mark);
	mark = out_len(&o);
	out_int(&o, 3);
	out_octets(&o, &flags, 1);
	out_int(&o, 65507);
	out_int(&o, id);
	out_wrap(&o, BER_SEQUENCE, mark);
	out_int(&o, SNMP_V3);
	out_wrap(&o, BER_SEQUENCE, 0);
	assert_false(o.full);
	*at = o.at;
	return out_len(&o);
}

static enum usm_read
hear(struct usm *u, uint8_t *at, size_t n, struct pdu *pdu)
{
	struct message m;

	assert_int_equal(message_read(at, n, &m), 0);
	return usm_read(u, &m, pdu, at, n);
}

static void
discover(struct usm *u)
{
	uint8_t room[500], *at;
	struct pdu pdu;
	size_t n = report(room, sizeof(room), &at, 1, 4, engine, sizeof(engine));

	assert_int_equal(hear(u, at, n, &pdu), USM_ASK_AGAIN);
}

/* What one end writes the other takes, when a question is made an answer: their keys are the same. */
static void
ends_understand_each_other_with_every_pair(void **state)
{
	static const char *const auths[] = { "MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512" };
	static const char *const privs[] = { NULL, "DES", "3DES", "AES", "AES192", "AES256", "AES192C", "AES256C" };
	const struct ask ask = { .type = PDU_RESPONSE, .id = 77, .n = 1, .oids = names };
	struct usm_phrases *p = usm_phrases_new();
	uint8_t room[2000];
	struct usm a, b;
	struct ber_out o;
	struct pdu pdu;
	size_t i, k;

	(void)state;
	for (i = 0; i < 6; i++)
		for (k = 0; k < 8; k++) {
			start(&a, p, auths[i], privs[k], "another phrase");
			start(&b, p, auths[i], privs[k], "another phrase");
			discover(&a);
			discover(&b);
			out_init(&o, room, sizeof(room));
			assert_int_equal(usm_write(&a, &o, &ask), 0);
			assert_int_equal(hear(&b, o.at, out_len(&o), &pdu), USM_ANSWER);
			assert_int_equal(pdu.id, 77);
			assert_int_equal(b.boots, 5);
		}
	usm_phrases_free(p);
}

static void
a_changed_bit_is_no_answer(void **state)
{
	const struct ask ask = { .type = PDU_RESPONSE, .id = 77, .n = 1, .oids = names };
	struct usm_phrases *p = usm_phrases_new();
	uint8_t room[2000], copy[2000];
	struct usm a, b;
	struct message m;
	struct ber_out o;
	struct pdu pdu;
	size_t i, n;

	(void)state;
	start(&a, p, "SHA", "AES", "another phrase");
	start(&b, p, "SHA", "AES", "another phrase");
	discover(&a);
	discover(&b);
	out_init(&o, room, sizeof(room));
	assert_int_equal(usm_write(&a, &o, &ask), 0);
	n = out_len(&o);
	for (i = 0; i < n * 8; i++) {
		memcpy(copy, o.at, n);
		copy[i / 8] ^= (uint8_t)(1u << i % 8);
		if (message_read(copy, n, &m) == 0 && m.version == SNMP_V3)
			assert_int_not_equal(usm_read(&b, &m, &pdu, copy, n), USM_ANSWER);
	}
	usm_phrases_free(p);
}

static void
an_agent_that_is_another_each_time_is_given_up(void **state)
{
	struct usm_phrases *p = usm_phrases_new();
	uint8_t room[500], eng[12] = { 0 }, *at;
	struct usm u;
	struct pdu pdu;
	size_t n, i;

	(void)state;
	start(&u, p, "SHA", NULL, NULL);
	for (i = 0; i < 4; i++) {
		eng[0] = (uint8_t)(i + 1);
		n = report(room, sizeof(room), &at, 1, 4, eng, sizeof(eng));
		assert_int_equal(hear(&u, at, n, &pdu), i < 3 ? USM_ASK_AGAIN : USM_REFUSED);
	}
	/* Time that nobody vouches for is not taken. */
	n = report(room, sizeof(room), &at, 1, 2, eng, sizeof(eng));
	assert_int_equal(hear(&u, at, n, &pdu), USM_DROP);
	usm_phrases_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_the_keys_of_the_rfc),
		cmocka_unit_test(knows_the_names_of_algorithms_and_no_others),
		cmocka_unit_test(ends_understand_each_other_with_every_pair),
		cmocka_unit_test(a_changed_bit_is_no_answer),
		cmocka_unit_test(an_agent_that_is_another_each_time_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
