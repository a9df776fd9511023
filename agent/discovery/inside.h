/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of discovery know of each other. A quest is a Discover job that is under way; an
 * aim one of its targets, or a part of its ranges that is to be scanned, as the store keeps it too; a part a
 * job that the quest has made for an aim; the claim of a machine a serial number or UUID that it says is its own.
 */
#ifndef MID_DISCOVERY_INSIDE_H
#define MID_DISCOVERY_INSIDE_H

#include <stddef.h>
#include <stdint.h>

#include "discovery/discovery.h"
#include "store/store.h"

#define AIM_BUCKETS 4096u
#define TARGETS_MAX 300000u	/* and addresses beside them: a ceiling for memory */
#define AIM_WORD 128u		/* of a line of a Scan */
#define SCAN_PART 4096u		/* addresses a Scan job is given */
#define SCAN_TOPIC "Scan"
#define RELATE_TOPIC "Relate"
#define RELATE "relate"		/* the aims that are no address */
#define BEGUN "begun"
#define UNCHANGED "nothing has changed"	/* the reason of a target that is done and had no news */

#define WHO_MAX 300u		/* a name and a serial number */
#define OTHER "another address of "	/* why an aim is AIM_SAME or AIM_KNOWN: of whom stands behind it */
#define CANCELLED "cancelled"
#define BACK "back"		/* whose, of one that had been missed too often */

/* Where a target stands; stored: never change the numbers. */
enum aim_state {
	AIM_TO_SCAN = 1,	/* a part of the ranges; its address is the range */
	AIM_SCANNING = 2,
	AIM_SCANNED = 3,
	AIM_FOUND = 4,		/* answers; its ways are still to be tried */
	AIM_ASKING = 5,
	AIM_DONE = 6,		/* its facts are CIs, or on their way to be */
	AIM_FAILED = 7,		/* no way led in; why says the last */
	AIM_SAME = 8,		/* another address of a host that is done */
	AIM_RELATING = 9,
	AIM_RELATED = 10,
	AIM_BEGUN = 11,		/* no target: when it has begun, whatever lives midd has had since */
	AIM_KNOWN = 12,		/* an address of a host that is done; should a Scan find it, it is the same */
	AIM_CANCELLED = 13,	/* no target: somebody has cancelled the discovery; class and why */
	AIM_MISSED = 14		/* done in an earlier discovery, not found in this one; sure says how often in a row */
};
#define AIM_STATES 15

struct aim {
	struct aim *next, *same_hash;	/* in the order they were found; in the bucket */
	struct aim *whose_next;		/* in the bucket of its whose */
	unsigned in_whose;		/* the bucket's number and one; 0: in none */
	struct aim_row row;		/* its links are in the store only */
};

struct address;
struct claim;

struct quest {
	struct quest *next;
	struct discovery *d;
	struct job *j;
	struct aim *first, **last, *bucket[AIM_BUCKETS], *whose[AIM_BUCKETS];
	unsigned n, in[AIM_STATES];	/* aims, and how many are in each state */
	unsigned beside[AIM_BUCKETS];	/* how many of a network are asked now, by its hash */
	struct claim *claims[AIM_BUCKETS];	/* which machine has which serial number: self.c */
	bool loaded;			/* its aims are in memory */
	bool due, relating, telling, late;
	int cancel_class;
	char *cancel_why;
	int64_t begun_at;		/* loop time */
	int64_t begun_ms, deadline_ms;	/* wall clock; how long it may take, 0 for ever */
	struct loop_timer *timer;	/* of the deadline */
	struct loop_timer *report_timer;
	unsigned long reported;		/* what the instance was told last, hashed */
	bool report_under_way;
	unsigned unrelated;		/* targets whose relations could not be told */
};

struct discovery {
	struct agent *ag;
	struct quest *first;
};

/* What a completion knows of a quest that may be gone by then: quest_going() frees G and finds it, or NULL. */
struct going;
struct going *going_new(struct quest *q);
struct quest *quest_going(struct going *g);

/* --- steps.c ------------------------------------------------------------------------ */

void quest_go_on(struct quest *q);		/* soon, once */
void quest_clock(struct quest *q);		/* it begins, or goes on: when it must end */
void quest_late(struct quest *q);		/* its deadline has come: with what there is to the end */
void quest_relate(struct quest *q);		/* no target is left: who is connected with whom */

/* --- report.c ----------------------------------------------------------------------- */

void quest_report_arm(struct quest *q);		/* from now on, now and then */
void quest_report(void *q);			/* its timer: when there is news */

/* --- params.c ----------------------------------------------------------------------- */

/* Which topic asks by the first of WAYS ("ssh,snmp"), as RULES has it: "ssh=UnixFacts, snmp=SnmpFacts". The caller's; NULL: none. */
char *way_topic(const char *rules, const char *ways);
/* WHO, if it is "name=... serial=..." of plain characters, as worker/self.c makes it; else "". */
const char *who_of(const char *who);
/* "2h", or a number of seconds; "" leaves *MS as it is. 0 or -E_BAD. */
int deadline_read(const char *text, int64_t *ms, struct err *err);

/* --- gone.c -------------------------------------------------------------------------- */

void quest_gone(struct quest *q);		/* who is not here any more; then quest_relate() */

/* --- aims.c --------------------------------------------------------------------------- */

const char *aim_state_name(int state);
struct aim *aim_find(const struct quest *q, const char *address);
/* The number, below AIM_BUCKETS, of the network that ADDRESS is in: 256 neighbouring ones. */
unsigned aim_network(const char *address);
/* A copy of ROW, new or in its place. */
void aim_put(struct quest *q, const struct aim_row *row);
void aim_save(struct quest *q, const struct aim_row *row);	/* in the store */
void aim_set(struct quest *q, const struct aim_row *row);	/* both */
/* How many targets in the network of ADDRESS are asked now. */
unsigned aims_beside(const struct quest *q, const char *address);
/* Another address of the machine ROW is of is asked now. */
bool aims_is_asked(const struct quest *q, const struct aim_row *row);
/* Each has told by itself that it is another machine: what one of them says of the other does not count. */
bool aims_differ(const struct aim_row *a, const struct aim_row *b);
/* It can be asked on a way on which it proves who it is: then what others say of its address decides nothing. */
bool aims_proves(const struct aim_row *row);
char *aims_claim(const char *host);	/* whose, of an address that HOST has called its own; the caller's */
/* The address of that host, out of the whose of ROW; NULL: nobody has. Borrowed from ROW. */
const char *aims_claimant(const struct aim_row *row);
void aims_free(struct quest *q);

/* --- judged.c, scanned.c -------------------------------------------------------------------- */

/* How things stand when PART has ended: each row that has changed. Borrowed by FN until it returns. */
typedef void aims_fn(struct quest *q, const struct aim_row *row);
void aims_judge(struct quest *q, struct job *part, aims_fn *fn);
/* The same of a Scan, that of part A. */
void aims_scanned(struct quest *q, struct job *part, const struct aim *a, aims_fn *fn);
/* The job that A waits for will never say how it ended. */
void aims_lost(struct quest *q, const struct aim *a, aims_fn *fn);

/* --- self.c ------------------------------------------------------------------------------ */

void claims_free(struct quest *q);

/* --- tell.c ------------------------------------------------------------------------------ */

/* The answer of the Discover job, and its end. */
void quest_tell(struct quest *q);
/* How it stands: discovery_state() without recent. The caller's. */
struct json_object *quest_state(const struct quest *q);

#endif
