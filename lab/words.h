/* SPDX-License-Identifier: Apache-2.0 */
/* words - a public key's SHA-256, its first bytes as words that two people can compare by telephone. */
#ifndef LAB_WORDS_H
#define LAB_WORDS_H
#include <openssl/types.h>
#include <stdbool.h>

#define WORDS_COUNT 8
#define WORDS_SIZE 100

bool words_of_key(EVP_PKEY *key, char out[WORDS_SIZE]);
#endif
