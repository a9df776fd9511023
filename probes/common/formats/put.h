/* SPDX-License-Identifier: Apache-2.0 */
/*
 * put - small things that the readers of formats share: pieces of text, names
 * of keys made of headings, and values into JSON. Every OBJ may be NULL.
 */
#ifndef MID_FORMATS_PUT_H
#define MID_FORMATS_PUT_H

#include "facts/out.h"
#include "formats/formats.h"

#define PUT_KEY_MAX 80

/* Where TEXT stands in S, as a pointer into it; NULL nowhere. */
const char *find(struct str s, const char *text);
struct str from_to(const char *begin, const char *end);
/* S up to TEXT (all of it without), and what stands behind TEXT. */
struct str before(struct str s, const char *text);
struct str after(struct str s, const char *text);	/* empty without */
/* Behind the prefix, which must be there. */
bool skip_prefix(struct str *s, const char *prefix);
size_t indent_of(struct str line);	/* a tab counts as one */

/* "MAJ:MIN", "Disk size" and "%user" as keys: maj_min, disk_size, percent_user. */
void key_of(struct str heading, char *to, size_t size);
/* The kind of the field KEY; OTHER without. */
enum field_kind kind_of(const struct field *kinds, const char *key, enum field_kind other);

void put_int(struct json_object *o, const char *key, int64_t i);
/* A number that is no integer; NULL for infinity. The caller's. */
struct json_object *real_json(double d);
void put_real(struct json_object *o, const char *key, double d);
void put_bool(struct json_object *o, const char *key, bool b);
void put_null(struct json_object *o, const char *key);
void put_text(struct json_object *o, const char *key, struct str value);
void put_text_or_null(struct json_object *o, const char *key, struct str value);	/* empty is null */
/* A copied key, so that it may stand in a buffer. */
void put_at(struct json_object *o, const char *key, struct json_object *value);
struct json_object *put_object(struct json_object *o, const char *key);	/* borrowed; the one that is there */
struct json_object *put_list(struct json_object *o, const char *key);
void put_words(struct json_object *o, const char *key, struct str words, char sep);	/* list of texts; trimmed, none empty */
/* One more line to the text that is there. */
void put_more(struct json_object *o, const char *key, struct str line, const char *between);

bool real_of(struct str s, double *out);	/* "-0.5%" is -0.5 */
bool bytes_of(struct str s, int64_t *out);	/* "1.5G", "2 MiB": powers of 1024 */
bool is_yes(struct str s);
/* The digits in S, with a minus before them, as one number. */
bool digits_of(struct str s, int64_t *out);

/* Seconds since 1970 of a date in UTC; months from 1. */
int64_t epoch_of(int year, int month, int day, int hour, int minute, int second);
int month_of(struct str name);		/* "Feb" is 2; 0 for no month */

#endif
