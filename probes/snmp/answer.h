/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what an agent has said, as the XML of topic SNMP (spec 10.3), written
 * while it comes: a walk variable by variable, a table row by row as soon as every
 * column has come that far. So a table of a million rows needs little memory.
 *
 * The lines of the job stand in its order. What comes for a later line waits; answer_may()
 * holds the walk back where that, or what the host has not taken yet, grows large.
 */
#ifndef MID_SNMP_ANSWER_H
#define MID_SNMP_ANSWER_H

#include "names.h"
#include "spec.h"
#include "table.h"
#include "text.h"
#include "walk.h"

#define ANSWER_PIECE (32u << 10)	/* worth being told */

struct answer;

/* SPEC and NAMES are borrowed. At most VALUES_MAX values. RAW: lines as snmpwalk has them, of a spec_flatten()ed spec. NULL: no memory. */
struct answer *answer_new(const struct spec *s, const struct names *names, uint64_t values_max, bool raw);
void answer_free(struct answer *a);			/* NULL is fine */

/* A single value that was asked for at once; before answer_begin(). <0: no memory. */
int answer_single(struct answer *a, const struct varbind *vb);
/* What is to be walked; borrowed. With SINGLES the single values are there already. <0: no memory. */
int answer_begin(struct answer *a, const char *source, const char *version, bool singles, const struct walk_root **roots, unsigned *n);

/* The walk's: see walk_asker. */
int answer_put(struct answer *a, unsigned root, const struct varbind *vb);
void answer_left(struct answer *a, unsigned root);
bool answer_may(const struct answer *a, unsigned root);
/* No more is coming. */
void answer_end(struct answer *a);

/* Is so much ready that it should be told? */
bool answer_ready(const struct answer *a);
/* Tells what is ready: 0, MID_AGAIN; <0 after fail(). */
int answer_tell(struct answer *a, const struct mid_host *h, struct mid_run *run);
/* After answer_end() and answer_tell(): all went out. Why not, if it was too much or memory was short. */
bool answer_cut(const struct answer *a);

#endif
