/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unseal - what agents sealed to this instance: CMS AuthEnvelopedData to the
 * instance's sealing certificate around CMS SignedData of the agent.
 */
#ifndef LAB_UNSEAL_H
#define LAB_UNSEAL_H
#include <stdbool.h>
#include <stddef.h>

struct answer;
struct request;
struct seal;

#define SEALED_TYPE "application/pkcs7-mime"
#define SEALED_OPEN "<sealed>"
#define SEALED_CLOSE "</sealed>"

/* Reads seal.pem, seal.key and ca.pem of DIR; NULL with *WHY (caller frees). */
struct seal *seal_open(const char *dir, char **why);
void seal_close(struct seal *s);

/*
 * The content of DER, 0-terminated (caller frees), and the CN of the one who
 * signed it. NULL when it is not sealed to us, was changed, or the signer is
 * not of our authority; *WHY is then a static sentence.
 */
char *unseal(struct seal *s, const void *der, size_t n, size_t *out_len,
    char signer[128], const char **why);

/* PAYLOAD with what was in <sealed>BASE64</sealed> in its place, or a copy
 * when there is none. NULL with *WHY when it cannot be opened. Caller frees. */
char *unseal_payload(struct seal *s, const char *payload, char signer[128],
    const char **why);

/* Puts the opened JSON in place of REQ's sealed body, or answers an error. */
bool unseal_request(struct request *req, struct answer *a);
#endif
