/* SPDX-License-Identifier: Apache-2.0 */
/* socket - see sys/socket.h: Windows' sockets with POSIX' errors. A handle of Windows fits an int. */
#define MIDD_POSIX_SOCKET_C
#include <sys/socket.h>

static const struct { int wsa, posix; } errors[] = {
	{ WSAEWOULDBLOCK, EAGAIN }, { WSAEINPROGRESS, EINPROGRESS }, { WSAEALREADY, EALREADY }, { WSAEINTR, EINTR },
	{ WSAECONNREFUSED, ECONNREFUSED }, { WSAECONNRESET, ECONNRESET }, { WSAECONNABORTED, ECONNABORTED },
	{ WSAETIMEDOUT, ETIMEDOUT }, { WSAEHOSTUNREACH, EHOSTUNREACH }, { WSAENETUNREACH, ENETUNREACH },
	{ WSAENETDOWN, ENETDOWN }, { WSAEADDRINUSE, EADDRINUSE }, { WSAEADDRNOTAVAIL, EADDRNOTAVAIL },
	{ WSAEACCES, EACCES }, { WSAEMSGSIZE, EMSGSIZE }, { WSAEISCONN, EISCONN }, { WSAENOTCONN, ENOTCONN },
	{ WSAEMFILE, EMFILE }, { WSAENOBUFS, ENOBUFS }, { WSAEAFNOSUPPORT, EAFNOSUPPORT }, { WSAEINVAL, EINVAL },
	{ WSAEPROTONOSUPPORT, EPROTONOSUPPORT }, { WSAENOTSOCK, ENOTSOCK }, { WSAENETRESET, ECONNRESET },
};

static int
posix_of(int wsa)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].wsa == wsa)
			return errors[i].posix;
	return wsa == 0 ? 0 : EIO;
}

static int
told(int r)
{
	if (r == SOCKET_ERROR)
		errno = posix_of(WSAGetLastError());
	return r;
}

static void
not_blocking(SOCKET s, u_long on)
{
	(void)ioctlsocket(s, FIONBIO, &on);
}

int
posix_socket(int family, int type, int protocol)
{
	SOCKET s = socket(family, type & 0xff, protocol);

	if (s == INVALID_SOCKET)
		return told(SOCKET_ERROR);
	if (type & SOCK_NONBLOCK)
		not_blocking(s, 1);
	return (int)s;
}

int
posix_connect(int s, const struct sockaddr *to, socklen_t n)
{
	int r = told(connect((SOCKET)s, to, n));

	if (r < 0 && errno == EAGAIN)
		errno = EINPROGRESS;
	return r;
}

int posix_bind(int s, const struct sockaddr *to, socklen_t n) { return told(bind((SOCKET)s, to, n)); }
int posix_listen(int s, int backlog) { return told(listen((SOCKET)s, backlog)); }
int posix_shutdown(int s, int how) { return told(shutdown((SOCKET)s, how)); }
int posix_getsockname(int s, struct sockaddr *a, socklen_t *n) { return told(getsockname((SOCKET)s, a, n)); }
int posix_getpeername(int s, struct sockaddr *a, socklen_t *n) { return told(getpeername((SOCKET)s, a, n)); }
int posix_close(int s) { return told(closesocket((SOCKET)s)); }
int posix_poll(struct pollfd *p, nfds_t n, int ms) { return told(WSAPoll(p, n, ms)); }

int
posix_accept(int s, struct sockaddr *from, socklen_t *n)
{
	SOCKET c = accept((SOCKET)s, from, n);

	return c == INVALID_SOCKET ? told(SOCKET_ERROR) : (int)c;
}

ssize_t
posix_send(int s, const void *p, size_t n, int flags)
{
	return told(send((SOCKET)s, p, (int)n, flags & ~MSG_DONTWAIT));
}

ssize_t
posix_recv(int s, void *p, size_t n, int flags)
{
	return told(recv((SOCKET)s, p, (int)n, flags & ~MSG_DONTWAIT));
}

ssize_t
posix_sendto(int s, const void *p, size_t n, int flags, const struct sockaddr *to, socklen_t m)
{
	return told(sendto((SOCKET)s, p, (int)n, flags & ~MSG_DONTWAIT, to, m));
}

ssize_t
posix_recvfrom(int s, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *m)
{
	return told(recvfrom((SOCKET)s, p, (int)n, flags & ~MSG_DONTWAIT, from, m));
}

int
posix_getsockopt(int s, int level, int name, void *p, socklen_t *n)
{
	int r = told(getsockopt((SOCKET)s, level, name, p, n));

	if (r == 0 && level == SOL_SOCKET && name == SO_ERROR)
		*(int *)p = posix_of(*(int *)p);
	return r;
}

int
posix_setsockopt(int s, int level, int name, const void *p, socklen_t n)
{
	return told(setsockopt((SOCKET)s, level, name, p, n));
}

/* All that we ask of it: that a socket does not block. */
int
posix_fcntl(int s, int what, ...)
{
	if (what == F_SETFL)
		not_blocking((SOCKET)s, 1);
	return 0;
}
