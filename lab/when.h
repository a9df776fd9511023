/* SPDX-License-Identifier: Apache-2.0 */
/* when - the times of a schedule: its off-peak window, and when it is due next. */
#ifndef LAB_WHEN_H
#define LAB_WHEN_H
#include <stdbool.h>
#include <time.h>

struct when {
	const char *zone;		/* "Europe/Berlin"; "" is UTC */
	const char *days;		/* "mon,tue"; "" is all. The day a window begins */
	const char *from, *to;		/* "22:00", "05:30"; "" is all day */
	const char *at;			/* "02:00": daily; "" */
	long every_s;			/* or 0 */
};

/* NULL, or a static sentence about what is wrong. */
const char *when_wrong(const struct when *w);
bool when_open(const struct when *w, time_t t);
/* The next time after T; 0: never again (it runs once). */
time_t when_next(const struct when *w, time_t t);
#endif
