/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offer - the algorithms that a server is offered, in order: ours, changed by
 * midd.yaml (ssh.kex and its like, with the operators of ssh_config(5)), and
 * with those types of host key first of which midd has stored one.
 */
#ifndef MID_SSH_OFFER_H
#define MID_SSH_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "midd/probe.h"

#define OFFER_MAX 1200		/* bytes of a list */

enum offer_what { OFFER_KEX, OFFER_HOST_KEYS, OFFER_CIPHERS, OFFER_MACS, OFFERS };

struct offer { char list[OFFERS][OFFER_MAX]; };

extern const char *const offer_names[OFFERS];	/* the options of midd.yaml */

/* HOST is asked about as "HOST PORT". 0; MID_AGAIN: midd is asked; -1 and WHY. */
int offer_ask(struct offer *o, const struct mid_host *h, struct mid_run *run, const char *host, char why[200]);

bool offer_names_it(const char *list, const char *name);	/* is NAME in LIST? */

/* --- for offer_ask(), and tests ------------------------------------------------------ */

void offer_defaults(struct offer *o);
/*
 * CHANGE: "+a,b" also these, at the end; "-a*" not these, * and ? as in file names; "^a" these first;
 * "a,b" these alone; "" or "-" alone nothing. <0: nothing is left, or too much.
 */
int offer_change(char list[OFFER_MAX], const char *change);
void offer_known(struct offer *o, const char *types);	/* "ssh-ed25519 ssh-rsa": as stored host keys have them */

#endif
