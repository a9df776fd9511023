/* SPDX-License-Identifier: Apache-2.0 */
/* chat - see chat.h. */
#include "chat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "found.h"
#include "page.h"
#include "tls.h"

#define BANNER_MAX 512u
#define PAGE_MAX 16384u

struct chat {
	enum ask_talk kind;
	int fd;
	struct tls *tls;
	char ask[400];			/* what is sent, and how much of it is out */
	size_t ask_len, asked;
	char *in;
	size_t n, max;
	bool shaken, over;
};

struct chat *
chat_new(enum ask_talk kind, int fd, const char *name, struct tls_shared *shared)
{
	struct chat *t = calloc(1, sizeof(*t));
	bool page = kind == TALK_HTTP || kind == TALK_HTTPS;
	bool six = strchr(name, ':') != NULL;
	int n;

	if (t == NULL)
		return NULL;
	t->kind = kind;
	t->fd = fd;
	t->max = page ? PAGE_MAX : BANNER_MAX;
	t->in = malloc(t->max + 1);
	if (kind == TALK_TLS || kind == TALK_HTTPS)
		t->tls = tls_new(shared, fd, name);
	if (t->in == NULL || ((kind == TALK_TLS || kind == TALK_HTTPS) && t->tls == NULL)) {
		chat_free(t);
		return NULL;
	}
	n = page ? snprintf(t->ask, sizeof(t->ask), "GET / HTTP/1.1\r\nHost: %s%.255s%s\r\nUser-Agent: midd\r\nAccept: */*\r\n"
	    "Connection: close\r\n\r\n", six ? "[" : "", name, six ? "]" : "") : 0;
	t->ask_len = n > 0 && (size_t)n < sizeof(t->ask) ? (size_t)n : 0;
	return t;
}

void
chat_free(struct chat *t)
{
	if (t == NULL)
		return;
	tls_free(t->tls);
	free(t->in);
	free(t);
}

/* Bytes; 0 at the end, or after an error; <0: not now, and *WANT says for what it waits. */
static ssize_t
take(struct chat *t, char *to, size_t room, enum chat_want *want)
{
	ssize_t r;

	if (t->tls != NULL)
		return tls_read(t->tls, to, room, want);
	r = recv(t->fd, to, room, 0);
	*want = CHAT_READS;
	return r >= 0 ? r : errno == EAGAIN || errno == EINTR ? -1 : 0;
}

static ssize_t
give(struct chat *t, const char *from, size_t n, enum chat_want *want)
{
	ssize_t r;

	if (t->tls != NULL)
		return tls_write(t->tls, from, n, want);
	r = send(t->fd, from, n, MSG_NOSIGNAL);
	*want = CHAT_WRITES;
	return r >= 0 ? r : errno == EAGAIN || errno == EINTR ? -1 : 0;
}

/* Is what has come all that is wanted? */
static bool
is_enough(struct chat *t)
{
	if (t->n >= t->max)
		return true;
	t->in[t->n] = '\0';
	if (t->kind == TALK_BANNER)
		return memchr(t->in, '\n', t->n) != NULL;
	return page_is_enough(t->in, t->n);
}

static enum chat_want
shake(struct chat *t)
{
	enum chat_want want = tls_shake(t->tls);

	if (want != CHAT_OVER)
		return want;
	t->shaken = true;
	t->over = t->kind == TALK_TLS || !tls_is_up(t->tls);
	return CHAT_OVER;
}

enum chat_want
chat_go(struct chat *t)
{
	enum chat_want want = CHAT_OVER;
	ssize_t r;

	if (t->tls != NULL && !t->shaken) {
		want = shake(t);
		if (want != CHAT_OVER)
			return want;
	}
	while (!t->over && t->asked < t->ask_len) {
		r = give(t, t->ask + t->asked, t->ask_len - t->asked, &want);
		if (r < 0)
			return want;
		t->over = r == 0;
		t->asked += (size_t)r;
	}
	while (!t->over) {
		r = take(t, t->in + t->n, t->max - t->n, &want);
		if (r < 0)
			return want;
		t->n += (size_t)r;
		t->over = r == 0 || is_enough(t);
	}
	return CHAT_OVER;
}

/* The greeting of MySQL: a length, a number, 10, its version as a string (MySQL, protocol::HandshakeV10). */
static bool
tell_mysql(const struct chat *t, struct found *f, uint32_t host, unsigned ask)
{
	const char *end = t->n > 6 && t->in[3] == 0 && t->in[4] == 10 ? memchr(t->in + 5, 0, t->n - 5) : NULL;

	if (end == NULL)
		return false;
	found_fact(f, host, ask, "banner_text", t->in + 5, (size_t)(end - t->in) - 5);
	return true;
}

void
chat_tell(struct chat *t, struct found *f, uint32_t host, unsigned ask)
{
	size_t n = t->n;

	if (t->tls != NULL)
		tls_tell(t->tls, f, host, ask);
	if (t->kind == TALK_HTTP || t->kind == TALK_HTTPS) {
		page_tell(t->in, t->n, f, host, ask);
	} else if (t->kind == TALK_BANNER && !tell_mysql(t, f, host, ask)) {
		while (n > 0 && (t->in[n - 1] == '\n' || t->in[n - 1] == '\r'))
			n--;
		found_fact(f, host, ask, "banner_text", t->in, n);
	}
}
