/* SPDX-License-Identifier: Apache-2.0 */
/*
 * util - see the header.
 */
#include "util.h"

#include <assert.h>
#include <ctype.h>
#include <json-c/json.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
or_die(void *p)
{
	if (p == NULL) {
		fputs("midlab: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	return or_die(calloc(n > 0 ? n : 1, size > 0 ? size : 1));
}

void *
xrealloc(void *p, size_t size)
{
	return or_die(realloc(p, size > 0 ? size : 1));
}

char *
xstrdup(const char *s)
{
	return or_die(strdup(s));
}

char *
xstrndup(const char *s, size_t n)
{
	return or_die(strndup(s, n));
}

void
text_add_mem(struct text *t, const void *p, size_t n)
{
	if (t->len + n + 1 > t->size) {
		t->size = (t->len + n + 1) * 2;
		t->at = xrealloc(t->at, t->size);
	}
	if (n > 0)
		memcpy(t->at + t->len, p, n);
	t->len += n;
	t->at[t->len] = '\0';
}

void
text_add(struct text *t, const char *s)
{
	text_add_mem(t, s, strlen(s));
}

void
text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		or_die(NULL);
	text_add_mem(t, s, (size_t)n);
	free(s);
}

void
text_add_xml(struct text *t, const char *s, size_t n)
{
	static const char special[] = "&<>\"\n\r\t";
	size_t i;

	for (i = 0; i < n; i++) {
		if (strchr(special, s[i]) == NULL)
			text_add_mem(t, s + i, 1);
		else
			text_addf(t, "&#%d;", s[i]);
	}
}

const char *
text_str(const struct text *t)
{
	return t->at != NULL ? t->at : "";
}

char *
text_take(struct text *t)
{
	char *s = t->at != NULL ? t->at : xstrdup("");

	memset(t, 0, sizeof(*t));
	return s;
}

void
text_fini(struct text *t)
{
	free(t->at);
	memset(t, 0, sizeof(*t));
}

int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
date_format(char out[DATE_SIZE], time_t t)
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, DATE_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
}

time_t
date_parse(const char *s)
{
	struct tm tm = { 0 };
	const char *end;

	end = strptime(s, "%Y-%m-%d %H:%M:%S", &tm);
	if (end == NULL) {
		memset(&tm, 0, sizeof(tm));
		end = strptime(s, "%Y-%m-%d", &tm);
	}
	return end != NULL && *end == '\0' ? timegm(&tm) : -1;
}

bool
is_sys_id(const char *s)
{
	size_t i;

	for (i = 0; i < SYS_ID_LEN; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	return s[SYS_ID_LEN] == '\0';
}

/* Random bytes are drawn in blocks: one system call for many ids. */
void
sys_id_make(char out[SYS_ID_LEN + 1])
{
	static const char hex[] = "0123456789abcdef";
	static unsigned char pool[4096];
	static size_t left;
	size_t i;

	if (left < SYS_ID_LEN / 2) {
		if (RAND_bytes(pool, sizeof(pool)) != 1)
			or_die(NULL);
		left = sizeof(pool);
	}
	for (i = 0; i < SYS_ID_LEN / 2; i++) {
		left--;
		out[2 * i] = hex[pool[left] >> 4];
		out[2 * i + 1] = hex[pool[left] & 15];
	}
	out[SYS_ID_LEN] = '\0';
}

bool
str_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

const char *
json_str(struct json_object *obj, const char *key, const char *def)
{
	struct json_object *v;

	if (!json_object_object_get_ex(obj, key, &v) || v == NULL)
		return def;
	return json_object_get_string(v);
}

void
json_put(struct json_object *obj, const char *key, const char *value)
{
	json_object_object_add(obj, key, json_object_new_string(value));
}

char *
base64_encode(const void *p, size_t n)
{
	char *out;

	assert(n < INT32_MAX / 2);
	out = xcalloc(4 * ((n + 2) / 3) + 1, 1);
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
	return out;
}

void *
base64_decode(const char *s, size_t n, size_t *out_len)
{
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	unsigned char *out = xcalloc(n / 4 * 3 + 8, 1);
	int a = 0, b = 0, ok;

	or_die(ctx);
	EVP_DecodeInit(ctx);
	ok = n < INT32_MAX / 2 &&
	    EVP_DecodeUpdate(ctx, out, &a, (const unsigned char *)s,
		(int)n) >= 0 &&
	    EVP_DecodeFinal(ctx, out + a, &b) > 0;
	EVP_ENCODE_CTX_free(ctx);
	if (!ok) {
		free(out);
		return NULL;
	}
	*out_len = (size_t)a + (size_t)b;
	return out;
}
