/* SPDX-License-Identifier: Apache-2.0 */
/* text - bytes as text: base64, ids, hashes. See seal.h. */
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "seal/seal.h"

#define CHUNK (3 * 65536)	/* whole groups of three: padding only at the end */

int
seal_base64(struct buf *out, const void *p, size_t len)
{
	const unsigned char *from = p;
	size_t n;
	char *to;

	if (len / 3 >= out->max / 4 || buf_room(out, (len + 2) / 3 * 4) == NULL)
		return -E_FULL;
	for (; len > 0; from += n, len -= n) {
		n = len < CHUNK ? len : CHUNK;
		to = buf_room(out, (n + 2) / 3 * 4);
		out->len += (size_t)EVP_EncodeBlock((unsigned char *)to, from, (int)n);
	}
	return 0;
}

static void
hex16(char out[33], EVP_MD_CTX *md)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[32];

	EVP_DigestFinal_ex(md, hash, NULL);
	EVP_MD_CTX_free(md);
	for (int i = 0; i < 16; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
	out[32] = '\0';
}

static EVP_MD_CTX *
begin(void)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	return md;
}

/* The NUL behind each string keeps ("ab", "c") apart from ("a", "bc"). */
void
seal_id(char out[33], const char *tag, const char *a, uint64_t n)
{
	EVP_MD_CTX *md = begin();
	unsigned char le[8];

	for (int i = 0; i < 8; i++)
		le[i] = (unsigned char)(n >> (8 * i));
	EVP_DigestUpdate(md, tag, strlen(tag) + 1);
	EVP_DigestUpdate(md, a, strlen(a) + 1);
	EVP_DigestUpdate(md, le, sizeof(le));
	hex16(out, md);
}

void
seal_hash(char out[33], const void *p, size_t len)
{
	EVP_MD_CTX *md = begin();

	EVP_DigestUpdate(md, p, len);
	hex16(out, md);
}
