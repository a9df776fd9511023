/* SPDX-License-Identifier: Apache-2.0 */
/* login - see login.h. */
#include "login.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"

#define TYPES "ssh_private_key,ssh_password"
#define KEY_MAX 8192		/* bytes of a host key's blob */
#define CONNECT_MS 15000
#define SHAKE_MS 30000		/* from the connection to the server's answer to a credential */

enum stage { AT_TYPES, AT_CONNECT, AT_SHAKE, AT_KEY, AT_CREDENTIAL, AT_LOGIN, AT_END };

struct login {
	const struct mid_host *h;
	struct mid_run *run;
	int port, fd;
	enum stage stage;
	bool connecting;
	int64_t until;			/* this connection must be through by then */
	char hostkeys[400];		/* types to ask for first; "" any */
	char question[KEY_MAX * 2];
	struct link *link;
	struct mid_credential cred;
	bool refused;			/* one at least */
	char why[240], user[128];
};

enum { NEXT = 0, WAIT = 1, FAIL = -1 };

static int
fail(struct login *l, enum mid_class class, const char *what)
{
	l->h->fail(l->run, class, "%s port %d: %s", l->h->address(l->run), l->port, what);
	return FAIL;
}

static int
wait_for(struct login *l, struct mid_wait *wait, unsigned events)
{
	int64_t left = l->until - l->h->now_ms(l->run);

	if (left <= 0)
		return fail(l, MID_TIMEOUT, l->stage == AT_CONNECT ? "no connection in time" : "the SSH server did not answer in time");
	wait->fds[0] = (struct mid_fd){ .fd = l->fd, .events = events };
	wait->nfds = 1;
	wait->timeout_ms = left;
	return WAIT;
}

static void
hang_up(struct login *l)
{
	link_free(l->link);
	l->link = NULL;
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->connecting = false;
}

/* --- the stages ------------------------------------------------------------------- */

/* Keys of this host that midd knows: ask for one of these, so that a new type is no stranger. */
static int
ask_types(struct login *l, struct mid_wait *wait)
{
	const char *answer;
	char *at = l->hostkeys;
	size_t n;
	int r;

	snprintf(l->question, sizeof(l->question), "- %d", l->port);
	r = l->h->ask(l->run, "host-key-types", l->question, &answer);
	if (r == MID_AGAIN) {
		wait->timeout_ms = -1;
		return WAIT;
	}
	if (r < 0 || strncmp(answer, "known ", 6) != 0)
		return NEXT;
	snprintf(l->hostkeys, sizeof(l->hostkeys), "%s", answer + 6);
	if (strncmp(at, "ssh-rsa", 7) == 0)
		snprintf(l->hostkeys, sizeof(l->hostkeys), "rsa-sha2-512,rsa-sha2-256");
	for (n = 0; at[n] != '\0'; n++)
		if (at[n] == ' ')
			at[n] = ',';
	return NEXT;
}

static int
begin_connect(struct login *l)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV }, *a = NULL;
	const int one = 1;
	char port[12];
	int r;

	snprintf(port, sizeof(port), "%d", l->port);
	if (getaddrinfo(l->h->address(l->run), port, &hints, &a) != 0)
		return fail(l, MID_BAD_PARAM, "not an address");
	l->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0) {
		freeaddrinfo(a);
		return fail(l, MID_INTERNAL, strerror(errno));
	}
	(void)setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	r = connect(l->fd, a->ai_addr, a->ai_addrlen);
	freeaddrinfo(a);
	if (r < 0 && errno != EINPROGRESS)
		return fail(l, MID_UNREACHABLE, strerror(errno));
	l->connecting = true;
	l->until = l->h->now_ms(l->run) + CONNECT_MS;
	return NEXT;
}

static int
do_connect(struct login *l, struct mid_wait *wait)
{
	socklen_t n = sizeof(int);
	int error = 0, r;
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (!l->connecting && (r = begin_connect(l)) != NEXT)
		return r;
	(void)getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &n);
	if (error != 0)
		return fail(l, MID_UNREACHABLE, strerror(error));
	if (getpeername(l->fd, (struct sockaddr *)&peer, &len) < 0)
		return wait_for(l, wait, MID_WRITE);
	l->link = link_new(l->fd, l->hostkeys[0] == '\0' ? NULL : l->hostkeys);
	l->until = l->h->now_ms(l->run) + SHAKE_MS;
	return l->link == NULL ? fail(l, MID_INTERNAL, "out of memory") : NEXT;
}

static int
do_shake(struct login *l, struct mid_wait *wait)
{
	int r = link_handshake(l->link);

	if (r == LINK_AGAIN)
		return wait_for(l, wait, link_events(l->link));
	return r < 0 ? fail(l, MID_TARGET, link_why(l->link)) : NEXT;
}

/* The question to midd: "- PORT TYPE BASE64". */
static int
key_question(struct login *l)
{
	char type[64], *b64;
	size_t len, n;
	const unsigned char *blob = link_key(l->link, type, &len);

	if (blob == NULL || len > KEY_MAX)
		return fail(l, MID_TARGET, "the server's host key can't be read");
	n = (size_t)snprintf(l->question, sizeof(l->question), "- %d %s ", l->port, type);
	b64 = l->question + n;
	if (n + (len + 2) / 3 * 4 + 1 > sizeof(l->question))
		return fail(l, MID_TARGET, "the server's host key is too large");
	EVP_EncodeBlock((unsigned char *)b64, blob, (int)len);
	return NEXT;
}

static int
judge_key(struct login *l, struct mid_wait *wait)
{
	const char *answer;
	int r = key_question(l);

	if (r != NEXT)
		return r;
	r = l->h->ask(l->run, "host-key", l->question, &answer);
	if (r == MID_AGAIN)
		return wait_for(l, wait, MID_READ);
	if (r < 0)
		return fail(l, MID_INTERNAL, "midd does not judge host keys");
	if (strncmp(answer, "known", 5) == 0 || strncmp(answer, "learned", 7) == 0)
		return NEXT;
	answer += strcspn(answer, " ");
	l->h->fail(l->run, MID_POLICY, "%s", answer[0] == ' ' ? answer + 1 : "the host key is not trusted");
	return FAIL;
}

static int
get_credential(struct login *l, struct mid_wait *wait)
{
	int r = l->h->credential(l->run, TYPES, &l->cred);

	if (r == MID_AGAIN)
		return wait_for(l, wait, MID_READ);
	if (r == 0)
		return NEXT;
	return l->refused ? fail(l, MID_AUTH, l->why) : fail(l, MID_NO_CREDENTIAL, "no credential fits this target");
}

static int
try_credential(struct login *l)
{
	const struct mid_credential *c = &l->cred;
	const char *user = c->field(c, "user");

	if (user == NULL || user[0] == '\0')
		return LINK_REFUSED;
	if (strcmp(c->type, "ssh_private_key") == 0)
		return link_login_key(l->link, user, c->field(c, "private_key"), c->field(c, "passphrase"));
	return link_login_password(l->link, user, c->field(c, "password"));
}

/* A connection that ends while a credential is tried says nothing of the credential, unless it is ended often. */
static int
do_login(struct login *l, struct mid_wait *wait)
{
	int r = try_credential(l);

	if (r == LINK_AGAIN && l->h->now_ms(l->run) < l->until)
		return wait_for(l, wait, link_events(l->link));
	if (r == LINK_AGAIN || r == LINK_BROKEN) {
		l->h->judge(l->run, &l->cred, MID_NOT_TRIED, r == LINK_AGAIN ? "no answer in time" : link_why(l->link));
		return fail(l, r == LINK_AGAIN ? MID_TIMEOUT : MID_TARGET, r == LINK_AGAIN ? "no answer to the login" : link_why(l->link));
	}
	if (r == 0) {
		snprintf(l->user, sizeof(l->user), "%s", l->cred.field(&l->cred, "user"));
		l->h->judge(l->run, &l->cred, MID_WORKED, "logged in");
		return NEXT;
	}
	snprintf(l->why, sizeof(l->why), "%s", link_why(l->link));
	l->h->judge(l->run, &l->cred, MID_REFUSED, l->why);
	l->refused = true;
	hang_up(l);
	l->stage = AT_TYPES;	/* and from there to AT_CONNECT: the next one on a new connection */
	return NEXT;
}

static int (*const stages[])(struct login *, struct mid_wait *) = {
	[AT_TYPES] = ask_types, [AT_CONNECT] = do_connect, [AT_SHAKE] = do_shake, [AT_KEY] = judge_key,
	[AT_CREDENTIAL] = get_credential, [AT_LOGIN] = do_login,
};

int
login_step(struct login *l, struct mid_wait *wait)
{
	int r = NEXT;

	while (l->stage != AT_END && (r = stages[l->stage](l, wait)) == NEXT)
		l->stage++;
	return r;
}

struct login *
login_new(const struct mid_host *h, struct mid_run *run, int port)
{
	struct login *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->h = h;
	l->run = run;
	l->port = port;
	l->fd = -1;
	return l;
}

void
login_free(struct login *l)
{
	if (l == NULL)
		return;
	hang_up(l);
	free(l);
}

struct link *
login_link(struct login *l)
{
	return l->link;
}

int
login_fd(const struct login *l)
{
	return l->fd;
}

const char *
login_user(const struct login *l)
{
	return l->user;
}
