/* SPDX-License-Identifier: Apache-2.0 */
/* usm - see usm.h. Which report means what stands in a table. */
#include "usm.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "usm_keys.h"

#define ENGINES_MAX 3u		/* learned in one session: more is a device that plays with us */
#define SIZE_MAX_OURS 65507

static bool
given(const char *s)
{
	return s != NULL && s[0] != '\0';
}

static int
init_keys(struct usm *u, struct usm_phrases *p, const struct usm_account *a, const char **why)
{
	if (given(a->auth_key) || given(a->auth_protocol)) {
		u->auth = usm_auth_named(given(a->auth_protocol) ? a->auth_protocol : "SHA");
		*why = "the credential's auth_protocol is none of MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512, or it has no auth_key";
		if (u->auth == NULL || !given(a->auth_key) || usm_phrase_cached(p, u->auth, a->auth_key, u->auth_ku) < 0)
			return -1;
	}
	if (given(a->priv_key) || given(a->priv_protocol)) {
		u->priv = usm_priv_named(given(a->priv_protocol) ? a->priv_protocol : "AES");
		*why = "the credential's priv_protocol is none of DES, 3DES, AES128, AES192, AES256, AES192C, AES256C, or it has no priv_key or auth_key";
		if (u->priv == NULL || u->auth == NULL || !given(a->priv_key) || usm_phrase_cached(p, u->auth, a->priv_key, u->priv_ku) < 0)
			return -1;
	}
	return 0;
}

int
usm_init(struct usm *u, struct usm_phrases *p, const struct usm_account *a, uint64_t salt, const char **why)
{
	*u = (struct usm){ .salt = salt };
	*why = "the credential has no user, or one that is too long";
	if (!given(a->user) || strlen(a->user) >= sizeof(u->user))
		return -1;
	snprintf(u->user, sizeof(u->user), "%s", a->user);
	snprintf(u->context, sizeof(u->context), "%s", given(a->context) ? a->context : "");
	return init_keys(u, p, a, why);
}

/* --- writing -------------------------------------------------------------------------------- */

/* The IV: from the time for AES, from the end of the key for DES. */
static void
make_iv(const struct usm *u, int32_t boots, int32_t now, const uint8_t salt[8], uint8_t iv[16])
{
	const uint32_t words[2] = { (uint32_t)boots, (uint32_t)now };
	unsigned i;

	if (u->priv->block) {
		for (i = 0; i < 8; i++)
			iv[i] = u->priv_key[u->priv->key - 8 + i] ^ salt[i];
		return;
	}
	for (i = 0; i < 8; i++)
		iv[i] = (uint8_t)(words[i / 4] >> (24 - i % 4 * 8));
	memcpy(iv + 8, salt, 8);
}

/* N bytes in place, whole blocks where there are blocks. */
static int
crypt_bytes(const struct usm *u, bool encrypt, const uint8_t iv[16], uint8_t *data, size_t n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t key[EVP_MAX_KEY_LENGTH];
	int done = 0, ok;

	memcpy(key, u->priv_key, u->priv->key);
	if (u->priv->spread != NULL)
		u->priv->spread(u->priv_key, key);
	ok = ctx != NULL && EVP_CipherInit_ex(ctx, u->priv->cipher(), NULL, key, iv, encrypt) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 && EVP_CipherUpdate(ctx, data, &done, data, (int)n) == 1 && (size_t)done == n;
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(key, sizeof(key));
	return ok ? 0 : -1;
}

static void
write_scoped(const struct usm *u, struct ber_out *o, const struct ask *a)
{
	size_t mark = out_len(o);

	ask_write(o, a);
	out_octets(o, u->context, strlen(u->context));
	out_octets(o, u->engine, u->engine_n);
	out_wrap(o, BER_SEQUENCE, mark);
}

/* The scoped PDU becomes an octet string; padding behind it is zeros that were there first. */
static int
write_secret(struct usm *u, struct ber_out *o, const struct ask *a, uint8_t salt[8])
{
	static const uint8_t zeros[8];
	struct ber_out measure = *o;
	size_t mark = out_len(o), pad, n;
	uint8_t iv[16];
	unsigned i;

	write_scoped(u, &measure, a);
	n = out_len(&measure) - mark;
	pad = u->priv->block ? (8 - n % 8) % 8 : 0;
	out_bytes(o, zeros, pad);
	write_scoped(u, o, a);
	if (o->full)
		return -1;
	u->salt++;
	for (i = 0; i < 8; i++)
		salt[i] = (uint8_t)(u->salt >> (56 - i * 8));
	make_iv(u, u->boots, u->time, salt, iv);
	if (crypt_bytes(u, true, iv, o->at, n + pad) < 0)
		return -1;
	out_head(o, BER_OCTETS, n + pad);
	return 0;
}

static void
write_header(struct ber_out *o, int32_t id, uint8_t flags)
{
	size_t mark = out_len(o);

	out_int(o, 3);		/* USM */
	out_octets(o, &flags, 1);
	out_int(o, SIZE_MAX_OURS);
	out_int(o, id);
	out_wrap(o, BER_SEQUENCE, mark);
}

/* MAC_AT: how far from the end the place of the MAC begins. */
static void
write_security(const struct usm *u, struct ber_out *o, bool secure, const uint8_t *salt, size_t *mac_at)
{
	static const uint8_t zeros[48];
	size_t octets = out_len(o), sequence = octets;

	out_octets(o, salt, salt == NULL ? 0 : 8);
	out_bytes(o, zeros, secure ? u->auth->mac : 0);
	*mac_at = out_len(o);
	out_head(o, BER_OCTETS, secure ? u->auth->mac : 0);
	out_octets(o, u->user, u->engine_n == 0 ? 0 : strlen(u->user));
	out_int(o, u->time);
	out_int(o, u->boots);
	out_octets(o, u->engine, u->engine_n);
	out_wrap(o, BER_SEQUENCE, sequence);
	out_wrap(o, BER_OCTETS, octets);
}

static int
make_mac(const struct usm *u, const uint8_t *data, size_t n, uint8_t *mac)
{
	uint8_t whole[EVP_MAX_MD_SIZE];

	if (HMAC(u->auth->md(), u->auth_key, (int)u->auth->key, data, n, whole, NULL) == NULL)
		return -1;
	memcpy(mac, whole, u->auth->mac);
	return 0;
}

/* Who it is and what time it has is asked with nothing but the question. */
static int
write_discovery(const struct usm *u, struct ber_out *o, const struct ask *a)
{
	const struct ask empty = { .type = PDU_GET, .id = a->id };
	size_t mark = out_len(o), mac_at;

	write_scoped(u, o, &empty);
	write_security(u, o, false, NULL, &mac_at);
	write_header(o, a->id, FLAG_REPORTABLE);
	out_int(o, SNMP_V3);
	out_wrap(o, BER_SEQUENCE, mark);
	return o->full ? -1 : 0;
}

int
usm_write(struct usm *u, struct ber_out *o, const struct ask *a)
{
	uint8_t flags = FLAG_REPORTABLE, salt[8];
	size_t mark = out_len(o), mac_at;

	if (u->engine_n == 0)
		return write_discovery(u, o, a);
	if (u->auth != NULL)
		flags |= FLAG_AUTH;
	if (u->priv != NULL)
		flags |= FLAG_PRIV;
	if (u->priv == NULL)
		write_scoped(u, o, a);
	else if (write_secret(u, o, a, salt) < 0)
		return -1;
	write_security(u, o, u->auth != NULL, u->priv == NULL ? NULL : salt, &mac_at);
	write_header(o, a->id, flags);
	out_int(o, SNMP_V3);
	out_wrap(o, BER_SEQUENCE, mark);
	if (o->full)
		return -1;
	return u->auth == NULL ? 0 : make_mac(u, o->at, out_len(o) - mark, o->end - mac_at);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The datagram was made with zeros where the MAC stands. */
static bool
authentic(const struct usm *u, const struct message *m, uint8_t *data, size_t len)
{
	uint8_t theirs[48], ours[48], *at = data + (m->auth.at - data);
	bool same;

	if (u->auth == NULL || m->auth.n != u->auth->mac)
		return false;
	memcpy(theirs, at, u->auth->mac);
	memset(at, 0, u->auth->mac);
	same = make_mac(u, data, len, ours) == 0 && CRYPTO_memcmp(ours, theirs, u->auth->mac) == 0;
	memcpy(at, theirs, u->auth->mac);
	return same;
}

static int
make_keys(struct usm *u)
{
	if (u->auth != NULL && usm_localise(u->auth, u->auth_ku, u->engine, u->engine_n, u->auth_key) < 0)
		return -1;
	if (u->priv == NULL)
		return 0;
	if (usm_localise(u->auth, u->priv_ku, u->engine, u->engine_n, u->priv_key) < 0)
		return -1;
	return usm_extend(u->auth, u->priv, u->engine, u->engine_n, u->priv_key);
}

static enum usm_read
refused(struct usm *u, const char *why)
{
	u->why = why;
	return USM_REFUSED;
}

static enum usm_read
learn_engine(struct usm *u, const struct message *m)
{
	bool same = m->engine.n == u->engine_n && m->engine.n > 0 && memcmp(m->engine.at, u->engine, u->engine_n) == 0;

	if (m->engine.n == 0 || same)	/* an old report, or one that helps nobody */
		return USM_DROP;
	if (u->learned++ >= ENGINES_MAX)
		return refused(u, "the agent calls itself by another engine ID each time");
	memcpy(u->engine, m->engine.at, m->engine.n);
	u->engine_n = (unsigned)m->engine.n;
	u->boots = m->boots;
	u->time = m->time;
	u->timed = false;
	return make_keys(u) < 0 ? refused(u, "the keys for this agent could not be made") : USM_ASK_AGAIN;
}

/*
 * An authentic message with the fresh id of our question can't be a replay: so
 * its time is taken even when it has gone back, as after a reset of the device.
 */
static void
learn_time(struct usm *u, const struct message *m)
{
	u->boots = m->boots;
	u->time = m->time;
	u->timed = true;
}

enum report { R_LEVEL = 1, R_TIME, R_USER, R_ENGINE, R_DIGEST, R_DECRYPT };

static const char *const refusals[] = {
	[R_LEVEL] = "the agent does not take this security level from the user",
	[R_USER] = "the agent does not know the user",
	[R_DIGEST] = "the agent says that the auth_key or auth_protocol is wrong",
	[R_DECRYPT] = "the agent says that the priv_key or priv_protocol is wrong",
};

/* Which of usmStats it is: 1.3.6.1.6.3.15.1.1.N.0. 0: none. */
static unsigned
report_of(struct pdu *pdu)
{
	static const uint32_t stats[] = { 1, 3, 6, 1, 6, 3, 15, 1, 1 };
	struct varbind_room room;
	struct slice in = pdu->varbinds;
	struct varbind vb;

	if (varbind_next(&in, &room, &vb) != 1 || !oid_under(vb.oid, vb.oid_n, stats, 9) || vb.oid_n < 10)
		return 0;
	return vb.oid[9];
}

static enum usm_read
read_report(struct usm *u, const struct message *m, bool sure)
{
	struct pdu pdu;
	unsigned what;

	if ((m->flags & FLAG_PRIV) != 0 || scoped_read(m->data, &pdu) < 0 || pdu.type != PDU_REPORT)
		return USM_DROP;
	what = report_of(&pdu);
	if (what == R_ENGINE)
		return learn_engine(u, m);
	if (what == R_TIME && sure) {
		learn_time(u, m);
		return USM_ASK_AGAIN;
	}
	if (what < sizeof(refusals) / sizeof(refusals[0]) && refusals[what] != NULL)
		return refused(u, refusals[what]);
	return USM_DROP;
}

static bool
decipher(const struct usm *u, const struct message *m, uint8_t *data, struct slice *clear)
{
	uint8_t iv[16];
	uint8_t *at = data + (m->data.at - data);

	if (m->salt.n != 8 || (u->priv->block && m->data.n % 8 != 0) || m->data.n > INT32_MAX)
		return false;
	make_iv(u, m->boots, m->time, m->salt.at, iv);
	if (crypt_bytes(u, false, iv, at, m->data.n) < 0)
		return false;
	*clear = m->data;
	return true;
}

enum usm_read
usm_read(struct usm *u, const struct message *m, struct pdu *out, uint8_t *data, size_t len)
{
	struct slice clear = m->data;
	bool sure = (m->flags & FLAG_AUTH) != 0 && u->engine_n > 0 && authentic(u, m, data, len);

	if ((m->flags & FLAG_PRIV) == 0 && (!sure || u->priv != NULL))
		switch (read_report(u, m, sure)) {
		case USM_ASK_AGAIN: return USM_ASK_AGAIN;
		case USM_REFUSED: return USM_REFUSED;
		default: break;
		}
	if (u->engine_n == 0 || (u->auth != NULL && !sure) || (u->priv != NULL) != ((m->flags & FLAG_PRIV) != 0))
		return USM_DROP;
	if (m->engine.n != u->engine_n || memcmp(m->engine.at, u->engine, u->engine_n) != 0 ||
	    m->user.n != strlen(u->user) || memcmp(m->user.at, u->user, m->user.n) != 0)
		return USM_DROP;
	if (u->priv != NULL && !decipher(u, m, data, &clear))
		return USM_DROP;
	if (scoped_read(clear, out) < 0)
		return USM_DROP;
	if (out->type == PDU_REPORT)
		return read_report(u, &(struct message){ .flags = 0, .engine = m->engine, .boots = m->boots, .time = m->time, .data = clear }, sure);
	if (out->type != PDU_RESPONSE || out->id != m->id)
		return USM_DROP;
	learn_time(u, m);
	return USM_ANSWER;
}
