/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found - what a scan has learned: a state for each question, and facts in words
 * for those that answered with more than a yes.
 */
#ifndef MID_SCAN_FOUND_H
#define MID_SCAN_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_MAX 1024u		/* of one value: more is cut */
#define QUESTIONS_MAX (8u << 20)	/* addresses times asks */
#define FACTS_BYTES_MAX (48u << 20)

enum answer { NOT_ASKED, SILENT, REFUSED, OPEN, BROKEN /* no route and the like */ };

struct fact { struct fact *next; const char *key; uint32_t host; uint16_t ask; char value[]; };

/* A certificate that was shown, its fields as text ("": it has none), cert.h names them. */
#define CERT_FIELDS 16u
struct cert { struct cert *next; uint32_t host; uint16_t ask; uint16_t depth; const char *v[CERT_FIELDS]; };

struct found {
	uint32_t hosts;
	unsigned asks;
	int ping;			/* the ask that is no port, or -1 */
	uint8_t *state;			/* hosts rows of asks */
	uint8_t *near;			/* of each host: it is on our link, and there */
	struct fact **facts;		/* of each host, newest first */
	struct cert *certs, **last_cert;
	size_t bytes;
	bool full;			/* facts were left out */
};

int found_init(struct found *f, uint32_t hosts, unsigned asks);	/* <0: too many, or no memory */
void found_fini(struct found *f);

/* Has been asked and may still answer. */
bool found_waits(const struct found *f, uint32_t host, unsigned ask);
void found_wait(struct found *f, uint32_t host, unsigned ask);	/* SILENT until it answers */
/* It still waits, but for another's answer than that of whoever asked first (raw.c). */
void found_hand(struct found *f, uint32_t host, unsigned ask);
bool found_handed(const struct found *f, uint32_t host, unsigned ask);
enum answer found_get(const struct found *f, uint32_t host, unsigned ask);
void found_set(struct found *f, uint32_t host, unsigned ask, enum answer a);	/* waits no more */
void found_near(struct found *f, uint32_t host);
/* Does anything show that somebody is there? */
bool found_alive(const struct found *f, uint32_t host);
bool found_open(const struct found *f, uint32_t host);	/* a port of it */

#define FACT_OF_HOST UINT16_MAX	/* of the host and none of its ports */
/* VALUE: foreign bytes, which become clean text; KEY is a literal. An empty one is none. */
void found_fact(struct found *f, uint32_t host, unsigned ask, const char *key, const void *value, size_t n);
void found_say(struct found *f, uint32_t host, unsigned ask, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* The DEPTH-th of the chain, 0 the host's own; V's texts are copied, NULL is "". */
void found_cert(struct found *f, uint32_t host, unsigned ask, unsigned depth, const char *const v[CERT_FIELDS]);
/* The first such fact (ASK UINT16_MAX - 1: of any port), or NULL. */
#define FACT_OF_ANY (UINT16_MAX - 1)
const char *found_value(const struct found *f, uint32_t host, unsigned ask, const char *key);
/* Facts come back in the order they were found. Once, before the answer is written. */
void found_sort(struct found *f);

#endif
