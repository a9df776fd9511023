/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_server - an HTTPS server on the loopback that says exactly what a test
 * wants said, one connection after the other, and remembers what it was asked.
 */
#ifndef MID_TLS_SERVER_H
#define MID_TLS_SERVER_H

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "test_certs.h"

/* One request's answer. */
struct act {
	const char *say;	/* raw bytes; NULL: not a word */
	size_t len;		/* 0: strlen(say) */
	bool hang_up;		/* the connection ends after this */
	bool stall;		/* stay silent until the client goes */
};

#define SEEN_MAX 8
struct tls_server {
	int fd, port;
	SSL_CTX *ctx;
	pthread_t thread;
	const struct act *acts;
	size_t n_acts;
	int connections, requests, resumed;
	char seen[SEEN_MAX][4096];	/* requests, heads and bodies */
};

/* Reads one request; false when the client has gone. */
static inline bool
tls_read_request(struct tls_server *s, SSL *ssl)
{
	char *to = s->seen[s->requests % SEEN_MAX], *head, *length;
	size_t have = 0, want = 0;
	int n;

	to[0] = '\0';
	for (;;) {
		head = strstr(to, "\r\n\r\n");
		length = strcasestr(to, "content-length:");
		if (head != NULL) {
			want = (size_t)(head - to) + 4;
			if (length != NULL && length < head)
				want += (size_t)atol(length + 15);
			if (have >= want)
				break;
		}
		n = SSL_read(ssl, to + have, (int)(sizeof(s->seen[0]) - 1 - have));
		if (n <= 0)
			return false;
		have += (size_t)n;
		to[have] = '\0';
	}
	s->requests++;
	return true;
}

/* So that what was said last is not lost to a reset. */
static inline void
tls_linger(int fd)
{
	char drop[512];

	shutdown(fd, SHUT_WR);
	while (read(fd, drop, sizeof(drop)) > 0)
		;
	close(fd);
}

static inline void
tls_serve_one(struct tls_server *s, int fd, size_t *at)
{
	SSL *ssl = SSL_new(s->ctx);
	const struct act *a;
	char drop;

	SSL_set_fd(ssl, fd);
	s->connections++;
	if (SSL_accept(ssl) == 1) {
		s->resumed += SSL_session_reused(ssl);
		while (*at < s->n_acts && tls_read_request(s, ssl)) {
			a = &s->acts[(*at)++];
			if (a->stall)
				(void)SSL_read(ssl, &drop, 1);
			if (a->say != NULL)
				SSL_write(ssl, a->say, (int)(a->len > 0 ? a->len : strlen(a->say)));
			if (a->hang_up || a->stall)
				break;
		}
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
	tls_linger(fd);
}

static inline void *
tls_serve(void *arg)
{
	struct tls_server *s = arg;
	size_t at = 0;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) >= 0)
		tls_serve_one(s, fd, &at);
	return NULL;
}

/* CLIENT_CA: clients must show a certificate of it; NULL: none is asked for. */
static inline void
tls_server_start(struct tls_server *s, const struct test_cert *cert, const struct test_cert *client_ca,
    const struct act *acts, size_t n_acts)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);

	memset(s, 0, sizeof(*s));
	s->acts = acts;
	s->n_acts = n_acts;
	s->ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(s->ctx, cert->x);
	SSL_CTX_use_PrivateKey(s->ctx, cert->key);
	if (client_ca != NULL) {
		X509_STORE_add_cert(SSL_CTX_get_cert_store(s->ctx), client_ca->x);
		SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
		SSL_CTX_set_session_id_context(s->ctx, (const unsigned char *)"t", 1);
	}
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(s->fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(s->fd, 16) < 0)
		abort();
	getsockname(s->fd, (struct sockaddr *)&sin, &len);
	s->port = ntohs(sin.sin_port);
	if (pthread_create(&s->thread, NULL, tls_serve, s) != 0)
		abort();
}

/* The client must have closed its connections. */
static inline void
tls_server_stop(struct tls_server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	SSL_CTX_free(s->ctx);
}

#endif
