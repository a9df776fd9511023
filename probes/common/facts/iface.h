/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iface - the parts of the interfaces section.
 */
#ifndef MID_FACTS_IFACE_H
#define MID_FACTS_IFACE_H
#include "facts/facts.h"

struct json_object;

#define IFACES_MAX 8192

/* Adds what /proc/net/bonding and bonding_masters know; some trees have only those. */
void iface_masters(struct facts_source *src, struct json_object *list);

#endif
