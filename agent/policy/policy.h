/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - what midd may do, whatever the instance asks: which addresses it
 * may talk to (targets.c) and which commands it may run there (commands.c).
 *
 * Names are resolved here, once: the address that was checked is the address
 * the worker gets, so a name that changes its mind in between gains nothing.
 */
#ifndef MID_POLICY_H
#define MID_POLICY_H

#include <stdbool.h>

struct address;
struct buf;
struct err;
struct json_object;
struct loop;
struct policy;

struct policy_config {
	bool loopback;			/* 127.0.0.0/8 and ::1 are targets */
	const char *allow, *deny;	/* ranges; allow "": all that is not denied */
	const char *instance_url;	/* its host's addresses are no targets */
	const char *rules_file;		/* of commands; may be absent */
	const char *learned_file;	/* what learn mode writes; its folder must exist */
	bool learn;
};

int policy_open(struct policy **out, struct loop *loop, const struct policy_config *cfg, struct err *err);
/* Look-ups under way end with -E_CANCELLED: before loop_finish(); policy_close() after. */
void policy_closing(struct policy *p);
void policy_close(struct policy *p);
/* What policy_reconfigure() would say to it. */
int policy_check(const struct policy_config *cfg, struct err *err);
/* New rules. On failure the old ones stay. */
int policy_reconfigure(struct policy *p, const struct policy_config *cfg, struct err *err);

/* --- targets.c ------------------------------------------------------------------ */

/* 0, or -E_AUTH and the sentence which rule forbids it. */
int policy_address(const struct policy *p, const struct address *a, struct err *err);

/*
 * What of LIST are targets: words as in "10.0.0.0/22 10.1.0.5-10.1.0.9 fd00::7", those with a "!" before
 * them left out, put into OUT as FIRST-LAST words in order. -E_BAD names the word that is no range,
 * -E_FULL more than OUT may hold, -E_AUTH nothing is left and why. Its IPv6 ranges hold 65,536 addresses at most in all.
 */
int policy_reach(const struct policy *p, const char *list, struct buf *out, struct err *err);

/* NAME: a name or an address. FN once, never inside the call: 0 and the address as text, -E_NONE no such
 * name, -E_AUTH denied. */
typedef void policy_found_fn(void *arg, int r, const char *address, const struct err *err);
void policy_resolve(struct policy *p, const char *name, policy_found_fn *fn, void *arg);

/* --- commands.c ------------------------------------------------------------------ */

struct command_wish {
	const char *topic, *command;
	const char *action;		/* of a topic about files, whose COMMAND is a path: judged as "ACTION PATH"; NULL none */
	bool as_root;			/* all of it: judged as "${sudo:COMMAND}" */
	const char *path;		/* path_override, judged as "path_override=PATH COMMAND"; NULL or "" none */
	const char *address;		/* "" local */
	const char *tag;		/* of the credential asked for, "" none */
};

/* W's command as rules see it, the caller's: a rule for `uptime` is none for it as root or from another PATH. */
char *policy_judged(const struct command_wish *w);
bool policy_has_commands(const char *topic);	/* does the topic run commands of the job's choosing */
/*
 * 0, or -E_AUTH and the sentence. In learn mode what no rule allows is allowed, and the rule it
 * would need is written once to the learned file.
 */
int policy_command(struct policy *p, const struct command_wish *w, struct err *err);
/* What policy_command() would say, with nothing learned. */
int policy_would(struct policy *p, const struct command_wish *w, struct err *err);
/* {rules: [{line, action, topic, targets, tag, pattern, hits}], builtin: [...], learn, learned_file, targets{...}} */
struct json_object *policy_show(const struct policy *p);

#endif
