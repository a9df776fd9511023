/* SPDX-License-Identifier: Apache-2.0 */
/* facts_rows - which tables of which MIBs are told, and as what; doc/profiles.md has the names. */
#include "facts_rows.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "facts_table.h"

const char *const facts_gates[GATES] = {
	[GATE_ADDRESSES] = "1.3.6.1.2.1.4.34.1", [GATE_ENTITY] = "1.3.6.1.2.1.47.1.1.1", [GATE_LLDP] = "1.0.8802.1.1.2.1.4.1",
	[GATE_CDP] = "1.3.6.1.4.1.9.9.23.1.2.1", [GATE_HOST] = "1.3.6.1.2.1.25", [GATE_BRIDGE] = "1.3.6.1.2.1.17",
	[GATE_QBRIDGE] = "1.3.6.1.2.1.17.7.1", [GATE_VTP] = "1.3.6.1.4.1.9.9.46.1.3.1", [GATE_ARP] = "1.3.6.1.2.1.4.22",
	[GATE_PHYSICAL] = "1.3.6.1.2.1.4.35", [GATE_ROUTE] = "1.3.6.1.2.1.4.21", [GATE_CIDR_ROUTE] = "1.3.6.1.2.1.4.24.4",
	[GATE_INET_ROUTE] = "1.3.6.1.2.1.4.24.7", [GATE_PRINTER] = "1.3.6.1.2.1.43", [GATE_UPS] = "1.3.6.1.2.1.33",
	[GATE_SENSOR] = "1.3.6.1.2.1.99.1.1", [GATE_CISCO_SENSOR] = "1.3.6.1.4.1.9.9.91.1.1.1",
	[GATE_CISCO_STACK] = "1.3.6.1.4.1.9.9.500.1.2.1", [GATE_JUNIPER_STACK] = "1.3.6.1.4.1.2636.3.40.1.4.1.1",
	[GATE_DUPLEX] = "1.3.6.1.2.1.10.7.2", [GATE_LAG] = "1.2.840.10006.300.43.1.2.1",
};

/* --- what an index says ----------------------------------------------------------------- */

static void
head_ifindex(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"ifIndex\":%u", at->index[at->n - 1]);
}

static void
head_index(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"index\":%u", at->index[at->n - 1]);
}

static void
head_first(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"index\":%u", at->index[0]);
}

static void
head_port(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"port\":%u", at->index[at->n - 1]);
}

static void
head_vlan(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"vlan\":%u", at->index[at->n - 1]);
}

/* The last four numbers are an address, as the tables of RFC 1213 have it. */
static void
head_address(struct text *t, const struct row_at *at)
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

static void
head_inet(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"ip\":\"%s\"", index_address(at->index + 2, at->index[1], s, sizeof(s)));
}

static bool
is_inet_and_new(const struct row_at *at)
{
	struct varbind vb;

	if (inet_length(at->index, at->n) != at->n)
		return false;
	return at->n != 6 || !cell_at(at->table, "1.3.6.1.2.1.4.20.1", 2, at->index + 2, 4, &vb);
}

/* ipAddressPrefix points at a row of ipAddressPrefixTable, whose last number is the length. */
static void
more_prefix(struct text *t, const struct row_at *at)
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
	put_int(t, "prefixLength", bits);
	mask.s_addr = htonl(bits == 0 ? 0 : UINT32_MAX << (32 - bits % 33));
	if (at->n == 6 && inet_ntop(AF_INET, &mask, s, sizeof(s)) != NULL)
		put_pair(t, "mask", s);
}

/* --- neighbours on the second layer and the third ------------------------------------------ */

static void
head_arp(struct text *t, const struct row_at *at)
{
	head_address(t, at);
	put_int(t, "ifIndex", at->index[0]);
}

static void
head_physical(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"ip\":\"%s\"", index_address(at->index + 3, at->index[2], s, sizeof(s)));
	put_int(t, "ifIndex", at->index[0]);
}

static bool
is_physical(const struct row_at *at)
{
	return inet_length(at->index + 1, at->n - 1) == at->n - 1;
}

/* Of the older table what the newer one does not have. */
static bool
is_arp_and_new(const struct row_at *at)
{
	uint32_t index[7] = { 0, 1, 4 };
	struct varbind vb;

	if (at->n != 5)
		return false;
	index[0] = at->index[0];
	memcpy(index + 3, at->index + 1, 4 * sizeof(index[0]));
	return !cell_at(at->table, "1.3.6.1.2.1.4.35.1", 4, index, 7, &vb);
}

static void
head_fdb(struct text *t, const struct row_at *at)
{
	put_index_mac(t, "mac", at->index + at->n - 6);
}

static void
more_fdb_port(struct text *t, const struct row_at *at)
{
	struct varbind port, vb;
	uint32_t index;

	if (!section_cell(at, &at->entry[0], 2, &port) || !is_number(&port))
		return;
	index = (uint32_t)port.integer;
	if (cell_at(at->table, "1.3.6.1.2.1.17.1.4.1", 2, &index, 1, &vb) && is_number(&vb))
		put_int(t, "ifIndex", vb.integer);
}

/* dot1qTpFdbTable has the filtering database in front, which is the VLAN where each has its own. */
static void
more_qfdb(struct text *t, const struct row_at *at)
{
	put_int(t, "fdb", at->index[0]);
	more_fdb_port(t, at);
}

static bool
is_fdb(const struct row_at *at)
{
	return at->n == 6;
}

static bool
is_qfdb(const struct row_at *at)
{
	return at->n == 7;
}

static void
head_cdp(struct text *t, const struct row_at *at)
{
	text_printf(t, "\"protocol\":\"cdp\",\"localIfIndex\":%u", at->index[at->n - 2]);
}

static void
head_lldp(struct text *t, const struct row_at *at)
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

static void
put_lldp_names(struct text *t, const struct row_at *at)
{
	static const int64_t chassis[] = { 4, 5 }, port[] = { 3, 4 };
	struct varbind kind, id;

	if (section_cell(at, &at->entry[0], 5, &id))
		put_lldp_id(t, "chassisId", section_cell(at, &at->entry[0], 4, &kind) ? kind.integer : 0, chassis, &id);
	if (section_cell(at, &at->entry[0], 7, &id))
		put_lldp_id(t, "portId", section_cell(at, &at->entry[0], 6, &kind) ? kind.integer : 0, port, &id);
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

static void
more_lldp(struct text *t, const struct row_at *at)
{
	put_lldp_names(t, at);
	put_lldp_address(t, at);
	put_lldp_local(t, at);
}

/* --- routes ------------------------------------------------------------------------------------ */

static void
head_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	text_printf(t, "\"destination\":\"%s\"", index_address(at->index, 4, s, sizeof(s)));
}

/* Destination, mask, type of service, next hop. */
static void
head_cidr_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];

	head_route(t, at);
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

static bool
is_inet_route(const struct row_at *at)
{
	unsigned n;

	return next_hop(at, &n) != NULL;
}

static void
head_inet_route(struct text *t, const struct row_at *at)
{
	char s[INET6_ADDRSTRLEN];
	unsigned n = 0;
	const uint32_t *hop = next_hop(at, &n);

	text_printf(t, "\"destination\":\"%s\"", index_address(at->index + 2, at->index[1], s, sizeof(s)));
	put_int(t, "prefixLength", at->index[2 + at->index[1]]);
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
static bool
is_only_cidr(const struct row_at *at)
{
	return is_cidr_route(at) && !has_inet_routes(at->table);
}

static bool
is_only_old(const struct row_at *at)
{
	static const uint32_t cidr[] = { 1, 3, 6, 1, 2, 1, 4, 24, 4, 1 };
	struct varbind vb;

	return at->n == 4 && !has_inet_routes(at->table) && !table_below(at->table, table_lower(at->table, cidr, 10), cidr, 10, &vb);
}

/* --- what is measured --------------------------------------------------------------------------- */

static void
more_bytes(struct text *t, const struct row_at *at)
{
	struct varbind unit, vb;

	if (!section_cell(at, &at->entry[0], 4, &unit) || !is_number(&unit) || unit.integer < 0 || unit.integer > INT32_MAX)
		return;
	if (section_cell(at, &at->entry[0], 5, &vb) && is_number(&vb))
		put_int(t, "size_bytes", unit.integer * (int64_t)(uint32_t)vb.integer);
	if (section_cell(at, &at->entry[0], 6, &vb) && is_number(&vb))
		put_int(t, "used_bytes", unit.integer * (int64_t)(uint32_t)vb.integer);
}

/* EntitySensorDataScale: 9 is one, each step a factor of thousand; and digits behind the point. */
static void
more_sensor(struct text *t, const struct row_at *at)
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

static void
more_colour(struct text *t, const struct row_at *at)
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

/* --- the tables ---------------------------------------------------------------------------------- */

#define END { NULL, 0, TEXT, NULL }

static const struct column if_columns[] = {
	{ "ifDescr", 2, TEXT, NULL }, { "ifType", 3, NUMBER, NULL }, { "ifMtu", 4, NUMBER, NULL }, { "ifSpeed", 5, NUMBER, NULL },
	{ "mac", 6, MAC, NULL }, { "admin", 7, NAMED, "up down testing unknown dormant notPresent lowerLayerDown" },
	{ "oper", 8, NAMED, "up down testing unknown dormant notPresent lowerLayerDown" }, END,
};
static const struct column ifx_columns[] = {
	{ "ifName", 1, TEXT, NULL }, { "ifHighSpeed", 15, NUMBER, NULL }, { "ifAlias", 18, TEXT, NULL }, END,
};
static const struct column duplex_columns[] = { { "duplex", 19, NAMED, "unknown half full" }, END };
static const struct column lag_columns[] = { { "aggregate", 13, NUMBER, NULL }, END };
static const struct column ip_columns[] = { { "ifIndex", 2, NUMBER, NULL }, { "mask", 3, TEXT, NULL }, END };
static const struct column inet_columns[] = {
	{ "ifIndex", 3, NUMBER, NULL }, { "type", 4, NAMED, "unicast anycast broadcast" }, { "prefix", 5, ASKED, NULL }, END,
};
static const struct column entity_columns[] = {
	{ "descr", 2, TEXT, NULL }, { "containedIn", 4, NUMBER, NULL },
	{ "class", 5, NAMED, "other unknown chassis backplane container powerSupply fan sensor module port stack cpu" },
	{ "position", 6, NUMBER, NULL }, { "name", 7, TEXT, NULL }, { "hardwareRev", 8, TEXT, NULL }, { "firmwareRev", 9, TEXT, NULL },
	{ "softwareRev", 10, TEXT, NULL }, { "serial", 11, TEXT, NULL }, { "mfg", 12, TEXT, NULL }, { "model", 13, TEXT, NULL }, END,
};
static const struct column cdp_columns[] = {
	{ "address", 4, ADDRESS, NULL }, { "version", 5, TEXT, NULL }, { "deviceId", 6, TEXT, NULL }, { "devicePort", 7, TEXT, NULL },
	{ "platform", 8, TEXT, NULL }, { "nativeVlan", 11, NUMBER, NULL }, END,
};
static const struct column lldp_columns[] = {
	{ "chassisIdSubtype", 4, NAMED, "chassisComponent interfaceAlias portComponent macAddress networkAddress interfaceName local" },
	{ "chassisId", 5, ASKED, NULL },
	{ "portIdSubtype", 6, NAMED, "interfaceAlias portComponent macAddress networkAddress interfaceName agentCircuitId local" },
	{ "portId", 7, ASKED, NULL }, { "portDesc", 8, TEXT, NULL }, { "sysName", 9, TEXT, NULL }, { "sysDesc", 10, TEXT, NULL }, END,
};
static const struct column storage_columns[] = {
	{ "type", 2, TEXT, NULL }, { "descr", 3, TEXT, NULL }, { "unit", 4, NUMBER, NULL }, { "size", 5, NUMBER, NULL },
	{ "used", 6, NUMBER, NULL }, END,
};
static const struct column software_columns[] = { { "name", 2, TEXT, NULL }, END };
static const struct column load_columns[] = { { "load", 2, NUMBER, NULL }, END };
static const struct column device_descr_columns[] = { { "descr", 3, TEXT, NULL }, END };
static const struct column device_columns[] = { { "type", 2, TEXT, NULL }, { "descr", 3, TEXT, NULL }, END };
static const struct column base_port_columns[] = { { "ifIndex", 2, NUMBER, NULL }, END };
static const struct column stp_columns[] = { { "stp", 3, NAMED, "disabled blocking listening learning forwarding broken" }, END };
static const struct column pvid_columns[] = { { "pvid", 1, NUMBER, NULL }, END };
static const struct column vlan_static_columns[] = {
	{ "name", 1, TEXT, NULL }, { "ports", 2, PORTS, NULL }, { "untagged", 4, PORTS, NULL }, END,
};
static const struct column vtp_columns[] = {
	{ "state", 2, NAMED, "operational suspended mtuTooBigForDevice mtuTooBigForTrunk" },
	{ "type", 3, NAMED, "ethernet fddi tokenRing fddiNet trNet" }, { "name", 4, TEXT, NULL }, END,
};
static const struct column fdb_columns[] = {
	{ "port", 2, NUMBER, NULL }, { "status", 3, NAMED, "other invalid learned self mgmt" }, END,
};
static const struct column arp_columns[] = {
	{ "mac", 2, MAC, NULL }, { "type", 4, NAMED, "other invalid dynamic static" }, END,
};
static const struct column physical_columns[] = {
	{ "mac", 4, MAC, NULL }, { "type", 6, NAMED, "other invalid dynamic static local" }, END,
};
#define ROUTE_TYPES "other reject local remote blackhole"
#define ROUTE_PROTOCOLS "other local netmgmt icmp egp ggp hello rip is-is es-is igrp bbnSpfIgp ospf bgp idpr eigrp dvmrp"
static const struct column route_columns[] = {
	{ "mask", 11, TEXT, NULL }, { "nextHop", 7, TEXT, NULL }, { "ifIndex", 2, NUMBER, NULL },
	{ "type", 8, NAMED, "other invalid direct indirect" }, { "protocol", 9, NAMED, ROUTE_PROTOCOLS }, { "metric", 3, NUMBER, NULL }, END,
};
static const struct column cidr_columns[] = {
	{ "ifIndex", 5, NUMBER, NULL }, { "type", 6, NAMED, ROUTE_TYPES }, { "protocol", 7, NAMED, ROUTE_PROTOCOLS },
	{ "metric", 11, NUMBER, NULL }, END,
};
static const struct column inet_route_columns[] = {
	{ "ifIndex", 7, NUMBER, NULL }, { "type", 8, NAMED, ROUTE_TYPES }, { "protocol", 9, NAMED, ROUTE_PROTOCOLS },
	{ "metric", 12, NUMBER, NULL }, END,
};
static const struct column supply_columns[] = {
	{ "descr", 6, TEXT, NULL }, { "colorant", 3, ASKED, NULL },
	{ "type", 5, NAMED, "other unknown toner wasteToner ink inkCartridge inkRibbon wasteInk opc developer fuserOil solidWax ribbonWax "
	    "wasteWax fuser coronaWire fuserOilWick cleanerUnit fuserCleaningPad transferUnit tonerCartridge fuserOiler water wasteWater "
	    "glueWaterAdditive wastePaper bindingSupply bandingSupply stitchingWire shrinkWrap paperWrap staples inserts covers" },
	{ "unit", 7, NUMBER, NULL }, { "max", 8, NUMBER, NULL }, { "level", 9, NUMBER, NULL }, END,
};
static const struct column tray_columns[] = {
	{ "name", 13, TEXT, NULL }, { "media", 12, TEXT, NULL }, { "max", 9, NUMBER, NULL }, { "level", 10, NUMBER, NULL }, END,
};
static const struct column ups_input_columns[] = {
	{ "frequency_dHz", 2, NUMBER, NULL }, { "voltage", 3, NUMBER, NULL }, { "current_dA", 4, NUMBER, NULL }, { "watt", 5, NUMBER, NULL }, END,
};
static const struct column ups_output_columns[] = {
	{ "voltage", 2, NUMBER, NULL }, { "current_dA", 3, NUMBER, NULL }, { "watt", 4, NUMBER, NULL }, { "load_percent", 5, NUMBER, NULL }, END,
};
#define SENSOR_TYPES "other unknown voltsAC voltsDC amperes watts hertz celsius percentRH rpm cmm truthvalue specialEnum dBm"
static const struct column sensor_columns[] = {
	{ "type", 1, NAMED, SENSOR_TYPES }, { "scale", 2, ASKED, NULL }, { "precision", 3, ASKED, NULL }, { "value", 4, ASKED, NULL },
	{ "status", 5, NAMED, "ok unavailable nonoperational" }, END,
};
static const struct column cisco_stack_columns[] = {
	{ "number", 1, NUMBER, NULL }, { "role", 3, NAMED, "master member notMember standby" },
	{ "state", 6, NAMED, "waiting progressing added ready sdmMismatch verMismatch featureMismatch newMasterInit provisioned invalid removed" },
	{ "mac", 7, MAC, NULL }, END,
};
static const struct column juniper_stack_columns[] = {
	{ "serial", 2, TEXT, NULL }, { "role", 3, NAMED, "master backup linecard" }, { "mac", 4, MAC, NULL }, { "version", 5, TEXT, NULL },
	{ "priority", 6, NUMBER, NULL }, { "model", 8, TEXT, NULL }, END,
};

#define ONE(e, c) { e, NULL, NULL, NULL }, { c, NULL, NULL, NULL }
#define TWO(e, c, e2, c2) { e, e2, NULL, NULL }, { c, c2, NULL, NULL }

const struct section sections[] = {
	{ "interfaces", GATE_NONE, { "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.10.7.2.1", "1.2.840.10006.300.43.1.2.1.1" },
	  { if_columns, ifx_columns, duplex_columns, lag_columns }, 1, head_ifindex, NULL, NULL, 2, false },
	{ "ip_addresses", GATE_NONE, ONE("1.3.6.1.2.1.4.20.1", ip_columns), 4, head_address, NULL, NULL, 0, false },
	{ "ip_addresses", GATE_ADDRESSES, ONE("1.3.6.1.2.1.4.34.1", inet_columns), 6, head_inet, more_prefix, is_inet_and_new, 0, false },
	{ "entities", GATE_ENTITY, ONE("1.3.6.1.2.1.47.1.1.1.1", entity_columns), 1, head_index, NULL, NULL, 0, false },
	{ "neighbours", GATE_CDP, ONE("1.3.6.1.4.1.9.9.23.1.2.1.1", cdp_columns), 2, head_cdp, NULL, NULL, 0, false },
	{ "neighbours", GATE_LLDP, ONE("1.0.8802.1.1.2.1.4.1.1", lldp_columns), 3, head_lldp, more_lldp, NULL, 0, false },
	{ "storage", GATE_HOST, ONE("1.3.6.1.2.1.25.2.3.1", storage_columns), 1, head_index, more_bytes, NULL, 0, false },
	{ "software", GATE_HOST, ONE("1.3.6.1.2.1.25.6.3.1", software_columns), 1, NULL, NULL, NULL, 0, true },
	{ "processors", GATE_HOST, TWO("1.3.6.1.2.1.25.3.3.1", load_columns, "1.3.6.1.2.1.25.3.2.1", device_descr_columns), 1, head_index, NULL,
	  NULL, 1, false },
	{ "devices", GATE_HOST, ONE("1.3.6.1.2.1.25.3.2.1", device_columns), 1, head_index, NULL, NULL, 0, false },
	{ "bridge_ports", GATE_BRIDGE, { "1.3.6.1.2.1.17.1.4.1", "1.3.6.1.2.1.17.7.1.4.5.1", "1.3.6.1.2.1.17.2.15.1", NULL },
	  { base_port_columns, pvid_columns, stp_columns, NULL }, 1, head_port, NULL, NULL, 1, false },
	{ "vlans", GATE_QBRIDGE, ONE("1.3.6.1.2.1.17.7.1.4.3.1", vlan_static_columns), 1, head_vlan, NULL, NULL, 0, false },
	{ "vlans", GATE_VTP, ONE("1.3.6.1.4.1.9.9.46.1.3.1.1", vtp_columns), 2, head_vlan, NULL, NULL, 0, false },
	{ "fdb", GATE_QBRIDGE, ONE("1.3.6.1.2.1.17.7.1.2.2.1", fdb_columns), 7, head_fdb, more_qfdb, is_qfdb, 0, false },
	{ "fdb", GATE_BRIDGE, ONE("1.3.6.1.2.1.17.4.3.1", fdb_columns), 6, head_fdb, more_fdb_port, is_fdb, 0, false },
	{ "arp", GATE_PHYSICAL, ONE("1.3.6.1.2.1.4.35.1", physical_columns), 7, head_physical, NULL, is_physical, 0, false },
	{ "arp", GATE_ARP, ONE("1.3.6.1.2.1.4.22.1", arp_columns), 5, head_arp, NULL, is_arp_and_new, 0, false },
	{ "routes", GATE_INET_ROUTE, ONE("1.3.6.1.2.1.4.24.7.1", inet_route_columns), 11, head_inet_route, NULL, is_inet_route, 0, false },
	{ "routes", GATE_CIDR_ROUTE, ONE("1.3.6.1.2.1.4.24.4.1", cidr_columns), 13, head_cidr_route, NULL, is_only_cidr, 0, false },
	{ "routes", GATE_ROUTE, ONE("1.3.6.1.2.1.4.21.1", route_columns), 4, head_route, NULL, is_only_old, 0, false },
	{ "supplies", GATE_PRINTER, ONE("1.3.6.1.2.1.43.11.1.1", supply_columns), 2, head_index, more_colour, NULL, 0, false },
	{ "trays", GATE_PRINTER, ONE("1.3.6.1.2.1.43.8.2.1", tray_columns), 2, head_index, NULL, NULL, 0, false },
	{ "ups_inputs", GATE_UPS, ONE("1.3.6.1.2.1.33.1.3.3.1", ups_input_columns), 1, head_index, NULL, NULL, 0, false },
	{ "ups_outputs", GATE_UPS, ONE("1.3.6.1.2.1.33.1.4.4.1", ups_output_columns), 1, head_index, NULL, NULL, 0, false },
	{ "sensors", GATE_SENSOR, ONE("1.3.6.1.2.1.99.1.1.1", sensor_columns), 1, head_index, more_sensor, NULL, 0, false },
	{ "sensors", GATE_CISCO_SENSOR, ONE("1.3.6.1.4.1.9.9.91.1.1.1.1", sensor_columns), 1, head_index, more_sensor, NULL, 0, false },
	{ "stack_members", GATE_CISCO_STACK, ONE("1.3.6.1.4.1.9.9.500.1.2.1.1", cisco_stack_columns), 1, head_index, NULL, NULL, 0, false },
	{ "stack_members", GATE_JUNIPER_STACK, ONE("1.3.6.1.4.1.2636.3.40.1.4.1.1.1", juniper_stack_columns), 1, head_first, NULL, NULL, 0, false },
};

const unsigned nsections = sizeof(sections) / sizeof(sections[0]);
