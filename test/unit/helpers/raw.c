/* SPDX-License-Identifier: Apache-2.0 */
/* raw: whom a connection may ask, what goes out, and what counts as an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "raw/grant.h"
#include "raw/packet.h"

#define SOURCE htonl(0x0a000001)
#define TARGET htonl(0x0a090203)

static const struct packet_key key = { { 0x0123456789abcdefull, 0x1122334455667788ull }, 0x3412 };

/* An IPv4 header of 20 bytes and what is in it. */
static size_t
packet(uint8_t *out, uint8_t protocol, uint32_t from, uint32_t to, const uint8_t *in, size_t n)
{
	memset(out, 0, 20);
	out[0] = 0x45;
	out[9] = protocol;
	memcpy(out + 12, &from, 4);
	memcpy(out + 16, &to, 4);
	memcpy(out + 20, in, n);
	return n + 20;
}

/* What a host answers to SYN: flags, and the number that it must know and one. */
static size_t
reply(uint8_t *out, const uint8_t *syn, uint8_t flags)
{
	uint8_t t[20] = { 0 };
	uint32_t number;

	memcpy(t, syn + 2, 2);
	memcpy(t + 2, syn, 2);
	memcpy(&number, syn + 4, 4);
	number = htonl(ntohl(number) + 1);
	memcpy(t + 8, &number, 4);
	t[13] = flags;
	return packet(out, 6, TARGET, SOURCE, t, sizeof(t));
}

static void
only_named_targets_are_asked_and_never_this_host_or_groups(void **state)
{
	static const struct { const char *address; bool yes; } rows[] = {
		{ "10.9.0.0", true }, { "10.9.0.255", true }, { "10.9.1.0", false }, { "10.8.255.255", false }, { "192.168.7.1", true },
		{ "192.168.7.2", false }, { "127.0.0.1", false }, { "169.254.169.254", false }, { "224.0.0.1", false }, { "255.255.255.255", false },
		{ "0.0.0.0", false }, { "172.16.0.5", true },
	};
	char line[] = "targets 192.168.7.1-192.168.7.1 fd00::1-fd00::9 10.9.0.0-10.9.0.128 10.9.0.100-10.9.0.255 127.0.0.0-127.255.255.255 "
	    "169.254.0.0-169.254.255.255 224.0.0.0-255.255.255.255 0.0.0.0-0.0.0.9 172.16.0.0-172.16.0.9";
	struct grant g;
	size_t i;

	(void)state;
	assert_true(grant_read(&g, line));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(grant_has(&g, inet_addr(rows[i].address)), rows[i].yes);
}

static void
a_line_that_is_none_grants_nothing(void **state)
{
	static const char *const rows[] = { "", "target 10.0.0.1-10.0.0.2", "targets 10.0.0.1", "targets 10.0.0.2-10.0.0.1", "targets 10.0.0.1-x",
		"targets -", "targets 10.0.0.1-10.0.0.2-10.0.0.3" };
	char line[80];
	struct grant g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strcpy(line, rows[i]);
		assert_false(grant_read(&g, line));
	}
	strcpy(line, "targets ");
	assert_true(grant_read(&g, line));
	assert_false(grant_has(&g, inet_addr("10.0.0.1")));
}

static uint16_t
sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; n -= 2, p += 2)
		s += (uint32_t)(p[0] << 8 | p[1]);
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)s;
}

static void
what_goes_out_is_a_syn_or_an_echo_with_a_true_checksum(void **state)
{
	uint8_t p[PACKET_ROOM], ends[8];
	size_t n;

	(void)state;
	n = packet_syn(p, &key, SOURCE, TARGET, htons(443));
	assert_int_equal(n, 24);
	assert_int_equal(p[13], 0x02);
	memcpy(ends, &(uint32_t){ SOURCE }, 4);
	memcpy(ends + 4, &(uint32_t){ TARGET }, 4);
	assert_int_equal(sum(p, n, sum(ends, 8, 6 + 24)), 0xffff);
	n = packet_echo(p, &key, TARGET);
	assert_int_equal(n, 16);
	assert_int_equal(p[0], 8);
	assert_int_equal(p[1], 0);
	assert_int_equal(sum(p, n, 0), 0xffff);
}

static void
an_answer_counts_only_if_it_knows_the_number(void **state)
{
	uint8_t syn[PACKET_ROOM], p[64];
	struct raw_record r;
	size_t n, i;

	(void)state;
	packet_syn(syn, &key, SOURCE, TARGET, htons(22));
	n = reply(p, syn, 0x12);
	assert_true(packet_read_tcp(p, n, &key, &r));
	assert_int_equal(r.what, RAW_OPEN);
	assert_int_equal(r.address, TARGET);
	assert_int_equal(r.port, htons(22));
	n = reply(p, syn, 0x14);
	assert_true(packet_read_tcp(p, n, &key, &r));
	assert_int_equal(r.what, RAW_REFUSED);
	n = reply(p, syn, 0x10);	/* an acknowledgement of no question */
	assert_false(packet_read_tcp(p, n, &key, &r));
	n = reply(p, syn, 0x12);
	for (i = 0; i < n; i++)		/* each cut */
		assert_false(packet_read_tcp(p, i, &key, &r));
	p[28] ^= 1;			/* another number */
	assert_false(packet_read_tcp(p, n, &key, &r));
	p[28] ^= 1;
	p[15] ^= 1;			/* another host */
	assert_false(packet_read_tcp(p, n, &key, &r));
	p[15] ^= 1;
	p[21] ^= 1;			/* another port */
	assert_false(packet_read_tcp(p, n, &key, &r));
}

static void
an_echo_and_a_routers_word_are_understood(void **state)
{
	uint8_t echo[PACKET_ROOM], syn[PACKET_ROOM], quoted[64], icmp[100] = { 3, 13 }, p[128];
	struct raw_record r;
	size_t n;

	(void)state;
	packet_echo(echo, &key, TARGET);
	echo[0] = 0;
	n = packet(p, 1, TARGET, SOURCE, echo, 16);
	assert_true(packet_read_icmp(p, n, &key, &r));
	assert_int_equal(r.what, RAW_ECHOED);
	assert_int_equal(r.address, TARGET);
	assert_false(packet_read_icmp(p, n - 1, &key, &r));
	p[12] ^= 1;			/* somebody else answers */
	assert_false(packet_read_icmp(p, n, &key, &r));

	packet_syn(syn, &key, SOURCE, TARGET, htons(25));
	n = packet(quoted, 6, SOURCE, TARGET, syn, 8);
	memcpy(icmp + 8, quoted, n);
	n = packet(p, 1, htonl(0x0a0000fe), SOURCE, icmp, 8 + n);
	assert_true(packet_read_icmp(p, n, &key, &r));
	assert_int_equal(r.what, RAW_NO_WAY);
	assert_int_equal(r.address, TARGET);
	assert_int_equal(r.port, htons(25));
	assert_false(packet_read_icmp(p, n - 1, &key, &r));
	p[21] = 3;			/* the port is closed, says a firewall */
	assert_true(packet_read_icmp(p, n, &key, &r));
	assert_int_equal(r.what, RAW_REFUSED);
	p[21] = 4;			/* nothing of this */
	assert_false(packet_read_icmp(p, n, &key, &r));
	p[21] = 13;
	p[20 + 8 + 20 + 4] ^= 1;	/* a SYN that we have not sent */
	assert_false(packet_read_icmp(p, n, &key, &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_named_targets_are_asked_and_never_this_host_or_groups),
		cmocka_unit_test(a_line_that_is_none_grants_nothing),
		cmocka_unit_test(what_goes_out_is_a_syn_or_an_echo_with_a_true_checksum),
		cmocka_unit_test(an_answer_counts_only_if_it_knows_the_number),
		cmocka_unit_test(an_echo_and_a_routers_word_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
