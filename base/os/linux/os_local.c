/* SPDX-License-Identifier: Apache-2.0 */
/* os_local - sockets in the file system; see os.h. */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "err.h"
#include "paths.h"
#include "xalloc.h"

#define SERVICE "/run/midd/control"	/* of the service that the packages bring */
#define BACKLOG 16
#define LISTEN_FDS_START 3
#define LISTEN_FDS_MAX 16

static int
name_socket(struct sockaddr_un *sun, const char *path, struct err *err)
{
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(sun->sun_path))
		return err_set(err, E_BAD, "\"%s\" can't be the path of a socket, which has 1 to %zu bytes: choose another (--control, paths.control)",
		    path, sizeof(sun->sun_path) - 1);
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path, path, n);
	return 0;
}

static int
make_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int r;

	if (slash == NULL || slash == path)
		return 0;
	dir = xstrndup(path, (size_t)(slash - path));
	r = os_mkdirs(dir, 0755, err);
	free(dir);
	return r;
}

/* Somebody's name is there: a living server's, a dead one's, or no socket at all. */
static int
clear_stale(const struct sockaddr_un *sun, struct err *err)
{
	struct stat st;
	int fd, r;

	if (lstat(sun->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : err_os(err, "%s", sun->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, E_EXISTS, "%s is there and is no socket: it is not replaced", sun->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_os(err, "socket");
	r = connect(fd, (const struct sockaddr *)sun, sizeof(*sun));
	close(fd);
	if (r == 0)
		return err_set(err, E_EXISTS, "another midd answers on %s: stop it first, or set paths.control",
		    sun->sun_path);
	if (errno != ECONNREFUSED)
		return err_os(err, "%s is there", sun->sun_path);
	if (unlink(sun->sun_path) < 0)
		return err_os(err, "remove %s, left by a midd that is gone", sun->sun_path);
	return 0;
}

/* sd_listen_fds(3): how many descriptors from LISTEN_FDS_START on the service manager has handed us. */
static int
handed(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int n;

	if (pid == NULL || fds == NULL || atoll(pid) != (long long)getpid())
		return 0;
	n = atoi(fds);
	return n < 0 ? 0 : n > LISTEN_FDS_MAX ? LISTEN_FDS_MAX : n;
}

void
os_local_handed(bool to_next)
{
	int i;

	for (i = 0; i < handed(); i++)
		(void)fcntl(LISTEN_FDS_START + i, F_SETFD, to_next ? 0 : FD_CLOEXEC);
}

int
os_local_inherited(intptr_t *out, const char *path)
{
	struct sockaddr_un sun;
	socklen_t n;
	int i, fd;

	for (i = 0; i < handed(); i++) {
		fd = LISTEN_FDS_START + i;
		n = sizeof(sun) - 1;
		memset(&sun, 0, sizeof(sun));
		if (getsockname(fd, (struct sockaddr *)&sun, &n) < 0 || sun.sun_family != AF_UNIX ||
		    strcmp(sun.sun_path, path) != 0)
			continue;
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
		*out = fd;
		return 0;
	}
	return -E_NONE;
}

int
os_local_listen(intptr_t *out, const char *path, struct err *err)
{
	struct sockaddr_un sun;
	int fd = -1, r;

	r = name_socket(&sun, path, err);
	if (r == 0)
		r = make_folder(path, err);
	if (r == 0)
		r = clear_stale(&sun, err);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Before bind: the file is born with this mode, and never open to others. */
	if (fd < 0 || fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 ||
	    listen(fd, BACKLOG) < 0) {
		r = err_os(err, "listen on %s", path);
		os_local_close(fd);
		return r;
	}
	*out = fd;
	return 0;
}

int
os_local_accept(intptr_t *out, intptr_t fd, bool *peer_ok)
{
	struct ucred who = { 0, (uid_t)-1, (gid_t)-1 };
	socklen_t n = sizeof(who);
	int c = accept4((int)fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (c < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM ? -E_FULL : -E_AGAIN;
	*peer_ok = getsockopt(c, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
	    (who.uid == 0 || who.uid == geteuid());
	*out = c;
	return 0;
}

/* Who may ask beside root: PATH's owner. */
static const char *
owner_of(const char *path)
{
	static char text[80];
	struct stat st;
	struct passwd *pw;

	if (stat(path, &st) < 0)
		return " or midd";
	pw = st.st_uid == 0 ? NULL : getpwuid(st.st_uid);
	snprintf(text, sizeof(text), "%s%s", pw == NULL ? "" : " or ", pw == NULL ? "" : pw->pw_name);
	return text;
}

/* Nothing that would be done in vain: without a configuration systemd does not even try. */
static const char *
how_to_start(const char *path)
{
	if (strcmp(path, SERVICE) != 0)
		return "start it with its --config FILE; if it runs elsewhere: --control PATH";
	if (access(os_layout[PATH_CONFIG].installed, F_OK) < 0 && errno == ENOENT)
		return "it has no configuration yet: midctl enroll https://YOUR-INSTANCE";
	return os_has_manager() ? "systemctl start midd" : "start it with its --config FILE, or the container that it is in";
}

int
os_local_connect(intptr_t *out, const char *path, struct err *err)
{
	struct sockaddr_un sun;
	int fd, e;

	if (name_socket(&sun, path, err) < 0)
		return -E_BAD;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_os(err, "socket");
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0) {
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
		*out = fd;
		return 0;
	}
	e = errno;
	close(fd);
	errno = e;
	if (e == ENOENT || e == ECONNREFUSED || e == ENOTDIR)
		return err_set(err, E_NONE, "midd is not running (nobody listens on %s): %s", path, how_to_start(path));
	if (e == EACCES || e == EPERM)
		return err_set(err, E_AUTH, "not allowed to ask midd on %s: be root%s, for example with sudo",
		    path, owner_of(path));
	return err_os(err, "connect to %s", path);
}

static ssize_t
came(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? -E_AGAIN : -E_OS;
}

ssize_t
os_local_read(intptr_t fd, void *p, size_t n)
{
	return came(recv((int)fd, p, n, 0));
}

ssize_t
os_local_write(intptr_t fd, const void *p, size_t n)
{
	return came(send((int)fd, p, n, MSG_NOSIGNAL));
}

int
os_local_wait(intptr_t fd, bool to_write, int timeout_ms)
{
	struct pollfd p = { (int)fd, to_write ? POLLOUT : POLLIN, 0 };
	int r = poll(&p, 1, timeout_ms);

	if (r < 0)
		return errno == EINTR ? 1 : -E_OS;	/* ready or not, the caller looks */
	return r > 0;
}

void
os_local_close(intptr_t fd)
{
	if (fd >= 0)
		close((int)fd);
}
