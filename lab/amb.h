/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amb - the push channel: Bayeux over long polling at /amb. A connect is held
 * open until there is a message for its client, or the time
 * that the instance holds one has passed.
 */
#ifndef LAB_AMB_H
#define LAB_AMB_H
#include <stdbool.h>
#include <stdint.h>

struct amb;
struct answer;
struct exchange;
struct instance;
struct request;

struct amb *amb_new(void);
void amb_stop(struct amb *amb);	/* nothing is held any more */
void amb_free(struct amb *amb);

bool amb_is(const struct request *req);
/* False: EX has been put to sleep, to be served again when it wakes. */
bool amb_serve(struct exchange *ex, struct answer *a);
void amb_gone(struct exchange *ex);		/* its connection has ended */

/* There is an output for AGENT ("mid.server.x"): those who listen are told. */
void amb_tell(struct instance *in, const char *agent);
#endif
