/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - a private key to log in with: read from its text, then signing. Ed25519,
 * ECDSA and RSA, as OpenSSH writes them and as PEM, with or without a pass phrase.
 *
 * libssh2 could do the same, but tries every kind of key by OpenSSL's decoders at
 * each login, which costs more than all the rest of it.
 */
#ifndef MID_SSH_KEY_H
#define MID_SSH_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct key;

enum { KEY_READ = 0, KEY_BAD = -1 };

/*
 * KEY_READ and *OUT, the caller's. KEY_BAD and *WHY: it is none, or the pass phrase
 * is wrong. Nothing of TEXT stays behind. A pass phrase on OpenSSH's format takes
 * 6 ms for each of its rounds: keyring.h.
 */
int key_read(struct key **out, const char *text, const char *passphrase, const char **why);
void key_free(struct key *k);		/* wiped; NULL is fine */

/* The public half, as authorized_keys has it in base64. Borrowed. */
const unsigned char *key_public(const struct key *k, size_t *len);

/*
 * The signature of WHAT, a request to log in (RFC 4252, 7), by the algorithm that it names;
 * without the algorithm's name in front. *SIG is malloc'd. <0: that algorithm is not this
 * key's, or is SHA-1 and !SHA1.
 */
int key_sign(const struct key *k, bool sha1, const void *what, size_t n, unsigned char **sig, size_t *len);

#endif
