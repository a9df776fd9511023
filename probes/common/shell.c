/* SPDX-License-Identifier: Apache-2.0 */
/* shell - see shell.h. */
#include "shell.h"

#include <stdlib.h>
#include <string.h>

/* A single quote leaves the quotes, stands escaped, and they begin again. */
#define QUOTE "'\\''"

char *
shell_quote(const char *text)
{
	size_t n = 3, i;
	const char *s;
	char *out, *at;

	for (s = text; *s != '\0'; s++)
		n += *s == '\'' ? sizeof(QUOTE) - 1 : 1;
	out = at = malloc(n);
	if (out == NULL)
		return NULL;
	*at++ = '\'';
	for (s = text; *s != '\0'; s++) {
		if (*s != '\'') {
			*at++ = *s;
			continue;
		}
		for (i = 0; i < sizeof(QUOTE) - 1; i++)
			*at++ = QUOTE[i];
	}
	*at++ = '\'';
	*at = '\0';
	return out;
}
