/* SPDX-License-Identifier: Apache-2.0 */
/* seal - see seal.h: opening, that is reading every key once. */
#include "seal/seal.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "key.h"
#include "log.h"
#include "os.h"
#include "seal/inside.h"
#include "xalloc.h"

#define PEM_MAX (256u * 1024)

static const struct {
	const char *name;
	enum seal_mode mode;
} modes[] = {
	{ "required", SEAL_REQUIRED }, { "at-rest", SEAL_AT_REST }, { "off", SEAL_OFF },
};

int
seal_mode_parse(const char *s, enum seal_mode *out)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(s, modes[i].name) == 0) {
			*out = modes[i].mode;
			return 0;
		}
	return -E_BAD;
}

enum seal_mode
seal_mode(const struct seal *s)
{
	return s->mode;
}

int
seal_error(struct err *err, int code, const char *fmt, ...)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(e);
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ERR_clear_error();
	return err_set(err, code, "%s%s%s", text, reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* --- reading the pairs ------------------------------------------------------------- */

static int
read_cert(X509 **out, const char *what, const char *file, struct err *err)
{
	struct buf b;
	BIO *bio;
	int r;

	if (file == NULL || file[0] == '\0')
		return err_set(err, E_BAD, "seal: no %s is configured, and without it results can't be sealed", what);
	buf_init(&b, PEM_MAX);
	r = os_read_file(&b, file, err);
	if (r == 0) {
		bio = BIO_new_mem_buf(buf_str(&b), (int)b.len);
		*out = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		BIO_free(bio);
		if (*out == NULL)
			r = seal_error(err, E_BAD, "seal: %s is no certificate in PEM form (%s)", file, what);
	}
	buf_fini(&b);
	return r;
}

static int
our_key(EVP_PKEY **out, const char *where, struct err *err)
{
	int r;

	if (where == NULL || where[0] == '\0')
		return err_set(err, E_BAD, "seal: no key of ours is configured, and without it results can't be signed");
	r = key_load(out, where, err);
	return r < 0 ? err_in(err, "seal") : 0;
}

/* Sealing to a certificate that has ended is safe all the same; refusing would stop all work. */
static void
warn_of_end(const char *file, const X509 *cert)
{
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		log_warn("seal", "the certificate in %s has ended: fetch the instance's new one; results are sealed to it meanwhile", file);
}

static int
check_recipient(const char *file, X509 *cert, struct err *err)
{
	int type = EVP_PKEY_get_base_id(X509_get0_pubkey(cert));

	if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC)
		return err_set(err, E_BAD, "seal: the key in %s is neither RSA nor EC: nothing can be sealed to it", file);
	return 0;
}

/* *CERT and *KEY are the caller's, also after a failure. */
static int
read_ours(X509 **cert, EVP_PKEY **key, const char *cert_file, const char *key_file, struct err *err)
{
	int r = read_cert(cert, "certificate of ours", cert_file, err);

	if (r == 0)
		r = our_key(key, key_file, err);
	if (r == 0 && X509_check_private_key(*cert, *key) != 1)
		r = seal_error(err, E_BAD, "seal: the key %s does not belong to the certificate %s", key_file, cert_file);
	return r;
}

static int
read_pairs(struct seal *s, const struct seal_config *cfg, struct err *err)
{
	int r = read_cert(&s->instance, "sealing certificate of the instance", cfg->instance_cert, err);

	if (r == 0)
		r = check_recipient(cfg->instance_cert, s->instance, err);
	if (r == 0)
		r = read_ours(&s->ours, &s->key, cfg->cert_file, cfg->key_file, err);
	if (r == 0)
		warn_of_end(cfg->instance_cert, s->instance);
	return r;
}

int
seal_change_ours(struct seal *s, const char *cert_file, const char *key_file, struct err *err)
{
	X509 *cert = NULL, *old_cert;
	EVP_PKEY *key = NULL, *old_key;
	int r;

	if (s->mode != SEAL_REQUIRED)
		return 0;
	r = read_ours(&cert, &key, cert_file, key_file, err);
	if (r == 0) {
		uv_mutex_lock(&s->lock);
		old_cert = s->ours;
		old_key = s->key;
		s->ours = cert;
		s->key = key;
		uv_mutex_unlock(&s->lock);
		cert = old_cert;
		key = old_key;
	}
	X509_free(cert);
	EVP_PKEY_free(key);
	return r;
}

/* --- open, close ------------------------------------------------------------------------ */

int
seal_open(struct seal **out, const struct seal_config *cfg, struct err *err)
{
	struct seal *s = xcalloc(1, sizeof(*s));
	int r = 0;

	s->mode = cfg->mode;
	uv_mutex_init(&s->lock);
	secret_init(&s->rest);
	if (cfg->mode == SEAL_REQUIRED)
		r = read_pairs(s, cfg, err);
	if (r == 0)
		r = seal_rest_open(s, cfg->rest_key_file, err);
	if (r < 0) {
		seal_close(s);
		return r;
	}
	*out = s;
	return 0;
}

void
seal_close(struct seal *s)
{
	if (s == NULL)
		return;
	X509_free(s->instance);
	X509_free(s->ours);
	EVP_PKEY_free(s->key);
	sealing_key_fini(&s->results);
	secret_fini(&s->rest);
	free(s->rest_file);
	uv_mutex_destroy(&s->lock);
	secret_wipe(s, sizeof(*s));
	free(s);
}
