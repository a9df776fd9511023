/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets as POSIX has them: small numbers, and errno. A file that includes this
 * has sockets in mind when it says close(); the calls are those of ../socket.c.
 */
#ifndef MIDD_POSIX_SOCKET_H
#define MIDD_POSIX_SOCKET_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include <unistd.h>
#include <io.h>
#include <errno.h>
#undef near
#undef far
#undef small
#undef interface
#undef KEY_READ
#undef MEM_FREE
#undef STRICT
#undef IN
#undef OUT

struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen;
	void *msg_control;
	size_t msg_controllen;
	int msg_flags;
};
#define SOCK_CLOEXEC 0x10000
#define SOCK_NONBLOCK 0x20000
#define MSG_NOSIGNAL 0
#define MSG_DONTWAIT 0x40000
#define POLL_MAX 64
#define SHUT_RDWR SD_BOTH
#define SHUT_WR SD_SEND
#define F_GETFL 3
#define F_SETFL 4
#define F_SETFD 2
#define FD_CLOEXEC 1
#ifndef O_NONBLOCK
#define O_NONBLOCK 0x800
#endif
typedef unsigned long nfds_t;

int posix_socket(int family, int type, int protocol);
int posix_connect(int s, const struct sockaddr *to, socklen_t n);
int posix_bind(int s, const struct sockaddr *to, socklen_t n);
int posix_listen(int s, int backlog);
int posix_accept(int s, struct sockaddr *from, socklen_t *n);
ssize_t posix_send(int s, const void *p, size_t n, int flags);
ssize_t posix_recv(int s, void *p, size_t n, int flags);
ssize_t posix_sendto(int s, const void *p, size_t n, int flags, const struct sockaddr *to, socklen_t m);
ssize_t posix_recvfrom(int s, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *m);
int posix_getsockopt(int s, int level, int name, void *p, socklen_t *n);
int posix_setsockopt(int s, int level, int name, const void *p, socklen_t n);
int posix_getsockname(int s, struct sockaddr *a, socklen_t *n);
int posix_getpeername(int s, struct sockaddr *a, socklen_t *n);
int posix_shutdown(int s, int how);
int posix_poll(struct pollfd *p, nfds_t n, int ms);
int posix_close(int s);
int posix_fcntl(int s, int what, ...);

#ifndef MIDD_POSIX_SOCKET_C
#define socket(a, b, c) posix_socket(a, b, c)
#define connect(s, a, n) posix_connect(s, a, n)
#define bind(s, a, n) posix_bind(s, a, n)
#define listen(s, n) posix_listen(s, n)
#define accept(s, a, n) posix_accept(s, a, n)
#define send(s, p, n, f) posix_send(s, p, n, f)
#define recv(s, p, n, f) posix_recv(s, p, n, f)
#define sendto(s, p, n, f, a, m) posix_sendto(s, p, n, f, a, m)
#define recvfrom(s, p, n, f, a, m) posix_recvfrom(s, p, n, f, a, m)
#define getsockopt(s, l, o, p, n) posix_getsockopt(s, l, o, p, n)
#define setsockopt(s, l, o, p, n) posix_setsockopt(s, l, o, p, n)
#define getsockname(s, a, n) posix_getsockname(s, a, n)
#define getpeername(s, a, n) posix_getpeername(s, a, n)
#define shutdown(s, h) posix_shutdown(s, h)
#define poll(p, n, ms) posix_poll(p, n, ms)
#define close(s) posix_close(s)
#define fcntl posix_fcntl
#endif
#endif
