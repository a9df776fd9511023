/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cookies - what keeps a session on one node of an instance: JSESSIONID, the
 * load balancer's, glide_user_*. Of one host, in memory only, few and small.
 */
#ifndef MID_INSTANCE_COOKIES_H
#define MID_INSTANCE_COOKIES_H

#include <stddef.h>

struct buf;

#define COOKIES_MAX 24
#define COOKIE_LEN_MAX 4000

struct cookies {
	char *pair[COOKIES_MAX];	/* "name=value" */
	size_t n;
};

/* LINES: values of Set-Cookie, one a line. What is no cookie, or too much, is left out. */
void cookies_take(struct cookies *c, const char *lines);
/* "Cookie: a=1; b=2" appended to B; nothing when there are none. */
void cookies_write(const struct cookies *c, struct buf *b);
void cookies_drop(struct cookies *c);		/* all, wiped */

#endif
