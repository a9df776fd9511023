/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_call - asking the running lab and complaining about its errors; tables
 * that fit the screen.
 */
#ifndef LAB_CLI_CALL_H
#define LAB_CLI_CALL_H
#include <stddef.h>

struct client;
struct json_object;

/* The lab that -d or $MIDLAB_DIR names, or ./lab; NULL after complaining. */
struct client *cli_connect(void);

/* *RESULT (may be NULL; caller puts) is the answer's "result". 0, or -1 after
 * complaining, also when the lab answers with an error. */
int cli_call(struct client *c, const char *method, const char *path,
    struct json_object *body, struct json_object **result);

/* A path from a printf-like format in which each %s is escaped for a URL. */
char *cli_path(struct client *c, const char *fmt, ...);

/* Rows of strings with a line of headings; COLUMNS are keys of the rows. */
void cli_print_rows(struct json_object *rows, const char *const *columns,
    size_t count);
void cli_print_json(struct json_object *o);
#endif
