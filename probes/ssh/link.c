/* SPDX-License-Identifier: Apache-2.0 */
/* link - see link.h: the connection and the login. */
#include "link_inside.h"

#include <errno.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "key.h"
#include "offer.h"
#include "wiped.h"
#include "wire.h"

#define TURN_MAX (1u << 20)	/* bytes taken off the socket before others have their turn */
#define STRANGER_MAX (64u << 10)	/* bytes a server may send before the login: RFC 4253 sets no end to its greeting */

/* libssh2's names for what is offered. */
static const struct { int what; enum offer_what list; } methods[] = {
	{ LIBSSH2_METHOD_KEX, OFFER_KEX }, { LIBSSH2_METHOD_HOSTKEY, OFFER_HOST_KEYS },
	{ LIBSSH2_METHOD_CRYPT_CS, OFFER_CIPHERS }, { LIBSSH2_METHOD_CRYPT_SC, OFFER_CIPHERS },
	{ LIBSSH2_METHOD_MAC_CS, OFFER_MACS }, { LIBSSH2_METHOD_MAC_SC, OFFER_MACS },
};

int
link_library_open(void)
{
	return libssh2_init(0) == 0 ? 0 : -1;
}

void
link_library_close(void)
{
	libssh2_exit();
}

static ssize_t
through_tunnel(ssize_t r)
{
	if (r == LIBSSH2_ERROR_EAGAIN)
		return -EAGAIN;
	return r < 0 ? -EPIPE : r;
}

/* libssh2 reads on as long as bytes come: a server that never stops is stopped here. 0: go on. */
static ssize_t
too_much(const struct link *l)
{
	if (!l->known && l->received > STRANGER_MAX)
		return -EPROTO;
	return l->turn > TURN_MAX ? -EAGAIN : 0;
}

/* libssh2 may take bytes that another channel waits for: whoever reads must know that there were some. */
static ssize_t
on_receive(libssh2_socket_t fd, void *to, size_t n, int flags, void **abstract)
{
	struct link *l = *abstract;
	ssize_t r = too_much(l);

	if (r < 0)
		return r;
	if (l->tunnel != NULL) {
		r = through_tunnel(libssh2_channel_read_ex(l->tunnel, 0, to, n));
		if (r == 0 && !libssh2_channel_eof(l->tunnel))
			r = -EAGAIN;
	} else if ((r = recv(fd, to, n, flags)) < 0) {
		r = -errno;
	}
	if (r > 0) {
		l->received += (unsigned long)r;
		l->turn += (unsigned long)r;
	}
	return r;
}

static ssize_t
on_send(libssh2_socket_t fd, const void *from, size_t n, int flags, void **abstract)
{
	struct link *l = *abstract;
	ssize_t r;

	if (l->tunnel != NULL)
		return through_tunnel(libssh2_channel_write_ex(l->tunnel, 0, from, n));
	r = send(fd, from, n, flags | MSG_NOSIGNAL);
	return r < 0 ? -errno : r;
}

/* Does this build know one of LIST? libssh2 takes a list of unknown key exchanges and says so to the server only. */
static bool
known_here(const struct link *l, int what, const char *list)
{
	const char **names = NULL;
	int i, n = libssh2_session_supported_algs(l->s, what, &names);
	bool found = false;

	for (i = 0; i < n && !found; i++)
		found = offer_names_it(list, names[i]);
	libssh2_free(l->s, names);
	return found;
}

struct link *
link_new(int fd, const struct offer *offer)
{
	struct link *l = calloc(1, sizeof(*l));
	size_t i;

	if (l == NULL || (l->s = libssh2_session_init_ex(wiped_new, wiped_free, wiped_resize, l)) == NULL) {
		free(l);
		return NULL;
	}
	l->fd = fd;
	l->sha1 = offer_names_it(offer->list[OFFER_HOST_KEYS], "ssh-rsa");
	libssh2_session_set_blocking(l->s, 0);
	libssh2_session_callback_set2(l->s, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)(void *)on_receive);
	libssh2_session_callback_set2(l->s, LIBSSH2_CALLBACK_SEND, (libssh2_cb_generic *)(void *)on_send);
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (libssh2_session_method_pref(l->s, methods[i].what, offer->list[methods[i].list]) != 0
		    || !known_here(l, methods[i].what, offer->list[methods[i].list]))
			l->unknown = offer_names[methods[i].list];
	(void)libssh2_session_method_pref(l->s, LIBSSH2_METHOD_COMP_CS, "none");
	(void)libssh2_session_method_pref(l->s, LIBSSH2_METHOD_COMP_SC, "none");
	(void)libssh2_session_method_pref(l->s, LIBSSH2_METHOD_SIGN_ALGO,
	    l->sha1 ? "rsa-sha2-512,rsa-sha2-256,ssh-rsa" : "rsa-sha2-512,rsa-sha2-256");
	return l;
}

struct link *
link_new_through(struct link *outer, const char *host, int port, const struct offer *offer)
{
	struct link *l = link_new(outer->fd, offer);

	if (l == NULL)
		return NULL;
	l->outer = outer;
	l->port = port;
	snprintf(l->host, sizeof(l->host), "%s", host);
	return l;
}

/* As far as the goodbye goes at once: a server that does not read is not waited for. */
void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	if (libssh2_userauth_authenticated(l->s))
		(void)libssh2_session_disconnect_ex(l->s, SSH_DISCONNECT_BY_APPLICATION, "done", "");
	(void)libssh2_session_free(l->s);
	if (l->tunnel != NULL)
		(void)libssh2_channel_free(l->tunnel);
	free(l->methods);
	free(l);
}

const char *
link_why(const struct link *l)
{
	return l->why;
}

unsigned
link_events(const struct link *l)
{
	int d;

	while (l->outer != NULL)	/* whoever writes to the socket */
		l = l->outer;
	d = libssh2_session_block_directions(l->s);
	return MID_READ | ((d & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0 ? MID_WRITE : 0);
}

void
link_turn(struct link *l)
{
	for (; l != NULL; l = l->outer) {
		l->turn = 0;
		l->known = l->known || libssh2_userauth_authenticated(l->s) != 0;
	}
}

unsigned long
link_received(const struct link *l)
{
	return l->received + (l->outer != NULL ? link_received(l->outer) : 0);
}

int
link_result(struct link *l, int r, const char *doing)
{
	char *text = NULL;

	if (r == LIBSSH2_ERROR_EAGAIN)
		return LINK_AGAIN;
	if (r >= 0)
		return 0;
	if (!l->known && l->received > STRANGER_MAX) {
		snprintf(l->why, sizeof(l->why), "%s: it has sent more than %u kB and does not come to the point", doing, STRANGER_MAX >> 10);
		return LINK_BROKEN;
	}
	(void)libssh2_session_last_error(l->s, &text, NULL, 0);
	snprintf(l->why, sizeof(l->why), "%s: %.110s%s", doing, text == NULL || text[0] == '\0' ? "no reason given" : text,
	    r == LIBSSH2_ERROR_KEX_FAILURE || r == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE
	    ? " (no algorithm in common? see ssh.kex in midd.yaml)" : "");
	switch (r) {
	case LIBSSH2_ERROR_CHANNEL_FAILURE:	/* no (more) channels */
	case LIBSSH2_ERROR_AUTHENTICATION_FAILED:
	case LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
	case LIBSSH2_ERROR_PASSWORD_EXPIRED:
	case LIBSSH2_ERROR_FILE:		/* a key that can't be read, or its pass phrase is wrong */
	case LIBSSH2_ERROR_ALGO_UNSUPPORTED:
		return LINK_REFUSED;
	default:
		return LINK_BROKEN;
	}
}

static int
open_tunnel(struct link *l)
{
	int r;

	if (l->outer == NULL || l->tunnel != NULL)
		return 0;
	l->tunnel = libssh2_channel_direct_tcpip_ex(l->outer->s, l->host, l->port, "127.0.0.1", 0);
	if (l->tunnel != NULL)
		return 0;
	r = link_result(l->outer, libssh2_session_last_errno(l->outer->s), "a way through to it");
	memcpy(l->why, l->outer->why, sizeof(l->why));
	return r == 0 ? LINK_BROKEN : r;
}

int
link_handshake(struct link *l)
{
	int r = open_tunnel(l);

	if (r != 0)
		return r;
	if (l->unknown != NULL) {
		snprintf(l->why, sizeof(l->why), "%s in midd.yaml names no algorithm that is known here", l->unknown);
		return LINK_BROKEN;
	}
	r = libssh2_session_handshake(l->s, l->fd);
	return link_result(l, r, "the SSH handshake");
}

const unsigned char *
link_key(struct link *l, char type[64], size_t *len)
{
	int kind;
	const unsigned char *blob = (const unsigned char *)libssh2_session_hostkey(l->s, len, &kind);
	struct wire w = { blob, blob == NULL ? 0 : *len }, name;

	if (!wire_string(&w, &name) || name.n == 0 || name.n > 63)
		return NULL;
	memcpy(type, name.p, name.n);
	type[name.n] = '\0';
	return blob;
}

/* --- login ---------------------------------------------------------------------- */

/* The key signs here. An RSA key's algorithm is one that the server has said it takes; one that says nothing means SHA-1. */
static int
on_sign(LIBSSH2_SESSION *s, unsigned char **sig, size_t *len, const unsigned char *what, size_t n, void **abstract)
{
	struct link *l = *(struct link **)libssh2_session_abstract(s);
	unsigned char *made;

	(void)abstract;
	l->unsigned_by_us = key_sign(l->key, l->sha1, what, n, &made, len) < 0;
	if (l->unsigned_by_us)
		return -1;
	*sig = wiped_copy(made, *len);
	free(made);
	return *sig == NULL ? -1 : 0;
}

int
link_login_key(struct link *l, const char *user, const struct key *key)
{
	const unsigned char *public;
	size_t n;
	int r;

	l->key = key;
	public = key_public(key, &n);
	r = link_result(l, libssh2_userauth_publickey(l->s, user, public, n, on_sign, NULL), "login by key");
	l->key = NULL;
	if (l->unsigned_by_us)
		snprintf(l->why, sizeof(l->why), "login by key: the server takes signatures with SHA-1 only (see ssh.host_keys in midd.yaml)");
	return r;
}

/* Every question that hides what is typed gets the password; the others nothing. */
static void
on_questions(const char *name, int name_len, const char *what, int what_len, int n,
    const LIBSSH2_USERAUTH_KBDINT_PROMPT *asked, LIBSSH2_USERAUTH_KBDINT_RESPONSE *said, void **abstract)
{
	const struct link *l = *abstract;
	const char *text;
	int i;

	(void)name, (void)name_len, (void)what, (void)what_len;
	for (i = 0; i < n; i++) {
		text = asked[i].echo || l->secret == NULL ? "" : l->secret;
		said[i].text = wiped_copy(text, strlen(text) + 1);
		said[i].length = said[i].text == NULL ? 0 : (unsigned)strlen(text);
	}
}

/* How the server lets this user in. */
static int
learn_methods(struct link *l, const char *user)
{
	const char *list;

	if (l->methods != NULL)
		return 0;
	list = libssh2_userauth_list(l->s, user, (unsigned)strlen(user));
	if (list == NULL && libssh2_session_last_errno(l->s) == LIBSSH2_ERROR_EAGAIN)
		return LINK_AGAIN;
	if (list == NULL && !libssh2_userauth_authenticated(l->s))
		return link_result(l, libssh2_session_last_errno(l->s), "asking how to log in");
	l->methods = strdup(list == NULL ? "" : list);
	return l->methods == NULL ? LINK_BROKEN : 0;
}

int
link_login_password(struct link *l, const char *user, const char *password)
{
	int r = learn_methods(l, user);

	if (r != 0)
		return r;
	if (strstr(l->methods, "password") == NULL && strstr(l->methods, "keyboard-interactive") != NULL) {
		l->secret = password;
		r = libssh2_userauth_keyboard_interactive_ex(l->s, user, (unsigned)strlen(user), on_questions);
		l->secret = NULL;
		return link_result(l, r, "login by keyboard-interactive");
	}
	if (strstr(l->methods, "password") == NULL) {
		snprintf(l->why, sizeof(l->why), "the server takes no passwords, only %.120s", l->methods);
		return LINK_REFUSED;
	}
	r = libssh2_userauth_password_ex(l->s, user, (unsigned)strlen(user), password, (unsigned)strlen(password), NULL);
	return link_result(l, r, "login by password");
}
