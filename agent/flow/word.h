/* SPDX-License-Identifier: Apache-2.0 */
/*
 * word - the <results> document around what the seal has closed, as spec 4.2
 * shows it. The same function words the answers of jobs and of control commands.
 */
#ifndef MID_FLOW_WORD_H
#define MID_FLOW_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* A parameter echoed in the answer. */
struct word_param { const char *name, *value; };

struct word {
	int64_t probe_ms;
	int class;			/* result_code: 0 good */
	bool partial;
	const char *error;		/* one sentence; "" none */
	int page, pages;		/* 0: not paged */
	/* One of these; both NULL: no result. */
	const void *sealed;		/* CMS, DER */
	const char *inner;		/* <result> elements */
	size_t len;
	const struct word_param *params;	/* ends with a NULL name; NULL values are left out */
};

/* Appends the document to B. 0, or -E_FULL. */
int word_results(struct buf *b, const struct word *w);
/* Bytes that B needs room for, at most. */
size_t word_size(const struct word *w);

#endif
