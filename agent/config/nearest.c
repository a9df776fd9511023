/* SPDX-License-Identifier: Apache-2.0 */
/* nearest - which option a misspelt one was meant to be. */
#include "options.h"

#include <string.h>

#include "near.h"

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
	size_t n = strlen(key);

	if (n > NEAR_MAX)
		return NULL;
	for (o = config_options; o->key != NULL; o++) {
		d = near_distance(key, o->key);
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
