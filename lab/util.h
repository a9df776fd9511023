/* SPDX-License-Identifier: Apache-2.0 */
/*
 * util - memory that cannot fail, text that grows up to a ceiling, and the
 * few conversions everything in the lab needs.
 */
#ifndef LAB_UTIL_H
#define LAB_UTIL_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SYS_ID_LEN 32

struct json_object;

/* These end the process when there is no memory: the database survives it. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);

/* A growing string; all zero is an empty one. text_str() is never NULL. */
struct text {
	char *at;
	size_t len, size;
};
void text_add(struct text *t, const char *s);
void text_add_mem(struct text *t, const void *p, size_t n);
void text_addf(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* N bytes of S as the value of an XML attribute; line breaks as numbers. */
void text_add_xml(struct text *t, const char *s, size_t n);
const char *text_str(const struct text *t);
char *text_take(struct text *t);	/* caller frees; T is empty again */
void text_fini(struct text *t);

int64_t clock_ms(void);			/* wall clock, milliseconds of 1970 */

/* "yyyy-MM-dd HH:mm:ss" in UTC and back; parse gives -1 on nonsense. */
#define DATE_SIZE 32
void date_format(char out[DATE_SIZE], time_t t);
time_t date_parse(const char *s);

bool is_sys_id(const char *s);		/* 32 hex digits */
void sys_id_make(char out[SYS_ID_LEN + 1]);
bool str_prefix(const char *s, const char *prefix);
bool str_suffix(const char *s, const char *suffix);

/* The string in KEY of OBJ, or DEF; borrowed from OBJ. */
const char *json_str(struct json_object *obj, const char *key, const char *def);
void json_put(struct json_object *obj, const char *key, const char *value);

/* Base64 without line breaks; decode ignores white space, NULL when wrong. */
char *base64_encode(const void *p, size_t n);
void *base64_decode(const char *s, size_t n, size_t *out_len);
#endif
