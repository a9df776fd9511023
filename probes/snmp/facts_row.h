/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_row - what one row of a list says beside its columns (facts_rows.c): out of its
 * index, out of several columns together, or out of other tables.
 */
#ifndef MID_SNMP_FACTS_ROW_H
#define MID_SNMP_FACTS_ROW_H

#include "facts_table.h"

/* The first member of the object: which row it is. */
void row_head_ifindex(struct text *t, const struct row_at *at);
void row_head_index(struct text *t, const struct row_at *at);
void row_head_first(struct text *t, const struct row_at *at);
void row_head_port(struct text *t, const struct row_at *at);
void row_head_vlan(struct text *t, const struct row_at *at);
void row_head_address(struct text *t, const struct row_at *at);
void row_head_ipv6(struct text *t, const struct row_at *at);
void row_head_inet(struct text *t, const struct row_at *at);
void row_head_arp(struct text *t, const struct row_at *at);
void row_head_physical(struct text *t, const struct row_at *at);
void row_head_fdb(struct text *t, const struct row_at *at);
void row_head_cdp(struct text *t, const struct row_at *at);
void row_head_lldp(struct text *t, const struct row_at *at);
void row_head_lldp2(struct text *t, const struct row_at *at);
void row_head_route(struct text *t, const struct row_at *at);
void row_head_cidr_route(struct text *t, const struct row_at *at);
void row_head_inet_route(struct text *t, const struct row_at *at);

/* Members at its end. */
void row_more_prefix(struct text *t, const struct row_at *at);
void row_more_fdb_port(struct text *t, const struct row_at *at);
void row_more_qfdb(struct text *t, const struct row_at *at);
void row_more_lldp(struct text *t, const struct row_at *at);
void row_more_lldp2(struct text *t, const struct row_at *at);
void row_more_bytes(struct text *t, const struct row_at *at);
void row_more_sensor(struct text *t, const struct row_at *at);
void row_more_colour(struct text *t, const struct row_at *at);

/* Is it one of the list? Its index is of that form, and no other table has told of it. */
bool row_is_only_lldp2(const struct row_at *at);
bool row_is_inet_and_new(const struct row_at *at);
bool row_is_ipv6_and_new(const struct row_at *at);
bool row_is_cisco_inet_and_new(const struct row_at *at);
bool row_is_physical(const struct row_at *at);
bool row_is_arp_and_new(const struct row_at *at);
bool row_is_fdb(const struct row_at *at);
bool row_is_qfdb(const struct row_at *at);
bool row_is_inet_route(const struct row_at *at);
bool row_is_only_cidr(const struct row_at *at);
bool row_is_only_old(const struct row_at *at);

#endif
