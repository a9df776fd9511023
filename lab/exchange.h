/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange - one request on the wire: gathered from libmicrohttpd, served,
 * and answered, or misanswered where a fault says so.
 */
#ifndef LAB_EXCHANGE_H
#define LAB_EXCHANGE_H
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "http.h"

struct server;

struct exchange {
	struct server *server;
	struct request req;
	struct caller caller;
	struct text body;
	struct MHD_Connection *conn;
	bool started, too_large, url_bad;
	bool push_asked;		/* the same, of the push channel */
	bool wire_asked;		/* a fault was looked for */
	int wire;			/* enum fault_what */
	long wire_arg;
	int64_t stalled_until_ms;	/* 0 = not stalled */
	struct exchange *next;		/* of the stalled */
	int64_t began_ms;
	size_t sent;			/* bytes of its body, sealed or not */
};

/* The connections that wait because a fault told them to. */
struct stalls {
	struct exchange *first;
};
int64_t stalls_next_ms(const struct stalls *s);	/* -1 = none */
void stalls_resume(struct stalls *s, int64_t now_ms);
void exchange_pause(struct exchange *ex, int64_t ms);	/* its connection sleeps meanwhile */

struct server {
	struct instance *in;
	struct stalls stalls;
	bool log;
};

/* Callbacks of libmicrohttpd; CLS is a struct server. */
void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *conn);
enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *conn,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_len, void **con_cls);
void exchange_end(void *cls, struct MHD_Connection *conn, void **con_cls,
    enum MHD_RequestTerminationCode how);
#endif
