/* SPDX-License-Identifier: Apache-2.0 */
/* os_loopback - ports that only this host reaches. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "os.h"

struct place {
	struct sockaddr_storage addr;
	socklen_t len;
};

/* "127.0.0.1:9464", "[::1]:9464" or "localhost:9464"; no name is looked up. */
static bool
read_place(const char *text, struct place *p)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&p->addr;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&p->addr;
	const char *colon = strrchr(text, ':');
	char host[64], *end;
	unsigned long port;

	memset(p, 0, sizeof(*p));
	if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return false;
	port = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || port == 0 || port > 65535)
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	if (strcmp(host, "[::1]") == 0) {
		six->sin6_family = AF_INET6;
		six->sin6_addr = in6addr_loopback;
		six->sin6_port = htons((uint16_t)port);
		p->len = sizeof(*six);
		return true;
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	p->len = sizeof(*four);
	return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &four->sin_addr) == 1 &&
	    ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

bool
os_loopback_is(const char *where)
{
	struct place p;

	return read_place(where, &p);
}

int
os_loopback_listen(intptr_t *out, const char *where, struct err *err)
{
	struct place p;
	int fd, one = 1;

	if (!read_place(where, &p))
		return err_set(err, E_BAD, "\"%.80s\" is no port of this host: 127.0.0.1:PORT, [::1]:PORT or /path of a socket", where);
	fd = socket(p.addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_os(err, "listen on %s", where);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&p.addr, p.len) < 0 || listen(fd, 16) < 0) {
		int r = err_os(err, "listen on %s", where);

		close(fd);
		return r;
	}
	*out = fd;
	return 0;
}

int
os_loopback_accept(intptr_t *out, intptr_t fd)
{
	int c = accept4((int)fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (c < 0)
		return errno == EMFILE || errno == ENFILE ? -E_FULL : -E_AGAIN;
	*out = c;
	return 0;
}
