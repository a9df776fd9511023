/* SPDX-License-Identifier: Apache-2.0 */
/* keyring - see keyring.h. */
#include "keyring.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"

struct held {
	struct held *next;
	unsigned char what[SHA256_DIGEST_LENGTH];	/* of text and pass phrase */
	struct key *key;
	unsigned uses;
};

struct keyring { struct held *first; };

/* With the end of each string, so that none can be moved into the other. */
static void
digest(const char *text, const char *passphrase, unsigned char out[SHA256_DIGEST_LENGTH])
{
	unsigned char both[2 * SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, strlen(text), both);
	SHA256((const unsigned char *)passphrase, strlen(passphrase), both + SHA256_DIGEST_LENGTH);
	SHA256(both, sizeof(both), out);
	OPENSSL_cleanse(both, sizeof(both));
}

struct keyring *
keyring_new(void)
{
	return calloc(1, sizeof(struct keyring));
}

static void
drop(struct held **from)
{
	struct held *h = *from;

	*from = h->next;
	key_free(h->key);
	OPENSSL_cleanse(h, sizeof(*h));
	free(h);
}

void
keyring_free(struct keyring *r)
{
	if (r == NULL)
		return;
	while (r->first != NULL)
		drop(&r->first);
	free(r);
}

int
keyring_take(struct keyring *r, const char *text, const char *passphrase, const struct key **out, const char **why)
{
	unsigned char what[SHA256_DIGEST_LENGTH];
	struct held *h;

	digest(text, passphrase == NULL ? "" : passphrase, what);
	for (h = r->first; h != NULL && CRYPTO_memcmp(h->what, what, sizeof(what)) != 0; h = h->next)
		;
	if (h == NULL) {
		h = calloc(1, sizeof(*h));
		*why = "out of memory";
		if (h == NULL || key_read(&h->key, text, passphrase, why) != KEY_READ) {
			free(h);
			return KEY_BAD;
		}
		memcpy(h->what, what, sizeof(what));
		h->next = r->first;
		r->first = h;
	}
	h->uses++;
	*out = h->key;
	return KEY_READ;
}

void
keyring_give(struct keyring *r, const struct key *k)
{
	struct held **from = &r->first;

	while (*from != NULL && (*from)->key != k)
		from = &(*from)->next;
	if (k != NULL && *from != NULL && --(*from)->uses == 0)
		drop(from);
}
