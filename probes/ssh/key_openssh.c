/* SPDX-License-Identifier: Apache-2.0 */
/* key_openssh - see key_openssh.h. */
#include "key_openssh.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "bcrypt.h"
#include "key.h"
#include "wire.h"

#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1"		/* and its zero */
#define ROUNDS_MAX 500			/* 3 s; ssh-keygen makes 16 or 24, people 100 */
#define KEY_TEXT_MAX (1 << 20)
#define NUMBER_MAX 2048			/* bytes of a number: RSA of 16384 bits */

bool
key_is_openssh(const char *text)
{
	return strstr(text, BEGIN) != NULL;
}

/* --- from text to bytes ----------------------------------------------------------- */

static int
digit(char c)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(all, c);

	return at == NULL ? -1 : (int)(at - all);
}

/* What stands in base64 between FROM and END, white space aside; bytes written, or -1. */
static long
decode(const char *from, const char *end, unsigned char *to)
{
	unsigned char *p = to;
	unsigned bits = 0;
	int n = 0, d;

	for (; from < end && *from != '='; from++) {
		if (strchr(" \t\r\n", *from) != NULL)
			continue;
		d = digit(*from);
		if (d < 0)
			return -1;
		bits = bits << 6 | (unsigned)d;
		n += 6;
		if (n >= 8) {
			n -= 8;
			*p++ = (unsigned char)(bits >> n);
		}
	}
	return p - to;
}

/* What stands in the envelope; borrowed. */
struct envelope { struct wire cipher, kdf, options, public, private; };

static bool
open_envelope(struct wire w, struct envelope *e)
{
	uint32_t keys;

	if (w.n < sizeof(MAGIC) || memcmp(w.p, MAGIC, sizeof(MAGIC)) != 0)
		return false;
	w.p += sizeof(MAGIC);
	w.n -= sizeof(MAGIC);
	return wire_string(&w, &e->cipher) && wire_string(&w, &e->kdf) && wire_string(&w, &e->options) && wire_u32(&w, &keys)
	    && keys == 1 && wire_string(&w, &e->public) && wire_string(&w, &e->private);
}

/* --- what is locked ------------------------------------------------------------------------ */

static const struct cipher { const char *name; const EVP_CIPHER *(*evp)(void); int key_len; } ciphers[] = {
	{ "aes256-ctr", EVP_aes_256_ctr, 32 }, { "aes192-ctr", EVP_aes_192_ctr, 24 }, { "aes128-ctr", EVP_aes_128_ctr, 16 },
	{ "aes256-cbc", EVP_aes_256_cbc, 32 }, { "aes192-cbc", EVP_aes_192_cbc, 24 }, { "aes128-cbc", EVP_aes_128_cbc, 16 },
};

/* In its place. */
static bool
decrypt(const struct cipher *c, const unsigned char *key, struct wire *w)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *to = (unsigned char *)(uintptr_t)w->p;
	int n = 0;
	bool ok = ctx != NULL && w->n > 0 && w->n % 16 == 0 && w->n < KEY_TEXT_MAX
	    && EVP_DecryptInit_ex(ctx, c->evp(), NULL, key, key + c->key_len) == 1 && EVP_CIPHER_CTX_set_padding(ctx, 0) == 1
	    && EVP_DecryptUpdate(ctx, to, &n, to, (int)w->n) == 1 && (size_t)n == w->n;

	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static int
unlock(struct envelope *e, const char *passphrase, const char **why)
{
	const struct cipher *c = ciphers, *end = ciphers + sizeof(ciphers) / sizeof(ciphers[0]);
	unsigned char key[32 + 16];
	struct wire salt;
	uint32_t rounds;
	bool ok;

	if (wire_is(e->cipher, "none"))
		return KEY_READ;
	*why = "the private key has a pass phrase, and the credential none";
	if (passphrase == NULL || passphrase[0] == '\0')
		return KEY_BAD;
	while (c < end && !wire_is(e->cipher, c->name))
		c++;
	*why = "the private key is locked by a cipher that can't be used: AES in the modes CTR and CBC can (ssh-keygen -Z)";
	if (c == end || !wire_is(e->kdf, "bcrypt"))
		return KEY_BAD;
	*why = "the private key is damaged";
	if (!wire_string(&e->options, &salt) || !wire_u32(&e->options, &rounds))
		return KEY_BAD;
	*why = "the private key's pass phrase has more rounds than can be waited for (ssh-keygen -a)";
	if (rounds > ROUNDS_MAX)
		return KEY_BAD;
	*why = "the private key is damaged";
	ok = bcrypt_pbkdf(passphrase, salt.p, salt.n, rounds, key, (size_t)c->key_len + 16) == 0 && decrypt(c, key, &e->private);
	OPENSSL_cleanse(key, sizeof(key));
	return ok ? KEY_READ : KEY_BAD;
}

/* --- from numbers to a key -------------------------------------------------------------- */

/* Parameters as OpenSSL wants them: numbers in the machine's own order, in one block that is wiped. */
struct numbers {
	OSSL_PARAM list[12];
	size_t n, used;
	unsigned char bytes[9 * NUMBER_MAX];
};

static bool
add_bn(struct numbers *to, const char *name, const BIGNUM *bn)
{
	int n = BN_num_bytes(bn);

	if (n > NUMBER_MAX || BN_is_negative(bn) || BN_bn2nativepad(bn, to->bytes + to->used, n) != n)
		return false;
	to->list[to->n++] = OSSL_PARAM_construct_BN(name, to->bytes + to->used, (size_t)n);
	to->used += (size_t)n;
	return true;
}

static EVP_PKEY *
build(struct numbers *from, const char *type)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	from->list[from->n] = OSSL_PARAM_construct_end();
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, from->list) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static BIGNUM *
next_number(struct wire *w)
{
	struct wire s;

	return wire_string(w, &s) && s.n <= NUMBER_MAX ? BN_bin2bn(s.p, (int)s.n, NULL) : NULL;
}

/* D modulo PRIME - 1. */
static bool
add_exponent(struct numbers *to, const char *name, const BIGNUM *d, const BIGNUM *prime)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *less = BN_dup(prime), *e = BN_new();
	bool ok = ctx != NULL && less != NULL && e != NULL && BN_sub_word(less, 1) == 1;

	if (ok) {
		BN_set_flags(less, BN_FLG_CONSTTIME);
		ok = BN_mod(e, d, less, ctx) == 1 && add_bn(to, name, e);
	}
	BN_clear_free(less);
	BN_clear_free(e);
	BN_CTX_free(ctx);
	return ok;
}

enum { N, E, D, IQMP, P, Q, RSA_NUMBERS };

static EVP_PKEY *
read_rsa(struct wire *w, struct numbers *to)
{
	static const char *const names[RSA_NUMBERS] = { OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
	    OSSL_PKEY_PARAM_RSA_COEFFICIENT1, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2 };
	BIGNUM *bn[RSA_NUMBERS] = { NULL };
	EVP_PKEY *key = NULL;
	bool ok = true;
	int i;

	for (i = 0; i < RSA_NUMBERS && ok; i++) {
		bn[i] = next_number(w);
		ok = bn[i] != NULL && add_bn(to, names[i], bn[i]);
	}
	ok = ok && !BN_is_zero(bn[N]) && BN_is_odd(bn[P]) && BN_is_odd(bn[Q]) && !BN_is_one(bn[P]) && !BN_is_one(bn[Q]);
	if (ok && add_exponent(to, OSSL_PKEY_PARAM_RSA_EXPONENT1, bn[D], bn[P])
	    && add_exponent(to, OSSL_PKEY_PARAM_RSA_EXPONENT2, bn[D], bn[Q]))
		key = build(to, "RSA");
	for (i = 0; i < RSA_NUMBERS; i++)
		BN_clear_free(bn[i]);
	return key;
}

static EVP_PKEY *
read_ecdsa(struct wire *w, struct numbers *to)
{
	struct wire curve, point;
	EVP_PKEY *key = NULL;
	char name[16];
	BIGNUM *d;

	if (!wire_string(w, &curve) || !wire_string(w, &point) || curve.n != 8 || memchr(curve.p, '\0', 8) != NULL)
		return NULL;
	memcpy(name, curve.p, 8);	/* nistp256: OpenSSL's P-256 */
	name[8] = '\0';
	d = next_number(w);
	if (d == NULL || memcmp(name, "nistp", 5) != 0)
		goto out;
	memcpy(name + 3, "P-", 2);
	to->list[to->n++] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name + 3, 0);
	to->list[to->n++] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point.p, point.n);
	if (add_bn(to, OSSL_PKEY_PARAM_PRIV_KEY, d))
		key = build(to, "EC");
out:
	BN_clear_free(d);
	return key;
}

static EVP_PKEY *
read_ed25519(struct wire *w, struct numbers *unused)
{
	struct wire public, secret;

	(void)unused;
	if (!wire_string(w, &public) || !wire_string(w, &secret) || public.n != 32 || secret.n != 64
	    || memcmp(secret.p + 32, public.p, 32) != 0)
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret.p, 32);
}

static const struct { const char *type; EVP_PKEY *(*read)(struct wire *, struct numbers *); } kinds[] = {
	{ "ssh-ed25519", read_ed25519 }, { "ssh-rsa", read_rsa },
	{ "ecdsa-sha2-nistp256", read_ecdsa }, { "ecdsa-sha2-nistp384", read_ecdsa }, { "ecdsa-sha2-nistp521", read_ecdsa },
};

static int
read_private(EVP_PKEY **out, struct wire w, bool locked, const char **why)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));
	uint32_t check[2];
	struct wire type;
	size_t i;

	*why = locked ? "the pass phrase does not fit the private key" : "the private key is damaged";
	if (numbers == NULL || !wire_u32(&w, &check[0]) || !wire_u32(&w, &check[1]) || check[0] != check[1] || !wire_string(&w, &type)) {
		free(numbers);
		return KEY_BAD;
	}
	*why = "the private key is damaged";
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !wire_is(type, kinds[i].type); i++)
		;
	if (i < sizeof(kinds) / sizeof(kinds[0]))
		*out = kinds[i].read(&w, numbers);
	else
		*why = "a key of that kind can't be used: ed25519, ECDSA and RSA can";
	OPENSSL_cleanse(numbers, sizeof(*numbers));
	free(numbers);
	return *out == NULL ? KEY_BAD : KEY_READ;
}

int
key_openssh_read(EVP_PKEY **out, const char *text, const char *passphrase, const char **why)
{
	const char *from = strstr(text, BEGIN) + strlen(BEGIN), *end = strstr(from, END);
	size_t room = end == NULL ? 0 : (size_t)(end - from);
	unsigned char *bytes = malloc(room + 1);
	struct envelope e;
	int r = KEY_BAD;
	long n;

	*out = NULL;
	*why = "the private key's end is missing";
	if (bytes == NULL || end == NULL)
		goto out;
	*why = "the private key is damaged";
	n = decode(from, end, bytes);
	if (n >= 0 && open_envelope((struct wire){ bytes, (size_t)n }, &e))
		r = unlock(&e, passphrase, why);
	if (r == KEY_READ)
		r = read_private(out, e.private, !wire_is(e.cipher, "none"), why);
out:
	if (bytes != NULL)
		OPENSSL_cleanse(bytes, room);
	free(bytes);
	return r;
}
