/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link - one set of connections to the instance with the settings they were
 * made by. After a reload the old link lives on until its calls are answered.
 */
#ifndef MID_INSTANCE_LINK_H
#define MID_INSTANCE_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "instance/cookies.h"

struct err;
struct http;
struct instance_config;
struct loop;

struct link {
	struct http *http;
	char *url, *host;		/* https://host[:port], host[:port] */
	char *login;			/* an Authorization header, or NULL */
	struct cookies cookies;
	size_t answer_max;
	int total_ms;
	unsigned connections;		/* at most */
	char cert_subject[200];
	int64_t cert_end_s;		/* 0: we have no certificate */
	unsigned refs;
};

/* *OUT is the caller's: link_unref(). */
int link_open(struct link **out, struct loop *loop, const struct instance_config *cfg, struct err *err);
struct link *link_ref(struct link *l);
void link_unref(struct link *l);	/* NULL is fine */

#endif
