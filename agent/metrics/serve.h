/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve - the figures for whoever scrapes them: GET /metrics over HTTP, on a
 * socket in the file system or a port of this host, never of another. A
 * client that asks too much or too slowly is let go; there are few at a time.
 */
#ifndef MID_METRICS_SERVE_H
#define MID_METRICS_SERVE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct loop;
struct metrics_server;

#define METRICS_CLIENTS_MAX 8
#define METRICS_REQUEST_MAX 8192
#define METRICS_SLOW_MS 5000

/* WHERE: "/path" or "127.0.0.1:9464", "[::1]:9464", "localhost:9464"; "" none, and *OUT is NULL. TEXT writes the exposition. */
int metrics_serve(struct metrics_server **out, struct loop *loop, const char *where,
    int (*text)(void *arg, struct buf *out), void *arg, struct err *err);
void metrics_stop(struct metrics_server *s);	/* NULL is fine */

/* The answer to the head of a request, whole; for tests too. */
int metrics_respond(struct buf *out, const char *request, int (*text)(void *arg, struct buf *out), void *arg);

#endif
