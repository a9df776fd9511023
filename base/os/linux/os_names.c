/* SPDX-License-Identifier: Apache-2.0 */
/* os_names - whom this system asks for names, what it does with dead connections, and Kerberos; see os.h. resolv.conf(5), tcp(7). */
#include "os.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "buf.h"
#include "err.h"

#define CONF "/etc/resolv.conf"

int
os_resolvers(struct buf *out, struct err *err)
{
	struct buf b;
	char *line, *rest, address[64];
	int r;

	buf_init(&b, 64u << 10);
	r = os_read_file(&b, CONF, err);
	for (rest = b.data; r == 0 && (line = strsep(&rest, "\n")) != NULL;)
		if (sscanf(line, " nameserver %63[0-9a-fA-F.:]", address) == 1)
			r = buf_printf(out, "%s%s", out->len > 0 ? " " : "", address);
	buf_fini(&b);
	if (r == 0 && out->len == 0)
		return err_set(err, E_NONE, CONF " names no server");
	return r;
}

void
os_tcp_patience(intptr_t fd, int ms)
{
	(void)setsockopt((int)fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

/* Kerberos' library knows it by the environment. The tickets go with this process. */
void
os_use_keytab(const char *file)
{
	if (file == NULL)
		return;
	(void)setenv("KRB5_CLIENT_KTNAME", file, 1);
	(void)setenv("KRB5CCNAME", "MEMORY:midd", 1);
}
