/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - one job of SNMP or SnmpFacts: the credential that is answered (knock.c), a walk
 * (walk.c), and what was found told: while it comes (answer.c), or at the end out
 * of a table (facts.c).
 */
#ifndef MID_SNMP_RUN_H
#define MID_SNMP_RUN_H

#include "answer.h"
#include "facts.h"
#include "knock.h"
#include "names.h"
#include "profile.h"
#include "survey.h"
#include "trial.h"

struct shared {			/* by all runs of a worker */
	struct engine *net;
	struct names *names;
};

struct snmp {
	const struct mid_host *h;
	struct mid_run *run;
	struct shared *shared;
	const struct profiles *profiles;
	struct peer *peer;
	struct turn turn;
	struct knock knock;
	bool facts;			/* SnmpFacts, not SNMP */
	bool is_trial, tried;		/* SNMPCredentialTest: the first answer is all */
	struct trial trial;
	bool explain;			/* only which rule gave which value */
	bool raw, recording;
	const char *replay;		/* a recording instead of an agent; NULL none */
	enum mid_kind kind;		/* of TEXT */
	/* SNMP */
	bool walks;			/* more than single values is asked for */
	struct spec spec;
	struct oid_ref *singles;	/* asked for with the first question; NULL none */
	unsigned nsingles;
	struct answer *answer;
	/* SnmpFacts */
	struct oid_ref *wanted;		/* roots */
	struct walk_root *roots;
	struct survey *survey;
	struct table *table;
	struct text text, recorded;
	struct walk_asker asker;
	struct walk walk;
	enum { KNOCKS, WAITS, SURVEYS, WALKS, TELLS } at;
	bool limited, turned, surveyed, walked;
	enum walk_end how;
};

/* S is of zeros, with its profiles. <0 after fail(). */
int snmp_begin(struct snmp *s, const struct mid_host *h, struct mid_run *run);
enum mid_next snmp_step(void *state, struct mid_wait *wait);
void snmp_close(void *state);

/* --- inside ---------------------------------------------------------------------- */

#define SNMP_ROWS_MAX 1000000u		/* kept in a table */
#define SNMP_BYTES_MAX (48u << 20)
#define SNMP_RECORDED_MAX (8u << 20)	/* not taken yet */

int snmp_no_memory(struct snmp *s);	/* -1 */
/* ARG: the run. A value that came with the answer to the first question. */
int snmp_take_single(void *arg, const struct varbind *vb);
/* All of the recording, as if it were walked. <0 after fail(). */
int snmp_replay(struct snmp *s);

#endif
