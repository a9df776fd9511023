/* SPDX-License-Identifier: Apache-2.0 */
/* key_openssh - the format of "BEGIN OPENSSH PRIVATE KEY" (PROTOCOL.key of OpenSSH), for key.c. */
#ifndef MID_SSH_KEY_OPENSSH_H
#define MID_SSH_KEY_OPENSSH_H

#include <openssl/types.h>
#include <stdbool.h>

bool key_is_openssh(const char *text);
/* As key_read(). */
int key_openssh_read(EVP_PKEY **out, const char *text, const char *passphrase, const char **why);

#endif
