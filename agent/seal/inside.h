/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of this folder share: the keys, parsed once.
 */
#ifndef MID_SEAL_INSIDE_H
#define MID_SEAL_INSIDE_H

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

#include "seal/seal.h"
#include "secret.h"

#define REST_KEY 32
#define REST_SALT 16
#define REST_ID 8

/* A key derived from the one in the file, by salt. */
struct rest_key {
	unsigned char salt[REST_SALT], key[REST_KEY];
};

#define SEALING_KEY 32
#define SEALING_ID 16

/* What results are sealed with; see key.c. */
struct sealing_key {
	unsigned char key[SEALING_KEY], id[SEALING_ID];
	ASN1_TYPE *wrapped;		/* the key itself, sealed to the instance's certificate; NULL: none yet */
	uint64_t born, uses;		/* uv_hrtime() */
};

struct seal {
	enum seal_mode mode;
	X509 *instance;			/* NULL unless SEAL_REQUIRED */
	struct secret rest;		/* what key_file holds */
	unsigned char rest_id[REST_ID];	/* tells one key file from another, and nothing about it */
	char *rest_file;
	unsigned char origin[REST_SALT - 4];	/* of this process's salts */
	atomic_uint_fast64_t sealed;

	uv_mutex_t lock;		/* guards what is below, and no work */
	X509 *ours;			/* these two NULL unless SEAL_REQUIRED */
	EVP_PKEY *key;
	struct sealing_key results;
	struct rest_key sealing, unsealing;	/* the last ones used */
};

/* TO: a copy of the key in use, which is made or renewed when due; sealing_key_fini(). */
int sealing_key_take(struct seal *s, struct sealing_key *to, struct err *err);
void sealing_key_fini(struct sealing_key *k);
/* *DER: P in an envelope to the instance's certificate; BIO_free(). */
int seal_to_certificate(const struct seal *s, BIO **der, const void *p, size_t len, struct err *err);
int seal_rest_open(struct seal *s, const char *file, struct err *err);
/* Our sentence and OpenSSL's own reason; empties its queue. */
int seal_error(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
