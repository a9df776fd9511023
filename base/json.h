/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - json-c behind a few functions: bounded depth and typed getters that
 * never fail half-way. Getters borrow and take defaults; adders copy or swallow
 * as their names say.
 */
#ifndef MID_JSON_H
#define MID_JSON_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

#define JSON_DEPTH_MAX 32

/* *OUT is the caller's: json_object_put(). WHAT names the text in the error. */
int json_parse(struct json_object **out, const char *text, size_t len, const char *what, struct err *err);
/* Borrowed until OBJ goes. O may be NULL or of any type: then the default. */
struct json_object *json_get(struct json_object *o, const char *key);
const char *json_str(struct json_object *o, const char *key, const char *dflt);
int64_t json_int(struct json_object *o, const char *key, int64_t dflt);
double json_num(struct json_object *o, const char *key, double dflt);
bool json_flag(struct json_object *o, const char *key, bool dflt);	/* json_bool is a type of json-c */
/* The array under KEY, or NULL when it is none. */
struct json_object *json_arr(struct json_object *o, const char *key);

void json_put_str(struct json_object *o, const char *key, const char *value);	/* NULL: null */
void json_put_int(struct json_object *o, const char *key, int64_t value);
void json_put_num(struct json_object *o, const char *key, double value);
void json_put_bool(struct json_object *o, const char *key, bool value);
/* Swallow VALUE. */
void json_put_take(struct json_object *o, const char *key, struct json_object *value);
void json_add_take(struct json_object *arr, struct json_object *value);

/* Overwrites the strings that O holds, at every depth, before it is let go. */
void json_wipe(struct json_object *o);

/* Compact text of O appended to B. 0 or -E_FULL. */
int json_write(struct buf *b, struct json_object *o);
/* TEXT as it stands between the quotes of a JSON string; what is no UTF-8 becomes U+FFFD. For
 * large texts that should not go through objects. 0 or -E_FULL. */
int json_escape(struct buf *b, const char *text, size_t len);

#endif
