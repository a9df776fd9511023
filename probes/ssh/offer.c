/* SPDX-License-Identifier: Apache-2.0 */
/* offer - see offer.h. */
#include "offer.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "hostcert.h"

const char *const offer_names[OFFERS] = {
	[OFFER_KEX] = "ssh.kex", [OFFER_HOST_KEYS] = "ssh.host_keys", [OFFER_CIPHERS] = "ssh.ciphers", [OFFER_MACS] = "ssh.macs",
};

/*
 * Not SHA-1, not CBC, no DSA, no group 1; nor the groups 16, 18 and exchanged
 * ones, whose 40 ms of arithmetic would hold up every other run.
 */
static const char *const ours[OFFERS] = {
	[OFFER_KEX] = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
	    "ecdh-sha2-nistp521,diffie-hellman-group14-sha256",
	[OFFER_HOST_KEYS] = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256",
	[OFFER_CIPHERS] = "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,"
	    "aes192-ctr,aes128-ctr",
	[OFFER_MACS] = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512",
};

void
offer_defaults(struct offer *o)
{
	int i;

	for (i = 0; i < OFFERS; i++)
		snprintf(o->list[i], OFFER_MAX, "%s", ours[i]);
}

/* The next name of *LIST into NAME; false: there is none. Names that are too long are cut: no algorithm bears such. */
static bool
next(const char **list, char name[80])
{
	size_t n;

	*list += strspn(*list, ", ");
	n = strcspn(*list, ", ");
	snprintf(name, 80, "%.*s", (int)(n < 79 ? n : 79), *list);
	*list += n;
	return n > 0;
}

/* Does one of PATTERNS fit NAME? */
static bool
among(const char *patterns, const char *name)
{
	char pattern[80];

	while (next(&patterns, pattern))
		if (fnmatch(pattern, name, 0) == 0)
			return true;
	return false;
}

bool
offer_names_it(const char *list, const char *name)
{
	return among(list, name);
}

static int
add(char to[OFFER_MAX], const char *name)
{
	size_t n = strlen(to);

	if (among(to, name))
		return 0;
	return (size_t)snprintf(to + n, OFFER_MAX - n, "%s%s", n == 0 ? "" : ",", name) >= OFFER_MAX - n ? -1 : 0;
}

/* The names of LIST, those that PATTERNS fit (or, with BUT, do not); PATTERNS NULL: all. */
static int
add_those(char to[OFFER_MAX], const char *list, const char *patterns, bool but)
{
	char name[80];
	int r = 0;

	while (r == 0 && next(&list, name))
		if (patterns == NULL || among(patterns, name) != but)
			r = add(to, name);
	return r;
}

int
offer_change(char list[OFFER_MAX], const char *change)
{
	char made[OFFER_MAX] = "";
	const char *names = change + (change[0] != '\0' && strchr("+-^", change[0]) != NULL);
	int r = 0;

	if (names[0] == '\0')
		return 0;
	if (change[0] == '-')
		r = add_those(made, list, names, true);
	if (change[0] == '+')
		r = add_those(made, list, NULL, false);
	if (r == 0 && change[0] != '-')
		r = add_those(made, names, NULL, false);
	if (r == 0 && change[0] == '^')
		r = add_those(made, list, NULL, false);
	if (r < 0 || made[0] == '\0')
		return -1;
	memcpy(list, made, sizeof(made));
	return 0;
}

/* A server that has none of these any more shall show what it has: only the order changes. */
void
offer_known(struct offer *o, const char *types)
{
	char *list = o->list[OFFER_HOST_KEYS], first[OFFER_MAX] = "", name[80];

	while (next(&types, name))
		(void)add_those(first, list, strcmp(name, "ssh-rsa") == 0 ? "rsa-sha2-*,ssh-rsa" : name, false);
	(void)add_those(first, list, NULL, false);
	memcpy(list, first, sizeof(first));
}

/* "ok KEX HOST_KEYS CIPHERS MACS", each "-" where nothing is said. */
static int
read_changes(struct offer *o, const char *answer, char why[200])
{
	char change[OFFER_MAX];
	int i, used = 0;

	if (strncmp(answer, "ok ", 3) != 0)
		return 0;
	answer += 3;
	for (i = 0; i < OFFERS && sscanf(answer, "%1199s%n", change, &used) == 1; i++) {
		answer += used;
		if (offer_change(o->list[i], change) < 0) {
			snprintf(why, 200, "%s in midd.yaml leaves no algorithm, or too many", offer_names[i]);
			return -1;
		}
	}
	return 0;
}

/* Where an authority is trusted for this host, its certificate is what is wanted first. */
static int
ask_certificates(struct offer *o, const struct mid_host *h, struct mid_run *run, const char *host)
{
#ifdef SSH_HOST_CERTIFICATES
	char first[OFFER_MAX] = "";
	const char *answer;
	int r = h->ask(run, "host-authorities", host, &answer);

	if (r == 0 && strncmp(answer, "ok ", 3) == 0 && add_those(first, hostcert_algorithms, NULL, false) == 0 &&
	    add_those(first, o->list[OFFER_HOST_KEYS], NULL, false) == 0)
		memcpy(o->list[OFFER_HOST_KEYS], first, sizeof(first));
	return r == MID_AGAIN ? r : 0;
#else
	(void)o;
	(void)h;
	(void)run;
	(void)host;
	return 0;
#endif
}

int
offer_ask(struct offer *o, const struct mid_host *h, struct mid_run *run, const char *host, char why[200])
{
	const char *changes, *types;
	int r = h->ask(run, "ssh-algorithms", "-", &changes);

	if (r == MID_AGAIN)
		return r;
	offer_defaults(o);
	if (r == 0 && read_changes(o, changes, why) < 0)
		return -1;
	r = h->ask(run, "host-key-types", host, &types);
	if (r == 0 && strncmp(types, "known ", 6) == 0)
		offer_known(o, types + 6);
	return r == MID_AGAIN ? r : ask_certificates(o, h, run, host);
}
