/* SPDX-License-Identifier: Apache-2.0 */
/*
 * advert - what we tell the instance so that it can choose whom to give work: what this agent can do (the topics it
 * serves, and the ways of discovery.ways that it knows), how much at once, and how much there is at the moment.
 */
#ifndef MID_ADVERT_H
#define MID_ADVERT_H

struct advert;
struct agent;

struct advert *advert_new(struct agent *ag);
void advert_stop(struct advert *a);		/* no completion touches anything from now on */
void advert_free(struct advert *a);		/* NULL is fine */
/* Our record is SYS_ID and validated: what has changed since is told. May be called often. */
void advert_go(struct advert *a, const char *sys_id);

#endif
