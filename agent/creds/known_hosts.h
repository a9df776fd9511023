/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known_hosts - a line of OpenSSH's file of that name (sshd(8), "SSH_KNOWN_HOSTS
 * FILE FORMAT"): HOST[,HOST...] TYPE BASE64 [comment]. A HOST is a name, an
 * address, [one]:PORT, or |1|SALT|HASH, which hides one.
 */
#ifndef MID_CREDS_KNOWN_HOSTS_H
#define MID_CREDS_KNOWN_HOSTS_H

#include <stdbool.h>

struct err;

#define KNOWN_HOSTS_MAX 32	/* names in one line */
#define KNOWN_TYPE_MAX 80	/* bytes of a type */
#define KNOWN_KEY_MAX 20000	/* bytes of a key's base64 */

struct known_host { const char *name; int port; };	/* port 0: hidden in the hash as well */

struct known_line {
	struct known_host host[KNOWN_HOSTS_MAX];
	unsigned hosts;			/* 0: an empty line, or a comment */
	const char *type, *key;
	const char *patterns;		/* of @cert-authority: which hosts it may vouch for; else NULL, and HOST has them */
};

/* LINE is cut up and stays OUT's. Names come in lower case. 0; -E_BAD and what is wrong; -E_NONE and what midd has no use for. */
int known_line_parse(struct known_line *out, char *line, struct err *err);
/* Is NAME, as text, what HASHED (|1|SALT|HASH) hides, for that port? */
bool known_hash_fits(const char *hashed, const char *name, int port);
/* Is HOST (a name or an address) at PORT among PATTERNS: "*.example.com,!bad.example.com,10.1.*,[host]:2222"? */
bool known_patterns_fit(const char *patterns, const char *host, int port);
/* Is TYPE made of the characters of such names, and KEY of base64's? */
bool known_key_fits(const char *type, const char *key);

#endif
