/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unseal - see the header.
 */
#include "unseal.h"

#include <json-c/json.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "certs.h"
#include "db.h"
#include "files.h"
#include "http.h"
#include "instance.h"

#define KEY_LEN 32

struct seal {
	X509 *cert;
	EVP_PKEY *key;
	X509_STORE *trusted;
	pthread_mutex_t lock;		/* guards the two below */
	ASN1_STRING *wrapped;		/* the sealing key last opened: sealed, */
	unsigned char wrapped_key[KEY_LEN];	/* and open */
};

void
seal_close(struct seal *s)
{
	if (s == NULL)
		return;
	X509_free(s->cert);
	EVP_PKEY_free(s->key);
	X509_STORE_free(s->trusted);
	ASN1_STRING_free(s->wrapped);
	pthread_mutex_destroy(&s->lock);
	OPENSSL_cleanse(s, sizeof(*s));
	free(s);
}

struct seal *
seal_open(const char *dir, char **why)
{
	struct seal *s = xcalloc(1, sizeof(*s));
	char *pem = path_join(dir, "seal.pem"), *key = path_join(dir,
	    "seal.key"), *ca = path_join(dir, "ca.pem");

	pthread_mutex_init(&s->lock, NULL);
	s->cert = cert_read(pem);
	s->key = key_read(key);
	s->trusted = X509_STORE_new();
	if (s->cert == NULL || s->key == NULL || s->trusted == NULL ||
	    X509_STORE_load_file(s->trusted, ca) != 1) {
		struct text t = { 0 };

		text_addf(&t, "%s, seal.key or ca.pem cannot be read: was"
		    " `midlab init %s` run?", pem, dir);
		*why = text_take(&t);
		seal_close(s);
		s = NULL;
	}
	free(pem);
	free(key);
	free(ca);
	return s;
}

/* The CMS structure in DER with nothing behind it, or NULL. */
static CMS_ContentInfo *
parse(const void *der, size_t n)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms;

	if (n > INT32_MAX)
		return NULL;
	cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
	if (cms != NULL && p != (const unsigned char *)der + n) {
		CMS_ContentInfo_free(cms);
		return NULL;
	}
	return cms;
}

/* An envelope for a sealing key carries that key, sealed to us, as the
 * "other" of its key identifier. NULL: CMS is for a certificate. */
static ASN1_STRING *
wrapped_key(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_RecipientInfo) *all = CMS_get0_RecipientInfos(cms);
	CMS_RecipientInfo *ri = sk_CMS_RecipientInfo_value(all, 0);
	ASN1_TYPE *other = NULL;

	if (ri == NULL || CMS_RecipientInfo_type(ri) != CMS_RECIPINFO_KEK ||
	    CMS_RecipientInfo_kekri_get0_id(ri, NULL, NULL, NULL, NULL,
	    &other) != 1 || other == NULL ||
	    ASN1_TYPE_get(other) != V_ASN1_SEQUENCE)
		return NULL;
	return other->value.sequence;
}

/* The key in WRAPPED, opened or remembered: agents use one for a day. */
static bool
open_key(struct seal *s, const ASN1_STRING *wrapped, unsigned char key[KEY_LEN])
{
	BIO *out;
	CMS_ContentInfo *cms;
	bool ok;

	if (s->wrapped != NULL && ASN1_STRING_cmp(s->wrapped, wrapped) == 0) {
		memcpy(key, s->wrapped_key, KEY_LEN);
		return true;
	}
	out = BIO_new(BIO_s_mem());
	cms = parse(ASN1_STRING_get0_data(wrapped),
	    (size_t)ASN1_STRING_length(wrapped));
	ok = cms != NULL && CMS_decrypt(cms, s->key, s->cert, NULL, out, 0) == 1
	    && BIO_pending(out) == KEY_LEN && BIO_read(out, key, KEY_LEN) == KEY_LEN;
	CMS_ContentInfo_free(cms);
	BIO_free(out);
	if (ok) {
		ASN1_STRING_free(s->wrapped);
		s->wrapped = ASN1_STRING_dup(wrapped);
		memcpy(s->wrapped_key, key, KEY_LEN);
	}
	return ok;
}

static bool
decrypt_into(struct seal *s, CMS_ContentInfo *cms, BIO *out)
{
	const ASN1_STRING *wrapped = wrapped_key(cms);
	unsigned char key[KEY_LEN];
	bool ok;

	if (wrapped == NULL)
		return CMS_decrypt(cms, s->key, s->cert, NULL, out, 0) == 1;
	pthread_mutex_lock(&s->lock);
	ok = open_key(s, wrapped, key);
	pthread_mutex_unlock(&s->lock);
	ok = ok && CMS_decrypt_set1_key(cms, key, KEY_LEN, NULL, 0) == 1 &&
	    CMS_decrypt(cms, NULL, NULL, NULL, out, 0) == 1;
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

static BIO *
decrypt(struct seal *s, const void *der, size_t n, const char **why)
{
	CMS_ContentInfo *cms = parse(der, n);
	BIO *out = BIO_new(BIO_s_mem());

	*why = "The body is no CMS AuthEnvelopedData.";
	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) !=
	    NID_id_smime_ct_authEnvelopedData)
		goto bad;
	*why = "The body is not sealed to this instance, or was changed.";
	if (!decrypt_into(s, cms, out))
		goto bad;
	CMS_ContentInfo_free(cms);
	return out;
bad:
	CMS_ContentInfo_free(cms);
	BIO_free(out);
	ERR_clear_error();
	return NULL;
}

static void
signer_name(CMS_ContentInfo *cms, char signer[128])
{
	STACK_OF(X509) *list = CMS_get0_signers(cms);

	signer[0] = '\0';
	if (sk_X509_num(list) == 1)
		cert_name(sk_X509_value(list, 0), signer, 128);
	sk_X509_free(list);
}

/* Agents sign with the certificate they log in with, made for clients; the
 * purpose that OpenSSL would ask for is mail. */
static char *
verify(struct seal *s, const void *der, size_t n, size_t *out_len,
    char signer[128], const char **why)
{
	CMS_ContentInfo *cms = parse(der, n);
	BIO *out = BIO_new(BIO_s_mem());
	char *text = NULL, *p;

	X509_STORE_set_purpose(s->trusted, X509_PURPOSE_ANY);
	*why = "What was sealed is no CMS SignedData.";
	if (cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed) {
		*why = "The signature is wrong, or of nobody known here.";
		if (CMS_verify(cms, NULL, s->trusted, NULL, out,
		    CMS_BINARY) == 1) {
			*out_len = (size_t)BIO_get_mem_data(out, &p);
			text = xcalloc(*out_len + 1, 1);
			if (*out_len > 0)
				memcpy(text, p, *out_len);
			signer_name(cms, signer);
		}
	}
	CMS_ContentInfo_free(cms);
	BIO_free(out);
	ERR_clear_error();
	return text;
}

char *
unseal(struct seal *s, const void *der, size_t n, size_t *out_len,
    char signer[128], const char **why)
{
	BIO *inner = decrypt(s, der, n, why);
	char *p, *text;
	long m;

	if (inner == NULL)
		return NULL;
	m = BIO_get_mem_data(inner, &p);
	text = verify(s, p, (size_t)m, out_len, signer, why);
	BIO_free(inner);
	return text;
}

char *
unseal_payload(struct seal *s, const char *payload, char signer[128],
    const char **why)
{
	const char *open = strstr(payload, SEALED_OPEN), *close;
	struct text whole = { 0 };
	size_t n, len;
	char *der, *text;

	signer[0] = '\0';
	if (open == NULL)
		return xstrdup(payload);
	close = strstr(open, SEALED_CLOSE);
	*why = "The sealed part has no end, or is not base64.";
	if (close == NULL)
		return NULL;
	der = base64_decode(open + strlen(SEALED_OPEN),
	    (size_t)(close - open) - strlen(SEALED_OPEN), &n);
	if (der == NULL)
		return NULL;
	text = unseal(s, der, n, &len, signer, why);
	free(der);
	if (text == NULL)
		return NULL;
	text_add_mem(&whole, payload, (size_t)(open - payload));
	text_add_mem(&whole, text, len);
	text_add(&whole, close + strlen(SEALED_CLOSE));
	free(text);
	return text_take(&whole);
}

bool
unseal_request(struct request *req, struct answer *a)
{
	const struct caller *c = req->caller;
	const char *why = "";
	char signer[128], *text;
	size_t n;

	text = unseal(req->in->seal, req->body, req->body_len, &n, signer,
	    &why);
	if (text == NULL) {
		answer_error(a, 400, "The sealed body cannot be opened", why);
		return false;
	}
	if (strcmp(signer, c->user) != 0 && (c->roles & ROLE_ADMIN) == 0) {
		answer_error(a, 403, "User Not Authorized",
		    "The body was signed by somebody else than the caller.");
		free(text);
		return false;
	}
	free(req->body);
	req->body = text;
	req->body_len = n;
	req->unsealed = true;
	return true;
}
