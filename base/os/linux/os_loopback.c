/* SPDX-License-Identifier: Apache-2.0 */
/* os_loopback - ports that only this host reaches. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "loopback.h"
#include "os.h"

bool
os_loopback_is(const char *where)
{
	struct loopback p;

	return loopback_read(where, &p);
}

int
os_loopback_listen(intptr_t *out, const char *where, struct err *err)
{
	struct loopback p;
	int fd, one = 1;

	if (!loopback_read(where, &p))
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
		return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM ? -E_FULL : -E_AGAIN;
	*out = c;
	return 0;
}
