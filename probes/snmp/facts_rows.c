/* SPDX-License-Identifier: Apache-2.0 */
/* facts_rows - which tables of which MIBs are told, and as what; doc/profiles.md has the names. */
#include "facts_rows.h"

#include "facts_row.h"

const char *const facts_gates[GATES] = {
	[GATE_ADDRESSES] = "1.3.6.1.2.1.4.34.1", [GATE_ENTITY] = "1.3.6.1.2.1.47.1.1.1", [GATE_LLDP] = "1.0.8802.1.1.2.1.4.1",
	[GATE_CDP] = "1.3.6.1.4.1.9.9.23.1.2.1", [GATE_HOST] = "1.3.6.1.2.1.25", [GATE_BRIDGE] = "1.3.6.1.2.1.17",
	[GATE_QBRIDGE] = "1.3.6.1.2.1.17.7.1", [GATE_VTP] = "1.3.6.1.4.1.9.9.46.1.3.1", [GATE_ARP] = "1.3.6.1.2.1.4.22",
	[GATE_PHYSICAL] = "1.3.6.1.2.1.4.35", [GATE_ROUTE] = "1.3.6.1.2.1.4.21", [GATE_CIDR_ROUTE] = "1.3.6.1.2.1.4.24.4",
	[GATE_INET_ROUTE] = "1.3.6.1.2.1.4.24.7", [GATE_PRINTER] = "1.3.6.1.2.1.43", [GATE_UPS] = "1.3.6.1.2.1.33",
	[GATE_SENSOR] = "1.3.6.1.2.1.99.1.1", [GATE_CISCO_SENSOR] = "1.3.6.1.4.1.9.9.91.1.1.1",
	[GATE_CISCO_STACK] = "1.3.6.1.4.1.9.9.500.1.2.1", [GATE_JUNIPER_STACK] = "1.3.6.1.4.1.2636.3.40.1.4.1.1",
	[GATE_DUPLEX] = "1.3.6.1.2.1.10.7.2", [GATE_LAG] = "1.2.840.10006.300.43.1.2.1",
	[GATE_MED] = "1.0.8802.1.1.2.1.5.4795.1.2", [GATE_LLDP2] = "1.3.111.2.802.1.1.13.1.4.1",
	[GATE_IPV6] = "1.3.6.1.2.1.55.1.8.1", [GATE_CISCO_INET] = "1.3.6.1.4.1.9.10.86.1.1.2.1",
};

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
static const struct column ipv6_columns[] = { { "prefixLength", 2, NUMBER, NULL }, END };
static const struct column entity_columns[] = {
	{ "descr", 2, TEXT, NULL }, { "containedIn", 4, NUMBER, NULL },
	{ "class", 5, NAMED, "other unknown chassis backplane container powerSupply fan sensor module port stack cpu energyObject battery storageDrive" },
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
static const struct column lldp2_columns[] = {
	{ "chassisIdSubtype", 5, NAMED, "chassisComponent interfaceAlias portComponent macAddress networkAddress interfaceName local" },
	{ "chassisId", 6, ASKED, NULL },
	{ "portIdSubtype", 7, NAMED, "interfaceAlias portComponent macAddress networkAddress interfaceName agentCircuitId local" },
	{ "portId", 8, ASKED, NULL }, { "portDesc", 9, TEXT, NULL }, { "sysName", 10, TEXT, NULL }, { "sysDesc", 11, TEXT, NULL }, END,
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
	  { if_columns, ifx_columns, duplex_columns, lag_columns }, 1, row_head_ifindex, NULL, NULL, 2, false },
	{ "ip_addresses", GATE_NONE, ONE("1.3.6.1.2.1.4.20.1", ip_columns), 4, row_head_address, NULL, NULL, 0, false },
	{ "ip_addresses", GATE_ADDRESSES, ONE("1.3.6.1.2.1.4.34.1", inet_columns), 6, row_head_inet, row_more_prefix, row_is_inet_and_new, 0, false },
	{ "ip_addresses", GATE_IPV6, ONE("1.3.6.1.2.1.55.1.8.1", ipv6_columns), 17, row_head_ipv6, NULL, row_is_ipv6_and_new, 0, false },
	{ "ip_addresses", GATE_CISCO_INET, ONE("1.3.6.1.4.1.9.10.86.1.1.2.1", inet_columns), 6, row_head_inet, row_more_prefix,
	  row_is_cisco_inet_and_new, 0, false },
	{ "entities", GATE_ENTITY, ONE("1.3.6.1.2.1.47.1.1.1.1", entity_columns), 1, row_head_index, NULL, NULL, 0, false },
	{ "neighbours", GATE_CDP, ONE("1.3.6.1.4.1.9.9.23.1.2.1.1", cdp_columns), 2, row_head_cdp, NULL, NULL, 0, false },
	{ "neighbours", GATE_LLDP, ONE("1.0.8802.1.1.2.1.4.1.1", lldp_columns), 3, row_head_lldp, row_more_lldp, NULL, 0, false },
	{ "neighbours", GATE_LLDP2, ONE("1.3.111.2.802.1.1.13.1.4.1.1", lldp2_columns), 4, row_head_lldp2, row_more_lldp2, row_is_only_lldp2, 0, false },
	{ "storage", GATE_HOST, ONE("1.3.6.1.2.1.25.2.3.1", storage_columns), 1, row_head_index, row_more_bytes, NULL, 0, false },
	{ "software", GATE_HOST, ONE("1.3.6.1.2.1.25.6.3.1", software_columns), 1, NULL, NULL, NULL, 0, true },
	{ "processors", GATE_HOST, TWO("1.3.6.1.2.1.25.3.3.1", load_columns, "1.3.6.1.2.1.25.3.2.1", device_descr_columns), 1, row_head_index, NULL,
	  NULL, 1, false },
	{ "devices", GATE_HOST, ONE("1.3.6.1.2.1.25.3.2.1", device_columns), 1, row_head_index, NULL, NULL, 0, false },
	{ "bridge_ports", GATE_BRIDGE, { "1.3.6.1.2.1.17.1.4.1", "1.3.6.1.2.1.17.7.1.4.5.1", "1.3.6.1.2.1.17.2.15.1", NULL },
	  { base_port_columns, pvid_columns, stp_columns, NULL }, 1, row_head_port, NULL, NULL, 1, false },
	{ "vlans", GATE_QBRIDGE, ONE("1.3.6.1.2.1.17.7.1.4.3.1", vlan_static_columns), 1, row_head_vlan, NULL, NULL, 0, false },
	{ "vlans", GATE_VTP, ONE("1.3.6.1.4.1.9.9.46.1.3.1.1", vtp_columns), 2, row_head_vlan, NULL, NULL, 0, false },
	{ "fdb", GATE_QBRIDGE, ONE("1.3.6.1.2.1.17.7.1.2.2.1", fdb_columns), 7, row_head_fdb, row_more_qfdb, row_is_qfdb, 0, false },
	{ "fdb", GATE_BRIDGE, ONE("1.3.6.1.2.1.17.4.3.1", fdb_columns), 6, row_head_fdb, row_more_fdb_port, row_is_fdb, 0, false },
	{ "arp", GATE_PHYSICAL, ONE("1.3.6.1.2.1.4.35.1", physical_columns), 7, row_head_physical, NULL, row_is_physical, 0, false },
	{ "arp", GATE_ARP, ONE("1.3.6.1.2.1.4.22.1", arp_columns), 5, row_head_arp, NULL, row_is_arp_and_new, 0, false },
	{ "routes", GATE_INET_ROUTE, ONE("1.3.6.1.2.1.4.24.7.1", inet_route_columns), 11, row_head_inet_route, NULL, row_is_inet_route, 0, false },
	{ "routes", GATE_CIDR_ROUTE, ONE("1.3.6.1.2.1.4.24.4.1", cidr_columns), 13, row_head_cidr_route, NULL, row_is_only_cidr, 0, false },
	{ "routes", GATE_ROUTE, ONE("1.3.6.1.2.1.4.21.1", route_columns), 4, row_head_route, NULL, row_is_only_old, 0, false },
	{ "supplies", GATE_PRINTER, ONE("1.3.6.1.2.1.43.11.1.1", supply_columns), 2, row_head_index, row_more_colour, NULL, 0, false },
	{ "trays", GATE_PRINTER, ONE("1.3.6.1.2.1.43.8.2.1", tray_columns), 2, row_head_index, NULL, NULL, 0, false },
	{ "ups_inputs", GATE_UPS, ONE("1.3.6.1.2.1.33.1.3.3.1", ups_input_columns), 1, row_head_index, NULL, NULL, 0, false },
	{ "ups_outputs", GATE_UPS, ONE("1.3.6.1.2.1.33.1.4.4.1", ups_output_columns), 1, row_head_index, NULL, NULL, 0, false },
	{ "sensors", GATE_SENSOR, ONE("1.3.6.1.2.1.99.1.1.1", sensor_columns), 1, row_head_index, row_more_sensor, NULL, 0, false },
	{ "sensors", GATE_CISCO_SENSOR, ONE("1.3.6.1.4.1.9.9.91.1.1.1.1", sensor_columns), 1, row_head_index, row_more_sensor, NULL, 0, false },
	{ "stack_members", GATE_CISCO_STACK, ONE("1.3.6.1.4.1.9.9.500.1.2.1.1", cisco_stack_columns), 1, row_head_index, NULL, NULL, 0, false },
	{ "stack_members", GATE_JUNIPER_STACK, ONE("1.3.6.1.4.1.2636.3.40.1.4.1.1.1", juniper_stack_columns), 1, row_head_first, NULL, NULL, 0, false },
};

const unsigned nsections = sizeof(sections) / sizeof(sections[0]);
