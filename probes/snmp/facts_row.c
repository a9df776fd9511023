/* SPDX-License-Identifier: Apache-2.0 */
/* facts_row - see facts_row.h. */
#include "facts_row.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "value.h"

/* --- what an index says ----------------------------------------------------------------- */

void
row_head_ifindex(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"ifIndex\":%u", at->index[at->n - 1]);
}

void
row_head_index(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"index\":%u", at->index[at->n - 1]);
}

void
row_head_first(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"index\":%u", at->index[0]);
}

void
row_head_port(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"port\":%u", at->index[at->n - 1]);
}

void
row_head_vlan(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"vlan\":%u", at->index[at->n - 1]);
}

/* The last four numbers are an address, as the tables of RFC 1213 have it. */
void
row_head_address(struct text *t, const struct row_at *at)
{
	const uint32_t *i = at->index + at->n - 4;

	text_printf(t, "\"ip\":\"%u.%u.%u.%u\"", i[0] & 255, i[1] & 255, i[2] & 255, i[3] & 255);
}

/* InetAddressType, length, bytes: how long all of it is. 0: no address. */
static unsigned
inet_length(const uint32_t *i, unsigned n)
{
	return n > 2 && i[0] >= 1 && i[0] <= 4 && i[1] < n && (i[1] == 4 || i[1] == 8 || i[1] == 16 || i[1] == 20) ? 2 + i[1] : 0;
}

void
row_head_inet(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"ip\":\"%s\"", index_address(at->index + 2, at->index[1], s, sizeof(s)));
}

bool
row_is_inet_and_new(const struct row_at *at)
{
	struct varbind vb;

	if (inet_length(at->index, at->n) != at->n)
		return false;
	return at->n != 6 || !cell_at(at->table, "1.3.6.1.2.1.4.20.1", 2, at->index + 2, 4, &vb);
}

/* IPV6-MIB, which came before: the interface, sixteen bytes. What IP-MIB has of it is told by that. */
void
row_head_ipv6(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"ip\":\"%s\",\"ifIndex\":%u", index_address(at->index + 1, 16, s, sizeof(s)), at->index[0]);
}

static bool
in_ip_mib(const struct table *t, uint32_t kind, const uint32_t *address, unsigned n)
{
	uint32_t index[18] = { kind, n };
	struct varbind vb;

	memcpy(index + 2, address, n * sizeof(*address));
	return cell_at(t, "1.3.6.1.2.1.4.34.1", 3, index, n + 2, &vb);
}

bool
row_is_ipv6_and_new(const struct row_at *at)
{
	return at->n == 17 && !in_ip_mib(at->table, 2, at->index + 1, 16) && !in_ip_mib(at->table, 4, at->index + 1, 16);
}

/* Cisco's own table for IPv6, as that of IP-MIB: what neither of the others has. */
bool
row_is_cisco_inet_and_new(const struct row_at *at)
{
	if (!row_is_inet_and_new(at))
		return false;
	return at->index[1] > 16 || !in_ip_mib(at->table, at->index[0], at->index + 2, at->index[1]);
}

/* ipAddressPrefix points at a row of ipAddressPrefixTable, whose last number is the length. */
void
row_more_prefix(struct text *t, const struct row_at *at)
{
	struct in_addr mask;
	struct varbind vb;
	uint32_t bits;
	char s[INET_ADDRSTRLEN];

	if (!section_cell(at, &at->entry[0], 5, &vb) || vb.type != VB_OID || vb.len < 8)
		return;
	bits = vb.ids[vb.len - 1];
	if (bits > (at->n == 6 ? 32u : 128u))
		return;
	put_number(t, "prefixLength", bits);
	mask.s_addr = htonl(bits == 0 ? 0 : UINT32_MAX << (32 - bits % 33));
	if (at->n == 6 && inet_ntop(AF_INET, &mask, s, sizeof(s)) != NULL)
		put_pair(t, "mask", s);
}

/* --- neighbours on the second layer and the third ------------------------------------------ */

void
row_head_arp(struct text *t, const struct row_at *at)
{
	row_head_address(t, at);
	put_number(t, "ifIndex", at->index[0]);
}

void
row_head_physical(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"ip\":\"%s\"", index_address(at->index + 3, at->index[2], s, sizeof(s)));
	put_number(t, "ifIndex", at->index[0]);
}

bool
row_is_physical(const struct row_at *at)
{
	return inet_length(at->index + 1, at->n - 1) == at->n - 1;
}

/* Of the older table what the newer one does not have. */
bool
row_is_arp_and_new(const struct row_at *at)
{
	uint32_t index[7] = { 0, 1, 4 };
	struct varbind vb;

	if (at->n != 5)
		return false;
	index[0] = at->index[0];
	memcpy(index + 3, at->index + 1, 4 * sizeof(index[0]));
	return !cell_at(at->table, "1.3.6.1.2.1.4.35.1", 4, index, 7, &vb);
}

void
row_head_fdb(struct text *t, const struct row_at *at)
{
	put_index_mac(t, "mac", at->index + at->n - 6);
}

static bool
has_base_ports(const struct table *t)
{
	static const uint32_t ports[] = { 1, 3, 6, 1, 2, 1, 17, 1, 4, 1 };
	struct varbind vb;

	return table_below(t, table_lower(t, ports, 10), ports, 10, &vb);
}

/* Who has no table of bridge ports numbers them as the interfaces. */
void
row_more_fdb_port(struct text *t, const struct row_at *at)
{
	struct varbind port, vb;
	uint32_t index;

	if (!section_cell(at, &at->entry[0], 2, &port) || !is_number(&port))
		return;
	index = (uint32_t)port.integer;
	if (cell_at(at->table, "1.3.6.1.2.1.17.1.4.1", 2, &index, 1, &vb) && is_number(&vb))
		put_number(t, "ifIndex", vb.integer);
	else if (!has_base_ports(at->table) && cell_at(at->table, "1.3.6.1.2.1.2.2.1", 3, &index, 1, &vb))
		put_number(t, "ifIndex", index);
}

/* dot1qTpFdbTable has the filtering database in front, which is the VLAN where each has its own. */
void
row_more_qfdb(struct text *t, const struct row_at *at)
{
	put_number(t, "fdb", at->index[0]);
	row_more_fdb_port(t, at);
}

bool
row_is_fdb(const struct row_at *at)
{
	return at->n == 6;
}

bool
row_is_qfdb(const struct row_at *at)
{
	return at->n == 7;
}

void
row_head_cdp(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"protocol\":\"cdp\",\"localIfIndex\":%u", at->index[at->n - 2]);
}

void
row_head_lldp(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"protocol\":\"lldp\",\"localPortNum\":%u", at->index[at->n - 2]);
}

/* A chassis or a port is named by an address or a text: KIND and its subtypes that are addresses say which. */
static void
put_lldp_id(struct text *t, const char *key, int64_t kind, const int64_t subtypes[2], const struct varbind *vb)
{
	struct column c = { key, 0, TEXT, NULL };
	char s[INET6_ADDRSTRLEN];

	if (kind == subtypes[0] && vb->type == VB_OCTETS && vb->len == 6) {
		c.kind = MAC;
	} else if (kind == subtypes[1] && vb->type == VB_OCTETS && (vb->len == 5 || vb->len == 17)) {
		put_pair(t, key, address_text(vb->bytes + 1, vb->len - 1, s, sizeof(s)));
		return;
	}
	put_cell(t, &c, vb);
}

/* FIRST: the column that says what kind the chassis's is. */
static void
put_lldp_names(struct text *t, const struct row_at *at, uint32_t first)
{
	static const int64_t chassis[] = { 4, 5 }, port[] = { 3, 4 };
	struct varbind kind, id;

	if (section_cell(at, &at->entry[0], first + 1, &id))
		put_lldp_id(t, "chassisId", section_cell(at, &at->entry[0], first, &kind) ? kind.integer : 0, chassis, &id);
	if (section_cell(at, &at->entry[0], first + 3, &id))
		put_lldp_id(t, "portId", section_cell(at, &at->entry[0], first + 2, &kind) ? kind.integer : 0, port, &id);
}

/* lldpRemManAddrTable has the address in its index, behind that of the neighbour. */
static void
put_lldp_address(struct text *t, const struct row_at *at)
{
	struct oid o;
	struct varbind vb;
	const uint32_t *rest;
	char s[INET6_ADDRSTRLEN];
	size_t i;

	(void)oid_parse("1.0.8802.1.1.2.1.4.2.1.3", &o);
	if (oid_append(&o, at->index, at->n) < 0)
		return;
	i = table_lower(at->table, o.id, o.n);
	if (!table_below(at->table, i, o.id, o.n, &vb) || vb.oid_n < o.n + 6)
		return;
	rest = vb.oid + o.n;
	if (rest[1] <= vb.oid_n - o.n - 2 && (rest[0] == 1 || rest[0] == 2))
		put_pair(t, "address", index_address(rest + 2, rest[1], s, sizeof(s)));
}

/* A local port is a number of LLDP's own: what it is called, and the interface of that name. */
static void
put_lldp_local(struct text *t, const struct row_at *at)
{
	static const struct column names[] = { { "localPortId", 3, TEXT, NULL }, { "localPortDesc", 4, TEXT, NULL } };
	const uint32_t *port = &at->index[at->n - 2];
	struct varbind vb;
	unsigned i;

	for (i = 0; i < 2; i++)
		if (cell_at(at->table, "1.0.8802.1.1.2.1.3.7.1", names[i].column, port, 1, &vb)) {
			if (vb.type == VB_OCTETS && vb.len == 6 && !text_is(vb.bytes, 6))
				put_cell(t, &(struct column){ names[i].key, 0, MAC, NULL }, &vb);
			else
				put_cell(t, &names[i], &vb);
		}
}

void
row_more_lldp(struct text *t, const struct row_at *at)
{
	put_lldp_names(t, at, 4);
	put_lldp_address(t, at);
	put_lldp_local(t, at);
}

/* LLDP-V2-MIB: when, the interface, the address it came to, a number. */
void
row_head_lldp2(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"protocol\":\"lldp\",\"localIfIndex\":%u", at->index[at->n - 3]);
}

void
row_more_lldp2(struct text *t, const struct row_at *at)
{
	put_lldp_names(t, at, 5);
}

/* Who has both tables has the same in both. */
bool
row_is_only_lldp2(const struct row_at *at)
{
	static const uint32_t old[] = { 1, 0, 8802, 1, 1, 2, 1, 4, 1, 1 };
	struct varbind vb;

	return at->n == 4 && !table_below(at->table, table_lower(at->table, old, 10), old, 10, &vb);
}

/* --- routes ------------------------------------------------------------------------------------ */

void
row_head_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"destination\":\"%s\"", index_address(at->index, 4, s, sizeof(s)));
}

/* Destination, mask, type of service, next hop. */
void
row_head_cidr_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	row_head_route(t, at);
	put_pair(t, "mask", index_address(at->index + 4, 4, s, sizeof(s)));
	put_pair(t, "nextHop", index_address(at->index + 9, 4, s, sizeof(s)));
}

static bool
is_cidr_route(const struct row_at *at)
{
	return at->n == 13;
}

/* Type, length, destination, prefix length, policy (its length, its numbers), type, length, next hop. */
static const uint32_t *
next_hop(const struct row_at *at, unsigned *n)
{
	unsigned dest = inet_length(at->index, at->n), policy, at_hop;

	if (dest == 0 || at->n < dest + 2)
		return NULL;
	policy = at->index[dest + 1];
	at_hop = dest + 2 + policy;
	if (policy > OID_MAX || at_hop + 2 > at->n || at->index[at_hop + 1] != at->n - at_hop - 2)
		return NULL;
	*n = at->index[at_hop + 1];
	return at->index + at_hop + 2;
}

bool
row_is_inet_route(const struct row_at *at)
{
	unsigned n;

	return next_hop(at, &n) != NULL;
}

void
row_head_inet_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];
	unsigned n = 0;
	const uint32_t *hop = next_hop(at, &n);

	text_printf(t, "\"destination\":\"%s\"", index_address(at->index + 2, at->index[1], s, sizeof(s)));
	put_number(t, "prefixLength", at->index[2 + at->index[1]]);
	if (hop != NULL && index_address(hop, n, s, sizeof(s))[0] != '\0')
		put_pair(t, "nextHop", s);
}

static bool
has_inet_routes(const struct table *t)
{
	static const uint32_t routes[] = { 1, 3, 6, 1, 2, 1, 4, 24, 7, 1 };
	struct varbind vb;

	return table_below(t, table_lower(t, routes, 10), routes, 10, &vb);
}

/* The newest of the three tables that the agent has speaks. */
bool
row_is_only_cidr(const struct row_at *at)
{
	return is_cidr_route(at) && !has_inet_routes(at->table);
}

bool
row_is_only_old(const struct row_at *at)
{
	static const uint32_t cidr[] = { 1, 3, 6, 1, 2, 1, 4, 24, 4, 1 };
	struct varbind vb;

	return at->n == 4 && !has_inet_routes(at->table) && !table_below(at->table, table_lower(at->table, cidr, 10), cidr, 10, &vb);
}

/* --- what is measured --------------------------------------------------------------------------- */

void
row_more_bytes(struct text *t, const struct row_at *at)
{
	struct varbind unit, vb;

	if (!section_cell(at, &at->entry[0], 4, &unit) || !is_number(&unit) || unit.integer < 0 || unit.integer > INT32_MAX)
		return;
	if (section_cell(at, &at->entry[0], 5, &vb) && is_number(&vb))
		put_number(t, "size_bytes", unit.integer * (int64_t)(uint32_t)vb.integer);
	if (section_cell(at, &at->entry[0], 6, &vb) && is_number(&vb))
		put_number(t, "used_bytes", unit.integer * (int64_t)(uint32_t)vb.integer);
}

/* EntitySensorDataScale: 9 is one, each step a factor of thousand; and digits behind the point. */
void
row_more_sensor(struct text *t, const struct row_at *at)
{
	struct varbind scale, precision, value, name;
	double v;
	int64_t i;

	if (!section_cell(at, &at->entry[0], 4, &value) || value.type != VB_INTEGER)
		return;
	v = (double)value.integer;
	if (section_cell(at, &at->entry[0], 2, &scale) && scale.integer >= 1 && scale.integer <= 17)
		for (i = scale.integer; i != 9; i += i < 9 ? 1 : -1)
			v = i < 9 ? v / 1000 : v * 1000;
	if (section_cell(at, &at->entry[0], 3, &precision) && precision.integer >= -8 && precision.integer <= 9)
		for (i = precision.integer; i != 0; i += i < 0 ? 1 : -1)
			v = i < 0 ? v * 10 : v / 10;
	text_printf(t, ",\"value\":%.10g", v);
	if (cell_at(at->table, "1.3.6.1.2.1.47.1.1.1.1", 7, at->index, at->n, &name))
		put_cell(t, &(struct column){ "name", 0, TEXT, NULL }, &name);
}

void
row_more_colour(struct text *t, const struct row_at *at)
{
	uint32_t index[2];
	struct varbind vb;

	if (at->n != 2 || !section_cell(at, &at->entry[0], 3, &vb) || !is_number(&vb) || vb.integer < 1)
		return;
	index[0] = at->index[0];
	index[1] = (uint32_t)vb.integer;
	if (cell_at(at->table, "1.3.6.1.2.1.43.12.1.1", 4, index, 2, &vb))
		put_cell(t, &(struct column){ "colour", 0, TEXT, NULL }, &vb);
}
