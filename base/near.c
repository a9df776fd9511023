/* SPDX-License-Identifier: Apache-2.0 */
/* near - see near.h: Levenshtein, with one row of the matrix. */
#include "near.h"

#include <ctype.h>
#include <string.h>

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned
near_distance(const char *a, const char *b)
{
	size_t i, j, na = strlen(a), nb = strlen(b);
	unsigned row[NEAR_MAX + 1], diag, up;

	if (na > NEAR_MAX || nb > NEAR_MAX)
		return ~0u;
	for (j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= na; i++) {
		diag = row[0];
		row[0] = (unsigned)i;
		for (j = 1; j <= nb; j++) {
			up = row[j];
			row[j] = least(up + 1, row[j - 1] + 1,
			    diag + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1])));
			diag = up;
		}
	}
	return row[nb];
}
