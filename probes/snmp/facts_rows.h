/* SPDX-License-Identifier: Apache-2.0 */
/* facts_rows - the gates: what is asked of every device, to know which tables it has. */
#ifndef MID_SNMP_FACTS_ROWS_H
#define MID_SNMP_FACTS_ROWS_H

enum gate {
	GATE_NONE, GATE_ADDRESSES, GATE_ENTITY, GATE_LLDP, GATE_CDP, GATE_HOST, GATE_BRIDGE, GATE_QBRIDGE, GATE_VTP, GATE_ARP,
	GATE_PHYSICAL, GATE_ROUTE, GATE_CIDR_ROUTE, GATE_INET_ROUTE, GATE_PRINTER, GATE_UPS, GATE_SENSOR, GATE_CISCO_SENSOR,
	GATE_CISCO_STACK, GATE_JUNIPER_STACK, GATE_DUPLEX, GATE_LAG, GATE_MED, GATE_LLDP2, GATE_IPV6,
	GATE_CISCO_INET, GATES
};

/* By enum gate; that of GATE_NONE is NULL. */
extern const char *const facts_gates[GATES];

#endif
