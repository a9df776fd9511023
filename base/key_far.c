/* SPDX-License-Identifier: Apache-2.0 */
/* key_far - see key_far.h: what to load for OpenSSL, and the key through it. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "key_far.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#ifndef OPENSSL_NO_ENGINE
#include <openssl/engine.h>
#endif
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "key.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

/* Each in a library context of its own, where it changes nothing for others; for the life of the process. */
struct provider {
	const char *name, *query;
	OSSL_LIB_CTX *lib;
	bool tried;
};
static struct provider tpm2 = { "tpm2", "?provider=tpm2", NULL, false };
static struct provider pkcs11 = { "pkcs11", "?provider=pkcs11", NULL, false };

/* NULL: it is not installed. */
static OSSL_LIB_CTX *
context_of(struct provider *p)
{
	OSSL_LIB_CTX *lib;
	OSSL_PROVIDER *usual;

	if (p->tried)
		return p->lib;
	p->tried = true;
	os_machine_hush();
	lib = OSSL_LIB_CTX_new();
	usual = lib != NULL ? OSSL_PROVIDER_load(lib, "default") : NULL;
	if (usual != NULL && OSSL_PROVIDER_load(lib, p->name) != NULL) {
		p->lib = lib;
	} else {
		if (usual != NULL)
			OSSL_PROVIDER_unload(usual);	/* the context does not do it */
		OSSL_LIB_CTX_free(lib);
	}
	ERR_clear_error();
	return p->lib;
}

/* Providers and engines are modules. */
static const char *
without(const char *missing)
{
	return os_library_possible ? missing : "this program is static (as that of the container image is) and uses no key in hardware: "
	    "take a key in a file here, or the package's midd";
}

/* OpenSSL's first reason is the one nearest to the hardware. */
static int
far_error(struct err *err, const char *where, const char *hint)
{
	const char *data = NULL, *reason;
	int flags = 0;
	unsigned long e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);

	reason = ERR_reason_error_string(e);
	if (reason == NULL && data != NULL && (flags & ERR_TXT_STRING) && data[0] != '\0')
		reason = data;
	if (reason != NULL && strstr(reason, "PIN") != NULL)
		return err_set(err, E_AUTH, "private key %.160s: the token says \"%.60s\": mend the file of pin-source before it locks itself",
		    where, reason);
	return err_set(err, E_TLS, "private key %.160s cannot be used: %.120s%s", where,
	    reason != NULL ? reason : "there is none of that name", hint);
}

/* --- a TPM2 --------------------------------------------------------------------------------- */

#define NO_TPM "OpenSSL's provider tpm2 is not installed (apt-get install tpm2-openssl), or finds no TPM2 that we may use (group tss)"

int
key_far_tpm(EVP_PKEY **out, const char *pem, const char *path, struct err *err)
{
	OSSL_LIB_CTX *lib = context_of(&tpm2);
	EVP_PKEY *far;
	BIO *b;
	int r = 0;

	if (lib == NULL)
		return err_set(err, E_NONE, "private key %s is for a TPM2: %s", path, without(NO_TPM));
	b = BIO_new_mem_buf(pem, -1);
	far = PEM_read_bio_PrivateKey_ex(b, NULL, NULL, NULL, lib, tpm2.query);
	BIO_free(b);
	if (far == NULL)
		r = far_error(err, path, "");
	else if ((*out = key_wrap_take(far, lib, tpm2.query)) == NULL)
		r = err_set(err, E_TLS, "private key %s is no EC key: midd uses no other kind in a TPM2", path);
	ERR_clear_error();
	return r;
}

int
key_make_tpm(char **pem, struct err *err)
{
	OSSL_LIB_CTX *lib = context_of(&tpm2);
	EVP_PKEY_CTX *c = lib != NULL ? EVP_PKEY_CTX_new_from_name(lib, "EC", "provider=tpm2") : NULL;
	BIO *b = BIO_new(BIO_s_mem());
	EVP_PKEY *key = NULL;
	char *p;
	long n;
	int r = 0;

	if (c != NULL && EVP_PKEY_keygen_init(c) > 0 && EVP_PKEY_CTX_set_group_name(c, "P-256") > 0 &&
	    EVP_PKEY_generate(c, &key) > 0 && PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1) {
		n = BIO_get_mem_data(b, &p);
		*pem = xstrndup(p, (size_t)n);
	} else {
		r = lib == NULL ? err_set(err, E_NONE, "%s", without(NO_TPM)) : far_error(err, "in the TPM2", "");
	}
	ERR_clear_error();
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(c);
	BIO_free(b);
	return r;
}

/* --- a PKCS#11 token ------------------------------------------------------------------------ */

/* Who asks for the PIN gets that of ARG, or none. */
static int
give_pin(char *to, int size, int writing, void *arg)
{
	const struct secret *pin = arg;

	(void)writing;
	if (pin == NULL || pin->len == 0 || pin->len >= (size_t)size)
		return -1;
	memcpy(to, pin->data, pin->len);
	return (int)pin->len;
}

static EVP_PKEY *
by_provider(OSSL_LIB_CTX *lib, const char *uri, UI_METHOD *ui, struct secret *pin)
{
	OSSL_STORE_CTX *s = OSSL_STORE_open_ex(uri, lib, pkcs11.query, ui, pin, NULL, NULL, NULL);
	OSSL_STORE_INFO *info;
	EVP_PKEY *far = NULL;

	while (s != NULL && far == NULL && !OSSL_STORE_eof(s)) {
		info = OSSL_STORE_load(s);
		if (info != NULL && OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY)
			far = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	OSSL_STORE_close(s);
	return far != NULL ? key_wrap_take(far, lib, pkcs11.query) : NULL;
}

#ifndef OPENSSL_NO_ENGINE
/* NULL: it is not installed. */
static ENGINE *
engine(void)
{
	static ENGINE *e;
	static bool tried;

	if (tried)
		return e;
	tried = true;
	ENGINE_load_dynamic();
	e = ENGINE_by_id("pkcs11");
	/* Out of OpenSSL's list: whoever registers all engines there (libcurl does) would make every EC key this one's. */
	if (e != NULL)
		(void)ENGINE_remove(e);
	if (e != NULL)
		(void)ENGINE_ctrl_cmd_string(e, "QUIET", NULL, 1);	/* what went wrong is in our own sentence */
	if (e != NULL && ENGINE_init(e) != 1) {
		ENGINE_free(e);
		e = NULL;
	}
	ERR_clear_error();
	return e;
}

static EVP_PKEY *
by_engine(const char *uri, UI_METHOD *ui, struct secret *pin)
{
	return ENGINE_load_private_key(engine(), uri, ui, pin);
}
#else
#define engine() NULL
#define by_engine(uri, ui, pin) NULL
#endif

static int
with_pin(EVP_PKEY **out, const char *uri, struct secret *pin, struct err *err)
{
	OSSL_LIB_CTX *lib = context_of(&pkcs11);
	UI_METHOD *ui;

	if (lib == NULL && engine() == NULL)
		return err_set(err, E_NONE, "private key %.160s: %s", uri, without("OpenSSL has neither the provider pkcs11 nor the engine: "
		    "apt-get install libengine-pkcs11-openssl (pkcs11-provider, where there is one)"));
	ui = UI_UTIL_wrap_read_pem_callback(give_pin, 0);
	*out = lib != NULL ? by_provider(lib, uri, ui, pin) : by_engine(uri, ui, pin);
	UI_destroy_method(ui);
	return *out != NULL ? 0 : far_error(err, uri, "; is the token there, and may this user reach it (midd(8), Keys in hardware)?");
}

int
key_far_token(EVP_PKEY **out, const char *uri, struct err *err)
{
	struct secret pin;
	char *bare;
	int r = key_uri_pin(uri, &bare, &pin, err);

	if (r < 0)
		return r;
	r = with_pin(out, bare, &pin, err);
	ERR_clear_error();
	secret_fini(&pin);
	free(bare);
	return r;
}
