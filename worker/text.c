/* SPDX-License-Identifier: Apache-2.0 */
/* text - see text.h. */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

void
text_clean(char *s)
{
	size_t left = strlen(s);
	int n;

	while (left > 0) {
		n = utf8_next(s, left);
		if (n <= 0) {
			*s = '?';
			n = 1;
		}
		s += n;
		left -= (size_t)n;
	}
}

void
text_format(char *out, size_t max, const char *fmt, va_list ap)
{
	vsnprintf(out, max, fmt, ap);
	text_clean(out);
}
