/* SPDX-License-Identifier: Apache-2.0 */
/* facts - see facts.h: the whole document; its lists are in facts_rows.c. */
#include "facts.h"
#include "value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts_table.h"
#include "ports.h"

/* Single values: below these names, instance 0, as members of an object or of the document itself. */
struct single {
	const char *object;		/* NULL: of the document */
	unsigned gate;
	const char *entry;
	struct column column;
};

static const struct single singles[] = {
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysDescr", 1, TEXT, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysObjectID", 2, TEXT, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysUpTime", 3, NUMBER, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysContact", 4, TEXT, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysName", 5, TEXT, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysLocation", 6, TEXT, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.1", { "sysServices", 7, NUMBER, NULL } },
	{ NULL, GATE_NONE, "1.3.6.1.2.1.4", { "ipForwarding", 1, NAMED, "yes no" } },
	{ NULL, GATE_HOST, "1.3.6.1.2.1.25.2", { "memory_kb", 2, NUMBER, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.1", { "address", 1, MAC, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.1", { "ports", 2, NUMBER, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.1", { "type", 3, NAMED, "unknown transparent sourceRoute both" } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.2", { "stp", 1, NAMED, "unknown decLb100 ieee8021d" } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.2", { "priority", 2, NUMBER, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.2", { "root", 5, TEXT, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.2", { "rootCost", 6, NUMBER, NULL } },
	{ "bridge", GATE_BRIDGE, "1.3.6.1.2.1.17.2", { "rootPort", 7, NUMBER, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "maker", 1, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "model", 2, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "firmware", 3, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "agent", 4, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "name", 5, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.1", { "attached", 6, TEXT, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.2", { "battery", 1, NAMED, "unknown normal low depleted" } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.2", { "minutes_left", 3, NUMBER, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.2", { "charge_percent", 4, NUMBER, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.2", { "celsius", 7, NUMBER, NULL } },
	{ "ups", GATE_UPS, "1.3.6.1.2.1.33.1.4", { "source", 1, NAMED, "other none normal bypass battery booster reducer" } },
};

#define NSINGLES (sizeof(singles) / sizeof(singles[0]))

/* Printers number themselves from 1, and some do not. */
static const struct single firsts[] = {
	{ "printer", GATE_PRINTER, "1.3.6.1.2.1.43.5.1.1", { "name", 16, TEXT, NULL } },
	{ "printer", GATE_PRINTER, "1.3.6.1.2.1.43.5.1.1", { "serial", 17, TEXT, NULL } },
	{ "printer", GATE_PRINTER, "1.3.6.1.2.1.43.10.2.1", { "pages", 4, NUMBER, NULL } },
	{ "printer", GATE_HOST, "1.3.6.1.2.1.25.3.5.1", { "status", 1, NAMED, "other unknown idle printing warmup" } },
};

#define NFIRSTS (sizeof(firsts) / sizeof(firsts[0]))

/* Columns that others look into. */
static const struct { unsigned gate; const char *oid; } lookups[] = {
	{ GATE_LLDP, "1.0.8802.1.1.2.1.3.7.1.3" }, { GATE_LLDP, "1.0.8802.1.1.2.1.3.7.1.4" }, { GATE_LLDP, "1.0.8802.1.1.2.1.4.2.1.3" },
	{ GATE_PRINTER, "1.3.6.1.2.1.43.12.1.1.4" },
};

#define NLOOKUPS (sizeof(lookups) / sizeof(lookups[0]))

/* --- what to ask --------------------------------------------------------------------------- */

struct roots {
	struct oid_ref *refs;
	unsigned char *gates;
	unsigned n, room;
	bool full;
};

static void
add_root(struct roots *r, unsigned gate, const char *entry, uint32_t column)
{
	uint32_t *ids;
	struct oid o;

	if (oid_parse(entry, &o) < 0 || (column != 0 && oid_append(&o, &column, 1) < 0))
		return;
	ids = r->n < r->room ? malloc(o.n * sizeof(*ids)) : NULL;
	r->full |= ids == NULL;
	if (ids == NULL)
		return;
	memcpy(ids, o.id, o.n * sizeof(*ids));
	r->refs[r->n] = (struct oid_ref){ ids, o.n };
	r->gates[r->n++] = (unsigned char)gate;
}

/* Two sections may name one column. */
static bool
named_before(const struct section *s, unsigned join, const struct column *c)
{
	const struct section *p;
	const struct column *k;
	unsigned i;

	for (p = sections; p <= s; p++)
		for (i = 0; i < SECTION_JOINS && p->entry[i] != NULL; i++)
			for (k = p->columns[i]; k->key != NULL; k++) {
				if (p == s && i == join && k == c)
					return false;
				if (k->column == c->column && p->gate == s->gate && strcmp(p->entry[i], s->entry[join]) == 0)
					return true;
			}
	return false;
}

/* The gate of a section is that of its first table; of one that joins only where it has a gate of its own. */
static unsigned
gate_of(const struct section *s, unsigned join)
{
	unsigned g;

	for (g = GATES - 1; join > 0 && g > GATE_NONE; g--)
		if (strncmp(s->entry[join], facts_gates[g], strlen(facts_gates[g])) == 0)
			return g;
	return s->gate;
}

int
facts_roots(struct oid_ref **refs, unsigned char **gates, unsigned *n)
{
	struct roots r = { .room = 400 };
	const struct column *c;
	unsigned i, k;

	r.refs = calloc(r.room, sizeof(*r.refs));
	r.gates = calloc(r.room, 1);
	r.full = r.refs == NULL || r.gates == NULL;
	for (i = 0; i < NSINGLES && !r.full; i++)
		add_root(&r, singles[i].gate, singles[i].entry, singles[i].column.column);
	for (i = 0; i < nsections && !r.full; i++)
		for (k = 0; k < SECTION_JOINS && sections[i].entry[k] != NULL; k++)
			for (c = sections[i].columns[k]; c->key != NULL; c++)
				if (!named_before(&sections[i], k, c))
					add_root(&r, gate_of(&sections[i], k), sections[i].entry[k], c->column);
	for (i = 0; i < NFIRSTS && !r.full; i++)
		add_root(&r, firsts[i].gate, firsts[i].entry, firsts[i].column.column);
	for (i = 0; i < NLOOKUPS && !r.full; i++)
		add_root(&r, lookups[i].gate, lookups[i].oid, 0);
	*refs = r.refs;
	*gates = r.gates;
	*n = r.n;
	if (!r.full)
		return 0;
	return -1;
}

void
facts_roots_free(struct oid_ref *refs, unsigned n, unsigned char *gates)
{
	unsigned i;

	for (i = 0; refs != NULL && i < n; i++)
		free((uint32_t *)(uintptr_t)refs[i].ids);
	free(refs);
	free(gates);
}

/* --- what is told ----------------------------------------------------------------------------- */

static const char *const keys[FACTS] = { "class", "vendor", "os", "os_version", "model", "serial" };

static bool
single_get(const struct single *s, const struct table *t, bool first, struct varbind *vb)
{
	const uint32_t zero = 0;
	struct oid o;

	if (oid_parse(s->entry, &o) < 0 || oid_append(&o, &s->column.column, 1) < 0)
		return false;
	if (first)
		return table_below(t, table_lower(t, o.id, o.n), o.id, o.n, vb);
	return oid_append(&o, &zero, 1) == 0 && table_get(t, o.id, o.n, vb);
}

/* Those of OBJECT as {"key":..}, where there are any. */
static void
put_object(struct text *out, const struct table *t, const char *object, const char *mib, const struct single *list, size_t n)
{
	struct varbind vb;
	bool open = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].object == NULL || strcmp(list[i].object, object) != 0 || !single_get(&list[i], t, list == firsts, &vb))
			continue;
		if (!open)
			text_printf(out, ",\"%s\":{\"mib\":\"%s\"", object, mib);
		open = true;
		put_cell(out, &list[i].column, &vb);
	}
	if (open)
		text_put(out, "}");
}

static void
put_singles(struct text *out, const struct table *t)
{
	struct varbind vb;
	size_t i;

	for (i = 0; i < NSINGLES; i++)
		if (singles[i].object == NULL && single_get(&singles[i], t, false, &vb))
			put_cell(out, &singles[i].column, &vb);
	put_object(out, t, "bridge", "BRIDGE-MIB", singles, NSINGLES);
	put_object(out, t, "ups", "UPS-MIB", singles, NSINGLES);
	put_object(out, t, "printer", "Printer-MIB", firsts, NFIRSTS);
}

static void
put_found(struct text *out, const struct facts_found *f)
{
	unsigned i;

	for (i = 0; i < FACTS; i++)
		if (f->value[i][0] != '\0')
			put_pair(out, keys[i], f->value[i]);
	text_put(out, ",\"rules\":{\"profile\":");
	text_json(out, f->profile);
	for (i = 0; i < FACTS; i++)
		if (f->value[i][0] != '\0')
			put_pair(out, keys[i], f->rule[i]);
	text_put(out, "}");
}

/* Of all sections that feed the list NAME, or those behind one gate. */
static unsigned
count(const unsigned n[], const char *name, unsigned gate)
{
	unsigned i, sum = 0;

	for (i = 0; i < nsections; i++)
		if (strcmp(sections[i].name, name) == 0 && (gate == GATES || sections[i].gate == gate))
			sum += n[i];
	return sum;
}

static void
put_lists(struct text *out, const struct table *t, unsigned n[])
{
	unsigned i, of_list = 0;

	for (i = 0; i < nsections; i++) {
		if (i == 0 || strcmp(sections[i].name, sections[i - 1].name) != 0) {
			text_printf(out, "%s,\"%s\":[", i == 0 ? "" : "]", sections[i].name);
			of_list = 0;
		}
		n[i] = section_write(&sections[i], t, out, of_list == 0);
		of_list += n[i];
	}
	text_put(out, "]");
}

void
facts_write(struct text *out, const struct profiles *p, const struct table *t, const char *address, const char *version)
{
	struct facts_found *found = calloc(1, sizeof(*found));
	unsigned *n = calloc(nsections, sizeof(*n));

	if (found == NULL || n == NULL) {
		out->full = true;
	} else {
		profiles_find(p, t, found);
		text_put(out, "{\"address\":");
		text_json(out, address);
		put_pair(out, "snmp_version", version);
		put_singles(out, t);
		put_found(out, found);
		put_lists(out, t, n);
		put_number(out, "if_count", count(n, "interfaces", GATES));
		put_number(out, "port_count", (int64_t)count(n, "interfaces", GATES) - ports_none(t));
		put_number(out, "ethernet_port_count", ports_ethernet(t));
		put_number(out, "ip_count", (int64_t)count(n, "ip_addresses", GATE_NONE) + count(n, "ip_addresses", GATE_ADDRESSES));
		put_number(out, "entity_count", count(n, "entities", GATES));
		put_number(out, "cdp_neighbours", count(n, "neighbours", GATE_CDP));
		put_number(out, "lldp_neighbours", (int64_t)count(n, "neighbours", GATE_LLDP) + count(n, "neighbours", GATE_LLDP2));
		put_number(out, "storage_count", count(n, "storage", GATES));
		put_number(out, "software_count", count(n, "software", GATES));
		put_number(out, "object_count", (int64_t)table_rows(t));
		text_put(out, "}\n");
	}
	free(found);
	free(n);
}

void
facts_explain(struct text *out, const struct profiles *p, const struct table *t)
{
	struct facts_found *found = calloc(1, sizeof(*found));
	unsigned i;

	if (found == NULL) {
		out->full = true;
		return;
	}
	profiles_find(p, t, found);
	text_printf(out, "%-11s %s\n", "profile", found->profile[0] == '\0' ? "no row applies" : found->profile);
	for (i = 0; i < FACTS; i++)
		text_printf(out, "%-11s %-36s %s\n", keys[i], found->value[i][0] == '\0' ? "?" : found->value[i],
		    found->value[i][0] == '\0' ? "no rule gives one" : found->rule[i]);
	free(found);
}
