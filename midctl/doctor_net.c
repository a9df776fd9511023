/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_net - names, the proxy, and a socket that opens. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doctor.h"

#define CONNECT_MS_MAX 10000

/* "https://user:pw@host:port/path" apart. Without a port: 443, and at a proxy that is none of https what curl takes then. */
static void
url_apart(const char *url, char *host, size_t host_size, char *port, size_t port_size)
{
	const char *p = strstr(url, "://"), *at, *colon;
	const char *dflt = strncmp(url, "https", 5) == 0 ? "443" : "1080";
	size_t n;

	p = p != NULL ? p + 3 : url;
	n = strcspn(p, "/?#");
	at = memchr(p, '@', n);
	if (at != NULL) {
		n -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	if (*p == '[') {
		p++;
		at = memchr(p, ']', n);
		colon = at != NULL && at[1] == ':' ? at + 1 : NULL;
		snprintf(host, host_size, "%.*s", (int)(at != NULL ? (size_t)(at - p) : n), p);
	} else {
		colon = memchr(p, ':', n);
		snprintf(host, host_size, "%.*s", (int)(colon != NULL ? (size_t)(colon - p) : n), p);
	}
	if (colon != NULL)
		snprintf(port, port_size, "%.*s", (int)strcspn(colon + 1, "/?#"), colon + 1);
	else
		snprintf(port, port_size, "%s", dflt);
}

/* instance.no_proxy has the instance by its name or domain. (A network there is for midd to say.) */
static bool
past_proxy(const char *host, const char *list)
{
	size_t n, m = strlen(host);

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", ");
		n = strcspn(list, ", ");
		if (n > 0 && *list == '.')
			list++, n--;
		if (n == 1 && *list == '*')
			return true;
		if (n > 0 && n <= m && strncasecmp(host + m - n, list, n) == 0 && (n == m || host[m - n - 1] == '.'))
			return true;
	}
	return false;
}

/* The first of NAMES that is set, as curl looks for them; "" none. */
static const char *
from_env(const char *const *names)
{
	const char *value = NULL;

	for (; *names != NULL && (value == NULL || value[0] == '\0'); names++)
		value = getenv(*names);
	return value != NULL ? value : "";
}

static void
parties(struct doctor *d)
{
	static const char *const proxies[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL }, *const past[] = { "no_proxy", "NO_PROXY", NULL };
	const char *proxy = doctor_option(d, "instance.proxy"), *none = doctor_option(d, "instance.no_proxy");

	if (proxy[0] == '\0' && strcmp(doctor_option(d, "instance.proxy_env"), "true") == 0) {
		proxy = from_env(proxies);
		none = from_env(past);
	}
	url_apart(doctor_option(d, "instance.url"), d->host, sizeof(d->host), d->port, sizeof(d->port));
	if (proxy[0] != '\0' && !past_proxy(d->host, none))
		url_apart(proxy, d->proxy_host, sizeof(d->proxy_host), d->proxy_port, sizeof(d->proxy_port));
}

static const struct { int code; const char *remedy; } resolve_rows[] = {
	{ EAI_NONAME, "check the name in instance.url (or instance.proxy); the DNS of this machine must know it" },
	{ EAI_AGAIN, "no DNS server answers: check /etc/resolv.conf and that port 53 of those servers is open" },
	{ EAI_FAIL, "the DNS server refuses or fails: check /etc/resolv.conf, ask who runs that server" },
	{ 0, "check /etc/resolv.conf and /etc/nsswitch.conf" },
};

static struct addrinfo *
resolve(const char *host, const char *port, struct hop *h)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int r = getaddrinfo(host, port, &hints, &list);
	size_t i = 0;

	if (r == 0)
		return list;
	while (resolve_rows[i].code != 0 && resolve_rows[i].code != r)
		i++;
	hop_bad(h, HOP_BAD, resolve_rows[i].remedy, "the name %s is not found: %s", host, gai_strerror(r));
	return NULL;
}

void
hop_dns(struct doctor *d, struct hop *h)
{
	struct addrinfo *list, *ai;
	char addr[INET6_ADDRSTRLEN] = "?";
	const char *host;
	int n = 0;

	parties(d);
	host = d->proxy_host[0] != '\0' ? d->proxy_host : d->host;
	list = resolve(host, NULL, h);
	if (list == NULL)
		return;
	(void)getnameinfo(list->ai_addr, list->ai_addrlen, addr, sizeof(addr), NULL, 0, NI_NUMERICHOST);
	for (ai = list; ai != NULL; ai = ai->ai_next)
		n++;
	freeaddrinfo(list);
	if (n > 1)
		hop_ok(h, "%s is %s and %d more", host, addr, n - 1);
	else
		hop_ok(h, "%s is %s", host, addr);
}

/* 0, or errno: ETIMEDOUT when nothing came back. */
static int
open_one(const struct addrinfo *ai, int ms)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), e = 0;
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t n = sizeof(e);

	if (fd < 0)
		return errno;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0)
		e = errno;
	if (e == EINPROGRESS) {
		e = poll(&p, 1, ms) == 1 ? 0 : ETIMEDOUT;
		if (e == 0)
			(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n);
	}
	close(fd);
	return e;
}

static const struct { int e; const char *direct, *proxy; } connect_rows[] = {
	{ ECONNREFUSED, "nothing listens there: check the port in instance.url",
	  "nothing listens there: check the port in instance.proxy, and that the proxy runs" },
	{ ETIMEDOUT, "a firewall drops it, or a proxy is needed: have the way opened, or set instance.proxy",
	  "a firewall drops it: have the way to the proxy opened, check instance.proxy" },
	{ ENETUNREACH, "this machine has no route there: check ip route, and whether IPv4 or IPv6 is meant",
	  "this machine has no route to the proxy: check ip route" },
	{ EHOSTUNREACH, "a router or firewall refuses it: have the way opened, or set instance.proxy",
	  "a router or firewall refuses it: have the way to the proxy opened" },
	{ EACCES, "a firewall of this machine forbids it: check nft list ruleset",
	  "a firewall of this machine forbids it: check nft list ruleset" },
	{ 0, "check the network of this machine", "check the network of this machine" },
};

static void
open_any(struct doctor *d, bool proxy, struct hop *h)
{
	const char *host = proxy ? d->proxy_host : d->host, *port = proxy ? d->proxy_port : d->port;
	int64_t ms = doctor_duration(doctor_option(d, "instance.connect"));
	struct addrinfo *list = resolve(host, port, h), *ai;
	int e = EINVAL;
	size_t i = 0;

	if (list == NULL)
		return;
	for (ai = list; ai != NULL && e != 0; ai = ai->ai_next)
		e = open_one(ai, (int)(ms > 0 && ms < CONNECT_MS_MAX ? ms : CONNECT_MS_MAX));
	freeaddrinfo(list);
	if (e == 0) {
		hop_ok(h, "%s port %s opens", host, port);
		return;
	}
	while (connect_rows[i].e != 0 && connect_rows[i].e != e)
		i++;
	hop_bad(h, HOP_BAD, proxy ? connect_rows[i].proxy : connect_rows[i].direct, "%s%s port %s: %s",
	    proxy ? "proxy " : "", host, port, strerror(e));
}

void
hop_proxy(struct doctor *d, struct hop *h)
{
	if (d->proxy_host[0] == '\0')
		hop_ok(h, "none on the way to the instance");
	else
		open_any(d, true, h);
}

void
hop_tcp(struct doctor *d, struct hop *h)
{
	if (d->proxy_host[0] != '\0')
		hop_ok(h, "the proxy makes the connection");
	else
		open_any(d, false, h);
}
