/* SPDX-License-Identifier: Apache-2.0 */
/* tls - see tls.h. */
#include "tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "found.h"

#define CHAIN_MAX 10

struct tls_shared { SSL_CTX *ctx; bool original; };

struct tls {
	struct tls_shared *shared;
	SSL *ssl;
	bool up;
	unsigned long error;
};

struct tls_shared *
tls_shared_new(void)
{
	struct tls_shared *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->ctx = SSL_CTX_new(TLS_client_method());
	if (t == NULL || t->ctx == NULL) {
		tls_shared_free(t);
		return NULL;
	}
	/* Old servers are to be found, not to be trusted. */
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_security_level(t->ctx, 0);
	SSL_CTX_set_min_proto_version(t->ctx, TLS1_VERSION);
	SSL_CTX_set_cipher_list(t->ctx, "ALL:@SECLEVEL=0");
	SSL_CTX_set_options(t->ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(t->ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_cert_list(t->ctx, 64 << 10);
	SSL_CTX_set_mode(t->ctx, SSL_MODE_RELEASE_BUFFERS);
	return t;
}

void
tls_shared_free(struct tls_shared *t)
{
	if (t != NULL)
		SSL_CTX_free(t->ctx);
	free(t);
}

void
tls_keep_original(struct tls_shared *shared, bool keep)
{
	shared->original = keep;
}

struct tls *
tls_new(struct tls_shared *shared, int fd, const char *name)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->shared = shared;
	t->ssl = SSL_new(shared->ctx);
	if (t->ssl == NULL || SSL_set_fd(t->ssl, fd) != 1) {
		tls_free(t);
		return NULL;
	}
	if (strspn(name, "0123456789.") != strlen(name) && strchr(name, ':') == NULL)
		SSL_set_tlsext_host_name(t->ssl, name);
	SSL_set_connect_state(t->ssl);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	free(t);
}

/* Does R mean "not now"? */
static bool
waits(const struct tls *t, int r, enum chat_want *want)
{
	int e = SSL_get_error(t->ssl, r);

	*want = e == SSL_ERROR_WANT_WRITE ? CHAT_WRITES : CHAT_READS;
	return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE;
}

enum chat_want
tls_shake(struct tls *t)
{
	enum chat_want want;
	int r;

	ERR_clear_error();
	r = SSL_do_handshake(t->ssl);
	if (r == 1)
		t->up = true;
	else if (waits(t, r, &want))
		return want;
	else
		t->error = ERR_peek_error();
	ERR_clear_error();
	return CHAT_OVER;
}

bool
tls_is_up(const struct tls *t)
{
	return t->up;
}

ssize_t
tls_read(struct tls *t, char *to, size_t room, enum chat_want *want)
{
	int r;

	ERR_clear_error();
	r = SSL_read(t->ssl, to, (int)room);
	return r > 0 ? r : waits(t, r, want) ? -1 : 0;
}

ssize_t
tls_write(struct tls *t, const char *from, size_t n, enum chat_want *want)
{
	int r;

	ERR_clear_error();
	r = SSL_write(t->ssl, from, (int)n);
	return r > 0 ? r : waits(t, r, want) ? -1 : 0;
}

void
tls_tell(struct tls *t, struct found *f, uint32_t host, unsigned ask)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(t->ssl);
	const char *why = t->error == 0 ? NULL : ERR_reason_error_string(t->error);
	int i;

	if (t->up) {
		found_say(f, host, ask, "tls_version", "%s", SSL_get_version(t->ssl));
		found_say(f, host, ask, "tls_cipher", "%s", SSL_get_cipher_name(t->ssl));
	} else {
		found_say(f, host, ask, "tls_error", "%s", why != NULL ? why : "the handshake did not end");
	}
	for (i = 0; i < sk_X509_num(chain) && i < CHAIN_MAX; i++)
		cert_tell(sk_X509_value(chain, i), t->shared->original, f, host, ask, (unsigned)i);
}
