/* SPDX-License-Identifier: Apache-2.0 */
/* show - what midd has said, on standard output: the JSON itself (--json), or a screen made of it. */
#ifndef MIDCTL_SHOW_H
#define MIDCTL_SHOW_H

struct asked;
struct json_object;
struct screen;

typedef void show_fn(struct screen *sc, const struct asked *a, struct json_object *o);
void show(const struct asked *a, struct json_object *o, show_fn *draw);

/* Asks midd VERB with ARGS (swallowed; NULL none) and shows the answer. Gives an exit_status. */
int show_answer(const struct asked *a, const char *verb, struct json_object *args, show_fn *draw);
/* The same of a list. The JSON is the ROWS; what the answer says beside them is for a person only. */
long rows_limit(const struct asked *a);		/* --limit, or the 20 that its help names */
typedef void show_rows_fn(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *answer);
int show_rows(const struct asked *a, const char *verb, struct json_object *args, show_rows_fn *draw);

#endif
