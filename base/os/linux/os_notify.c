/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_notify - one datagram to systemd, as sd_notify(3) documents it. So small
 * that libsystemd and what it brings along is not needed for it.
 */
#include "os.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "err.h"

const bool os_service_brings_keys = true;

bool
os_has_manager(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

const char *
os_service_down(void)
{
	return os_has_manager() ? "start it: systemctl start midd, or midd --config FILE; journalctl -u midd says why it ended" :
	    "start it: midd --config FILE, or the container that it is in; what it has printed says why it ended";
}

const char *
os_service_hint(void)
{
	return geteuid() == 0 && os_has_manager() ?
	    "systemctl enable --now midd     (it runs already? systemctl restart midd)" : NULL;
}

int
os_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n;
	ssize_t sent;
	int fd;

	if (path == NULL || *path == '\0')
		return 0;
	n = strlen(path);
	if (n >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return -E_BAD;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0';	/* the abstract name space */

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -E_OS;
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
	return sent < 0 ? -E_OS : 0;
}

int
os_main(int argc, char **argv, int (*fn)(int argc, char **argv))
{
	return fn(argc, argv);
}

void
os_on_service(void (*fn)(void *arg, enum os_wish wish), void *arg)
{
	(void)fn, (void)arg;	/* systemd speaks by signals */
}

int64_t
os_watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	long long us;
	char *end;

	if (usec == NULL || (pid != NULL && atoll(pid) != (long long)getpid()))
		return 0;
	errno = 0;
	us = strtoll(usec, &end, 10);
	if (errno != 0 || *end != '\0' || us <= 0)
		return 0;
	return us / 1000;
}
