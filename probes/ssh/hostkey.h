/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostkey - is the server the one it is taken for? Its key is a question to midd, who has
 * those that are known; its certificate is judged here, by the authorities midd names.
 */
#ifndef MID_SSH_HOSTKEY_H
#define MID_SSH_HOSTKEY_H

#include "midd/probe.h"

struct link;

struct hostkey_of {
	const char *asked_as;		/* in questions to midd: "-" the target, or a host's name */
	const char *name, *address;
	int port;
};

/* 0 it is; MID_AGAIN: midd is asked; -1: SAID, and *CLASS of the failure. */
int hostkey_judge(const struct mid_host *h, struct mid_run *run, struct link *l, const struct hostkey_of *of, enum mid_class *class,
    char said[300]);

#endif
