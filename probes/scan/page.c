/* SPDX-License-Identifier: Apache-2.0 */
/* page - see page.h. */
#include "page.h"

#include <string.h>
#include <strings.h>

#include "found.h"
#include "str.h"

/* Headers that say who it is; the key is that of the fact. */
static const struct { const char *name, *key; } headers[] = {
	{ "Server", "http_server" },
	{ "WWW-Authenticate", "http_authenticate" },
	{ "Location", "http_location" },
	{ "X-Powered-By", "http_powered_by" },
};

/* Where NEEDLE stands in any case, or -1. */
static long
find_any_case(struct str s, const char *needle)
{
	size_t n = strlen(needle), i;

	for (i = 0; i + n <= s.n; i++)
		if (strncasecmp(s.p + i, needle, n) == 0)
			return (long)i;
	return -1;
}

/* Where the head ends; 0: it has not. */
static size_t
head_end(struct str s)
{
	long at = find_any_case(s, "\r\n\r\n"), plain = find_any_case(s, "\n\n");

	if (at >= 0 && (plain < 0 || at < plain))
		return (size_t)at + 4;
	return plain >= 0 ? (size_t)plain + 2 : 0;
}

bool
page_is_enough(const char *p, size_t n)
{
	struct str s = { p, n };
	size_t head = head_end(s);

	if (n >= 5 && strncmp(p, "HTTP/", 5) != 0)
		return true;
	return head > 0 && find_any_case(str_skip(s, head), "</title>") >= 0;
}

static void
tell_header(struct str line, struct found *f, uint32_t host, unsigned ask)
{
	struct str key, value;
	size_t i;

	if (!str_pair(line, ':', &key, &value))
		return;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (key.n == strlen(headers[i].name) && strncasecmp(key.p, headers[i].name, key.n) == 0)
			found_fact(f, host, ask, headers[i].key, value.p, value.n);
}

static void
tell_title(struct str body, struct found *f, uint32_t host, unsigned ask)
{
	long from = find_any_case(body, "<title"), to;

	if (from < 0)
		return;
	body = str_skip(body, (size_t)from);
	from = str_find(body, '>');
	to = find_any_case(body, "</title>");
	if (from >= 0 && to > from) {
		body = str_trim((struct str){ body.p + from + 1, (size_t)(to - from - 1) });
		found_fact(f, host, ask, "http_title", body.p, body.n);
	}
}

void
page_tell(const char *p, size_t n, struct found *f, uint32_t host, unsigned ask)
{
	struct str all = { p, n }, head, line, word;
	size_t end = head_end(all);

	if (n < 5 || strncmp(p, "HTTP/", 5) != 0) {
		found_fact(f, host, ask, "banner_text", p, n < 200 ? n : 200);
		return;
	}
	head = str_left(all, end > 0 ? end : n);
	if (str_line(&head, &line) && str_word(&line, &word) && str_word(&line, &word))
		found_fact(f, host, ask, "http_status", word.p, word.n);
	while (str_line(&head, &line))
		tell_header(line, f, host, ask);
	tell_title(str_skip(all, end), f, host, ask);
}
