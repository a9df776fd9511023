/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - nobody below sees plain text.
 *
 * Two seals. The *instance's*: CMS AuthEnvelopedData (AES-256-GCM, RFC 5083,
 * RFC 5652) around SignedData by our key, for a sealing key that each envelope
 * carries sealed to the instance's certificate (key.c); `openssl cms` opens it. And *ours at rest*: AES-256-GCM with the key in key_file, for
 * what the store holds (payloads always; results when the instance's seal is not in use).
 * All functions are safe on any thread.
 */
#ifndef MID_SEAL_H
#define MID_SEAL_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct seal;

enum seal_mode { SEAL_REQUIRED, SEAL_AT_REST, SEAL_OFF };	/* OFF: as AT_REST; the words differ to the operator */

struct seal_config {
	enum seal_mode mode;
	const char *instance_cert;	/* PEM; needed for SEAL_REQUIRED */
	const char *cert_file, *key_file;	/* our signing pair: the mutual-TLS one */
	const char *rest_key_file;	/* 32 random bytes; made when absent, mode 0600 */
};

int seal_open(struct seal **out, const struct seal_config *cfg, struct err *err);
void seal_close(struct seal *s);		/* wipes the keys */
/* Results are signed with this pair from now on, where they are. On failure with the one before. */
int seal_change_ours(struct seal *s, const char *cert_file, const char *key_file, struct err *err);
enum seal_mode seal_mode(const struct seal *s);
/* Which key is used at rest, and its file. The id tells one from another and nothing about it. */
void seal_rest_id(const struct seal *s, char out[17]);
const char *seal_rest_file(const struct seal *s);
int seal_mode_parse(const char *s, enum seal_mode *out);	/* "required", "at-rest", "off" */

/* To the instance. DER appended to OUT. */
int seal_result(struct seal *s, struct buf *out, const void *plain, size_t len, struct err *err);
/* At rest. AAD binds the bytes to their place (job and page), so that rows cannot be swapped. */
int seal_rest(struct seal *s, struct buf *out, const char *aad, const void *plain, size_t len, struct err *err);
/* Appends to OUT, which the caller wipes. -E_DAMAGED: other bytes, another place, or another key; -E_FULL. */
int unseal_rest(struct seal *s, struct buf *out, const char *aad, const void *sealed, size_t len, struct err *err);

/* What was sealed (CMS AuthEnvelopedData) to a certificate of one of the N keys, appended to OUT. On any thread. */
int seal_open_ours(char *const *keys, size_t n, struct buf *out, const void *der, size_t len, struct err *err);

/* base64 without line breaks, appended. */
int seal_base64(struct buf *out, const void *p, size_t len);
/* 32 hex of SHA-256(TAG, A, N): ids that come out the same on every try. */
void seal_id(char out[33], const char *tag, const char *a, uint64_t n);
/* 32 hex of SHA-256(P): content hash for the dedup table. */
void seal_hash(char out[33], const void *p, size_t len);

#endif
