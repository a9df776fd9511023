/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_read - the text of a file of profiles. It is the operator's: a mistake is
 * told with its file and line, the row it stands in is left out, the rest is good.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "facts.h"
#include "pattern.h"
#include "profile_rule.h"

#define ROWS_MAX 5000u
#define RULES_MAX 50000u
#define NAMES_MAX 20000u

struct reader {
	struct profiles *p;
	struct profile_row *row;
	yaml_document_t doc;
	const char *file;		/* of profiles.files */
	char *why;
	size_t room;
};

static int
say(struct reader *r, unsigned long line, const char *what)
{
	size_t at = strlen(r->why);

	if (at + 1 < r->room)
		snprintf(r->why + at, r->room - at, "%s%s line %lu: %s", at == 0 ? "" : "\n", r->file, line, what);
	return -1;
}

static int
wrong(struct reader *r, const yaml_node_t *n, const char *what)
{
	return say(r, n == NULL ? 0ul : (unsigned long)n->start_mark.line + 1, what);
}

static const char *
scalar(const yaml_node_t *n)
{
	return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

/* Room for one more of SIZE in *AT, which has N: they come by the 64. */
static bool
grow(void *at, unsigned n, unsigned max, size_t size)
{
	void *was, *p;

	if (n >= max)
		return false;
	if (n % 64 != 0)
		return true;
	memcpy(&was, at, sizeof(was));
	p = realloc(was, (n + 64) * size);
	if (p == NULL)
		return false;
	memcpy(at, &p, sizeof(p));
	return true;
}

/* --- one key ---------------------------------------------------------------------------- */

static int
one_rule(struct reader *r, unsigned fact, const yaml_node_t *n)
{
	struct rule *rule;
	const char *s = scalar(n), *why = "out of memory";

	if (s == NULL || *s == '\0' || !grow(&r->p->rules, r->p->nrules, RULES_MAX, sizeof(*rule)))
		return wrong(r, n, "a rule is text, and there are not too many");
	rule = &r->p->rules[r->p->nrules];
	*rule = (struct rule){ .fact = fact, .source = strdup(s) };
	if (rule->source == NULL)
		return wrong(r, n, why);
	r->p->nrules++;
	r->row->nrules++;
	return rule_read(r->p, rule, rule->source, &why) == 0 ? 0 : wrong(r, n, why);
}

static int
one_name_of(struct reader *r, const yaml_node_t *n, unsigned *first, unsigned *count, const char *what)
{
	const char *s = scalar(n);

	if (s == NULL || *count == PROFILE_MATCH_MAX || !grow(&r->p->names, r->p->nnames, NAMES_MAX, sizeof(*r->p->names)) ||
	    profile_name(r->p, s, strlen(s), &r->p->names[r->p->nnames]) < 0)
		return wrong(r, n, what);
	if (*count == 0)
		*first = r->p->nnames;
	if (*first + *count != r->p->nnames)
		return wrong(r, n, "oid, and has, stand once in a row");
	r->p->nnames++;
	++*count;
	return 0;
}

static int
one_oid(struct reader *r, unsigned key, const yaml_node_t *n)
{
	(void)key;
	return one_name_of(r, n, &r->row->first_match, &r->row->nmatch, "oid is the beginning of a sysObjectID in numbers, or up to 64 of them");
}

static int
one_has(struct reader *r, unsigned key, const yaml_node_t *n)
{
	(void)key;
	return one_name_of(r, n, &r->row->first_has, &r->row->nhas, "has is an OID in numbers, or several");
}

static int
one_unless(struct reader *r, unsigned key, const yaml_node_t *n)
{
	static const char *const facts[FACTS] = { "class", "vendor", "os", "version", "model", "serial" };
	const char *s = scalar(n);
	unsigned i;

	(void)key;
	for (i = 0; s != NULL && i < FACTS; i++)
		if (strcmp(s, facts[i]) == 0) {
			r->row->unless |= 1u << i;
			return 0;
		}
	return wrong(r, n, "unless is class, vendor, os, version, model or serial, or several");
}

static int
one_descr(struct reader *r, unsigned key, const yaml_node_t *n)
{
	char s[1024];

	(void)key;
	snprintf(s, sizeof(s), "%s", scalar(n) == NULL ? "" : scalar(n));
	pattern_unescape(s);
	if (s[0] == '\0' || strlen(s) + 1 == sizeof(s) || r->row->descr_text != NULL || pattern_compile(&r->row->descr, s, REG_NOSUB) != 0)
		return wrong(r, n, "descr is one extended regular expression");
	r->row->descr_text = strdup(s);
	if (r->row->descr_text == NULL)
		regfree(&r->row->descr);
	return r->row->descr_text == NULL ? wrong(r, n, "out of memory") : 0;
}

static int
one_title(struct reader *r, unsigned key, const yaml_node_t *n)
{
	(void)key;
	free(r->row->name);
	r->row->name = scalar(n) == NULL ? NULL : strdup(scalar(n));
	return r->row->name == NULL ? wrong(r, n, "a name is text") : 0;
}

static const struct {
	const char *key;
	unsigned fact;
	int (*one)(struct reader *, unsigned, const yaml_node_t *);
} keys[] = {
	{ "name", 0, one_title }, { "oid", 0, one_oid }, { "descr", 0, one_descr }, { "has", 0, one_has },
	{ "unless", 0, one_unless },
	{ "when", FACTS, one_rule },
	{ "class", FACT_CLASS, one_rule }, { "vendor", FACT_VENDOR, one_rule }, { "os", FACT_OS, one_rule },
	{ "version", FACT_VERSION, one_rule }, { "model", FACT_MODEL, one_rule }, { "serial", FACT_SERIAL, one_rule },
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

/* --- one row ---------------------------------------------------------------------------- */

/* A scalar, or each of a list. */
static int
each(struct reader *r, size_t key, const yaml_node_t *n)
{
	yaml_node_item_t *i;
	int bad = 0;

	if (n->type != YAML_SEQUENCE_NODE)
		return keys[key].one(r, keys[key].fact, n);
	for (i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++)
		bad |= keys[key].one(r, keys[key].fact, yaml_document_get_node(&r->doc, *i));
	return bad;
}

static int
read_pair(struct reader *r, const yaml_node_pair_t *pair)
{
	yaml_node_t *k = yaml_document_get_node(&r->doc, pair->key), *v = yaml_document_get_node(&r->doc, pair->value);
	const char *key = scalar(k);
	size_t i;

	for (i = 0; key != NULL && v != NULL && i < NKEYS; i++)
		if (strcmp(keys[i].key, key) == 0)
			return each(r, i, v);
	return wrong(r, k, "a key is name, oid, descr, has, when, unless, class, vendor, os, version, model or serial");
}

static int
read_row(struct reader *r, const yaml_node_t *n)
{
	yaml_node_pair_t *pair;
	int bad = 0;

	if (n == NULL || n->type != YAML_MAPPING_NODE || !grow(&r->p->rows, r->p->nrows, ROWS_MAX, sizeof(*r->row)))
		return wrong(r, n, "a profile is a mapping, and there are not too many");
	r->row = &r->p->rows[r->p->nrows++];
	*r->row = (struct profile_row){ .first = r->p->nrules, .file = r->file, .line = (unsigned)n->start_mark.line + 1 };
	for (pair = n->data.mapping.pairs.start; pair < n->data.mapping.pairs.top; pair++)
		bad |= read_pair(r, pair);
	if (r->row->name == NULL) {
		r->row->name = strdup("");
		bad |= wrong(r, n, "a profile has a name");
	}
	r->row->broken = bad != 0 || r->row->name == NULL;
	return bad;
}

/* --- one file ------------------------------------------------------------------------------ */

static void
read_document(struct reader *r)
{
	yaml_node_t *root = yaml_document_get_root_node(&r->doc);
	yaml_node_item_t *i;

	if (root == NULL || root->type != YAML_SEQUENCE_NODE) {
		(void)wrong(r, root, "a file is a list of profiles");
		return;
	}
	for (i = root->data.sequence.items.start; i < root->data.sequence.items.top; i++)
		(void)read_row(r, yaml_document_get_node(&r->doc, *i));
}

void
profiles_read_text(struct profiles *p, const char *file, const void *text, size_t n, char *why, size_t room)
{
	struct reader r = { .p = p, .why = why, .room = room };
	yaml_parser_t parser;

	if (p->nfiles == PROFILE_FILES_MAX || !grow(&p->files, p->nfiles, PROFILE_FILES_MAX, sizeof(*p->files)) ||
	    (p->files[p->nfiles] = strdup(file)) == NULL || !yaml_parser_initialize(&parser))
		return;
	r.file = p->files[p->nfiles++];
	yaml_parser_set_input_string(&parser, text, n);
	if (yaml_parser_load(&parser, &r.doc)) {
		read_document(&r);
		yaml_document_delete(&r.doc);
	} else {
		(void)say(&r, (unsigned long)parser.problem_mark.line + 1, "this is no YAML: the file is left out");
	}
	yaml_parser_delete(&parser);
}

static void
read_gates(struct profiles *p)
{
	struct oid o;
	unsigned i;

	for (i = 1; i < GATES; i++)
		if (oid_parse(facts_gates[i], &o) == 0 && o.n <= 16) {
			memcpy(p->gate_ids[i], o.id, o.n * sizeof(o.id[0]));
			p->gate[i] = (struct oid_ref){ p->gate_ids[i], o.n };
		}
}

struct profiles *
profiles_new(void)
{
	struct profiles *p = calloc(1, sizeof(*p));

	if (p != NULL)
		read_gates(p);
	if (p != NULL && facts_roots(&p->standard, &p->gates, &p->nstandard) == 0)
		return p;
	profiles_free(p);
	return NULL;
}

void
profiles_free(struct profiles *p)
{
	unsigned i;

	if (p == NULL)
		return;
	for (i = 0; i < p->nrows; i++) {
		free(p->rows[i].name);
		if (p->rows[i].descr_text != NULL)
			regfree(&p->rows[i].descr);
		free(p->rows[i].descr_text);
	}
	for (i = 0; i < p->nrules; i++) {
		free(p->rules[i].source);
		if (p->rules[i].has_pattern)
			regfree(&p->rules[i].pattern);
	}
	for (i = 0; i < p->nfiles; i++)
		free(p->files[i]);
	free(p->files);
	free(p->rows);
	free(p->rules);
	free(p->names);
	free(p->ids);
	facts_roots_free(p->standard, p->nstandard, p->gates);
	free(p);
}
