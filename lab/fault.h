/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault - scripted misbehaviour: the next N requests of a kind go wrong in a
 * way. A fault is written KIND:WHAT[=ARG][:COUNT], for example insert:500:2.
 */
#ifndef LAB_FAULT_H
#define LAB_FAULT_H
#include <stdbool.h>
#include <stddef.h>

struct answer;
struct json_object;
struct request;
struct fault_list;

#define FAULTS_MAX 100

enum fault_what {
	FAULT_NONE,
	FAULT_STATUS,		/* arg: 400 to 599 */
	FAULT_BUSY,		/* 503, Retry-After: arg */
	FAULT_RATE,		/* 429, Retry-After: arg */
	FAULT_DID,		/* done, and then 500 */
	FAULT_DUPLICATE,	/* not done, and "it is there already" */
	FAULT_STALL,		/* answered arg seconds late */
	FAULT_CUT,		/* closed after arg bytes of the answer */
	FAULT_RESET,		/* closed before anything is done */
	FAULT_ENDLESS,		/* a body without end */
	FAULT_DRIP,		/* a byte every arg ms */
	FAULT_BOMB,		/* gzip of gigabytes of blanks */
	FAULT_LOOP,		/* 307 to itself */
	FAULT_AWAY,		/* 307 to another host, port arg */
	FAULT_PLAIN, FAULT_HEADER, FAULT_HEADERS,		/* arg kB of headers */
	FAULT_REFUSE,		/* push: the channel; renew: the certificate, when it comes */
	FAULT_UNKNOWN,		/* push: the client */
	FAULT_AT_ONCE,		/* push: a connect is not held */
	FAULT_FLOOD,		/* push: a thousand messages */
	FAULT_NEVER,		/* push: advice "none" */
	FAULT_GARBAGE,		/* push: what is no answer */
	FAULT_DEEP,		/* JSON, arg lists deep */
};

struct fault_list *fault_list_new(void);
void fault_list_free(struct fault_list *list);

/* False with *WHY, a static sentence, when SPEC cannot be understood. */
bool fault_add(struct fault_list *list, const char *spec, const char **why);
void fault_clear(struct fault_list *list);
struct json_object *fault_describe(const struct fault_list *list);

/* On the wire: what is to happen to the exchange REQ as a whole, once. */
enum fault_what fault_wire(struct request *req, long *arg);
/* In the answer: true when A is made already. *LATER is FAULT_DID when the
 * request is to be served and then denied. */
bool fault_answers(struct request *req, struct answer *a, int *later);
#endif
