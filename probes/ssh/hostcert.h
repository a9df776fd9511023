/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostcert - a certificate that a server shows in place of a host key (OpenSSH,
 * PROTOCOL.certkeys): is it of an authority that is trusted for this host, for
 * this host, and in force? That its key has signed the key exchange has been
 * seen to by then. A pure reader of foreign bytes.
 */
#ifndef MID_SSH_HOSTCERT_H
#define MID_SSH_HOSTCERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool hostcert_is(const char *type);	/* of a host key: "ssh-ed25519-cert-v01@openssh.com" */
/* The types, as a list of algorithms for the key exchange. */
extern const char hostcert_algorithms[];

struct hostcert_want {
	const char *authorities;	/* "TYPE BASE64 TYPE BASE64 ...": trusted for this host */
	const char *names[2];		/* how the host may be called: its name, its address; NULL none */
	int64_t now_s;			/* since 1970 */
};
/* 0, or <0 and WHY, a sentence. */
int hostcert_judge(const struct hostcert_want *want, const unsigned char *blob, size_t n, char why[300]);

#endif
