/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - the sealing key: agreed with the instance once a day, so that a result
 * costs a key wrap and not a public-key operation.
 *
 * It is 32 random bytes in an envelope of their own to the instance's
 * certificate. Each result's envelope has a content key of its own, wrapped in
 * the sealing key (KEKRecipientInfo, RFC 5652 section 6.2.3), and carries the
 * sealing key's envelope as the "other" of its key identifier: so each can be
 * opened by itself, by whoever has the instance's key and nothing else.
 */
#include <openssl/cms.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <string.h>

#include "err.h"
#include "seal/inside.h"
#include "secret.h"

#define RENEW_NS (24ull * 3600 * 1000000000)
#define RENEW_USES (1u << 24)		/* far below what AES key wrap bears */

void
sealing_key_fini(struct sealing_key *k)
{
	ASN1_TYPE_free(k->wrapped);
	secret_wipe(k, sizeof(*k));
}

static ASN1_TYPE *
as_sequence(BIO *der)
{
	ASN1_TYPE *t = ASN1_TYPE_new();
	ASN1_STRING *s = ASN1_STRING_new();
	char *p;
	long n = BIO_get_mem_data(der, &p);

	ASN1_STRING_set(s, p, (int)n);
	ASN1_TYPE_set(t, V_ASN1_SEQUENCE, s);
	return t;
}

static int
make(const struct seal *s, struct sealing_key *k, struct err *err)
{
	BIO *der;
	int r;

	memset(k, 0, sizeof(*k));
	if (RAND_priv_bytes(k->key, sizeof(k->key)) != 1 || RAND_bytes(k->id, sizeof(k->id)) != 1)
		return seal_error(err, E_INTERNAL, "seal: no random bytes for a sealing key");
	r = seal_to_certificate(s, &der, k->key, sizeof(k->key), err);
	if (r < 0)
		return r;
	k->wrapped = as_sequence(der);
	k->born = uv_hrtime();
	BIO_free(der);
	return 0;
}

static void
copy(struct sealing_key *to, const struct sealing_key *from)
{
	*to = *from;
	to->wrapped = ASN1_TYPE_new();
	ASN1_TYPE_set1(to->wrapped, V_ASN1_SEQUENCE, from->wrapped->value.sequence);
}

/* Under the lock. */
static bool
copy_unless_due(struct seal *s, struct sealing_key *to)
{
	struct sealing_key *k = &s->results;

	if (k->wrapped == NULL || uv_hrtime() - k->born >= RENEW_NS || k->uses >= RENEW_USES)
		return false;
	k->uses++;
	copy(to, k);
	return true;
}

int
sealing_key_take(struct seal *s, struct sealing_key *to, struct err *err)
{
	struct sealing_key fresh, old;
	bool have;
	int r;

	uv_mutex_lock(&s->lock);
	have = copy_unless_due(s, to);
	uv_mutex_unlock(&s->lock);
	if (have)
		return 0;
	r = make(s, &fresh, err);
	if (r < 0) {
		sealing_key_fini(&fresh);
		return r;
	}
	copy(to, &fresh);
	uv_mutex_lock(&s->lock);	/* two threads may have made one each: both are good */
	old = s->results;
	s->results = fresh;
	uv_mutex_unlock(&s->lock);
	sealing_key_fini(&old);
	secret_wipe(&fresh, sizeof(fresh));
	return 0;
}
