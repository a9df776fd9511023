/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_order - what midlab discover and midlab schedule have in common: the options
 * of an order; and rows that name others, for cluster too.
 */
#ifndef LAB_CLI_ORDER_H
#define LAB_CLI_ORDER_H
#include <stdbool.h>

struct client;
struct json_object;

struct order {
	const char *agent, *cluster, *exclude, *capability, *with;
	const char *name, *at, *days, *window, *zone, *cancel;
	long every_s, wait_s;
	bool wait, json;
};

#define ORDER_OPTIONS(o) \
	{ "--agent", CLI_TEXT, &(o).agent, 0, 0, NULL, "NAME", \
	  "this agent, and no other" }, \
	{ "--cluster", CLI_TEXT, &(o).cluster, 0, 0, NULL, "NAME", \
	  "whichever member has the least to do" }, \
	{ "--exclude", CLI_TEXT, &(o).exclude, 0, 0, NULL, "RANGES", \
	  "not these" }, \
	{ "--capability", CLI_TEXT, &(o).capability, 0, 0, NULL, "NAME", \
	  "only an agent that has it" }, \
	{ "--with", CLI_TEXT, &(o).with, 0, 0, NULL, "'K=V K=V'", \
	  "further parameters of the job" }, \
	{ "--json", CLI_FLAG, &(o).json, 0, 0, NULL, NULL, "rows as JSON" }

/* The sys_id of the row of TABLE whose FIELD is NAME, the caller's; NULL after complaining. */
char *cli_id_by(struct client *c, const char *table, const char *field,
    const char *name);
/* The same of the one whose name it is. */
char *cli_id_of(struct client *c, const char *table, const char *name);
/* That of NAME, if not NULL, as FIELD of O. 0, or -1 after complaining. */
int cli_put_id(struct client *c, struct json_object *o, const char *field,
    const char *table, const char *name);
/* VALUE, if not NULL. */
void cli_put(struct json_object *o, const char *key, const char *value);
/* WORDS as one list, with commas; the caller's. */
char *cli_join(char **words, int n);
/* *MADE (may be NULL; caller puts): the new row. 0, or -1 after complaining. */
int cli_insert(struct client *c, const char *table, struct json_object *row,
    struct json_object **made);
#endif
