/* SPDX-License-Identifier: Apache-2.0 */
/* loopback - see loopback.h. */
#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
loopback_read(const char *text, struct loopback *p)
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
