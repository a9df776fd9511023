/* SPDX-License-Identifier: Apache-2.0 */
/* login - see login.h. */
#include "login.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "hostkey.h"
#include "link.h"
#include "offer.h"
#include "pool.h"
#include "way.h"

#define TYPES "ssh_private_key,ssh_password"
#define CONNECT_MS 15000
#define SHAKE_MS 30000		/* from the connection to the server's answer to a credential */

enum stage { AT_WAY, AT_SEAT, AT_REST, AT_HOST, AT_OFFER, AT_CONNECT, AT_SHAKE, AT_KEY, AT_CREDENTIAL, AT_LOGIN, AT_NEXT, AT_END };

struct login {
	const struct mid_host *h;
	struct mid_run *run;
	struct pool *pool;
	enum stage stage;
	struct hop hop[POOL_HOPS];
	unsigned hops, at;		/* how many; which is being opened */
	char *where;
	struct place *seat;
	struct conn *conn;
	bool anew;			/* anew: none at rest will do */
	bool from_rest;			/* its credential waits for the verdict */
	int64_t until;			/* this connection must be through by then */
	struct offer *offer;		/* until it is made */
	struct mid_credential cred;
	struct attempt attempt;		/* with it */
	bool refused;			/* one at least */
	enum mid_class failed;		/* why it did not come to an end */
	char said[300];
	char why[240];
	char *password;			/* of the account, for sudo; wiped */
};

enum { NEXT = 0, WAIT = 1, FAIL = -1 };

static const struct hop *
hop(const struct login *l)
{
	return &l->hop[l->at];
}

static bool
at_target(const struct login *l)
{
	return l->at + 1 == l->hops;
}

static struct link *
inner(const struct login *l)
{
	return l->conn == NULL || l->conn->n == 0 ? NULL : l->conn->hop[l->conn->n - 1];
}

static int
fail(struct login *l, enum mid_class class, const char *what)
{
	l->failed = class;
	snprintf(l->said, sizeof(l->said), "%s", what);
	l->h->fail(l->run, class, "%s%s%s port %d: %s", at_target(l) ? "" : "the host on the way ", at_target(l) ? "" : hop(l)->name,
	    at_target(l) ? l->h->address(l->run) : "", hop(l)->port, what);
	return FAIL;
}

static int
wait_for(struct login *l, struct mid_wait *wait, unsigned events)
{
	int64_t left = l->until - l->h->now_ms(l->run);

	if (left <= 0)
		return fail(l, MID_TIMEOUT, l->stage == AT_CONNECT ? "no connection in time (15 s): is the host up, or is a firewall between?" :
		    "the SSH server did not answer in time (30 s): is the host overloaded, or something else behind that port?");
	wait->fds[0] = (struct mid_fd){ .fd = l->conn->fd, .events = events };
	wait->nfds = 1;
	wait->timeout_ms = left;
	return WAIT;
}

/* midd answers: nothing to wait for but that. */
static int
wait_for_midd(struct mid_wait *wait)
{
	wait->nfds = 0;
	wait->timeout_ms = -1;
	return WAIT;
}

static void
hang_up(struct login *l)
{
	conn_free(l->conn);
	l->conn = NULL;
}

/* The last link only: the hosts on the way stay logged in. */
static void
hang_up_last(struct login *l)
{
	if (l->at == 0)
		hang_up(l);
	else
		link_free(l->conn->hop[--l->conn->n]);
}

/* --- before there is a connection ----------------------------------------------------- */

/* The hosts on the way, and the target. */
static int
find_way(struct login *l, struct mid_wait *wait)
{
	const char *jumps = l->h->param(l->run, "proxy_jump");
	int port = l->hop[0].port, n = way_read(l->hop, POOL_HOPS - 1, jumps);

	(void)wait;
	if (n < 0) {
		l->h->fail(l->run, MID_BAD_PARAM, "proxy_jump must be HOST or HOST:PORT, and up to %d of them with commas between; "
		    "the user comes from the credential", POOL_HOPS - 1);
		return FAIL;
	}
	l->hop[n] = (struct hop){ .port = port };
	snprintf(l->hop[n].address, sizeof(l->hop[n].address), "%s", l->h->address(l->run));
	l->hops = (unsigned)n + 1;
	if (asprintf(&l->where, "%s %d %s", l->hop[n].address, port, jumps == NULL ? "" : jumps) < 0)
		l->where = NULL;
	return l->where == NULL ? fail(l, MID_INTERNAL, "out of memory") : NEXT;
}

static int
take_seat(struct login *l, struct mid_wait *wait)
{
	int r = pool_enter(l->pool, l->where, l->run, &l->seat);

	if (r < 0)
		return fail(l, MID_INTERNAL, "out of memory");
	return r == MID_AGAIN ? wait_for_midd(wait) : NEXT;
}

/* The account's password, for sudo. */
static int
keep_password(struct login *l)
{
	const char *password = l->cred.field(&l->cred, "password");

	if (l->password != NULL)
		OPENSSL_cleanse(l->password, strlen(l->password));
	free(l->password);
	l->password = password == NULL || password[0] == '\0' ? NULL : strdup(password);
	return password != NULL && password[0] != '\0' && l->password == NULL ? -1 : 0;
}

/* Is a connection at rest that the credential whose turn it is has opened? */
static int
look_at_rest(struct login *l, struct mid_wait *wait)
{
	int r;

	if (l->anew || l->hops > 1 || !pool_rests(l->seat))
		return NEXT;		/* one by way of others is not kept: their credentials come first */
	r = l->h->credential(l->run, TYPES, &l->cred);
	if (r == MID_AGAIN)
		return wait_for_midd(wait);
	if (r < 0)
		return fail(l, MID_NO_CREDENTIAL, "no credential fits this target");
	l->conn = pool_take(l->pool, l->seat, l->cred.id);
	if (l->conn == NULL)
		return NEXT;		/* it stays this one's turn */
	if (keep_password(l) < 0)
		return fail(l, MID_INTERNAL, "out of memory");
	l->from_rest = true;
	l->stage = AT_END;
	return NEXT;
}

/* A host on the way: its address, as far as policy allows. */
static int
find_host(struct login *l, struct mid_wait *wait)
{
	struct hop *to = &l->hop[l->at];
	const char *answer;
	int r;

	if (at_target(l))
		return NEXT;
	r = l->h->ask(l->run, "resolve", to->name, &answer);
	if (r == MID_AGAIN)
		return wait_for_midd(wait);
	if (r < 0)
		return fail(l, MID_INTERNAL, "midd does not find names");
	if (strncmp(answer, "ok ", 3) != 0)
		return fail(l, strncmp(answer, "denied", 6) == 0 ? MID_POLICY : MID_UNREACHABLE, answer + strcspn(answer, " "));
	snprintf(to->address, sizeof(to->address), "%s", answer + 3);
	return NEXT;
}

/* --- the stages ------------------------------------------------------------------- */

/* The host in a question to midd. */
static const char *
asked_as(const struct login *l)
{
	return at_target(l) ? "-" : hop(l)->name;
}

/* What it is offered; of its keys first those that midd knows, so that a new type is no stranger. */
static int
ask_offer(struct login *l, struct mid_wait *wait)
{
	char why[200], host[sizeof(hop(l)->name) + 16];
	int r;

	if (l->offer == NULL)
		l->offer = calloc(1, sizeof(*l->offer));
	if (l->offer == NULL)
		return fail(l, MID_INTERNAL, "out of memory");
	snprintf(host, sizeof(host), "%s %d", asked_as(l), hop(l)->port);
	r = offer_ask(l->offer, l->h, l->run, host, why);
	if (r == MID_AGAIN)
		return wait_for_midd(wait);
	return r < 0 ? fail(l, MID_BAD_PARAM, why) : NEXT;
}

/* 0 the next link has its socket, or its way through the last host. */
static int
connected(struct login *l, struct mid_wait *wait)
{
	const char *why = NULL;
	int r;

	if (l->at > 0)
		return NEXT;
	if (l->conn == NULL) {
		l->conn = conn_new();
		if (l->conn == NULL)
			return fail(l, MID_INTERNAL, "out of memory");
		l->conn->fd = way_dial(hop(l), &why);
		if (l->conn->fd < 0)
			return fail(l, MID_UNREACHABLE, why);
		l->until = l->h->now_ms(l->run) + CONNECT_MS;
	}
	r = way_connected(l->conn->fd, &why);
	return r < 0 ? fail(l, MID_UNREACHABLE, why) : r > 0 ? wait_for(l, wait, MID_WRITE) : NEXT;
}

static int
do_connect(struct login *l, struct mid_wait *wait)
{
	struct link *made;
	int r = connected(l, wait);

	if (r != NEXT)
		return r;
	made = l->at == 0 ? link_new(l->conn->fd, l->offer) : link_new_through(inner(l), hop(l)->address, hop(l)->port, l->offer);
	free(l->offer);
	l->offer = NULL;
	if (made == NULL)
		return fail(l, MID_INTERNAL, "out of memory");
	l->conn->hop[l->conn->n++] = made;
	l->until = l->h->now_ms(l->run) + SHAKE_MS;
	return NEXT;
}

static int
do_shake(struct login *l, struct mid_wait *wait)
{
	int r = link_handshake(inner(l));

	if (r == LINK_AGAIN)
		return wait_for(l, wait, link_events(inner(l)));
	return r < 0 ? fail(l, MID_TARGET, link_why(inner(l))) : NEXT;
}

static int
judge_key(struct login *l, struct mid_wait *wait)
{
	const struct hostkey_of of = { .asked_as = asked_as(l), .name = at_target(l) ? l->h->source(l->run) : hop(l)->name,
		.address = at_target(l) ? l->h->address(l->run) : hop(l)->address, .port = hop(l)->port };
	int r = hostkey_judge(l->h, l->run, inner(l), &of, &l->failed, l->said);

	if (r == MID_AGAIN)
		return wait_for(l, wait, MID_READ);
	if (r == 0)
		return NEXT;
	l->h->fail(l->run, l->failed, "%s", l->said);
	return FAIL;
}

static int
get_credential(struct login *l, struct mid_wait *wait)
{
	int r = at_target(l) ? l->h->credential(l->run, TYPES, &l->cred)
	    : l->h->credential_for(l->run, TYPES, hop(l)->name, &l->cred);

	if (r == MID_AGAIN)
		return wait_for(l, wait, MID_READ);
	if (r == 0)
		return NEXT;
	return l->refused ? fail(l, MID_AUTH, l->why) : fail(l, MID_NO_CREDENTIAL,
	    at_target(l) ? "no credential fits this target" : "no credential fits this host");
}

/* Logged in: what the job or the pool needs of the credential is kept, the rest goes with the verdict. */
static int
right_one(struct login *l)
{
	int r = at_target(l) ? keep_password(l) : 0;

	if (at_target(l)) {
		snprintf(l->conn->user, sizeof(l->conn->user), "%s", l->cred.field(&l->cred, "user"));
		snprintf(l->conn->credential, sizeof(l->conn->credential), "%s", l->cred.id);
	}
	l->h->judge(l->run, &l->cred, MID_WORKED, "logged in");
	l->refused = false;
	return r < 0 ? fail(l, MID_INTERNAL, "out of memory") : NEXT;
}

/* A connection that ends while a credential is tried says nothing of the credential, unless it is ended often. */
static int
do_login(struct login *l, struct mid_wait *wait)
{
	const char *why;
	int r = attempt_step(&l->attempt, inner(l), pool_keys(l->pool), &l->cred, &why);

	if (r == LINK_AGAIN && l->h->now_ms(l->run) < l->until)
		return wait_for(l, wait, link_events(inner(l)));
	if (r == LINK_AGAIN || r == LINK_BROKEN) {
		l->h->judge(l->run, &l->cred, MID_NOT_TRIED, r == LINK_AGAIN ? "no answer in time" : why);
		return r == LINK_BROKEN ? fail(l, MID_TARGET, why) : fail(l, MID_TIMEOUT,
		    "no answer to the login in time (30 s): is the host overloaded, or what it asks for accounts (LDAP) away?");
	}
	if (r == 0)
		return right_one(l);
	snprintf(l->why, sizeof(l->why), "%s", why);
	l->h->judge(l->run, &l->cred, MID_REFUSED, l->why);
	l->refused = true;
	hang_up_last(l);
	l->stage = AT_REST;	/* and from there on: the next one on a new connection */
	return NEXT;
}

/* One host further, or there. */
static int
go_further(struct login *l, struct mid_wait *wait)
{
	(void)wait;
	if (at_target(l))
		return NEXT;
	l->at++;
	l->stage = AT_REST;
	return NEXT;
}

static int (*const stages[])(struct login *, struct mid_wait *) = {
	[AT_WAY] = find_way, [AT_SEAT] = take_seat, [AT_REST] = look_at_rest, [AT_HOST] = find_host, [AT_OFFER] = ask_offer,
	[AT_CONNECT] = do_connect, [AT_SHAKE] = do_shake, [AT_KEY] = judge_key, [AT_CREDENTIAL] = get_credential,
	[AT_LOGIN] = do_login, [AT_NEXT] = go_further,
};

int
login_step(struct login *l, struct mid_wait *wait)
{
	int r = NEXT;

	link_turn(inner(l));
	while (l->stage != AT_END && (r = stages[l->stage](l, wait)) == NEXT)
		if (l->stage != AT_END)
			l->stage++;
	/* Asked for to find a connection at rest, and not sent on a new one. */
	if (r == FAIL && l->stage < AT_CREDENTIAL && at_target(l) && l->cred.id != NULL)
		l->h->judge(l->run, &l->cred, MID_NOT_TRIED, l->said);
	return r;
}

struct login *
login_new(const struct mid_host *h, struct mid_run *run, struct pool *pool, int port)
{
	struct login *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->h = h;
	l->run = run;
	l->pool = pool;
	l->hops = 1;
	l->hop[0].port = port;
	return l;
}

/* Only now: until the verdict midd gives the same credential again, should a new connection be needed. */
void
login_serves(struct login *l)
{
	if (l->from_rest)
		l->h->judge(l->run, &l->cred, MID_WORKED, "a connection of an earlier job was still open");
	l->from_rest = false;
}

bool
login_again(struct login *l)
{
	if (!l->from_rest)
		return false;
	l->h->log(l->run, MID_DEBUG, "%s: a connection of an earlier job has died (%s): a new one is made", l->h->address(l->run),
	    link_why(inner(l)));
	l->from_rest = false;
	hang_up(l);
	l->anew = true;
	l->stage = AT_HOST;
	return true;
}

void
login_free(struct login *l, bool keep)
{
	if (l == NULL)
		return;
	if (keep && l->stage == AT_END && l->conn != NULL && l->hops == 1) {
		pool_put(l->pool, l->seat, l->conn);
		l->conn = NULL;
	}
	hang_up(l);
	attempt_end(&l->attempt, pool_keys(l->pool));
	if (l->seat != NULL)
		pool_leave(l->pool, l->seat);
	else if (l->where != NULL)
		pool_forget(l->pool, l->where, l->run);
	if (l->password != NULL)
		OPENSSL_cleanse(l->password, strlen(l->password));
	free(l->password);
	free(l->offer);
	free(l->where);
	free(l);
}

void
login_anew(struct login *l)
{
	l->anew = true;
}

enum mid_class
login_failed(const struct login *l, const char **why)
{
	*why = l->said;
	return l->failed;
}

const char *
login_doing(const struct login *l)
{
	return l->stage < AT_CONNECT ? "it waits for its turn, or for midd's word" : l->stage == AT_CONNECT ? "there is no connection yet" :
	    l->stage == AT_SHAKE ? "the SSH server has not introduced itself" : l->stage < AT_END ? "the login is not through" :
	    "it is logged in, and the command still runs";
}

bool
login_may_come_back(const struct login *l)
{
	return l->failed == MID_UNREACHABLE || l->failed == MID_TIMEOUT || l->failed == MID_TARGET;
}

struct link *
login_link(struct login *l)
{
	return inner(l);
}

int
login_fd(const struct login *l)
{
	return l->conn->fd;
}

const char *
login_user(const struct login *l)
{
	return l->conn == NULL ? "" : l->conn->user;
}

const char *
login_password(const struct login *l)
{
	return l->password;
}
