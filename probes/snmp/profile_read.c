/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_read - the files of profiles. They are the operator's, not a
 * stranger's: a mistake is told with its file and line, and the file left out.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "facts.h"
#include "profile_rows.h"

#define ROWS_MAX 2000u
#define RULES_MAX 20000u

struct reader {
	struct profiles *p;
	yaml_document_t doc;
	const char *file;
	char *why;
	size_t room;
};

static int
wrong(struct reader *r, const yaml_node_t *n, const char *what)
{
	snprintf(r->why, r->room, "%s line %lu: %s; the file is left out from there on", r->file,
	    n == NULL ? 0ul : (unsigned long)n->start_mark.line + 1, what);
	return -1;
}

static const char *
scalar(const yaml_node_t *n)
{
	return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

/* --- one rule ------------------------------------------------------------------------- */

static const struct { const char *word; uint32_t column; } columns[] = {
	{ "descr", 2 }, { "name", 7 }, { "hardware", 8 }, { "firmware", 9 }, { "software", 10 }, { "serial", 11 },
	{ "maker", 12 }, { "model", 13 },
};

/* "/pattern/" at the end. */
static int
read_pattern(struct reader *r, const yaml_node_t *n, const char *s, struct rule *rule)
{
	char text[512];
	size_t len;

	s += strspn(s, " ");
	if (*s == '\0')
		return 0;
	len = strlen(s);
	if (s[0] != '/' || len < 2 || s[len - 1] != '/' || len > sizeof(text))
		return wrong(r, n, "a pattern stands between two slashes");
	snprintf(text, sizeof(text), "%.*s", (int)(len - 2), s + 1);
	if (regcomp(&rule->pattern, text, REG_EXTENDED) != 0)
		return wrong(r, n, "the pattern is no extended regular expression");
	rule->has_pattern = true;
	return 0;
}

static int
read_entity(struct reader *r, const yaml_node_t *n, const char *s, struct rule *rule)
{
	size_t len = strcspn(s, " "), i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strlen(columns[i].word) == len && strncmp(columns[i].word, s, len) == 0) {
			rule->column = columns[i].column;
			return read_pattern(r, n, s + len, rule);
		}
	return wrong(r, n, "entity has model, serial, software, firmware, hardware, name, maker and descr");
}

static int
read_rule_words(struct reader *r, const yaml_node_t *n, const char *s, struct rule *rule)
{
	size_t len;

	if (strncmp(s, "descr /", 7) == 0) {
		rule->from = FROM_DESCR;
		return read_pattern(r, n, s + 6, rule);
	}
	if (strncmp(s, "entity ", 7) == 0) {
		rule->from = FROM_ENTITY;
		return read_entity(r, n, s + 7, rule);
	}
	if (strncmp(s, "get ", 4) != 0 && strncmp(s, "first ", 6) != 0) {
		rule->text = s;
		return 0;
	}
	rule->from = s[0] == 'g' ? FROM_GET : FROM_FIRST;
	s += rule->from == FROM_GET ? 4 : 6;
	len = strcspn(s, " ");
	if (oid_read(s, len, &rule->oid) < 0 || rule->oid.n < 3)
		return wrong(r, n, "get and first are followed by an OID in numbers");
	return read_pattern(r, n, s + len, rule);
}

static int
add_rule(struct reader *r, struct profile_row *row, enum fact fact, const yaml_node_t *n)
{
	struct rule *rule;
	const char *s = scalar(n);

	if (s == NULL || r->p->nrules == RULES_MAX)
		return wrong(r, n, "a rule is text, and there are not too many");
	rule = &r->p->rules[r->p->nrules];
	*rule = (struct rule){ .fact = fact, .source = strdup(s) };
	if (rule->source == NULL)
		return wrong(r, n, "out of memory");
	r->p->nrules++;
	row->nrules++;
	return read_rule_words(r, n, rule->source, rule);
}

/* --- one row ---------------------------------------------------------------------------- */

/* A scalar, or each of a list. */
static int
each(struct reader *r, struct profile_row *row, int key, yaml_node_t *n,
    int (*one)(struct reader *, struct profile_row *, int, const yaml_node_t *))
{
	yaml_node_item_t *i;

	if (n->type != YAML_SEQUENCE_NODE)
		return one(r, row, key, n);
	for (i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++)
		if (one(r, row, key, yaml_document_get_node(&r->doc, *i)) < 0)
			return -1;
	return 0;
}

static int
one_rule(struct reader *r, struct profile_row *row, int fact, const yaml_node_t *n)
{
	return add_rule(r, row, (enum fact)fact, n);
}

static int
one_oid(struct reader *r, struct profile_row *row, int key, const yaml_node_t *n)
{
	const char *s = scalar(n);

	(void)key;
	if (s == NULL || row->nmatch == PROFILE_MATCH_MAX || oid_parse(s, &row->match[row->nmatch]) < 0)
		return wrong(r, n, "oid is the beginning of a sysObjectID in numbers, or up to 16 of them");
	row->nmatch++;
	return 0;
}

static int
one_descr(struct reader *r, struct profile_row *row, int key, const yaml_node_t *n)
{
	const char *s = scalar(n);

	(void)key;
	if (s == NULL || row->has_descr || regcomp(&row->descr, s, REG_EXTENDED | REG_NOSUB) != 0)
		return wrong(r, n, "descr is one extended regular expression");
	row->has_descr = true;
	return 0;
}

static int
one_has(struct reader *r, struct profile_row *row, int key, const yaml_node_t *n)
{
	(void)key;
	return scalar(n) == NULL || oid_parse(scalar(n), &row->has) < 0 ? wrong(r, n, "has is one OID in numbers") : 0;
}

static int
one_name(struct reader *r, struct profile_row *row, int key, const yaml_node_t *n)
{
	(void)key;
	free(row->name);
	row->name = scalar(n) == NULL ? NULL : strdup(scalar(n));
	return row->name == NULL ? wrong(r, n, "a name is text") : 0;
}

static const struct {
	const char *key;
	int fact;
	int (*one)(struct reader *, struct profile_row *, int, const yaml_node_t *);
} keys[] = {
	{ "name", 0, one_name }, { "oid", 0, one_oid }, { "descr", 0, one_descr }, { "has", 0, one_has },
	{ "class", FACT_CLASS, one_rule }, { "vendor", FACT_VENDOR, one_rule }, { "os", FACT_OS, one_rule },
	{ "version", FACT_VERSION, one_rule }, { "model", FACT_MODEL, one_rule }, { "serial", FACT_SERIAL, one_rule },
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static int
read_pair(struct reader *r, struct profile_row *row, const yaml_node_pair_t *pair)
{
	yaml_node_t *k = yaml_document_get_node(&r->doc, pair->key), *v = yaml_document_get_node(&r->doc, pair->value);
	const char *key = scalar(k);
	size_t i;

	for (i = 0; key != NULL && v != NULL && i < NKEYS; i++)
		if (strcmp(keys[i].key, key) == 0)
			return each(r, row, keys[i].fact, v, keys[i].one);
	return wrong(r, k, "a key is name, oid, descr, has, class, vendor, os, version, model or serial");
}

static int
read_row(struct reader *r, const yaml_node_t *n)
{
	struct profile_row *row = &r->p->rows[r->p->nrows];
	yaml_node_pair_t *pair;

	if (n == NULL || n->type != YAML_MAPPING_NODE || r->p->nrows == ROWS_MAX)
		return wrong(r, n, "a profile is a mapping");
	*row = (struct profile_row){ .first = r->p->nrules };
	r->p->nrows++;
	for (pair = n->data.mapping.pairs.start; pair < n->data.mapping.pairs.top; pair++)
		if (read_pair(r, row, pair) < 0)
			break;
	if (pair == n->data.mapping.pairs.top && row->name != NULL)
		return 0;
	row->nmatch = 1;		/* matches nothing: no device has an empty name that begins so */
	row->match[0] = (struct oid){ .n = 1, .id = { 9 } };
	return row->name == NULL && pair == n->data.mapping.pairs.top ? wrong(r, n, "a profile has a name") : -1;
}

/* --- the files ----------------------------------------------------------------------------- */

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
		if (read_row(r, yaml_document_get_node(&r->doc, *i)) < 0)
			return;
}

static void
read_file(struct reader *r, const char *path)
{
	FILE *f = fopen(path, "re");
	yaml_parser_t parser;

	if (f == NULL || !yaml_parser_initialize(&parser)) {
		if (f != NULL)
			fclose(f);
		(void)wrong(r, NULL, "can't be read");
		return;
	}
	yaml_parser_set_input_file(&parser, f);
	if (yaml_parser_load(&parser, &r->doc)) {
		read_document(r);
		yaml_document_delete(&r->doc);
	} else {
		snprintf(r->why, r->room, "%s line %lu: no YAML: the file is left out", r->file,
		    (unsigned long)parser.problem_mark.line + 1);
	}
	yaml_parser_delete(&parser);
	fclose(f);
}

static int
is_yaml(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && strcmp(d->d_name + n - 5, ".yaml") == 0;
}

static void
read_dir(struct profiles *p, const char *dir, char *why, size_t room)
{
	struct reader r = { .p = p, .why = why, .room = room };
	struct dirent **names;
	char path[4400];
	int i, n = scandir(dir, &names, is_yaml, alphasort);

	if (n < 0) {
		snprintf(why, room, "the folder of device profiles %s can't be read: devices are told by the standard MIBs alone", dir);
		return;
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		r.file = names[i]->d_name;
		read_file(&r, path);
		free(names[i]);
	}
	free(names);
}

static int
parse_standard(struct profiles *p)
{
	unsigned n = 0;

	while (facts_roots[n] != NULL)
		n++;
	p->standard = calloc(n, sizeof(*p->standard));
	if (p->standard == NULL)
		return -1;
	for (; p->nstandard < n; p->nstandard++)
		(void)oid_parse(facts_roots[p->nstandard], &p->standard[p->nstandard]);
	return 0;
}

struct profiles *
profiles_load(const char *dir, char *why, size_t room)
{
	struct profiles *p = calloc(1, sizeof(*p));

	why[0] = '\0';
	if (p == NULL)
		return NULL;
	p->rows = calloc(ROWS_MAX, sizeof(*p->rows));
	p->rules = calloc(RULES_MAX, sizeof(*p->rules));
	if (p->rows == NULL || p->rules == NULL || parse_standard(p) < 0) {
		profiles_free(p);
		return NULL;
	}
	read_dir(p, dir, why, room);
	/* What is not used goes back. */
	p->rows = realloc(p->rows, (p->nrows + 1) * sizeof(*p->rows));
	p->rules = realloc(p->rules, (p->nrules + 1) * sizeof(*p->rules));
	return p;
}

void
profiles_free(struct profiles *p)
{
	unsigned i;

	if (p == NULL)
		return;
	for (i = 0; i < p->nrows; i++) {
		free(p->rows[i].name);
		if (p->rows[i].has_descr)
			regfree(&p->rows[i].descr);
	}
	for (i = 0; i < p->nrules; i++) {
		free(p->rules[i].source);
		if (p->rules[i].has_pattern)
			regfree(&p->rules[i].pattern);
	}
	free(p->rows);
	free(p->rules);
	free(p->standard);
	free(p);
}
