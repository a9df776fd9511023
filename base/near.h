/* SPDX-License-Identifier: Apache-2.0 */
/* near - how far two words are apart: for "did you mean ...?". */
#ifndef MID_NEAR_H
#define MID_NEAR_H

#define NEAR_MAX 48

/* Letters to change, add or take away, in whatever case. ~0u: one of them is longer than NEAR_MAX. */
unsigned near_distance(const char *a, const char *b);

#endif
