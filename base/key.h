/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - our private key, wherever it is kept: a PEM file, in the clear or locked
 * to this machine (secret.h); a PEM file that only this machine's TPM2 can use
 * ("TSS2 PRIVATE KEY"); or a PKCS#11 token, by its URI (RFC 7512) with the PIN
 * in a file: pkcs11:token=T;object=O?pin-source=FILE.
 *
 * A key of the last two kinds never leaves its place. It is looked up once a
 * process, and can be used on any thread.
 */
#ifndef MID_KEY_H
#define MID_KEY_H

#include <openssl/types.h>
#include <stdbool.h>

struct err;
struct secret;

/* *OUT: the key at WHERE, EVP_PKEY_free(). E_AUTH: others may read it, or the PIN is wrong; no new try will help. */
int key_load(EVP_PKEY **out, const char *where, struct err *err);
/* False: WHERE is the path of a file. */
bool key_in_token(const char *where);
bool key_in_tpm(const char *where);	/* WHERE is a file that only the TPM2 can use */
/* Does libcurl read it by itself? False: give it to OpenSSL with SSL_CTX_use_PrivateKey(). */
bool key_is_plain(const char *where);
/* A URI taken apart: *BARE what it names, *PIN_FILE (NULL none) what opens it; both the caller's. */
int key_uri(const char *uri, char **bare, char **pin_file, struct err *err);
/* The same with the PIN itself, empty where there is none: secret_fini(). */
int key_uri_pin(const char *uri, char **bare, struct secret *pin, struct err *err);
/* A new P-256 key in the TPM2; *PEM (the caller's) is for that TPM2 only. */
int key_make_tpm(char **pem, struct err *err);
/* The key that PEM holds, which NAME tells people where it is from; else as key_load(). */
int key_of_pem(EVP_PKEY **out, const struct secret *pem, const char *name, struct err *err);
/* key_make.c: a new key of the same kind, size and place as the one at WHERE. PEM stays empty where
 * the kind is one of which we make none: in a token, or unknown to us. May take seconds. */
int key_make_like(struct secret *pem, const char *where, struct err *err);

#endif
