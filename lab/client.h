/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - what the commands that speak to a running lab use: HTTPS with the
 * administrator's certificate.
 */
#ifndef LAB_CLIENT_H
#define LAB_CLIENT_H

struct client;
struct json_object;

/* Reads DIR/serve.json; NULL after complaining when no lab runs there. */
struct client *client_open(const char *dir);
void client_close(struct client *c);

/*
 * PATH begins with /api and is escaped already. BODY may be NULL. 0 when there
 * was an answer of any status: *ANSWER (caller puts) is its JSON, or NULL when
 * it has none. -1 after complaining when there was none.
 */
int client_call(struct client *c, const char *method, const char *path,
    struct json_object *body, int *status, struct json_object **answer);
/* S for use in a URL; caller frees. */
char *client_escape(struct client *c, const char *s);
#endif
