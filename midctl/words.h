/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - the first bytes of a SHA-256 as words that two people can compare by
 * telephone: 64 bits, which nobody meets by trying keys while one waits.
 */
#ifndef MIDCTL_WORDS_H
#define MIDCTL_WORDS_H

#include <openssl/types.h>
#include <stdbool.h>

#define WORDS_COUNT 8
#define WORDS_SIZE 100

void words_of(const unsigned char *digest, char out[WORDS_SIZE]);
/* Of the public half. */
bool words_of_key(EVP_PKEY *key, char out[WORDS_SIZE]);

#endif
