/* SPDX-License-Identifier: Apache-2.0 */
/* bcrypt - the key that opens a private key in OpenSSH's format, from its pass phrase (bcrypt_pbkdf of OpenBSD). */
#ifndef MID_SSH_BCRYPT_H
#define MID_SSH_BCRYPT_H

#include <stddef.h>
#include <stdint.h>

#define BCRYPT_OUT_MAX 1024

/* 6 ms a round for a key and IV of AES. <0: OUT_LEN or ROUNDS is 0, or too much. */
int bcrypt_pbkdf(const char *phrase, const void *salt, size_t salt_len, uint32_t rounds, unsigned char *out, size_t out_len);

#endif
