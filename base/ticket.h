/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - a Kerberos ticket for a proxy, fetched before it is needed.
 *
 * libcurl would fetch it too, but on the loop's thread, where a KDC that says
 * nothing holds everything up for half a minute. Once it is in the cache of
 * this process, libcurl's asking goes to no network.
 */
#ifndef MID_TICKET_H
#define MID_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

struct loop;
struct ticket_fetch;

/* False: this build has no GSSAPI, or the system does it otherwise. */
bool ticket_possible(void);
/* LEFT_S: how long it is good; 0 there is none, and ERR has the library's words. On the loop. */
typedef void ticket_fn(void *arg, int64_t left_s, const struct err *err);
/* For the service HTTP of HOST. Good until FN is called. */
struct ticket_fetch *ticket_fetch(struct loop *loop, const char *host, ticket_fn *fn, void *arg);
/* FN will not be called. The thread may go on for a while, by itself. NULL is fine. */
void ticket_forget(struct ticket_fetch *f);

#endif
