/* SPDX-License-Identifier: Apache-2.0 */
/* bcrypt - see bcrypt.h. */
#include "bcrypt.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#define WORDS 8			/* of 32 bits: what one hash gives */
#define SALT_MAX 64

/* Blowfish (Schneier 1993) with the key schedule of bcrypt (Provos, Mazieres 1999). */
struct blowfish { uint32_t p[18], s[4][256]; };

static const uint32_t pi[18 + 4 * 256] = {
#include "bcrypt_pi.h"
};

static uint32_t
f(const struct blowfish *b, uint32_t x)
{
	return ((b->s[0][x >> 24] + b->s[1][x >> 16 & 0xff]) ^ b->s[2][x >> 8 & 0xff]) + b->s[3][x & 0xff];
}

static void
encrypt(const struct blowfish *b, uint32_t *left, uint32_t *right)
{
	uint32_t l = *left ^ b->p[0], r = *right;
	int i;

	for (i = 1; i <= 16; i += 2) {
		r ^= f(b, l) ^ b->p[i];
		l ^= f(b, r) ^ b->p[i + 1];
	}
	*left = r ^ b->p[17];
	*right = l;
}

/* The next four of 64 bytes, which follow each other in a circle. */
static uint32_t
next_word(const unsigned char from[64], unsigned *at)
{
	const unsigned char *p = from + *at;

	*at = (*at + 4) % 64;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* KEY into the state; with SALT (or NULL) into what is encrypted for it. */
static void
expand(struct blowfish *b, const unsigned char *salt, const unsigned char key[64])
{
	uint32_t *word, l = 0, r = 0;
	unsigned at = 0, salt_at = 0;
	size_t i;

	for (i = 0; i < 18; i++)
		b->p[i] ^= next_word(key, &at);
	for (i = 0; i < sizeof(*b) / sizeof(uint32_t); i += 2) {
		if (salt != NULL) {
			l ^= next_word(salt, &salt_at);
			r ^= next_word(salt, &salt_at);
		}
		encrypt(b, &l, &r);
		word = i < 18 ? &b->p[i] : &b->s[(i - 18) / 256][(i - 18) % 256];
		word[0] = l;
		word[1] = r;
	}
}

static void
hash(const unsigned char phrase[64], const unsigned char salt[64], unsigned char out[4 * WORDS])
{
	static const unsigned char begin[64] = "OxychromaticBlowfishSwatDynamite";
	struct blowfish b;
	uint32_t words[WORDS];
	unsigned at = 0;
	int i, j;

	memcpy(&b, pi, sizeof(b));
	expand(&b, salt, phrase);
	for (i = 0; i < 64; i++) {
		expand(&b, NULL, salt);
		expand(&b, NULL, phrase);
	}
	for (i = 0; i < WORDS; i++)
		words[i] = next_word(begin, &at);
	for (i = 0; i < 64; i++)
		for (j = 0; j < WORDS; j += 2)
			encrypt(&b, &words[j], &words[j + 1]);
	for (i = 0; i < WORDS; i++)
		for (j = 0; j < 4; j++)
			out[4 * i + j] = (unsigned char)(words[i] >> 8 * j);
	OPENSSL_cleanse(&b, sizeof(b));
	OPENSSL_cleanse(words, sizeof(words));
}

/* Block N, from 1: all its rounds, one over the other. */
static void
block(const unsigned char phrase[64], const unsigned char *salt, size_t salt_len, uint32_t n, uint32_t rounds, unsigned char out[4 * WORDS])
{
	unsigned char salted[SALT_MAX + 4], sum[64], one[4 * WORDS];
	int i;

	memcpy(salted, salt, salt_len);
	for (i = 0; i < 4; i++)
		salted[salt_len + (size_t)i] = (unsigned char)(n >> (24 - 8 * i));
	SHA512(salted, salt_len + 4, sum);
	hash(phrase, sum, one);
	memcpy(out, one, sizeof(one));
	while (--rounds > 0) {
		SHA512(one, sizeof(one), sum);
		hash(phrase, sum, one);
		for (i = 0; i < 4 * WORDS; i++)
			out[i] ^= one[i];
	}
	OPENSSL_cleanse(one, sizeof(one));
	OPENSSL_cleanse(sum, sizeof(sum));
}

/* Byte I of block N goes to I * BLOCKS + N - 1: whoever wants the first bytes has to make all blocks. */
int
bcrypt_pbkdf(const char *phrase, const void *salt, size_t salt_len, uint32_t rounds, unsigned char *out, size_t out_len)
{
	unsigned char sum[64], made[4 * WORDS];
	size_t blocks = (out_len + sizeof(made) - 1) / sizeof(made), n, i;

	if (out_len == 0 || out_len > BCRYPT_OUT_MAX || rounds == 0 || salt_len > SALT_MAX)
		return -1;
	SHA512((const unsigned char *)phrase, strlen(phrase), sum);
	for (n = 0; n < blocks; n++) {
		block(sum, salt, salt_len, (uint32_t)n + 1, rounds, made);
		for (i = 0; i < sizeof(made) && i * blocks + n < out_len; i++)
			out[i * blocks + n] = made[i];
	}
	OPENSSL_cleanse(sum, sizeof(sum));
	OPENSSL_cleanse(made, sizeof(made));
	return 0;
}
