/* SPDX-License-Identifier: Apache-2.0 */
/* xml - see xml.h. Writing is in xml_write.c. */
#include "xml.h"

#include <assert.h>
#include <expat.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "utf8.h"
#include "xalloc.h"

/* Depths: 1 is <parameters>, 2 a <parameter>, more is somebody's own XML. */
#define DEPTH_ROOT 1
#define DEPTH_PARAM 2

struct reader {
	XML_Parser p;
	const char *text;
	struct json_object *params, *xml;
	struct err *err;
	bool failed;
	int depth, count;
	/* the <parameter> we are in */
	bool in_param, has_value, has_children;
	char *name;
	size_t inner;		/* where its content begins in text */
	struct buf chars;	/* its text, which is its value when it has no other */
};

static void __attribute__((format(printf, 2, 3)))
refuse(struct reader *r, const char *fmt, ...)
{
	char why[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (!r->failed)
		err_set(r->err, E_BAD, "XML, line %lu, column %lu: %s",
		    (unsigned long)XML_GetCurrentLineNumber(r->p),
		    (unsigned long)XML_GetCurrentColumnNumber(r->p) + 1, why);
	r->failed = true;
	XML_StopParser(r->p, XML_FALSE);
}

static const char *
attribute(const char **atts, const char *name)
{
	for (; atts[0] != NULL; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1];
	return NULL;
}

static void
param_begin(struct reader *r, const char **atts)
{
	const char *name = attribute(atts, "name"), *value = attribute(atts, "value");

	if (name == NULL || name[0] == '\0') {
		refuse(r, "a <parameter> has no name");
		return;
	}
	if (++r->count > XML_PARAMS_MAX) {
		refuse(r, "more than %d parameters", XML_PARAMS_MAX);
		return;
	}
	r->in_param = true;
	r->has_value = value != NULL;
	r->has_children = false;
	r->name = xstrdup(name);
	r->inner = (size_t)XML_GetCurrentByteIndex(r->p) + (size_t)XML_GetCurrentByteCount(r->p);
	buf_clear(&r->chars);
	json_object_object_del(r->xml, name);
	if (value != NULL)
		json_put_str(r->params, name, value);
}

static void
param_end(struct reader *r)
{
	size_t end = (size_t)XML_GetCurrentByteIndex(r->p);

	if (r->has_children) {
		assert(end >= r->inner);
		json_put_take(r->xml, r->name, json_object_new_string_len(r->text + r->inner, (int)(end - r->inner)));
	}
	if (!r->has_value && !r->has_children)
		json_put_str(r->params, r->name, buf_str(&r->chars));
	if (!r->has_value && r->has_children)
		json_object_object_del(r->params, r->name);
	free(r->name);
	r->name = NULL;
	r->in_param = false;
}

static void
on_start(void *arg, const char *el, const char **atts)
{
	struct reader *r = arg;

	if (r->failed)
		return;
	if (++r->depth > XML_DEPTH_MAX)
		refuse(r, "more than %d elements inside one another", XML_DEPTH_MAX);
	else if (r->depth == DEPTH_ROOT && strcmp(el, "parameters") != 0)
		refuse(r, "it begins with <%.40s>, expected <parameters>", el);
	else if (r->depth == DEPTH_PARAM && strcmp(el, "parameter") == 0)
		param_begin(r, atts);
	else if (r->depth > DEPTH_PARAM)
		r->has_children = true;
}

static void
on_end(void *arg, const char *el)
{
	struct reader *r = arg;

	(void)el;
	if (r->failed)
		return;
	if (r->depth == DEPTH_PARAM && r->in_param)
		param_end(r);
	r->depth--;
}

static void
on_chars(void *arg, const char *s, int n)
{
	struct reader *r = arg;

	if (r->in_param && r->depth == DEPTH_PARAM && !r->has_value)
		(void)buf_put(&r->chars, s, (size_t)n);	/* its ceiling is that of the payload */
}

static void
on_doctype(void *arg, const char *name, const char *sysid, const char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	refuse(arg, "a DTD is not allowed");
}

static bool
is_blank(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL && text[len - 1] != '\0')
		len--;
	return len == 0;
}

/* What expat says, in its place in the text. */
static void
refuse_syntax(struct reader *r, size_t len)
{
	enum XML_Error e = XML_GetErrorCode(r->p);
	XML_Index at = XML_GetErrorByteIndex(r->p);
	bool inside = at >= 0 && (size_t)at < len;

	if (e == XML_ERROR_INVALID_TOKEN && inside && r->text[at] == '\0')
		refuse(r, "a NUL byte is not allowed");
	else if (e == XML_ERROR_INVALID_TOKEN && inside && utf8_next(r->text + at, len - (size_t)at) < 0)
		refuse(r, "these bytes are not UTF-8");
	else
		refuse(r, "%s", XML_ErrorString(e));
}

static int
read_all(struct reader *r, size_t len)
{
	/* The transport has told the encoding; what the text claims in its head does not count. */
	r->p = XML_ParserCreate("UTF-8");
	if (r->p == NULL)
		return err_set(r->err, E_FULL, "XML: out of memory");
	XML_SetUserData(r->p, r);
	XML_SetElementHandler(r->p, on_start, on_end);
	XML_SetCharacterDataHandler(r->p, on_chars);
	XML_SetStartDoctypeDeclHandler(r->p, on_doctype);
	if (XML_Parse(r->p, r->text, (int)len, 1) != XML_STATUS_OK && !r->failed)
		refuse_syntax(r, len);
	XML_ParserFree(r->p);
	free(r->name);
	buf_fini(&r->chars);
	return r->failed ? -E_BAD : 0;
}

int
xml_read_parameters(const char *text, size_t len, size_t max,
    struct json_object **params, struct json_object **xml, struct err *err)
{
	struct reader r = { .text = text, .err = err };
	int rc = 0;

	if (len > max || len > INT_MAX)
		return err_set(err, E_FULL, "it is %zu bytes, more than the %zu allowed", len, max);
	r.params = json_object_new_object();
	r.xml = json_object_new_object();
	buf_init(&r.chars, len);
	if (!is_blank(text, len))
		rc = read_all(&r, len);
	if (rc < 0) {
		json_object_put(r.params);
		json_object_put(r.xml);
		return rc;
	}
	*params = r.params;
	*xml = r.xml;
	return 0;
}
