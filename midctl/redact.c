/* SPDX-License-Identifier: Apache-2.0 */
/* redact - see redact.h. */
#include "redact.h"

#include <string.h>
#include <strings.h>

#include "buf.h"

#define GONE "[redacted]"
#define KEY_END "-----END "

/* A value behind one of these goes; the word may be the end of a longer one (proxy_password). */
static const char *const words[] = {
	"password", "passwd", "passphrase", "secret", "token", "community", "private_key", "api_key", "apikey",
	"privacy_key", "authentication_key", "priv_key", "auth_key", "secret_id", "pin-value",
};

/* What begins at P and is to go: its length; *KEEP the bytes of it that stay. */
static size_t
key_block(const char *p, size_t *keep)
{
	const char *line, *end;

	if (strncmp(p, "-----BEGIN ", 11) != 0)
		return 0;
	line = p + strcspn(p, "\n\\");
	if (strstr(p, "PRIVATE KEY-----") == NULL || strstr(p, "PRIVATE KEY-----") > line)
		return 0;
	end = strstr(line, KEY_END);
	*keep = 0;
	if (end == NULL)
		return strlen(p);
	return (size_t)(end - p) + strcspn(end, "\n\\\"");
}

/* "://user:pw@": all between the slashes and the at sign. */
static size_t
url_login(const char *p, size_t *keep)
{
	size_t n;

	if (strncmp(p, "://", 3) != 0)
		return 0;
	n = strcspn(p + 3, "/?# \t\r\n\"'<>");
	while (n > 0 && p[3 + n - 1] != '@')
		n--;
	*keep = 3;
	return n > 0 ? 3 + n - 1 : 0;
}

/* A word that ends where blank, quote or bracket is; behind a backslash only a double quote ends it, that of JSON around us. */
static size_t
word_length(const char *p)
{
	size_t n = 0;

	for (;;) {
		n += strcspn(p + n, " \t\r\n,;&\"'<>}])\\");
		if (p[n] != '\\' || p[n + 1] == '"' || p[n + 1] == '\0')
			return n;
		n += 2;
	}
}

/* To the end of what is quoted, or of the line's word. */
static size_t
value_length(const char *p)
{
	size_t n = 0;

	if (*p == '"' || *p == '\'') {
		for (n = 1; p[n] != '\0' && p[n] != *p && p[n] != '\n'; n++)
			n += p[n] == '\\' && p[n + 1] != '\0';
		return p[n] == *p ? n + 1 : n;
	}
	return word_length(p);
}

/* JSON inside of JSON: N backslashes before each of its quotes. To the quote that is not escaped more than the first. */
static size_t
inner_length(const char *p, size_t n)
{
	const char *at = p;
	size_t run;

	while (*at != '\0' && *at != '\n') {
		run = strspn(at, "\\");
		if (at[run] == '"' && run <= n)
			break;
		at += run > 0 ? run + (at[run] == '"') : 1;
	}
	return (size_t)(at - p);
}

static size_t
authorization(const char *p, size_t *keep)
{
	static const char *const heads[] = { "Basic ", "Bearer ", "X-Vault-Token: ", "x-sn-apikey: " };
	size_t i, n;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		n = strlen(heads[i]);
		if (strncasecmp(p, heads[i], n) == 0 && value_length(p + n) >= 8) {
			*keep = n;
			return n + value_length(p + n);
		}
	}
	return 0;
}

static size_t
named_value(const char *p, size_t *keep)
{
	size_t i, n, v, escaped;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (strncasecmp(p, words[i], n) != 0)
			continue;
		n += strspn(p + n, "\\\"'");
		n += strspn(p + n, " \t");
		if (p[n] != '=' && p[n] != ':')
			continue;
		n++;
		n += strspn(p + n, " \t");
		escaped = strspn(p + n, "\\");
		if (escaped > 0 && p[n + escaped] == '"') {
			n += escaped + 1;
			v = inner_length(p + n, escaped);
		} else {
			v = value_length(p + n);
		}
		if (v == 0 || strncmp(p + n, "\"\"", 2) == 0)
			continue;
		*keep = n;
		return n + v;
	}
	return 0;
}

int
redact(struct buf *out, const char *text)
{
	static size_t (*const rules[])(const char *p, size_t *keep) = { key_block, url_login, authorization, named_value };
	size_t i, n, keep = 0;
	int r = 0;

	while (*text != '\0' && r == 0) {
		for (n = 0, i = 0; n == 0 && i < sizeof(rules) / sizeof(rules[0]); i++)
			n = rules[i](text, &keep);
		if (n == 0) {
			r = buf_put(out, text, 1);
			text++;
			continue;
		}
		r = buf_put(out, text, keep);
		if (r == 0)
			r = buf_puts(out, text[keep] == '"' ? "\"" GONE "\"" : GONE);
		text += n;
	}
	return r;
}
