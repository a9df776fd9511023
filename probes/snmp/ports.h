/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports - which interfaces are ports that somebody would look after. What is
 * not present, a layer inside another interface, or a helper of the system's
 * own (adapters of packet schedulers, voice peers, spare tunnels) is none.
 */
#ifndef MID_SNMP_PORTS_H
#define MID_SNMP_PORTS_H

#include "table.h"

/* How many of the rows of ifTable are none. */
unsigned ports_none(const struct table *t);
/* Those whose ifType is that of Ethernet. */
unsigned ports_ethernet(const struct table *t);

#endif
