/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyring - private keys while logins need them: many hosts are logged into by the
 * same one at once, and opening one with a pass phrase takes 100 ms or more. It goes with
 * the last login that has it.
 */
#ifndef MID_SSH_KEYRING_H
#define MID_SSH_KEYRING_H

struct key;
struct keyring;

struct keyring *keyring_new(void);	/* NULL: no memory */
void keyring_free(struct keyring *r);	/* all were given back; NULL is fine */
/* As key_read(); *OUT is the ring's: keyring_give(). */
int keyring_take(struct keyring *r, const char *text, const char *passphrase, const struct key **out, const char **why);
void keyring_give(struct keyring *r, const struct key *k);	/* NULL is fine */

#endif
