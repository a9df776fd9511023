/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets - which addresses are targets at all, checked on what a name
 * resolved to. Denied whatever the configuration says: where clouds keep
 * their metadata, link-local, multicast and addresses that are none.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "err.h"
#include "log.h"
#include "loop.h"
#include "policy/inside.h"
#include "xalloc.h"

#define RESOLVED_MAX 16
#define NAME_MAX_BYTES 255
#define LEARN_AGAIN_MS 300000	/* addresses of an instance come and go */

static const struct { const char *range, *what; } never[] = {
	{ "169.254.169.254", "the cloud's metadata" },
	{ "fd00:ec2::254", "the cloud's metadata" },
	{ "fd20:ce::254", "the cloud's metadata" },
	{ "fd00:c1::a9fe:a9fe", "the cloud's metadata" },
	{ "168.63.129.16", "the cloud's own service" },
	{ "100.100.100.200", "the cloud's metadata" },
	{ "192.0.0.192", "the cloud's metadata" },
	{ "169.254.0.0/16", "link-local" },
	{ "fe80::/10", "link-local" },
	{ "224.0.0.0/4", "multicast" },
	{ "ff00::/8", "multicast" },
	{ "0.0.0.0/8", "no host" },
	{ "::/128", "no host" },
	{ "240.0.0.0/4", "reserved, or broadcast" },
};

const char *
targets_never(size_t i)
{
	return i < sizeof(never) / sizeof(never[0]) ? never[i].range : NULL;
}

static bool
is_instance(const struct policy *p, const struct address *a)
{
	unsigned i;

	/* A stand-in instance on this host leaves loopback to policy.loopback. */
	if (ranges_hold(LOOPBACK, a))
		return false;
	for (i = 0; i < p->instances; i++)
		if (memcmp(p->instance[i].b, a->b, sizeof(a->b)) == 0)
			return true;
	return false;
}

static int
check_one(const struct policy *p, const struct address *a, struct err *err)
{
	char text[ADDRESS_TEXT];
	size_t i;

	address_print(a, text);
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (ranges_hold(never[i].range, a))
			return err_set(err, E_AUTH, "policy: %s is no target: %s (%s)", text, never[i].what, never[i].range);
	if (!p->loopback && ranges_hold(LOOPBACK, a))
		return err_set(err, E_AUTH, "policy: %s is this host itself; policy.loopback allows it", text);
	if (is_instance(p, a))
		return err_set(err, E_AUTH, "policy: %s is the instance itself, no target", text);
	if (ranges_hold(p->deny, a))
		return err_set(err, E_AUTH, "policy: %s is in policy.deny", text);
	if (p->allow[0] != '\0' && !ranges_hold(p->allow, a))
		return err_set(err, E_AUTH, "policy: %s is not in policy.allow", text);
	return 0;
}

int
policy_address(const struct policy *p, const struct address *a, struct err *err)
{
	struct address inner;
	int r = check_one(p, a, err);

	if (r == 0 && !ranges_hold("::/127", a) && address_inner(a, &inner))
		r = check_one(p, &inner, err);
	return r;
}

/* --- names ---------------------------------------------------------------------- */

struct resolving {
	struct resolving *next;
	struct policy *p;
	char name[NAME_MAX_BYTES + 1];
	policy_found_fn *fn;		/* NULL: the instance's own */
	void *arg;
	int gai;
	unsigned n;
	struct address found[RESOLVED_MAX];
};

static void
add_found(struct resolving *rs, const struct sockaddr *sa)
{
	struct address *a = &rs->found[rs->n];
	char text[ADDRESS_TEXT];
	const void *raw = sa->sa_family == AF_INET ? (const void *)&((const struct sockaddr_in *)(const void *)sa)->sin_addr
	    : (const void *)&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;

	if (inet_ntop(sa->sa_family, raw, text, sizeof(text)) != NULL && address_parse(a, text) == 0)
		rs->n++;
}

/* On a pool thread. */
static void
look_up(void *arg)
{
	struct resolving *rs = arg;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL, *ai;

	if (address_parse(&rs->found[0], rs->name) == 0) {
		rs->n = 1;
		return;
	}
	rs->gai = getaddrinfo(rs->name, NULL, &hints, &list);
	if (rs->gai != 0)
		return;
	for (ai = list; ai != NULL && rs->n < RESOLVED_MAX; ai = ai->ai_next)
		if (ai->ai_family == AF_INET || ai->ai_family == AF_INET6)
			add_found(rs, ai->ai_addr);
	freeaddrinfo(list);
}

static void
resolving_out(struct resolving *rs)
{
	struct resolving **at = &rs->p->resolving;

	while (*at != rs)
		at = &(*at)->next;
	*at = rs->next;
}

/* By its name too, as its addresses may not be known yet, or be others by now. */
static int
check_named(struct resolving *rs, const struct address *a, struct err *err)
{
	int r = policy_address(rs->p, a, err);

	if (r == 0 && strcasecmp(rs->name, rs->p->instance_host) == 0 && !ranges_hold(LOOPBACK, a))
		r = err_set(err, E_AUTH, "policy: %s is the instance itself, no target", rs->name);
	return r;
}

/* The first address that policy allows; the sentence is about the first one. */
static void
tell(struct resolving *rs)
{
	struct err err = { 0 }, first = { 0 };
	char text[ADDRESS_TEXT];
	unsigned i;
	int r = 0;

	if (rs->n == 0)
		err_set(&first, E_NONE, "there is no address for %s: %s", rs->name,
		    rs->gai != 0 ? gai_strerror(rs->gai) : "the name has none");
	for (i = 0; i < rs->n; i++) {
		r = check_named(rs, &rs->found[i], i == 0 ? &first : &err);
		if (r == 0) {
			address_print(&rs->found[i], text);
			rs->fn(rs->arg, 0, text, NULL);
			return;
		}
	}
	rs->fn(rs->arg, -first.code, "", &first);
}

/* What was known stays when nobody can tell just now. */
static void
learned(struct resolving *rs)
{
	struct policy *p = rs->p;

	p->instance_asked = false;
	if (rs->n == 0 || strcmp(rs->name, p->instance_host) != 0)
		return;
	memcpy(p->instance, rs->found, sizeof(rs->found));
	p->instances = rs->n;
	p->instance_at = loop_now(p->loop);
}

static void
looked_up(void *arg)
{
	struct resolving *rs = arg;
	struct err err = { 0 };

	resolving_out(rs);
	if (rs->fn == NULL && !rs->p->closing) {
		learned(rs);
	} else if (rs->fn != NULL && rs->p->closing) {
		err_set(&err, E_CANCELLED, "midd is stopping");
		rs->fn(rs->arg, -E_CANCELLED, "", &err);
	} else if (rs->fn != NULL) {
		tell(rs);
	}
	free(rs);
}

static void
begin(struct policy *p, const char *name, policy_found_fn *fn, void *arg)
{
	struct resolving *rs = xcalloc(1, sizeof(*rs));
	size_t n = strlen(name);

	rs->p = p;
	rs->fn = fn;
	rs->arg = arg;
	if (n <= NAME_MAX_BYTES)	/* else it stays empty: there is no such name */
		memcpy(rs->name, name, n + 1);
	rs->next = p->resolving;
	p->resolving = rs;
	loop_work(p->loop, look_up, looked_up, rs);
}

void
policy_resolve(struct policy *p, const char *name, policy_found_fn *fn, void *arg)
{
	if (!p->instance_asked && (p->instance_at == 0 || loop_now(p->loop) - p->instance_at > LEARN_AGAIN_MS))
		targets_learn_instance(p);
	begin(p, name, fn, arg);
}

void
targets_learn_instance(struct policy *p)
{
	if (p->instance_host[0] == '\0' || p->loop == NULL)
		return;
	p->instance_asked = true;
	begin(p, p->instance_host, NULL, NULL);
}
