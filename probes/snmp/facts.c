/* SPDX-License-Identifier: Apache-2.0 */
/* facts - see facts.h. A table of a MIB is a row here, its columns rows below it. */
#include "facts.h"
#include "value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, MAC, NAMED, MASK, ANY };

struct column {
	const char *key;
	uint32_t column;		/* below the entry; 0: the last column */
	enum kind kind;
	const char *names;		/* of NAMED: from 1 on, separated by blanks */
};

struct section {
	const char *name;
	const char *entry[2];		/* the second joins by the same index */
	const struct column *columns[2];
	void (*head)(struct text *, const uint32_t *index, unsigned n);
	unsigned index_min;
	bool (*wanted)(const uint32_t *index, unsigned n);	/* NULL: all */
	bool more;			/* goes on with the list before */
};

/* --- JSON ----------------------------------------------------------------------------- */

static void
put_string(struct text *t, const char *s)
{
	char room[VALUE_TEXT_MAX * 6 + 1];
	size_t at = 0;

	for (; *s != '\0' && at + 7 < sizeof(room); s++) {
		if (*s == '"' || *s == '\\')
			room[at++] = '\\';
		if ((unsigned char)*s < 0x20)
			at += (size_t)snprintf(room + at, 7, "\\u%04x", (unsigned char)*s);
		else
			room[at++] = *s;
	}
	room[at] = '\0';
	text_put(t, "\"");
	text_put(t, room);
	text_put(t, "\"");
}

static void
put_pair(struct text *t, const char *key, const char *value)
{
	text_printf(t, ",\"%s\":", key);
	put_string(t, value);
}

static void
put_named(struct text *t, const char *key, const char *names, int64_t v)
{
	int64_t i;
	size_t n;

	for (i = 1; i < v && *names != '\0'; i++) {
		n = strcspn(names, " ");
		names += names[n] == '\0' ? n : n + 1;
	}
	n = strcspn(names, " ");
	if (v >= 1 && n > 0)
		text_printf(t, ",\"%s\":\"%.*s\"", key, (int)n, names);
	else
		text_printf(t, ",\"%s\":\"%" PRId64 "\"", key, v);
}

static void
put_mac(struct text *t, const char *key, const struct varbind *vb)
{
	const uint8_t *b = vb->bytes;

	if (vb->type != VB_OCTETS || vb->len != 6)
		return;
	text_printf(t, ",\"%s\":\"%02x:%02x:%02x:%02x:%02x:%02x\"", key, b[0], b[1], b[2], b[3], b[4], b[5]);
}

static void
put_cell(struct text *t, const struct column *c, const struct varbind *vb)
{
	char value[VALUE_TEXT_MAX];
	bool number = vb->type == VB_INTEGER || vb->type == VB_COUNTER32 || vb->type == VB_GAUGE32 || vb->type == VB_TICKS ||
	    vb->type == VB_COUNTER64;

	if (c->kind == MAC) {
		put_mac(t, c->key, vb);
	} else if (c->kind == NAMED && number) {
		put_named(t, c->key, c->names, vb->integer);
	} else if (c->kind == NUMBER && number) {
		value_text(vb, value, sizeof(value));
		text_printf(t, ",\"%s\":%s", c->key, value);
	} else if (c->kind != NUMBER && c->kind != NAMED) {
		value_text(vb, value, sizeof(value));
		put_pair(t, c->key, value);
	}
}

/* --- tables ------------------------------------------------------------------------------ */

static void
head_ifindex(struct text *t, const uint32_t *index, unsigned n)
{
	text_printf(t, "\"ifIndex\":%u", index[n - 1]);
}

static void
head_index(struct text *t, const uint32_t *index, unsigned n)
{
	text_printf(t, "\"index\":%u", index[n - 1]);
}

static void
head_address(struct text *t, const uint32_t *i, unsigned n)
{
	i += n - 4;
	text_printf(t, "\"ip\":\"%u.%u.%u.%u\"", i[0] & 255, i[1] & 255, i[2] & 255, i[3] & 255);
}

/* Of ipAddressTable only what the older table can't hold: type 2 or 4, length, bytes. */
static bool
is_ipv6(const uint32_t *i, unsigned n)
{
	return (n == 18 && i[0] == 2 && i[1] == 16) || (n == 22 && i[0] == 4 && i[1] == 20);
}

static void
head_ipv6(struct text *t, const uint32_t *index, unsigned n)
{
	char s[INET6_ADDRSTRLEN] = "";
	uint8_t bytes[16];
	unsigned i;

	(void)n;
	for (i = 0; i < 16; i++)
		bytes[i] = (uint8_t)index[2 + i];
	(void)inet_ntop(AF_INET6, bytes, s, sizeof(s));
	text_printf(t, "\"ip\":\"%s\"", s);
}

static void
head_cdp(struct text *t, const uint32_t *index, unsigned n)
{
	text_printf(t, "\"protocol\":\"cdp\",\"localIfIndex\":%u", index[n - 2]);
}

static void
head_lldp(struct text *t, const uint32_t *index, unsigned n)
{
	text_printf(t, "\"protocol\":\"lldp\",\"localPort\":%u", index[n - 2]);
}

static const struct column if_columns[] = {
	{ "ifDescr", 2, TEXT, NULL }, { "ifType", 3, NUMBER, NULL }, { "ifMtu", 4, NUMBER, NULL }, { "ifSpeed", 5, NUMBER, NULL },
	{ "mac", 6, MAC, NULL }, { "admin", 7, NAMED, "up down testing unknown dormant notPresent lowerLayerDown" },
	{ "oper", 8, NAMED, "up down testing unknown dormant notPresent lowerLayerDown" }, { NULL, 0, TEXT, NULL },
};
static const struct column ifx_columns[] = {
	{ "ifName", 1, TEXT, NULL }, { "ifHighSpeed", 15, NUMBER, NULL }, { "ifAlias", 18, TEXT, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column ip_columns[] = {
	{ "ifIndex", 2, NUMBER, NULL }, { "mask", 3, TEXT, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column ipv6_columns[] = { { "ifIndex", 3, NUMBER, NULL }, { NULL, 0, TEXT, NULL } };
static const struct column entity_columns[] = {
	{ "descr", 2, TEXT, NULL }, { "containedIn", 4, NUMBER, NULL },
	{ "class", 5, NAMED, "other unknown chassis backplane container powerSupply fan sensor module port stack cpu" },
	{ "name", 7, TEXT, NULL }, { "hardwareRev", 8, TEXT, NULL }, { "firmwareRev", 9, TEXT, NULL }, { "softwareRev", 10, TEXT, NULL },
	{ "serial", 11, TEXT, NULL }, { "mfg", 12, TEXT, NULL }, { "model", 13, TEXT, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column cdp_columns[] = {
	{ "deviceId", 6, TEXT, NULL }, { "devicePort", 7, TEXT, NULL }, { "platform", 8, TEXT, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column lldp_columns[] = {
	{ "chassisId", 5, TEXT, NULL }, { "portId", 7, TEXT, NULL }, { "portDesc", 8, TEXT, NULL }, { "sysName", 9, TEXT, NULL },
	{ "sysDesc", 10, TEXT, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column storage_columns[] = {
	{ "type", 2, TEXT, NULL }, { "descr", 3, TEXT, NULL }, { "unit", 4, NUMBER, NULL }, { "size", 5, NUMBER, NULL },
	{ "used", 6, NUMBER, NULL }, { NULL, 0, TEXT, NULL },
};
static const struct column software_columns[] = { { "name", 2, TEXT, NULL }, { NULL, 0, TEXT, NULL } };

static const struct section sections[] = {
	{ "interfaces", { "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1" }, { if_columns, ifx_columns }, head_ifindex, 1, NULL, false },
	{ "ip_addresses", { "1.3.6.1.2.1.4.20.1", NULL }, { ip_columns, NULL }, head_address, 4, NULL, false },
	{ "ip_addresses", { "1.3.6.1.2.1.4.34.1", NULL }, { ipv6_columns, NULL }, head_ipv6, 18, is_ipv6, true },
	{ "entities", { "1.3.6.1.2.1.47.1.1.1.1", NULL }, { entity_columns, NULL }, head_index, 1, NULL, false },
	{ "cdp", { "1.3.6.1.4.1.9.9.23.1.2.1.1", NULL }, { cdp_columns, NULL }, head_cdp, 2, NULL, false },
	{ "lldp", { "1.0.8802.1.1.2.1.4.1.1", NULL }, { lldp_columns, NULL }, head_lldp, 3, NULL, false },
	{ "storage", { "1.3.6.1.2.1.25.2.3.1", NULL }, { storage_columns, NULL }, head_index, 1, NULL, false },
	{ "software", { "1.3.6.1.2.1.25.6.3.1", NULL }, { software_columns, NULL }, head_index, 1, NULL, false },
};

#define NSECTIONS (sizeof(sections) / sizeof(sections[0]))

/* The columns above, and the system group. */
const char *const facts_roots[] = {
	"1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.2", "1.3.6.1.2.1.1.3", "1.3.6.1.2.1.1.4", "1.3.6.1.2.1.1.5", "1.3.6.1.2.1.1.6", "1.3.6.1.2.1.1.7",
	"1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.3", "1.3.6.1.2.1.2.2.1.4", "1.3.6.1.2.1.2.2.1.5", "1.3.6.1.2.1.2.2.1.6",
	"1.3.6.1.2.1.2.2.1.7", "1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.15", "1.3.6.1.2.1.31.1.1.1.18",
	"1.3.6.1.2.1.4.20.1.2", "1.3.6.1.2.1.4.20.1.3", "1.3.6.1.2.1.4.1", "1.3.6.1.2.1.4.34.1.3",
	"1.3.6.1.2.1.47.1.1.1.1.2", "1.3.6.1.2.1.47.1.1.1.1.4", "1.3.6.1.2.1.47.1.1.1.1.5", "1.3.6.1.2.1.47.1.1.1.1.7",
	"1.3.6.1.2.1.47.1.1.1.1.8", "1.3.6.1.2.1.47.1.1.1.1.9", "1.3.6.1.2.1.47.1.1.1.1.10", "1.3.6.1.2.1.47.1.1.1.1.11",
	"1.3.6.1.2.1.47.1.1.1.1.12", "1.3.6.1.2.1.47.1.1.1.1.13",
	"1.3.6.1.4.1.9.9.23.1.2.1.1.6", "1.3.6.1.4.1.9.9.23.1.2.1.1.7", "1.3.6.1.4.1.9.9.23.1.2.1.1.8",
	"1.0.8802.1.1.2.1.4.1.1.5", "1.0.8802.1.1.2.1.4.1.1.7", "1.0.8802.1.1.2.1.4.1.1.8", "1.0.8802.1.1.2.1.4.1.1.9",
	"1.0.8802.1.1.2.1.4.1.1.10",
	"1.3.6.1.2.1.25.2.3.1.2", "1.3.6.1.2.1.25.2.3.1.3", "1.3.6.1.2.1.25.2.3.1.4", "1.3.6.1.2.1.25.2.3.1.5", "1.3.6.1.2.1.25.2.3.1.6",
	"1.3.6.1.2.1.25.3.2.1.3", "1.3.6.1.2.1.25.6.3.1.2", "1.3.6.1.2.1.43.5.1.1.16", "1.3.6.1.2.1.43.5.1.1.17",
	"1.3.6.1.2.1.33.1.1", NULL
};

struct row_at {
	struct oid entry[2];
	const uint32_t *index;
	unsigned n;
};

static bool
cell(const struct table *t, const struct oid *entry, uint32_t column, const struct row_at *at, struct varbind *vb)
{
	struct oid o = *entry;

	return oid_append(&o, &column, 1) == 0 && oid_append(&o, at->index, at->n) == 0 && table_get(t, o.id, o.n, vb);
}

static void
put_row(struct text *out, const struct section *s, const struct table *t, const struct row_at *at)
{
	const struct column *c;
	struct varbind vb;
	unsigned i;

	text_put(out, "{");
	s->head(out, at->index, at->n);
	for (i = 0; i < 2 && s->entry[i] != NULL; i++)
		for (c = s->columns[i]; c->key != NULL; c++)
			if (cell(t, &at->entry[i], c->column, at, &vb))
				put_cell(out, c, &vb);
	text_put(out, "}");
}

/* Is this index in one of the columns before COL? Then it was told with that one. */
static bool
told(const struct section *s, const struct table *t, const struct row_at *at, unsigned entry, const struct column *col)
{
	const struct column *c;
	struct varbind vb;
	unsigned i;

	for (i = 0; i <= entry; i++)
		for (c = s->columns[i]; c->key != NULL && c != col; c++)
			if (cell(t, &at->entry[i], c->column, at, &vb))
				return true;
	return false;
}

/* All rows that any column has. Returns how many. */
static unsigned
each_row(const struct section *s, const struct table *t, struct text *out, bool first)
{
	struct row_at at = { .n = 0 };
	const struct column *c;
	struct varbind vb;
	struct oid col;
	unsigned i, n = 0;
	size_t k;

	for (i = 0; i < 2 && s->entry[i] != NULL; i++)
		(void)oid_parse(s->entry[i], &at.entry[i]);
	for (i = 0; i < 2 && s->entry[i] != NULL; i++)
		for (c = s->columns[i]; c->key != NULL; c++) {
			col = at.entry[i];
			(void)oid_append(&col, &c->column, 1);
			for (k = table_lower(t, col.id, col.n); table_below(t, k, col.id, col.n, &vb); k++) {
				at.index = vb.oid + col.n;
				at.n = vb.oid_n - col.n;
				if (at.n < s->index_min || (s->wanted != NULL && !s->wanted(at.index, at.n)) || told(s, t, &at, i, c))
					continue;
				if (n++ > 0 || !first)
					text_put(out, ",");
				put_row(out, s, t, &at);
			}
		}
	return n;
}

/* --- the whole ------------------------------------------------------------------------------ */

static void
put_system(struct text *out, const struct table *t)
{
	static const struct { const char *key; uint32_t arc; enum kind kind; } rows[] = {
		{ "sysDescr", 1, TEXT }, { "sysObjectID", 2, TEXT }, { "sysUpTime", 3, NUMBER }, { "sysContact", 4, TEXT },
		{ "sysName", 5, TEXT }, { "sysLocation", 6, TEXT }, { "sysServices", 7, NUMBER },
	};
	struct varbind vb;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint32_t oid[] = { 1, 3, 6, 1, 2, 1, 1, rows[i].arc, 0 };
		const struct column c = { rows[i].key, 0, rows[i].kind, NULL };

		if (table_get(t, oid, 9, &vb))
			put_cell(out, &c, &vb);
	}
}

static void
put_found(struct text *out, const struct facts_found *f)
{
	static const char *const keys[FACTS] = { "class", "vendor", "os", "os_version", "model", "serial" };
	unsigned i;

	for (i = 0; i < FACTS; i++)
		if (f->value[i][0] != '\0')
			put_pair(out, keys[i], f->value[i]);
	text_put(out, ",\"rules\":{\"profile\":");
	put_string(out, f->profile);
	for (i = 0; i < FACTS; i++)
		if (f->value[i][0] != '\0')
			put_pair(out, keys[i], f->rule[i]);
	text_put(out, "}");
}

static unsigned
ethernet_ports(const struct table *t)
{
	static const uint32_t type[] = { 1, 3, 6, 1, 2, 1, 2, 2, 1, 3 };
	struct varbind vb;
	unsigned n = 0;
	size_t i;

	for (i = table_lower(t, type, 10); table_below(t, i, type, 10, &vb); i++)
		n += vb.integer == 6 || vb.integer == 117;
	return n;
}

void
facts_write(struct text *out, const struct profiles *p, const struct table *t, const char *address, const char *version)
{
	unsigned n[NSECTIONS] = { 0 }, k = 0;
	struct facts_found *found = calloc(1, sizeof(*found));
	size_t i;

	if (found == NULL) {
		out->full = true;
		return;
	}
	profiles_find(p, t, found);
	text_printf(out, "{\"address\":\"%s\",\"snmp_version\":\"%s\"", address, version);
	put_system(out, t);
	put_found(out, found);
	for (i = 0; i < NSECTIONS; i++) {
		if (!sections[i].more)
			text_printf(out, ",\"%s\":[", sections[i].name);
		n[k] = sections[i].more ? n[k] : 0;
		n[k] += each_row(&sections[i], t, out, n[k] == 0);
		if (i + 1 < NSECTIONS && sections[i + 1].more)
			continue;
		text_put(out, "]");
		k++;
	}
	text_printf(out, ",\"if_count\":%u,\"port_count\":%u,\"ethernet_port_count\":%u,\"ip_count\":%u,\"entity_count\":%u,"
	    "\"cdp_neighbours\":%u,\"lldp_neighbours\":%u,\"storage_count\":%u,\"software_count\":%u,\"object_count\":%zu}\n",
	    n[0], n[0], ethernet_ports(t), n[1], n[2], n[3], n[4], n[5], n[6], table_rows(t));
	free(found);
}
