/* SPDX-License-Identifier: Apache-2.0 */
/* key - see key.h. Here: which kind it is, plain files, and the keys looked up once. */
#include "key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "buf.h"
#include "err.h"
#include "key_far.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

#define TOKEN "pkcs11:"
#define TPM_PEM "-----BEGIN TSS2 PRIVATE KEY-----"
#define TPM_PEM_END "-----END TSS2 PRIVATE KEY-----"
#define PEM_MAX (64u * 1024)

/* --- what it is ------------------------------------------------------------------- */

bool
key_in_token(const char *where)
{
	return strncmp(where, TOKEN, sizeof(TOKEN) - 1) == 0;
}

static bool
file_has(const char *where, const char *words)
{
	struct buf b;
	bool has;

	if (key_in_token(where))
		return false;
	buf_init(&b, PEM_MAX);
	has = os_read_file(&b, where, NULL) == 0 && strstr(buf_str(&b), words) != NULL;
	buf_wipe(&b);
	return has;
}

bool
key_in_tpm(const char *where)
{
	return file_has(where, TPM_PEM);
}

bool
key_is_plain(const char *where)
{
	return !key_in_token(where) && !key_in_tpm(where) && !file_has(where, SECRET_LOCKED);
}

int
key_uri(const char *uri, char **bare, char **pin_file, struct err *err)
{
	const char *query = strchr(uri, '?'), *file = query != NULL ? query + 1 : "";

	if (strpbrk(uri, " \"'\\\t\r\n") != NULL)
		return err_set(err, E_BAD, "\"%.80s\" holds a blank or a quote: write it as RFC 7512 says (%%20)", uri);
	if (strstr(uri, "pin-value=") != NULL)
		return err_set(err, E_BAD, "pin-value shows the PIN to whoever reads the configuration: write it into a file of its own, pin-source=FILE");
	if (query != NULL && (strncmp(file, "pin-source=", 11) != 0 || strchr(file, '&') != NULL))
		return err_set(err, E_BAD, "\"%.80s\": behind the ? there can be pin-source=FILE only", uri);
	file += query != NULL ? 11 : 0;
	if (strncmp(file, "file:", 5) == 0)
		file += 5;
	if (query != NULL && !os_path_is_absolute(file))
		return err_set(err, E_BAD, "\"%.80s\" is no absolute path of a file with the PIN", file);
	*bare = query != NULL ? xstrndup(uri, (size_t)(query - uri)) : xstrdup(uri);
	*pin_file = query != NULL ? xstrdup(file) : NULL;
	return 0;
}

int
key_uri_pin(const char *uri, char **bare, struct secret *pin, struct err *err)
{
	char *pin_file;
	int r = key_uri(uri, bare, &pin_file, err);

	if (r < 0)
		return r;
	secret_init(pin);
	if (pin_file != NULL)
		r = secret_read_file(pin, pin_file, err);
	free(pin_file);
	if (r < 0) {
		r = err_in(err, "private key %.160s: its PIN", *bare);
		secret_fini(pin);
		free(*bare);
		return r;
	}
	if (pin->len > 0)
		pin->len = strcspn((const char *)pin->data, "\r\n");
	return 0;
}

/* --- looked up once ------------------------------------------------------------------ */

struct kept {
	struct kept *next;
	char *name;		/* the URI, or the PEM that only the TPM2 can use: none of them a secret */
	EVP_PKEY *key;
};
static struct kept *all;
static uv_mutex_t lock;
static uv_once_t once = UV_ONCE_INIT;

static void
begin(void)
{
	if (uv_mutex_init(&lock) != 0)
		abort();
}

static int
look_up(EVP_PKEY **out, const char *name, const char *where, struct err *err)
{
	return key_in_token(name) ? key_far_token(out, name, err) : key_far_tpm(out, name, where, err);
}

static int
once_only(EVP_PKEY **out, const char *name, const char *where, struct err *err)
{
	EVP_PKEY *key = NULL;
	struct kept *k;
	int r = 0;

	uv_once(&once, begin);
	uv_mutex_lock(&lock);
	for (k = all; k != NULL && strcmp(k->name, name) != 0; k = k->next)
		;
	if (k == NULL)
		r = look_up(&key, name, where, err);
	if (key != NULL) {
		k = xcalloc(1, sizeof(*k));
		*k = (struct kept){ all, xstrdup(name), key };
		all = k;
	}
	if (r == 0 && EVP_PKEY_up_ref(k->key) == 1)
		*out = k->key;
	uv_mutex_unlock(&lock);
	return r;
}

/* --- files ------------------------------------------------------------------------------ */

/* Never asks for a passphrase: nobody sits at a daemon. */
static int
no_passphrase(char *to, int size, int writing, void *arg)
{
	(void)to, (void)size, (void)writing, (void)arg;
	return -1;
}

static int
from_pem(EVP_PKEY **out, const struct secret *pem, const char *path, struct err *err)
{
	BIO *b = BIO_new_mem_buf(pem->data, (int)pem->len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, no_passphrase, NULL);

	BIO_free(b);
	ERR_clear_error();
	if (key == NULL)
		return err_set(err, E_TLS, "private key %s holds no unencrypted private key in PEM form", path);
	*out = key;
	return 0;
}

/* By the block alone, whatever stands around it: a TPM2 without a resource manager has room for three keys. */
static int
from_tpm(EVP_PKEY **out, const char *block, const char *name, struct err *err)
{
	const char *end = strstr(block, TPM_PEM_END);
	char *only = xstrndup(block, end != NULL ? (size_t)(end - block) + sizeof(TPM_PEM_END) - 1 : strlen(block));
	int r = once_only(out, only, name, err);

	free(only);
	return r;
}

int
key_of_pem(EVP_PKEY **out, const struct secret *pem, const char *name, struct err *err)
{
	const char *block = pem->len > 0 ? strstr((const char *)pem->data, TPM_PEM) : NULL;

	return block != NULL ? from_tpm(out, block, name, err) : from_pem(out, pem, name, err);
}

int
key_load(EVP_PKEY **out, const char *where, struct err *err)
{
	const char *block;
	struct secret pem;
	int r;

	if (key_in_token(where))
		return once_only(out, where, where, err);
	secret_init(&pem);
	r = secret_read_file(&pem, where, err);
	if (r == 0 && pem.len > 0 && (block = secret_find_locked((const char *)pem.data)) != NULL)	/* beside its certificate */
		r = secret_unlock(&pem, block, where, err);
	if (r < 0)
		r = err_in(err, "private key");
	else
		r = key_of_pem(out, &pem, where, err);
	secret_fini(&pem);
	return r;
}
