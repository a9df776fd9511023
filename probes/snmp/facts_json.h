/* SPDX-License-Identifier: Apache-2.0 */
/* facts_json - values of a table as members of a JSON object; each begins with a comma. */
#ifndef MID_SNMP_FACTS_JSON_H
#define MID_SNMP_FACTS_JSON_H

#include "text.h"
#include "value.h"
#include "varbind.h"

enum kind {
	TEXT, NUMBER, MAC, NAMED,
	ADDRESS,		/* four or sixteen bytes */
	PORTS,			/* a bit for each, the first is 1: "1-24,26" */
	ASKED			/* not told itself: the section makes something of it */
};

struct column {
	const char *key;
	uint32_t column;		/* below the entry; 0: the last column */
	enum kind kind;
	const char *names;		/* of NAMED: from 1 on, separated by blanks */
};

void put_pair(struct text *t, const char *key, const char *value);
void put_number(struct text *t, const char *key, int64_t v);
void put_named(struct text *t, const char *key, const char *names, int64_t v);
void display_text(const struct varbind *vb, char *out, size_t room);
void put_cell(struct text *t, const struct column *c, const struct varbind *vb);
bool is_number(const struct varbind *vb);
/* The address that bytes are, of the length they have; "" none. */
const char *address_text(const uint8_t *bytes, size_t n, char *out, size_t room);
/* The same of an index: numbers below 256. */
const char *index_address(const uint32_t *ids, unsigned n, char *out, size_t room);
void put_index_mac(struct text *t, const char *key, const uint32_t *six);

#endif
