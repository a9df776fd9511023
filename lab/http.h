/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - a request and its answer, apart from how they came over the wire: a
 * part of a batch is served exactly like a request of its own.
 */
#ifndef LAB_HTTP_H
#define LAB_HTTP_H
#include <stdbool.h>
#include <stddef.h>

#include "util.h"

struct instance;
struct json_object;

#define PAIRS_MAX 200		/* headers, or arguments, of one request */
#define PARAMS_MAX 3

struct pair {
	char *name, *value;
};
struct pairs {
	struct pair *at;
	size_t count;
};
/* False, and nothing added, beyond PAIRS_MAX. */
bool pairs_add(struct pairs *p, const char *name, const char *value);
/* The value of NAME in any case of letters, or NULL; borrowed. */
const char *pairs_get(const struct pairs *p, const char *name);
void pairs_fini(struct pairs *p);

struct caller {
	char user[128];
	char sys_id[SYS_ID_LEN + 1];
	unsigned roles;		/* ROLE_* of acl.h; 0 and no user: nobody */
	bool known;
	bool fresh;		/* for the first time with this certificate */
};

struct request {
	struct instance *in;
	const struct caller *caller;
	int fault;			/* FAULT_*: what is to be done otherwise than it should */
	char *method;
	char *path;			/* without arguments, still escaped */
	struct pairs args, headers;
	char *body;			/* 0-terminated */
	size_t body_len;
	struct json_object *json;	/* the body, where it is JSON */
	const char *params[PARAMS_MAX];	/* what * of the route stood for */
	char *params_held;
	bool unsealed;
	int depth;			/* 1 inside a batch */
};
/* URL: path and arguments. False when it is not to be understood. */
bool request_url(struct request *req, const char *url);
void request_fini(struct request *req);
/* An argument, or DEF. */
const char *request_arg(const struct request *req, const char *name,
    const char *def);
bool request_flag(const struct request *req, const char *name);
/* A number from 0 to MAX, or DEF when it is none. */
long request_number(const struct request *req, const char *name, long def,
    long max);
const char *request_header(const struct request *req, const char *name);
/* "application/json" without what follows a semicolon, in lower case. */
void request_type(const struct request *req, char out[80]);

struct answer {
	int status;
	struct json_object *json;	/* or */
	char *bytes;			/* these */
	size_t bytes_len;
	struct pairs headers;
};
void answer_fini(struct answer *a);
void answer_error(struct answer *a, int status, const char *message,
    const char *detail);
/* {"result": RESULT}, which is taken. */
void answer_result(struct answer *a, int status, struct json_object *result);
/* What a DB_E_* means to a client. */
void answer_db(struct answer *a, struct instance *in, int error);
const char *status_text(int status);
#endif
