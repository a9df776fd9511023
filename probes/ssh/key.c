/* SPDX-License-Identifier: Apache-2.0 */
/* key - see key.h. */
#include "key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "key_openssh.h"
#include "wire.h"

#define PUBLIC_MAX 4200		/* RSA of 16384 bits, twice */

struct key {
	EVP_PKEY *key;
	const struct kind *kind;
	size_t public_len;
	unsigned char public[PUBLIC_MAX];
};

/* The signature's algorithms, by key; ssh-rsa is the one of SHA-1. */
static const struct algorithm { const char *name; const EVP_MD *(*md)(void); } ed25519_signs[] = { { "ssh-ed25519", NULL }, { NULL, NULL } },
    rsa_signs[] = { { "rsa-sha2-512", EVP_sha512 }, { "rsa-sha2-256", EVP_sha256 }, { "ssh-rsa", EVP_sha1 }, { NULL, NULL } },
    p256_signs[] = { { "ecdsa-sha2-nistp256", EVP_sha256 }, { NULL, NULL } },
    p384_signs[] = { { "ecdsa-sha2-nistp384", EVP_sha384 }, { NULL, NULL } },
    p521_signs[] = { { "ecdsa-sha2-nistp521", EVP_sha512 }, { NULL, NULL } };

static const struct kind { const char *type, *curve; const char *ours; const struct algorithm *signs; } kinds[] = {
	{ "ssh-ed25519", NULL, NULL, ed25519_signs }, { "ssh-rsa", NULL, NULL, rsa_signs },
	{ "ecdsa-sha2-nistp256", "nistp256", "prime256v1", p256_signs }, { "ecdsa-sha2-nistp384", "nistp384", "secp384r1", p384_signs },
	{ "ecdsa-sha2-nistp521", "nistp521", "secp521r1", p521_signs },
};
enum { KIND_ED25519, KIND_RSA, KIND_ECDSA, KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* --- the public half -------------------------------------------------------------------- */

static unsigned char *
put_bn(const struct key *k, const char *name, unsigned char *to)
{
	unsigned char bytes[PUBLIC_MAX / 2];
	BIGNUM *bn = NULL;
	unsigned char *next = NULL;

	if (EVP_PKEY_get_bn_param(k->key, name, &bn) == 1 && BN_num_bytes(bn) <= 2048)
		next = wire_put_mpint(to, bytes, (size_t)BN_bn2bin(bn, bytes));
	BN_free(bn);
	return next;
}

static unsigned char *
put_point(const struct key *k, unsigned char *to)
{
	unsigned char point[200];
	size_t n = 0;

	to = wire_put_string(to, k->kind->curve, strlen(k->kind->curve));
	if (EVP_PKEY_get_octet_string_param(k->key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &n) != 1 || n == 0 || point[0] != 4)
		return NULL;
	return wire_put_string(to, point, n);
}

static const struct kind *
kind_of(EVP_PKEY *key)
{
	char group[32];
	size_t i;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_ED25519:
		return &kinds[KIND_ED25519];
	case EVP_PKEY_RSA:
		return &kinds[KIND_RSA];
	case EVP_PKEY_EC:
		if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1)
			return NULL;
		for (i = KIND_ECDSA; i < KINDS; i++)
			if (strcmp(group, kinds[i].ours) == 0)
				return &kinds[i];
	}
	return NULL;
}

static bool
make_public(struct key *k)
{
	unsigned char *to = wire_put_string(k->public, k->kind->type, strlen(k->kind->type)), raw[32];
	size_t n = sizeof(raw);

	if (k->kind == &kinds[KIND_ED25519])
		to = EVP_PKEY_get_raw_public_key(k->key, raw, &n) == 1 ? wire_put_string(to, raw, n) : NULL;
	else if (k->kind != &kinds[KIND_RSA])
		to = put_point(k, to);
	else if ((to = put_bn(k, OSSL_PKEY_PARAM_RSA_E, to)) != NULL)
		to = put_bn(k, OSSL_PKEY_PARAM_RSA_N, to);
	k->public_len = to == NULL ? 0 : (size_t)(to - k->public);
	return to != NULL;
}

/* --- reading ------------------------------------------------------------------------------ */

static int
give_passphrase(char *to, int room, int writing, void *passphrase)
{
	size_t n = passphrase == NULL ? 0 : strlen(passphrase);

	(void)writing;
	if (n == 0 || n > (size_t)room)
		return -1;	/* and nobody is asked */
	memcpy(to, passphrase, n);
	return (int)n;
}

static int
read_pem(EVP_PKEY **out, const char *text, const char *passphrase, const char **why)
{
	BIO *b = BIO_new_mem_buf(text, -1);

	*out = b == NULL ? NULL : PEM_read_bio_PrivateKey(b, NULL, give_passphrase, (void *)(uintptr_t)passphrase);
	BIO_free(b);
	*why = strstr(text, "ENCRYPTED") == NULL ? "this is no private key that can be read (PEM, or OpenSSH's own format)"
	    : passphrase == NULL || passphrase[0] == '\0' ? "the private key has a pass phrase, and the credential none"
	    : "the pass phrase does not fit the private key";
	return *out == NULL ? KEY_BAD : KEY_READ;
}

/* What the functions below have left of a key on the stack. */
static void __attribute__((noinline))
wipe_stack(void)
{
	unsigned char below[16384];

	OPENSSL_cleanse(below, sizeof(below));
}

int
key_read(struct key **out, const char *text, const char *passphrase, const char **why)
{
	struct key *k = calloc(1, sizeof(*k));
	int r;

	*why = "out of memory";
	if (k == NULL)
		return KEY_BAD;
	r = key_is_openssh(text) ? key_openssh_read(&k->key, text, passphrase, why) : read_pem(&k->key, text, passphrase, why);
	if (r == KEY_READ) {
		k->kind = kind_of(k->key);
		if (k->kind == NULL || !make_public(k)) {
			*why = "a key of that kind can't be used: ed25519, ECDSA (P-256, P-384, P-521) and RSA can";
			r = KEY_BAD;
		}
	}
	ERR_clear_error();
	wipe_stack();
	if (r == KEY_READ)
		*out = k;
	else
		key_free(k);
	return r;
}

void
key_free(struct key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->key);
	free(k);
}

const unsigned char *
key_public(const struct key *k, size_t *len)
{
	*len = k->public_len;
	return k->public;
}

/* --- signing -------------------------------------------------------------------------------- */

/* The algorithm that a request to log in names. */
static const struct algorithm *
algorithm_of(const struct key *k, struct wire w)
{
	const struct algorithm *a;
	struct wire session, user, service, method, name;

	if (!wire_string(&w, &session) || w.n < 1)
		return NULL;
	w.p++, w.n--;			/* SSH_MSG_USERAUTH_REQUEST */
	if (!wire_string(&w, &user) || !wire_string(&w, &service) || !wire_string(&w, &method) || w.n < 1)
		return NULL;
	w.p++, w.n--;			/* true: signed */
	if (!wire_string(&w, &name))
		return NULL;
	for (a = k->kind->signs; a->name != NULL; a++)
		if (wire_is(name, a->name))
			return a;
	return NULL;
}

/* An ECDSA signature as SSH has it (RFC 5656, 3.1.2): two mpints. */
static bool
two_numbers(unsigned char **sig, size_t *len)
{
	const unsigned char *p = *sig;
	ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &p, (long)*len);
	unsigned char r[66], s[66], *made = malloc(2 * (sizeof(r) + 5)), *end;
	bool ok = both != NULL && made != NULL && BN_num_bytes(ECDSA_SIG_get0_r(both)) <= 66 && BN_num_bytes(ECDSA_SIG_get0_s(both)) <= 66;

	if (ok) {
		end = wire_put_mpint(made, r, (size_t)BN_bn2bin(ECDSA_SIG_get0_r(both), r));
		end = wire_put_mpint(end, s, (size_t)BN_bn2bin(ECDSA_SIG_get0_s(both), s));
		free(*sig);
		*sig = made;
		*len = (size_t)(end - made);
	} else {
		free(made);
	}
	ECDSA_SIG_free(both);
	return ok;
}

int
key_sign(const struct key *k, bool sha1, const void *what, size_t n, unsigned char **sig, size_t *len)
{
	const struct algorithm *a = algorithm_of(k, (struct wire){ what, n });
	EVP_MD_CTX *ctx;
	unsigned char *made;
	size_t m = (size_t)EVP_PKEY_get_size(k->key);
	bool ok;

	if (a == NULL || (a->md == EVP_sha1 && !sha1))
		return -1;
	ctx = EVP_MD_CTX_new();
	made = malloc(m);
	ok = ctx != NULL && made != NULL && EVP_DigestSignInit(ctx, NULL, a->md == NULL ? NULL : a->md(), NULL, k->key) == 1
	    && EVP_DigestSign(ctx, made, &m, what, n) == 1 && (k->kind->curve == NULL || two_numbers(&made, &m));
	EVP_MD_CTX_free(ctx);
	wipe_stack();
	if (!ok) {
		free(made);
		return -1;
	}
	*sig = made;
	*len = m;
	return 0;
}
