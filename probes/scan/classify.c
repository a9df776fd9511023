/* SPDX-License-Identifier: Apache-2.0 */
/* classify - see classify.h. */
#include "classify.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "pattern.h"
#include "sweep.h"
#include "text.h"

#define ROWS_MAX 500u
#define MATCHES 4

struct row {
	char *fact, *class, *os, *next;
	regex_t like;
	int sure;
};

static struct row rows[ROWS_MAX];
static unsigned nrows;

/* --- reading ----------------------------------------------------------------------------- */

struct reader { yaml_document_t doc; char *why; size_t room; const char *file; };

static int
wrong(struct reader *r, const yaml_node_t *n, const char *what)
{
	snprintf(r->why, r->room, "%s line %lu: %s; the rows from there on are left out", r->file,
	    n == NULL ? 0ul : (unsigned long)n->start_mark.line + 1, what);
	return -1;
}

static const char *
scalar(yaml_document_t *doc, yaml_node_item_t item)
{
	const yaml_node_t *n = yaml_document_get_node(doc, item);

	return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : "";
}

static int
read_pair(struct reader *r, struct row *row, const yaml_node_pair_t *pair, const char **like)
{
	const char *key = scalar(&r->doc, pair->key), *value = scalar(&r->doc, pair->value);
	const struct { const char *name; char **to; } texts[] = {
		{ "fact", &row->fact }, { "class", &row->class }, { "os", &row->os }, { "next", &row->next },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(key, texts[i].name) == 0) {
			free(*texts[i].to);
			*texts[i].to = strdup(value);
			return *texts[i].to == NULL ? -1 : 0;
		}
	if (strcmp(key, "like") == 0)
		*like = value;
	else if (strcmp(key, "sure") == 0)
		row->sure = atoi(value);
	else
		return -1;
	return 0;
}

static void
row_free(struct row *row)
{
	free(row->fact);
	free(row->class);
	free(row->os);
	free(row->next);
	*row = (struct row){ 0 };
}

static int
read_row(struct reader *r, const yaml_node_t *n)
{
	struct row *row = &rows[nrows];
	const yaml_node_pair_t *pair;
	const char *like = NULL;

	if (n == NULL || n->type != YAML_MAPPING_NODE || nrows == ROWS_MAX)
		return wrong(r, n, "a row is a mapping, and there are 500 at most");
	for (pair = n->data.mapping.pairs.start; pair < n->data.mapping.pairs.top; pair++)
		if (read_pair(r, row, pair, &like) < 0) {
			row_free(row);
			return wrong(r, n, "a row has fact, like, class, os, sure and next");
		}
	if (row->fact == NULL || row->class == NULL || like == NULL || row->sure < 1 || row->sure > 100 ||
	    pattern_compile(&row->like, like, REG_ICASE) != 0) {
		row_free(row);
		return wrong(r, n, "a row needs fact, class, like (an extended regular expression) and sure (1 to 100)");
	}
	nrows++;
	return 0;
}

static int
read_rows(struct reader *r)
{
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc), *list = NULL;
	const yaml_node_pair_t *pair;
	const yaml_node_item_t *item;

	if (root != NULL && root->type == YAML_MAPPING_NODE)
		for (pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++)
			if (strcmp(scalar(&r->doc, pair->key), "rows") == 0)
				list = yaml_document_get_node(&r->doc, pair->value);
	if (list == NULL || list->type != YAML_SEQUENCE_NODE)
		return wrong(r, root, "there is no list named rows");
	for (item = list->data.sequence.items.start; item < list->data.sequence.items.top; item++)
		if (read_row(r, yaml_document_get_node(&r->doc, *item)) < 0)
			return -1;
	return 0;
}

int
classify_load(const char *file, char *why, size_t room)
{
	struct reader r = { .why = why, .room = room, .file = file };
	yaml_parser_t parser;
	FILE *f;
	int done = -1;

	if (nrows > 0)
		return 0;
	f = fopen(file, "re");
	if (f == NULL) {
		snprintf(why, room, "%s cannot be read: hosts are not classified", file);
		return -1;
	}
	if (yaml_parser_initialize(&parser) == 1) {
		yaml_parser_set_input_file(&parser, f);
		if (yaml_parser_load(&parser, &r.doc) == 1) {
			done = read_rows(&r);
			yaml_document_delete(&r.doc);
		} else {
			snprintf(why, room, "%s line %lu: %s", file, (unsigned long)parser.problem_mark.line + 1,
			    parser.problem == NULL ? "no YAML" : parser.problem);
		}
		yaml_parser_delete(&parser);
	}
	fclose(f);
	return done;
}

/* --- judging ------------------------------------------------------------------------------- */

/* \1 to \3 of TEMPLATE out of TEXT. */
static void
fill(char *out, size_t room, const char *template, const char *text, const regmatch_t m[MATCHES])
{
	size_t at = 0, n, i;

	for (; *template != '\0' && at + 1 < room; template++) {
		i = template[0] == '\\' && template[1] >= '1' && template[1] < '0' + MATCHES ? (size_t)(template[1] - '0') : 0;
		if (i == 0) {
			out[at++] = *template;
			continue;
		}
		template++;
		n = m[i].rm_so < 0 ? 0 : (size_t)(m[i].rm_eo - m[i].rm_so);
		n = n < room - 1 - at ? n : room - 1 - at;
		memcpy(out + at, text + m[i].rm_so, n);
		at += n;
	}
	out[at] = '\0';
}

static void
weigh(struct class_of *best, const char *fact, const char *value)
{
	regmatch_t m[MATCHES];
	unsigned i;

	for (i = 0; i < nrows; i++) {
		if (strcmp(rows[i].fact, fact) != 0 || rows[i].sure <= best->sure ||
		    regexec(&rows[i].like, value, MATCHES, m, 0) != 0)
			continue;
		best->class = rows[i].class;
		best->next = rows[i].next;
		best->sure = rows[i].sure;
		snprintf(best->because, sizeof(best->because), "%s %.150s", fact, value);
		fill(best->os, sizeof(best->os), rows[i].os == NULL ? "" : rows[i].os, value, m);
	}
}

void
classify(struct class_of *out, const struct sweep *s, uint32_t host)
{
	const struct fact *f;
	unsigned i;

	*out = (struct class_of){ .class = "" };
	for (f = s->found.facts[host]; f != NULL; f = f->next)
		weigh(out, f->key, f->value);
	for (i = 0; i < s->asks.n; i++)
		if (found_get(&s->found, host, i) == OPEN)
			weigh(out, "port", s->asks.v[i].service->name);
}

void
classify_json(struct text *t, const struct sweep *s, uint32_t host)
{
	struct class_of c;

	classify(&c, s, host);
	if (c.class[0] == '\0')
		return;
	text_put(t, ",\"class\":");
	text_json(t, c.class);
	if (c.os[0] != '\0') {
		text_put(t, ",\"os\":");
		text_json(t, c.os);
	}
	text_printf(t, ",\"sure\":%d,\"because\":", c.sure);
	text_json(t, c.because);
	if (c.next != NULL) {
		text_put(t, ",\"next\":");
		text_json(t, c.next);
	}
}
