/* SPDX-License-Identifier: Apache-2.0 */
/* way - see way.h. */
#include "way.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 22

/* Where the host of TEXT..END ends; *COLON where its port begins, or NULL. IPv6 without brackets has no port. */
static const char *
host_end(const char **text, const char *end, const char **colon)
{
	const char *p = memchr(*text, ':', (size_t)(end - *text)), *close = memchr(*text, ']', (size_t)(end - *text));

	if (**text == '[' && close != NULL) {
		++*text;
		*colon = close + 1 < end ? close + 1 : NULL;
		return close;
	}
	*colon = p != NULL && memchr(p + 1, ':', (size_t)(end - p - 1)) == NULL ? p : NULL;
	return *colon != NULL ? p : end;
}

static int
read_port(const char *colon, const char *end)
{
	char *rest;
	long port;

	if (colon == NULL)
		return PORT;
	if (*colon != ':' || colon[1] < '0' || colon[1] > '9')
		return -1;
	port = strtol(colon + 1, &rest, 10);
	return rest != end || port < 1 || port > 65535 ? -1 : (int)port;
}

static int
read_hop(struct hop *to, const char *text, const char *end)
{
	const char *colon, *stop = host_end(&text, end, &colon);
	size_t n = (size_t)(stop - text);

	to->port = read_port(colon, end);
	if (to->port < 0 || n == 0 || n >= sizeof(to->name))
		return -1;
	memcpy(to->name, text, n);
	to->name[n] = '\0';
	return strpbrk(to->name, "@ []") != NULL ? -1 : 0;
}

int
way_read(struct hop *hops, int max, const char *jumps)
{
	const char *end;
	int n = 0;

	if (jumps == NULL || jumps[0] == '\0' || strcmp(jumps, "none") == 0)
		return 0;
	for (;; jumps = end + 1) {
		end = jumps + strcspn(jumps, ",");
		if (n == max || read_hop(&hops[n++], jumps, end) < 0)
			return -1;
		if (*end == '\0')
			return n;
	}
}

int
way_dial(const struct hop *to, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV }, *a = NULL;
	const int one = 1;
	char port[12];
	int fd, r = -1;

	snprintf(port, sizeof(port), "%d", to->port);
	*why = "not an address";
	if (getaddrinfo(to->address, port, &hints, &a) != 0)
		return -1;
	fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		r = connect(fd, a->ai_addr, a->ai_addrlen);
	}
	*why = strerror(errno);
	freeaddrinfo(a);
	if (r == 0 || (fd >= 0 && errno == EINPROGRESS))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int
way_connected(int fd, const char **why)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer), n = sizeof(int);
	int error = 0;

	(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
	*why = strerror(error);
	if (error != 0)
		return -1;
	return getpeername(fd, (struct sockaddr *)&peer, &len) < 0 ? 1 : 0;
}
