/* SPDX-License-Identifier: Apache-2.0 */
/* path - values made fit for a URL's query and for the instance's encoded queries. */
#include <ctype.h>
#include <string.h>

#include "instance/inside.h"

static void
put_char(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	char three[3] = { '%', hex[c >> 4], hex[c & 15] };

	if (isalnum(c) || (c != '\0' && strchr("-._~,", c) != NULL))
		(void)buf_put(b, &c, 1);
	else
		(void)buf_put(b, three, 3);
}

void
path_put(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++)
		put_char(b, (unsigned char)*value);
}

void
path_put_query(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++) {
		put_char(b, (unsigned char)*value);
		if (*value == '^')
			put_char(b, '^');
	}
}

void
path_put_ids(struct buf *b, const char *const *ids, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(b, ",");
		path_put_query(b, ids[i]);
	}
}
