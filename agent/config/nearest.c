/* SPDX-License-Identifier: Apache-2.0 */
/* nearest - which option a misspelt one was meant to be. */
#include "options.h"

#include <ctype.h>
#include <string.h>

#define KEY_MAX 48

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Letters to change, add or take away (Levenshtein), with two rows of the matrix. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[KEY_MAX + 1], diag, up;
	size_t i, j;

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

/*
 * Whole keys are compared, and also the last word alone: "polling.min" and a
 * "min" at the top are both meant for poll.min.
 */
const char *
option_nearest(const char *key)
{
	const struct option *o;
	const char *best = NULL, *last, *word;
	unsigned d, best_d = ~0u;
	size_t n = strlen(key), nk;

	if (n > KEY_MAX)
		return NULL;
	for (o = config_options; o->key != NULL; o++) {
		nk = strlen(o->key);
		if (nk > KEY_MAX)
			continue;
		d = distance(key, n, o->key, nk);
		last = strrchr(o->key, '.');
		word = strrchr(key, '.');
		word = word ? word + 1 : key;
		if (last != NULL && strcmp(last + 1, word) == 0 && d > 2)
			d = 2 + d / 8;
		if (d < best_d) {
			best_d = d;
			best = o->key;
		}
	}
	return best_d <= 2 + n / 5 ? best : NULL;
}
