/* SPDX-License-Identifier: Apache-2.0 */
/* cookies - see cookies.h. */
#include "instance/cookies.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "xalloc.h"

static void
drop_one(struct cookies *c, size_t i)
{
	explicit_bzero(c->pair[i], strlen(c->pair[i]));
	free(c->pair[i]);
	c->pair[i] = c->pair[--c->n];
}

void
cookies_drop(struct cookies *c)
{
	while (c->n > 0)
		drop_one(c, c->n - 1);
}

/* Printable, and nothing that ends a cookie. */
static bool
is_clean(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || (unsigned char)s[i] >= 0x7F || s[i] == ';' || s[i] == ',')
			return false;
	return true;
}

/* Max-Age=0 or below takes a cookie back; a date that has passed is written by those who set it to 1970. */
static bool
is_taken_back(const char *attributes, size_t n)
{
	char text[200];
	const char *age;

	n = n < sizeof(text) - 1 ? n : sizeof(text) - 1;
	memcpy(text, attributes, n);
	text[n] = '\0';
	age = strcasestr(text, "max-age=");
	if (age != NULL)
		return age[8] == '0' || age[8] == '-';
	age = strcasestr(text, "expires=");
	return age != NULL && strcasestr(age, "1970") != NULL;
}

static void
take_one(struct cookies *c, const char *line, size_t n)
{
	const char *end = memchr(line, ';', n), *eq;
	size_t len = end != NULL ? (size_t)(end - line) : n, name, i;

	while (len > 0 && line[len - 1] == ' ')
		len--;
	eq = memchr(line, '=', len);
	if (eq == NULL || eq == line || len > COOKIE_LEN_MAX || !is_clean(line, len))
		return;
	name = (size_t)(eq - line) + 1;
	for (i = 0; i < c->n; i++)
		if (strncmp(c->pair[i], line, name) == 0) {
			drop_one(c, i);
			break;
		}
	if (c->n < COOKIES_MAX && len > name && (end == NULL || !is_taken_back(end, n - (size_t)(end - line))))
		c->pair[c->n++] = xstrndup(line, len);
}

void
cookies_take(struct cookies *c, const char *lines)
{
	size_t n;

	/* As they stood in the header: with the blank before them, and \r\n behind. */
	for (; *lines != '\0'; lines += n) {
		lines += strspn(lines, " \t\r\n");
		n = strcspn(lines, "\r\n");
		take_one(c, lines, n);
	}
}

void
cookies_write(const struct cookies *c, struct buf *b)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		(void)buf_printf(b, "%s%s", i == 0 ? "Cookie: " : "; ", c->pair[i]);
}
