/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renew - a new certificate for the same key, fetched from the instance before
 * the old one ends. It must log in before it counts; one write of renewed.pem
 * in paths.state makes it ours. The configured one stays where it is, and is
 * used again should the new one be lost.
 */
#ifndef MID_RENEW_H
#define MID_RENEW_H

struct agent;
struct config;
struct renew;

void renew_open(struct renew **out, struct agent *ag);
void renew_begin(struct renew *r);
void renew_closing(struct renew *r);		/* no completion touches anything from now on */
void renew_close(struct renew *r);		/* after the instance is closed; NULL is fine */
/* The renewed certificate where it is for the configured key and ends later than the configured one; else
 * the configured one. The caller's. NULL: none is configured. */
char *renew_cert_in_force(const struct config *c);

#endif
