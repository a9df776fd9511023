/* SPDX-License-Identifier: Apache-2.0 */
/* inside - what the files of the policy know of each other. */
#ifndef MID_POLICY_INSIDE_H
#define MID_POLICY_INSIDE_H

#include <stdint.h>

#include "policy/address.h"
#include "policy/policy.h"

#define INSTANCE_ADDRESSES 16
#define RULES_MAX 2000
#define COMMAND_MAX 4000u	/* longer ones need a rule with * alone */

/* "allow TOPIC TARGETS TAG PATTERN": one line of the rules file. */
struct rule {
	bool allow;
	char *topic, *targets, *tag, *pattern;	/* "*": any */
	int line;			/* 0: built in */
	uint64_t hits;
};

struct rules { struct rule *v; size_t n; };

struct policy {
	struct loop *loop;
	bool loopback, learn;
	char *allow, *deny, *instance_host, *rules_file, *learned_file;
	struct address instance[INSTANCE_ADDRESSES];
	unsigned instances;
	int64_t instance_at;		/* loop time at which they were learned; 0 not yet */
	bool instance_asked;		/* they are being looked up */
	struct rules rules;
	struct resolving *resolving;	/* on a thread */
	bool closing;
	char **learned;			/* lines of learned_file */
	size_t nlearned;
	bool learned_read;		/* those that were there before us are among them */
	bool writing, unwritten;	/* learned_file: on a thread; it lacks some of them */
};

/* rules.c: what TEXT says, or the sentence that names the line. *OUT is the caller's: rules_free(). */
int rules_parse(struct rules *out, const char *text, size_t len, struct err *err);
void rules_free(struct rules *r);
/* Does PATTERN fit TEXT? A * is any run of characters; CAREFUL: of those that start no other command. */
bool rule_fits(const char *pattern, const char *text, bool careful);

/* learn.c */
void learn(struct policy *p, const struct command_wish *w);
void learn_finish(struct policy *p);	/* when no thread writes any more: what is unwritten is written now */

/* targets.c */
/* The I-th range that is never a target whatever the configuration says; NULL at the end. */
const char *targets_never(size_t i);
#define LOOPBACK "127.0.0.0/8, ::1"
void targets_learn_instance(struct policy *p);

#endif
