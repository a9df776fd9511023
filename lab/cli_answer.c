/* SPDX-License-Identifier: Apache-2.0 */
/* cli_answer - see the header. */
#include "cli_answer.h"

#include <expat.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 100000

/* --- one payload ------------------------------------------------------------------ */

struct reader {
	struct cli_answer *a;
	XML_Parser parser;
	struct text *into;		/* text of the element we are in */
	int depth, inside;		/* INSIDE: the depth that INTO ends at */
};

static const char *
attribute(const XML_Char **attributes, const char *name)
{
	size_t i;

	for (i = 0; attributes[i] != NULL; i += 2)
		if (strcmp(attributes[i], name) == 0)
			return attributes[i + 1];
	return "";
}

static void
read_head(struct cli_answer *a, const XML_Char **at)
{
	if (a->error[0] == '\0')
		(void)snprintf(a->error, sizeof(a->error), "%s",
		    attribute(at, "error"));
	if (a->warning[0] == '\0')
		(void)snprintf(a->warning, sizeof(a->warning), "%s",
		    attribute(at, "warning"));
	if (a->class[0] == '\0')
		(void)snprintf(a->class, sizeof(a->class), "%s",
		    attribute(at, "error_class"));
	if (a->code == 0)
		a->code = atoi(attribute(at, "result_code"));
	a->partial |= strcmp(attribute(at, "partial"), "true") == 0;
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	static const char *const good[] = { "stdout", "output" };
	static const char *const bad[] = { "stderr", "error" };
	struct reader *r = arg;
	size_t i;

	r->depth++;
	if (r->depth == 1 && strcmp(name, "results") == 0)
		read_head(r->a, attributes);
	if (r->into != NULL || r->depth != 3)
		return;
	for (i = 0; i < COUNT(good); i++) {
		if (strcmp(good[i], name) == 0) {
			r->into = &r->a->output;
			r->a->structured = true;
		}
		if (strcmp(bad[i], name) == 0)
			r->into = &r->a->complaint;
	}
	r->inside = r->depth;
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	(void)name;
	if (r->depth == r->inside)
		r->into = NULL;
	r->depth--;
}

static void XMLCALL
on_text(void *arg, const XML_Char *s, int len)
{
	struct reader *r = arg;

	if (r->into != NULL)
		text_add_mem(r->into, s, (size_t)len);
}

/* No answer needs a document type; entities that grow come from there. */
static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int internal)
{
	struct reader *r = arg;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	XML_StopParser(r->parser, XML_FALSE);
}

static bool
read_payload(struct cli_answer *a, const char *payload)
{
	struct reader r = { .a = a, .parser = XML_ParserCreate(NULL) };
	size_t len = strlen(payload);
	bool ok;

	if (r.parser == NULL || len > INT_MAX)
		return false;
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	ok = XML_Parse(r.parser, payload, (int)len, 1) == XML_STATUS_OK;
	XML_ParserFree(r.parser);
	return ok;
}

/* --- pages --------------------------------------------------------------------------- */

/* The number in NAME="..." of the first element; DEF when it has none. */
static int
head_number(const char *payload, const char *name, int def)
{
	const char *head = strstr(payload, "<results"), *end, *at;
	char key[32];
	int n = (int)strlen(name);

	end = head != NULL ? strchr(head, '>') : NULL;
	(void)snprintf(key, sizeof(key), " %s=\"", name);
	at = head != NULL ? strstr(head, key) : NULL;
	if (at == NULL || end == NULL || at > end)
		return def;
	n = atoi(at + strlen(key));
	return n > 0 && n <= PAGES_MAX ? n : def;
}

struct page {
	int number;
	struct json_object *row;
};

static int
by_number(const void *a, const void *b)
{
	return ((const struct page *)a)->number -
	    ((const struct page *)b)->number;
}

static void
read_page(struct cli_answer *a, struct json_object *row)
{
	const char *payload = json_str(row, "payload", "");
	const char *error = json_str(row, "error_string", "");

	a->seen++;
	text_add(&a->raw, payload);
	if (payload[0] == '\0')
		a->unreadable = true;
	else if (!read_payload(a, payload))
		text_add(&a->complaint, "an answer is no XML\n");
	if (json_object_object_get_ex(row, "unreadable", NULL)) {
		text_addf(&a->complaint, "%s\n",
		    json_str(row, "unreadable", ""));
		a->unreadable = true;
	}
	if (error[0] != '\0' && a->error[0] == '\0')
		(void)snprintf(a->error, sizeof(a->error), "%s", error);
}

bool
cli_answer_read(struct cli_answer *a, struct json_object *result)
{
	struct json_object *inputs;
	struct page *pages;
	size_t i, n;

	memset(a, 0, sizeof(*a));
	if (!json_object_object_get_ex(result, "inputs", &inputs) ||
	    !json_object_is_type(inputs, json_type_array))
		return false;
	n = json_object_array_length(inputs);
	pages = xcalloc(n + 1, sizeof(*pages));
	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(inputs, i);
		const char *payload = json_str(row, "payload", "");
		int of = head_number(payload, "pages", 1);

		pages[i].row = row;
		pages[i].number = head_number(payload, "page", 1);
		a->pages = of > a->pages ? of : a->pages;
	}
	qsort(pages, n, sizeof(*pages), by_number);
	for (i = 0; i < n; i++)
		if (i == 0 || pages[i].number != pages[i - 1].number)
			read_page(a, pages[i].row);
	free(pages);
	return true;
}

bool
cli_answer_complete(const struct cli_answer *a)
{
	return a->seen > 0 && a->seen >= a->pages;
}

bool
cli_answer_good(const struct cli_answer *a)
{
	return !a->unreadable && a->code == 0 && a->error[0] == '\0';
}

void
cli_answer_fini(struct cli_answer *a)
{
	text_fini(&a->output);
	text_fini(&a->complaint);
	text_fini(&a->raw);
}
