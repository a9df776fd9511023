/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renew - a new certificate, fetched from the instance before the old one ends,
 * for a new key where its kind allows that (cert.new_key).
 *
 *     ask       nothing is on the disk
 *     write     renewing.pem: key and certificate
 *     prove     it logs in, on a connection of its own
 *     keep      what was in force goes on opening what is sealed to it (pair.h)
 *     commit    renewed.pem: the one write that puts it in force
 *
 * After a death renewing.pem is proved again; the pair in force is never
 * touched before the commit. The configured pair stays where it is, and is used
 * again should the new one be lost.
 */
#ifndef MID_RENEW_H
#define MID_RENEW_H

struct agent;
struct config;
struct pair;
struct renew;

void renew_open(struct renew **out, struct agent *ag);
void renew_begin(struct renew *r);		/* also after a reload: it looks soon */
void renew_closing(struct renew *r);		/* no completion touches anything from now on */
void renew_close(struct renew *r);		/* after the instance is closed; NULL is fine */
/* Why the last renewal has failed, and what to do; "" it has not. Borrowed. */
const char *renew_trouble(const struct renew *r);
/* pair_in_force() as C has it. */
void renew_pair(struct pair *out, const struct config *c);

#endif
