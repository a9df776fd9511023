/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey - which of the tables that facts are made of an agent has: one GETNEXT
 * for a dozen names at once, so that what it has not costs no walk each.
 */
#ifndef MID_SNMP_SURVEY_H
#define MID_SNMP_SURVEY_H

#include "engine.h"
#include "facts_rows.h"
#include "session.h"

#define SURVEY_WIDE 13u

struct survey {
	struct engine *engine;
	void (*ended)(void *arg);
	void *arg;
	bool open[GATES];		/* something stands behind it, or nobody knows */
	struct oid gates[GATES];
	bool told[GATES];
	struct oid_ref names[SURVEY_WIDE];
	unsigned which[SURVEY_WIDE];
	unsigned wide, asked;
	struct request request;
};

/* All borrowed until ended() or survey_stop(). What is not answered counts as there. */
void survey_start(struct survey *s, struct engine *e, struct peer *p, struct session *session, int timeout_ms, unsigned tries,
    void (*ended)(void *arg), void *arg);
void survey_stop(struct survey *s);	/* never begun is fine, of zeros */

#endif
