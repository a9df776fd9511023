/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enroll - from a host without a certificate to one that logs in. Every
 * enrolment has files of its own, named by its key; writing the drop-in that
 * names them is the one step that counts, so what was there before works until then.
 */
#ifndef MIDCTL_ENROLL_H
#define MIDCTL_ENROLL_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "secret.h"
#include "words.h"

struct asked;
struct err;
struct http_config;
struct json_object;

struct enrol {
	const struct asked *a;
	struct asked *own;		/* where A is with what was kept of the beginning; NULL: nothing was */
	struct json_object *kept;	/* its strings */
	FILE *out;			/* for people: standard output, unless JSON goes there */
	char *url, *name;		/* of the instance, of the agent */
	char *dir;			/* /etc/midd */
	char *pending;			/* file: what we wait for */
	char *lock_file;
	intptr_t lock;			/* of it; -1 none */
	char *stem;			/* "agent-4f0c1a22": of the key's fingerprint */
	char *token;			/* the key is there: its URI; NULL: in key_file */
	bool tpm;			/* which only this machine's TPM2 can use */
	char *key_file, *cert_file, *ca_file, *seal_file, *csr_file;
	bool has_ca, has_seal;		/* those files are there, and to be used */
	EVP_PKEY *key;
	struct secret proxy_password;
	char words[WORDS_SIZE];
	char id[33];			/* of our request there; "" none */
};

/* --- enroll_key.c --- */

/* The key of a request that is pending, else a new one, on the disk before it is used. */
int enrol_key(struct enrol *e, struct err *err);
/* --- enroll_token.c: a new key in the token, as URI names it --- */
int enrol_token_make(const char *uri, struct err *err);
void enrol_names(struct enrol *e);	/* the files, from the stem */
/* PEM of the request for a certificate; the caller's. NULL: no memory. */
char *enrol_csr(const struct enrol *e);
int enrol_pending_write(const struct enrol *e, struct err *err);
/* Is CERT (PEM) for our key, and good today? */
int enrol_cert_fits(const struct enrol *e, const char *cert, struct err *err);
/* Known before anything is asked of the instance. */
int enrol_can_seal(struct err *err);
/* As the configuration has it, pin-source=credential:NAME: here the file of DIR that it will come from. The caller's. */
char *enrol_key_uri(const char *uri, const char *dir);
/* systemd-creds: the key encrypted to this host, and the plain file gone. */
int enrol_key_seal(struct enrol *e, struct err *err);

/* --- enroll_trust.c --- */

/* HEX: 64 digits of TEXT, which may have colons. False: it is none. */
bool enrol_fingerprint(const char *text, char hex[65]);
/* The CA by --ca or --fingerprint, else those of the system. */
int enrol_trust(struct enrol *e, struct err *err);
/* What a person can compare, when the system knows no CA of the instance's. */
void enrol_trust_help(const struct enrol *e);

/* --- enroll_proxy.c: what was said of a proxy --- */

/* Checks it as midd will, so that nothing is written that midd refuses; with --import, what was said at the beginning counts. */
int enrol_proxy_begin(struct enrol *e, struct err *err);
void enrol_proxy_end(struct enrol *e);
/* Into what is kept until the certificate is there. */
void enrol_proxy_keep(const struct enrol *e, struct json_object *pending);
void enrol_proxy(const struct enrol *e, struct http_config *cfg);

/* --- enroll_ask.c --- */

/* *STATUS 0: no answer, and ERR says why. *OUT (the caller's) is its "result", or NULL; for a status
 * of 400 and more the instance's words are in ERR. WITH_CERT: logs in. */
int enrol_call(const struct enrol *e, const char *method, const char *path, struct json_object *body,
    bool with_cert, struct json_object **out, struct err *err);

/* --- enroll_write.c --- */

#define ENROL_DROPIN "midd.d/10-enroll.yaml"	/* in DIR */

int enrol_take_cert(struct enrol *e, const char *cert, const char *seal, struct err *err);
/* Logs in with the new pair; only that makes it ours. */
int enrol_prove(const struct enrol *e, struct err *err);
int enrol_commit(struct enrol *e, struct err *err);
void enrol_say_next(const struct enrol *e);

#endif
