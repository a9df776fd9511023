/* SPDX-License-Identifier: Apache-2.0 */
/* enroll_key - the key, which never leaves this host, and the request for its certificate. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "enroll.h"
#include "err.h"
#include "json.h"
#include "key.h"
#include "midctl.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

void
enrol_names(struct enrol *e)
{
	e->key_file = e->token != NULL ? xstrdup(e->token) : xasprintf("%s/credentials/%s.key", e->dir, e->stem);
	e->cert_file = xasprintf("%s/certs/%s.pem", e->dir, e->stem);
	e->ca_file = xasprintf("%s/certs/%s.ca.pem", e->dir, e->stem);
	e->seal_file = xasprintf("%s/certs/%s.seal.pem", e->dir, e->stem);
	e->csr_file = xasprintf("%s/certs/%s.csr", e->dir, e->stem);
}

/* The first bytes of its fingerprint name its files. A key in a token may have some already, which stay as they are. */
static char *
stem_of(const struct enrol *e, EVP_PKEY *key)
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE] = { 0 };
	char *stem = NULL, *cert = NULL, more[16] = "";
	int n = i2d_PUBKEY(key, &der), i = 1;

	if (n > 0)
		(void)EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
	do {
		free(stem);
		free(cert);
		stem = xasprintf("agent-%02x%02x%02x%02x%s", md[0], md[1], md[2], md[3], more);
		cert = xasprintf("%s/certs/%s.pem", e->dir, stem);
		snprintf(more, sizeof(more), "-%d", ++i);
	} while (access(cert, F_OK) == 0);
	free(cert);
	return stem;
}

static int
write_key(const struct enrol *e, struct err *err)
{
	BIO *b = BIO_new(BIO_s_secmem());
	char *p;
	long n;
	int r;

	if (b == NULL || PEM_write_bio_PKCS8PrivateKey(b, e->key, NULL, NULL, 0, NULL, NULL) != 1) {
		BIO_free(b);
		return err_set(err, E_INTERNAL, "the key cannot be written as PEM");
	}
	n = BIO_get_mem_data(b, &p);
	r = secret_write_file(e->key_file, p, (size_t)n, err);
	OPENSSL_cleanse(p, (size_t)n);
	BIO_free(b);
	return r;
}

/* The key of a request that is given up, unless it has got its certificate. */
static void
drop_key(const struct enrol *e, const char *stem)
{
	char *key = xasprintf("%s/credentials/%s.key", e->dir, stem), *cert = xasprintf("%s/certs/%s.pem", e->dir, stem);

	if (strncmp(stem, "agent-", 6) == 0 && strchr(stem, '/') == NULL && access(cert, F_OK) < 0)
		(void)unlink(key);
	free(cert);
	free(key);
}

char *
enrol_key_uri(const char *uri, const char *dir)
{
	static const char ours[] = "?pin-source=credential:";
	const char *pin = strstr(uri, ours);

	return pin == NULL ? xstrdup(uri) : xasprintf("%.*s?pin-source=%s/credentials/%s", (int)(pin - uri), uri, dir, pin + sizeof(ours) - 1);
}

/* Nothing asked for, or the same as at the beginning. */
static bool
same_place(const struct enrol *e, const char *token, bool tpm)
{
	char *asked = e->a->key != NULL && key_in_token(e->a->key) ? enrol_key_uri(e->a->key, e->dir) : xstrdup("");
	bool same = e->a->key == NULL || (strcmp(token, asked) == 0 && tpm == (asked[0] == '\0'));

	free(asked);
	return same;
}

/* False: nothing is pending, for this instance and name. */
static bool
read_pending(struct enrol *e)
{
	struct json_object *o = NULL;
	struct buf b;
	bool ours = false;

	buf_init(&b, 8192);
	if (os_read_file(&b, e->pending, NULL) == 0)
		(void)json_parse(&o, buf_str(&b), b.len, "pending", NULL);
	if (o != NULL && (e->url == NULL || strcmp(json_str(o, "url", ""), e->url) == 0) &&
	    (e->name == NULL || strcmp(json_str(o, "name", ""), e->name) == 0) && same_place(e, json_str(o, "token", ""), json_flag(o, "tpm", false))) {
		ours = true;
		e->url = e->url != NULL ? e->url : xstrdup(json_str(o, "url", ""));
		e->name = e->name != NULL ? e->name : xstrdup(json_str(o, "name", ""));
		e->stem = xstrdup(json_str(o, "key", ""));
		e->token = xstrdup(json_str(o, "token", NULL));
		e->tpm = json_flag(o, "tpm", false);
		snprintf(e->id, sizeof(e->id), "%s", json_str(o, "id", ""));
	} else if (o != NULL) {
		if (json_str(o, "id", "")[0] != '\0')
			fprintf(e->out, "given up the request %s of agent %s at %s: have it rejected there\n", json_str(o, "id", ""), json_str(o, "name", ""),
			    json_str(o, "url", ""));
		drop_key(e, json_str(o, "key", ""));
	}
	json_object_put(o);
	buf_fini(&b);
	return ours;
}

int
enrol_pending_write(const struct enrol *e, struct err *err)
{
	struct json_object *o = json_object_new_object();
	const char *text;
	int r;

	json_put_str(o, "url", e->url);
	json_put_str(o, "name", e->name);
	json_put_str(o, "key", e->stem);
	if (e->token != NULL)
		json_put_str(o, "token", e->token);
	json_put_bool(o, "tpm", e->tpm);
	json_put_str(o, "id", e->id);
	enrol_proxy_keep(e, o);
	text = json_object_to_json_string(o);
	r = os_write_file(e->pending, text, strlen(text), 0600, err);
	json_object_put(o);
	return r;
}

static int
make_folders(const struct enrol *e, struct err *err)
{
	static const struct { const char *name; unsigned mode; } folders[] = {
		{ "credentials", 0700 }, { "certs", 0755 }, { "midd.d", 0755 },
	};
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *path = xasprintf("%s/%s", e->dir, folders[i].name);

		r = os_mkdirs(path, folders[i].mode, err);
		free(path);
	}
	return r;
}

static int
in_file(struct enrol *e, struct err *err)
{
	e->key = EVP_EC_gen("P-256");
	if (e->key == NULL)
		return err_set(err, E_INTERNAL, "no key could be made");
	e->stem = stem_of(e, e->key);
	enrol_names(e);
	return write_key(e, err);
}

/* The file is of use with this machine's TPM2 only. Its name is that of the key, which is known once it is there. */
static int
in_tpm(struct enrol *e, struct err *err)
{
	char *pem = NULL, *part = xasprintf("%s/credentials/enroll.key", e->dir);
	int r = key_make_tpm(&pem, err);

	if (r == 0)
		r = os_write_file(part, pem, strlen(pem), 0600, err);
	if (r == 0)
		r = key_load(&e->key, part, err);
	if (r == 0) {
		e->tpm = true;
		e->stem = stem_of(e, e->key);
		enrol_names(e);
		if (rename(part, e->key_file) < 0)
			r = err_os(err, "%s", e->key_file);
	}
	free(pem);
	free(part);
	return r;
}

/* The one that is there, else a new one. */
static int
in_token(struct enrol *e, struct err *err)
{
	int r;

	e->token = enrol_key_uri(e->a->key, e->dir);
	r = key_load(&e->key, e->token, err);
	if (r == -E_TLS) {
		fprintf(e->out, "token    has no such key: it makes one\n");
		fflush(e->out);
		r = enrol_token_make(e->token, err);
		if (r == 0)
			r = key_load(&e->key, e->token, err);
	}
	if (r == 0) {
		e->stem = stem_of(e, e->key);
		enrol_names(e);
	}
	return r;
}

static int
make_key(struct enrol *e, struct err *err)
{
	const char *where = e->a->key;
	int r = make_folders(e, err);

	if (r < 0)
		return r;
	if (where == NULL)
		r = in_file(e, err);
	else if (strcmp(where, "tpm2") == 0)
		r = in_tpm(e, err);
	else
		r = in_token(e, err);
	return r == 0 ? enrol_pending_write(e, err) : r;
}

int
enrol_key(struct enrol *e, struct err *err)
{
	int r;

	if (read_pending(e)) {
		enrol_names(e);
		r = key_load(&e->key, e->key_file, err);
	} else if (e->url == NULL) {
		return err_set(err, E_NONE, "no request is pending here: begin with midctl enroll https://...");
	} else {
		r = make_key(e, err);
	}
	if (r == 0 && !words_of_key(e->key, e->words))
		r = err_set(err, E_INTERNAL, "the key has no fingerprint");
	return r;
}

char *
enrol_csr(const struct enrol *e)
{
	X509_REQ *req = X509_REQ_new();
	BIO *b = BIO_new(BIO_s_mem());
	char *p, *out = NULL;
	long n;

	if (req != NULL && b != NULL && X509_REQ_set_version(req, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN", MBSTRING_UTF8,
		(const unsigned char *)e->name, -1, -1, 0) == 1 &&
	    X509_REQ_set_pubkey(req, e->key) == 1 && X509_REQ_sign(req, e->key, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509_REQ(b, req) == 1) {
		n = BIO_get_mem_data(b, &p);
		out = xstrndup(p, (size_t)n);
	}
	X509_REQ_free(req);
	BIO_free(b);
	return out;
}

int
enrol_cert_fits(const struct enrol *e, const char *cert, struct err *err)
{
	BIO *b = BIO_new_mem_buf(cert, -1);
	X509 *x = b != NULL ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
	time_t now = time(NULL);
	int r = 0;

	if (x == NULL)
		r = err_set(err, E_BAD, "there is no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it");
	else if (X509_check_private_key(x, e->key) != 1)
		r = err_set(err, E_BAD, "the certificate is for another key than %s", e->key_file);
	else if (X509_cmp_time(X509_get0_notAfter(x), &now) < 0)
		r = err_set(err, E_BAD, "the certificate has expired already: is the clock of this machine right?");
	else if (X509_cmp_time(X509_get0_notBefore(x), &now) > 0)
		r = err_set(err, E_BAD, "the certificate is not valid yet: is the clock of this machine right?");
	ERR_clear_error();
	X509_free(x);
	BIO_free(b);
	return r;
}

int
enrol_can_seal(struct err *err)
{
	static const char *const argv[] = { "systemd-creds", "--version", NULL };
	struct buf said;
	int st = 0;
	bool there;

	buf_init(&said, 4096);
	there = os_run(argv, &said, &st, NULL) == 0 && st == 0;
	buf_fini(&said);
	if (there)
		return 0;
	return err_set(err, E_NONE, "systemd-creds, which --sealed needs, is not on this machine (systemd 250 brings it): enrol without "
	    "--sealed, or with --key tpm2");
}

int
enrol_key_seal(struct enrol *e, struct err *err)
{
	char *folder = xasprintf("%s/credentials.encrypted", e->dir), *to = xasprintf("%s/%s.key", folder, e->stem);
	char *name = xasprintf("--name=sealed_%s.key", e->stem);
	const char *argv[] = { "systemd-creds", "encrypt", name, e->key_file, to, NULL };
	int st = 0, r = os_mkdirs(folder, 0700, err);
	bool ran = r == 0 && os_run(argv, NULL, &st, NULL) == 0;

	if (r == 0 && (!ran || st != 0))
		r = err_set(err, E_OS, "systemd-creds could not encrypt the key: it lies in the clear, and works so; enrol anew without --sealed, "
		    "or see what systemd-creds encrypt %s says", e->key_file);
	if (r == 0 && unlink(e->key_file) < 0)
		r = err_os(err, "%s", e->key_file);
	free(name);
	free(to);
	free(folder);
	return r;
}
