/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enrol - from a request for a certificate to the certificate: tokens that
 * are good once, requests that wait for a person, and what that person says.
 */
#ifndef LAB_ENROL_H
#define LAB_ENROL_H
#include <openssl/types.h>
#include <stdbool.h>

struct instance;
struct json_object;

#define CSR_MAX 16384

/* The key that CSR asks for and is signed with; the caller's. NULL: *WHY says what is wrong. */
EVP_PKEY *enrol_key(const char *csr, const char **why);
/* May an agent be called that? */
bool enrol_name_ok(const char *name);
/* Spends TOKEN. False: *WHY. */
bool enrol_token_use(struct instance *in, const char *token, const char *name, const char **why);
/* When what is for the agent is sealed to its new certificate: at once, as it has no other one; when it has logged
 * in; never, as it is mapped to no user. */
enum enrol_when { ENROL_AT_ONCE, ENROL_AT_LOGIN, ENROL_NEVER };
/* A certificate for KEY as agent NAME, mapped to its user: PEM, the caller's. NULL after complaining. */
char *enrol_issue(struct instance *in, const char *name, EVP_PKEY *key, enum enrol_when when);
/* A caller that is "fresh" has come with the certificate of this SHA-256. */
void enrol_first_login(struct instance *in, const char *name, const char *sha256);
/* {"ca": PEM, "seal": PEM, "certificate": CERT} */
struct json_object *enrol_given(struct instance *in, const char *cert);
#endif
