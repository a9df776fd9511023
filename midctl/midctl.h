/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midctl - the command line. Each command is one row (commands.c) and one
 * file; what it prints is either the JSON that midd gave (--json) or a screen
 * made of it.
 */
#ifndef MIDCTL_H
#define MIDCTL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json_object;

enum exit_status {
	EXIT_OK = 0,
	EXIT_PROBLEM = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_RUNNING = 3,
	EXIT_NOT_PERMITTED = 4,
	EXIT_PARTIAL = 5
};

/* What was asked on the command line. All borrowed from argv. */
struct asked {
	const char *control, *config;
	bool json, raw, help, watch, failed, open, origin, no_daemon;
	long limit;			/* 0: the command's own */
	const char *job, *source, *name, *why;
	const char *probes, *maps, *exec, *worker, *timeout, *record, *replay;
	const char *type, *user, *tags, *ranges, *scope, *ref, *via;	/* of a credential */
	long order;
	const char *exclude, *ports, *rate, *deadline;	/* of a discovery */
	bool dry_run, full;
	const char *ca, *fingerprint, *token_file, *import, *seal, *key, *proxy;	/* of an enrolment */
	const char *proxy_user, *proxy_password_file, *proxy_login, *proxy_keytab;
	bool sealed;
	const char *output;
	bool yes;
	const char *topic, *tag;	/* of a command that policy judges */
	const char *system, *command;	/* of a captured output */
	const char *read[8];		/* --read, as often as given */
	unsigned nread;
	char **words;			/* what is left after the command's name */
	int nwords;
};

#define F_JSON		(1u << 0)
#define F_WATCH		(1u << 1)
#define F_FAILED	(1u << 2)
#define F_OPEN		(1u << 3)
#define F_LIMIT		(1u << 4)
#define F_JOB		(1u << 5)
#define F_ORIGIN	(1u << 6)
#define F_RUN		(1u << 7)	/* all that only run understands */
#define F_WHY		(1u << 8)
#define F_CRED		(1u << 10)	/* all that only creds add understands */
#define F_WISH		(1u << 11)	/* and policy check */
#define F_PARSE		(1u << 12)	/* and facts parse */
#define F_FIND		(1u << 13)	/* and discover */
#define F_ENROL		(1u << 14)	/* and enroll */
#define F_OUTPUT	(1u << 15)	/* and import-config */
#define F_YES		(1u << 16)	/* and bundle */
#define F_ANY		(1u << 9)	/* --control, --config, --help: everywhere */

/* One option of the command line. */
struct flag {
	const char *name, *brief;	/* "--limit", "-n" or NULL */
	const char *value;		/* "N"; NULL: a switch */
	size_t at;			/* in struct asked */
	enum { FLAG_SWITCH, FLAG_TEXT, FLAG_NUMBER, FLAG_READ } kind;
	unsigned bit;
	const char *help;
};
extern const struct flag flags[];	/* ends with a NULL name */

struct command {
	const char *name;		/* "job show" */
	const char *args;		/* "ID" */
	int min, max;			/* words after the name; max -1: any number */
	unsigned flags;
	const char *help;		/* one line */
	const char *examples[2];
	int (*fn)(const struct asked *a);	/* gives an exit_status */
};
extern const struct command commands[];	/* ends with a NULL name */

/* args.c: 0, or EXIT_USAGE after the sentence. *CMD NULL: only help was asked for, with a word for a
 * group such as "job". */
int args_parse(struct asked *a, const struct command **cmd, int argc, char **argv);
void help_all(void);
void help_group(const char *first);
void help_command(const struct command *c);

/* ask.c: asks midd; on failure the sentence is on standard error. Gives an exit_status. */
typedef void row_fn(void *arg, struct json_object *row);
int ask(const struct asked *a, const char *verb, struct json_object *args,
    row_fn *row, void *arg, struct json_object **result);
/* For lists: all rows in one array, the caller's. */
int ask_rows(const struct asked *a, const char *verb, struct json_object *args,
    struct json_object **rows, struct json_object **result);
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* PATH made absolute, the caller's. NULL after complaining: WHAT it is for, why not, and what to do: REMEDY. */
char *real_file(const char *what, const char *path, const char *remedy);
/*
 * secrets.c: the values of a credential of TYPE, from prompts that show nothing, or from
 * standard input: a JSON object, or the text of its first one. NULL after complaining; the
 * caller's, to be wiped.
 */
struct json_object *secrets_read(const char *type, const char *user);
/* Pretty JSON and a newline on standard output. */
void print_json(struct json_object *o);
/* Writes B to standard output and empties it. */
void print_buf(struct buf *b);

#endif
