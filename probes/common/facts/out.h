/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out - puts foreign text and numbers into JSON.
 *
 * What is unknown or empty is left out, never null and never "". Text is made
 * valid UTF-8 first: what is not becomes U+FFFD. A KEY is not copied: it must
 * be a literal. OBJ may be NULL everywhere; then nothing happens.
 */
#ifndef MID_FACTS_OUT_H
#define MID_FACTS_OUT_H
#include <stdbool.h>
#include <stdint.h>

#include "facts/source.h"
#include "str.h"

struct json_object;

#define OUT_TEXT_MAX 65536	/* longer text is cut */

void out_text(struct json_object *obj, const char *key, struct str text);
/* As it is, however long, also when it is empty. */
void out_whole(struct json_object *obj, const char *key, struct str text);
void out_whole_at(struct json_object *obj, struct str key, struct str text);	/* a key from outside */
void out_null_at(struct json_object *obj, struct str key);	/* known to be unknown */
void out_cstr(struct json_object *obj, const char *key, const char *text);
void out_u64(struct json_object *obj, const char *key, uint64_t v);
void out_i64(struct json_object *obj, const char *key, int64_t v);
void out_real(struct json_object *obj, const char *key, double v);	/* 3 decimals */
void out_bool(struct json_object *obj, const char *key, bool v);

/* For names that come from outside: the key is copied and made valid too. */
void out_text_at(struct json_object *obj, struct str key, struct str text);

/* A new empty list or object inside OBJ, borrowed. */
struct json_object *out_list(struct json_object *obj, const char *key);
struct json_object *out_object(struct json_object *obj, const char *key);
/* A new object or text at the end of LIST, borrowed. */
struct json_object *out_item(struct json_object *list);
void out_item_text(struct json_object *list, struct str text);

/* A small file's text or number; nothing when it cannot be read. False then. */
bool out_file(struct json_object *obj, const char *key,
    struct facts_source *src, const char *path);

/* Several small files of one directory, by table. */
enum out_kind {
	OUT_TEXT,
	OUT_NUMBER,		/* times unit */
	OUT_SIGNED,
	OUT_BOOL,		/* "0" or "1" */
	OUT_HEX,		/* "0x8086" or "8086" -> text "8086" */
};
struct out_row {
	const char *file;
	const char *key;
	enum out_kind kind;
	uint64_t unit;		/* 0 counts as 1 */
};
void out_files(struct json_object *obj, struct facts_source *src,
    const char *dir, const struct out_row *rows);	/* ends with a NULL file */

/* JSON getters that stand a missing key. */
uint64_t out_get_u64(struct json_object *obj, const char *key);
const char *out_get_text(struct json_object *obj, const char *key);	/* NULL */

#endif
