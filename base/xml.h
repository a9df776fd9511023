/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml - the little XML that ECC payloads are made of (expat below): reading
 * <parameters>, and writing escaped text.
 *
 * Reading is bounded (size, count, depth) and refuses DTDs, so no entity can
 * be declared. Writing replaces what XML 1.0 cannot hold (control characters,
 * invalid UTF-8) by U+FFFD and counts it.
 */
#ifndef MID_XML_H
#define MID_XML_H

#include <stddef.h>

struct buf;
struct err;
struct json_object;

#define XML_DEPTH_MAX 32
#define XML_PARAMS_MAX 1000

/*
 * Reads <parameters><parameter name= value=/>...</parameters>. PARAMS and XML
 * (inner XML of those with children) are the caller's, objects of strings;
 * both empty for an empty payload. The last of equal names wins. A parameter
 * with neither value nor children has its text as value.
 */
int xml_read_parameters(const char *text, size_t len, size_t max,
    struct json_object **params, struct json_object **xml, struct err *err);
/* 1 when TEXT is just <see_attachment/>. */
int xml_is_see_attachment(const char *text, size_t len);
/* Appends TEXT escaped for content and attributes alike; adds to *REPLACED. 0 or -E_FULL. */
int xml_escape(struct buf *b, const char *text, size_t len, size_t *replaced);
/* The same for content only: line breaks, tabs and quotes stay as they are (smaller, readable). */
int xml_escape_text(struct buf *b, const char *text, size_t len, size_t *replaced);
/* The longest prefix of TEXT, at most MAX bytes, that cuts no UTF-8 character in two. */
size_t xml_cut(const char *text, size_t len, size_t max);

#endif
