/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usm_keys - the algorithms of version 3 as rows, and keys made of pass phrases.
 * Internal to usm*.c and its tests.
 */
#ifndef MID_SNMP_USM_KEYS_H
#define MID_SNMP_USM_KEYS_H

#include <openssl/evp.h>

#include "usm.h"

struct usm_auth {
	const char *names;		/* spellings, separated by blanks */
	const EVP_MD *(*md)(void);
	unsigned key, mac;		/* bytes */
};

struct usm_priv {
	const char *names;
	const EVP_CIPHER *(*cipher)(void);
	unsigned key;			/* bytes of the localised key that are used */
	bool block;			/* DES kind: CBC, the last 8 bytes of the key make the IV */
	bool chained;			/* a key that is too short grows by localising it again (Reeder), else by its hash (Blumenthal) */
	void (*spread)(const uint8_t *key, uint8_t *full);	/* NULL: as it is */
};

const struct usm_auth *usm_auth_named(const char *name);	/* NULL: unknown */
const struct usm_priv *usm_priv_named(const char *name);

/* RFC 3414 A.2: the phrase over and over, 1 MB of it. */
int usm_phrase_hash(const struct usm_auth *a, const void *phrase, size_t len, uint8_t *ku);
int usm_localise(const struct usm_auth *a, const uint8_t *ku, const uint8_t *engine, unsigned n, uint8_t *key);
/* KEY has a->key bytes and gets what P needs. */
int usm_extend(const struct usm_auth *a, const struct usm_priv *p, const uint8_t *engine, unsigned n, uint8_t *key);

/* The same through the cache. */
int usm_phrase_cached(struct usm_phrases *p, const struct usm_auth *a, const char *phrase, uint8_t *ku);

#endif
