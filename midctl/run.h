/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - a probe by hand. What it gives comes piece by piece, from the running
 * midd (run.c) or from a worker of our own (run_alone.c), and is written here
 * (run_out.c): text and documents to standard output, sentences to standard
 * error.
 */
#ifndef MIDCTL_RUN_H
#define MIDCTL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "buf.h"

struct asked;
struct json_object;

enum piece { PIECE_STDOUT, PIECE_STDERR, PIECE_OUTPUT, PIECE_JSON, PIECE_XML, PIECE_RECORDING, PIECES };

struct run_out {
	bool json;			/* --json */
	bool raw;			/* the document went out as it came */
	char last;			/* byte written to standard output */
	struct buf kept[PIECES];	/* what is written at the end */
	struct json_object *notes;
	bool partial;
	unsigned partials, notes_left;	/* reasons that were given, notes that were not kept */
	FILE *recording;		/* --record; NULL */
	bool torn;			/* it could not be written */
};

/* RECORD: a file for what the target says, or NULL. <0 after complaining. */
int run_out_init(struct run_out *o, bool json, const char *record);
void run_out_fini(struct run_out *o);
int run_out_kind(const char *name);	/* -1: none of ours */
void run_out_piece(struct run_out *o, int kind, const void *data, size_t len);
/* Of notes and reasons there may be any number: the first are kept and shown, the rest is counted. */
void run_out_note(struct run_out *o, const char *name, const char *value);
void run_out_partial(struct run_out *o, const char *message);
/* In place: what a terminal would take for an order becomes '?'. BEFORE: the byte that stands before P, 0 none. */
void run_out_tame(char *p, size_t n, char before);
/* The end: the exit status. */
int run_out_end(struct run_out *o, const char *topic, bool ok, const char *class, const char *message);

/* What is to be run; all borrowed from the command line, but the parameters. */
struct run_what {
	const char *topic, *source, *name;
	struct json_object *params;
	int64_t timeout_ms;
	const char **read_paths;	/* NULL-ended */
	const char *replay;		/* absolute; NULL: a target is asked */
	struct json_object *given;	/* {type, fields}: a credential by hand; NULL */
};
/* Says which of the parameters GIVEN the topic does not know; PROBES: as a worker tells of them. */
void run_doubt(struct json_object *probes, const char *topic, struct json_object *given);
void run_no_topic(struct json_object *probes, const char *topic);
int run_alone(const struct asked *a, const struct run_what *w);

#endif
