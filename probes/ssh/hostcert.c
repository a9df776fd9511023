/* SPDX-License-Identifier: Apache-2.0 */
/* hostcert - see hostcert.h. */
#include "hostcert.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"
#include "wire.h"

#define HOST_CERTIFICATE 2u	/* 1 is that of a user */
#define BLOB_MAX 16384

const char hostcert_algorithms[] = "ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,"
    "rsa-sha2-256-cert-v01@openssh.com";

/* How many strings the key itself has in the certificate, by its type. */
static const struct { const char *type; int fields; } kinds[] = {
	{ "ssh-ed25519-cert-v01@openssh.com", 1 },
	{ "ecdsa-sha2-nistp256-cert-v01@openssh.com", 2 },
	{ "ecdsa-sha2-nistp384-cert-v01@openssh.com", 2 },
	{ "ecdsa-sha2-nistp521-cert-v01@openssh.com", 2 },
	{ "ssh-rsa-cert-v01@openssh.com", 2 },
	{ "rsa-sha2-256-cert-v01@openssh.com", 2 },
	{ "rsa-sha2-512-cert-v01@openssh.com", 2 },
};

static int
fields_of(struct wire type)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (wire_is(type, kinds[i].type))
			return kinds[i].fields;
	return 0;
}

bool
hostcert_is(const char *type)
{
	return fields_of((struct wire){ (const unsigned char *)type, strlen(type) }) > 0;
}

/* --- the authority's key, and its signature ------------------------------------------------ */

/* Names are OpenSSL's; the digest is what the type of signature says (RFC 5656, 6.2.1; RFC 8332). */
static const struct { const char *type, *curve, *digest; } signatures[] = {
	{ "ssh-ed25519", NULL, NULL },
	{ "ecdsa-sha2-nistp256", "P-256", "SHA256" },
	{ "ecdsa-sha2-nistp384", "P-384", "SHA384" },
	{ "ecdsa-sha2-nistp521", "P-521", "SHA512" },
	{ "rsa-sha2-256", NULL, "SHA256" },
	{ "rsa-sha2-512", NULL, "SHA512" },
};
#define SIGNATURES (sizeof(signatures) / sizeof(signatures[0]))

static EVP_PKEY *
key_from(const char *kind, OSSL_PARAM_BLD *b)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *
read_rsa(struct wire key)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *e = NULL, *n = NULL;
	struct wire we, wn;
	EVP_PKEY *out = NULL;

	if (b != NULL && wire_string(&key, &we) && wire_string(&key, &wn) && wn.n <= 2049 && we.n <= 64) {
		e = BN_bin2bn(we.p, (int)we.n, NULL);
		n = BN_bin2bn(wn.p, (int)wn.n, NULL);
	}
	if (e != NULL && n != NULL && BN_num_bits(n) >= 2048 && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		out = key_from("RSA", b);
	BN_free(e);
	BN_free(n);
	OSSL_PARAM_BLD_free(b);
	return out;
}

static EVP_PKEY *
read_ec(struct wire key, const char *curve)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	struct wire name, point;
	EVP_PKEY *out = NULL;

	if (b != NULL && wire_string(&key, &name) && wire_string(&key, &point) && point.n <= 200 &&
	    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) == 1)
		out = key_from("EC", b);
	OSSL_PARAM_BLD_free(b);
	return out;
}

/* The key in BLOB, for a signature of type S. */
static EVP_PKEY *
read_key(struct wire blob, size_t s)
{
	struct wire type, raw;

	if (!wire_string(&blob, &type))
		return NULL;
	if (strncmp(signatures[s].type, "rsa-", 4) == 0)
		return wire_is(type, "ssh-rsa") ? read_rsa(blob) : NULL;
	if (!wire_is(type, signatures[s].type))
		return NULL;
	if (signatures[s].curve != NULL)
		return read_ec(blob, signatures[s].curve);
	return wire_string(&blob, &raw) && raw.n == 32 ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw.p, raw.n) : NULL;
}

/* Two numbers, as OpenSSL wants them: DER. The caller's. */
static unsigned char *
ecdsa_der(struct wire sig, int *len)
{
	ECDSA_SIG *made = ECDSA_SIG_new();
	BIGNUM *r = NULL, *s = NULL;
	struct wire wr, ws;
	unsigned char *der = NULL;

	*len = 0;
	if (wire_string(&sig, &wr) && wire_string(&sig, &ws) && wr.n <= 80 && ws.n <= 80) {
		r = BN_bin2bn(wr.p, (int)wr.n, NULL);
		s = BN_bin2bn(ws.p, (int)ws.n, NULL);
	}
	if (made != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(made, r, s) == 1) {
		r = s = NULL;
		*len = i2d_ECDSA_SIG(made, &der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(made);
	return *len > 0 ? der : NULL;
}

static bool
verify(EVP_PKEY *key, size_t s, struct wire sig, const unsigned char *what, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int len = (int)sig.n;
	unsigned char *der = signatures[s].curve != NULL ? ecdsa_der(sig, &len) : NULL;
	const unsigned char *bytes = signatures[s].curve != NULL ? der : sig.p;
	bool good = key != NULL && ctx != NULL && bytes != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, signatures[s].digest, NULL, NULL, key, NULL) == 1 &&
	    EVP_DigestVerify(ctx, bytes, (size_t)len, what, n) == 1;

	OPENSSL_free(der);
	EVP_MD_CTX_free(ctx);
	return good;
}

/* SIGNATURE by AUTHORITY over the N bytes at WHAT. */
static bool
is_signed(struct wire authority, struct wire signature, const unsigned char *what, size_t n)
{
	struct wire type, sig;
	EVP_PKEY *key;
	size_t s;
	bool good;

	if (!wire_string(&signature, &type) || !wire_string(&signature, &sig) || signature.n != 0)
		return false;
	for (s = 0; s < SIGNATURES && !wire_is(type, signatures[s].type); s++)
		;
	if (s == SIGNATURES)	/* SHA-1, DSA, or nothing known */
		return false;
	key = read_key(authority, s);
	good = verify(key, s, sig, what, n);
	EVP_PKEY_free(key);
	return good;
}

/* --- what the certificate says --------------------------------------------------------------- */

struct cert {
	uint32_t kind;
	uint64_t from, to;		/* seconds since 1970 */
	struct wire principals, critical, authority, signature;
	size_t signed_len;
};

static bool
read_u64(struct wire *w, uint64_t *out)
{
	uint32_t high, low;

	if (!wire_u32(w, &high) || !wire_u32(w, &low))
		return false;
	*out = (uint64_t)high << 32 | low;
	return true;
}

static bool
read_cert(struct cert *c, const unsigned char *blob, size_t n)
{
	struct wire w = { blob, n }, type, part;
	uint64_t serial;
	int fields, i;

	if (n > BLOB_MAX || !wire_string(&w, &type) || (fields = fields_of(type)) == 0 || !wire_string(&w, &part) /* nonce */)
		return false;
	for (i = 0; i < fields; i++)
		if (!wire_string(&w, &part))
			return false;
	if (!read_u64(&w, &serial) || !wire_u32(&w, &c->kind) || !wire_string(&w, &part) /* key id */ || !wire_string(&w, &c->principals) ||
	    !read_u64(&w, &c->from) || !read_u64(&w, &c->to) || !wire_string(&w, &c->critical) || !wire_string(&w, &part) /* extensions */ ||
	    !wire_string(&w, &part) /* reserved */ || !wire_string(&w, &c->authority))
		return false;
	c->signed_len = n - w.n;
	return wire_string(&w, &c->signature) && w.n == 0;
}

/* None at all means any host (PROTOCOL.certkeys). Names may hold * and ?, and are compared without regard to case. */
static bool
is_for(const struct cert *c, const char *name)
{
	struct wire w = c->principals, one;
	char pattern[256];

	if (w.n == 0)
		return true;
	while (name != NULL && wire_string(&w, &one)) {
		if (one.n >= sizeof(pattern) || memchr(one.p, 0, one.n) != NULL)
			continue;
		memcpy(pattern, one.p, one.n);
		pattern[one.n] = '\0';
		if (fnmatch(pattern, name, FNM_CASEFOLD) == 0)
			return true;
	}
	return false;
}

/* Is the authority among those that are trusted for this host? */
static bool
is_trusted(const char *authorities, struct wire authority)
{
	struct str rest = str_of(authorities), type, key;
	unsigned char *bytes;
	bool found = false;
	int n;

	while (!found && str_word(&rest, &type) && str_word(&rest, &key)) {
		bytes = malloc(key.n / 4 * 3 + 4);
		if (bytes == NULL || key.n > BLOB_MAX)
			n = -1;
		else
			n = EVP_DecodeBlock(bytes, (const unsigned char *)key.p, (int)key.n);
		while (n > 0 && key.n > 0 && key.p[key.n - 1] == '=') {
			key.n--;
			n--;
		}
		found = n > 0 && (size_t)n == authority.n && memcmp(bytes, authority.p, authority.n) == 0;
		free(bytes);
	}
	return found;
}

int
hostcert_judge(const struct hostcert_want *want, const unsigned char *blob, size_t n, char why[300])
{
	struct cert c;
	const char *wrong = NULL;

	if (!read_cert(&c, blob, n))
		wrong = "it cannot be read";
	else if (c.kind != HOST_CERTIFICATE)
		wrong = "it is that of a user, not of a host";
	else if (!is_trusted(want->authorities, c.authority))
		wrong = "its authority is not one that is trusted for this host (midctl hostkeys list)";
	else if (!is_signed(c.authority, c.signature, blob, c.signed_len))
		wrong = "its signature is not its authority's, or one of SHA-1";
	else if (c.critical.n > 0)
		wrong = "it holds a condition that is not known here";
	else if (want->now_s < 0 || (uint64_t)want->now_s < c.from)
		wrong = "it is not yet in force";
	else if ((uint64_t)want->now_s >= c.to)
		wrong = "it has expired";
	else if (!is_for(&c, want->names[0]) && !is_for(&c, want->names[1]))
		wrong = "it is for other names than this host is called by";
	if (wrong != NULL)
		snprintf(why, 300, "the host's certificate is not accepted: %s", wrong);
	return wrong == NULL ? 0 : -1;
}
