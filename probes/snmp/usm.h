/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usm - the security of SNMP version 3 (RFC 3414, 3826, 7860) towards one agent:
 * who it is, what time it has, and the keys for it. All cryptography is OpenSSL's.
 *
 * The engine's ID and time are learned from its own reports and kept for this
 * agent alone, never by engine ID: two devices that were cloned with one ID do not
 * disturb each other, and one that was restarted or replaced is learned anew.
 */
#ifndef MID_SNMP_USM_H
#define MID_SNMP_USM_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

#define USM_NAME_MAX 64u
#define USM_KEY_MAX 64u

struct usm_auth;
struct usm_priv;
struct usm_phrases;

struct usm {
	char user[USM_NAME_MAX], context[USM_NAME_MAX];
	const struct usm_auth *auth;	/* NULL: none */
	const struct usm_priv *priv;
	uint8_t auth_ku[USM_KEY_MAX], priv_ku[USM_KEY_MAX];	/* of the pass phrases */
	uint8_t auth_key[USM_KEY_MAX], priv_key[USM_KEY_MAX];	/* for this agent */
	uint8_t engine[ENGINE_ID_MAX];
	unsigned engine_n;		/* 0: not known yet */
	int32_t boots, time;		/* what the agent said last */
	bool timed;			/* it has said so authentically */
	unsigned learned;		/* engine IDs so far */
	uint64_t salt;
	const char *why;		/* of the last USM_REFUSED; a literal */
};

enum usm_read { USM_DROP, USM_ANSWER, USM_ASK_AGAIN, USM_REFUSED };

/* What a credential says, "" or NULL meaning: has none. */
struct usm_account {
	const char *user, *auth_protocol, *auth_key, *priv_protocol, *priv_key, *context;
};

/* Pass phrases are hashed over 1 MB each: once here, not once a device. */
struct usm_phrases *usm_phrases_new(void);	/* NULL: no memory */
void usm_phrases_free(struct usm_phrases *p);	/* wipes; NULL is fine */

/* 0, or -1 with *WHY, a literal. SALT: random, never used before. */
int usm_init(struct usm *u, struct usm_phrases *p, const struct usm_account *a, uint64_t salt, const char **why);

/* <0: does not fit, or cryptography failed. */
int usm_write(struct usm *u, struct ber_out *o, const struct ask *a);
/* DATA is the whole datagram that M was read from; it is changed. */
enum usm_read usm_read(struct usm *u, const struct message *m, struct pdu *out, uint8_t *data, size_t len);

#endif
