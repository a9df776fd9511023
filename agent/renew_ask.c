/* SPDX-License-Identifier: Apache-2.0 */
/* renew_ask - see renew_ask.h. */
#include "renew_ask.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "key.h"
#include "loop.h"
#include "xalloc.h"

struct making {
	struct renew_request rq;
	char *name, *where;
	bool new_key;
	renew_request_fn *fn;
	void *arg;
};

/* What the service manager brings may be encrypted where it comes from; a key beside the store would not be. */
static bool
may_be_encrypted(const char *where)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY"), *name = strrchr(where, '/');
	size_t n = dir != NULL ? strlen(dir) : 0;

	return n > 0 && name != NULL && strncmp(where, dir, n) == 0 && where[n] == '/' && strncmp(name + 1, "plain_", 6) != 0;
}

/* NULL: no memory, or the key does not sign. */
static char *
request_of(const char *name, EVP_PKEY *key)
{
	X509_REQ *req = X509_REQ_new();
	BIO *b = BIO_new(BIO_s_mem());
	char *p, *out = NULL;
	long n;

	if (req != NULL && b != NULL &&
	    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
	    X509_REQ_set_pubkey(req, key) == 1 && X509_REQ_sign(req, key, EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(b, req) == 1) {
		n = BIO_get_mem_data(b, &p);
		out = xstrndup(p, (size_t)n);
	}
	ERR_clear_error();
	BIO_free(b);
	X509_REQ_free(req);
	return out;
}

static void
make(void *arg)
{
	struct making *m = arg;
	struct renew_request *rq = &m->rq;
	EVP_PKEY *key = NULL;
	int r = m->new_key ? key_make_like(&rq->key, m->where, &rq->err) : 0;

	if (r == 0 && rq->key.len > 0)
		r = key_of_pem(&key, &rq->key, "(new)", &rq->err);
	else if (r == 0)
		r = key_load(&key, m->where, &rq->err);
	if (r == 0 && (rq->csr = request_of(m->name, key)) == NULL)
		err_set(&rq->err, E_INTERNAL, "the key cannot sign a request");
	EVP_PKEY_free(key);
}

static void
made(void *arg)
{
	struct making *m = arg;

	m->fn(m->arg, &m->rq);
	secret_fini(&m->rq.key);
	free(m->rq.csr);
	free(m->name);
	free(m->where);
	free(m);
}

void
renew_request_make(struct loop *loop, const struct config *c, const char *key, renew_request_fn *fn, void *arg)
{
	struct making *m = xcalloc(1, sizeof(*m));

	secret_init(&m->rq.key);
	m->name = xstrdup(c->name);
	m->where = xstrdup(key);
	m->new_key = c->cert.new_key && !may_be_encrypted(key);
	m->fn = fn;
	m->arg = arg;
	loop_work(loop, make, made, m);
}
