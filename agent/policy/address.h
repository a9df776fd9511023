/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address - an IP address and ranges of them, as numbers: 16 bytes, IPv4 in
 * its mapped form, so that ::ffff:127.0.0.1 is 127.0.0.1 and cannot go round
 * a rule. NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses count as the
 * IPv4 address inside as well: policy looks at both.
 */
#ifndef MID_POLICY_ADDRESS_H
#define MID_POLICY_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

#define ADDRESS_TEXT 48

struct address { unsigned char b[16]; };
struct range { struct address a; int bits; };	/* bits of the 128 that count */

/* Numbers only, no names; a zone (%eth0) is cut off. 0 or -E_BAD. */
int address_parse(struct address *out, const char *text);
void address_print(const struct address *a, char out[ADDRESS_TEXT]);
bool address_inner(const struct address *a, struct address *inner);	/* the IPv4 one it carries */

/* "10.0.0.0/8", "10.0.0.1", "fe80::/10". 0 or -E_BAD. */
int range_parse(struct range *out, const char *text);

#define RANGE_TEXT_MAX 100
/* A range in any spelling, by its ends: "10.0.0.0/8", "10.0.0.5-10.0.0.20", one address. 0 or -E_BAD. */
int span_parse(struct address *first, struct address *last, const char *word);
/* The next word of a list, moved on; false at its end. */
bool ranges_word(const char **list, char *out, size_t max);

/* A list in parts: begins with LIST set and the rest zero. */
struct range_walk { const char *list; struct address next, last; bool within; };
/* The next MAX addresses, or fewer, as "FIRST-LAST ..." into OUT, which has room for one range at least. How many; 0 at the end. */
unsigned ranges_part(struct range_walk *w, unsigned max, char *out, size_t room);

/* How many addresses LIST holds. */
int64_t ranges_count(const char *list);
/* RANGES, and "!" before each word of EXCLUDE, as policy_reach() reads it. -E_FULL: not all of it fits. */
int ranges_without(struct buf *out, const char *ranges, const char *exclude);

/* A list, "10.0.0.0/8, 192.168.1.4"; also FIRST-LAST. Is A in it? LIST may be NULL or "". */
bool ranges_hold(const char *list, const struct address *a);
/* Every word of LIST must be a range. The sentence names the one that is none. */
int ranges_check(const char *list, struct err *err);

#endif
