/* SPDX-License-Identifier: Apache-2.0 */
/* os_carry - see os_carry.h. */
#include "os_carry.h"

#include <ws2tcpip.h>
#include <aclapi.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "xalloc.h"

#define CHUNK 16384

static bool
same(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
	return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* PAIR[1] is our other end, not somebody's who was faster. */
static int
join(SOCKET door, SOCKET pair[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET }, mine, his;
	int n = sizeof(at), m = sizeof(mine), h = sizeof(his);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(door, (struct sockaddr *)&at, sizeof(at)) < 0 || getsockname(door, (struct sockaddr *)&at, &n) < 0 ||
	    listen(door, 1) < 0 || connect(pair[0], (struct sockaddr *)&at, sizeof(at)) < 0)
		return -1;
	pair[1] = accept(door, (struct sockaddr *)&his, &h);
	if (pair[1] == INVALID_SOCKET || getsockname(pair[0], (struct sockaddr *)&mine, &m) < 0 || !same(&mine, &his))
		return -1;
	return 0;
}

int
win_socket_pair(SOCKET pair[2])
{
	SOCKET door;
	WSADATA w;
	int r, on = 1;

	(void)WSAStartup(MAKEWORD(2, 2), &w);	/* once for each process would do */
	door = socket(AF_INET, SOCK_STREAM, 0);
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	pair[1] = INVALID_SOCKET;
	r = join(door, pair);
	closesocket(door);
	if (r < 0) {
		closesocket(pair[0]);
		closesocket(pair[1]);
		return -1;
	}
	(void)setsockopt(pair[0], IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof(on));
	(void)setsockopt(pair[1], IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof(on));
	return 0;
}

void
win_not_blocking(SOCKET s)
{
	u_long on = 1;

	(void)ioctlsocket(s, FIONBIO, &on);
}

struct carry {
	HANDLE pipe;
	SOCKET s;
	bool server;
	LONG users;
};

static void
leave(struct carry *c)
{
	if (InterlockedDecrement(&c->users) > 0)
		return;
	CloseHandle(c->pipe);
	closesocket(c->s);
	free(c);
}

/* One read or write of the pipe, waited for. */
static bool
pipe_io(HANDLE pipe, void *p, DWORD n, bool writes, DWORD *done)
{
	OVERLAPPED o = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
	BOOL ok = writes ? WriteFile(pipe, p, n, NULL, &o) : ReadFile(pipe, p, n, NULL, &o);

	if (ok || GetLastError() == ERROR_IO_PENDING)
		ok = GetOverlappedResult(pipe, &o, done, TRUE);
	CloseHandle(o.hEvent);
	return ok;
}

static DWORD WINAPI
from_pipe(void *arg)
{
	struct carry *c = arg;
	char b[CHUNK];
	DWORD n, at;
	int k = 1;

	while (k > 0 && pipe_io(c->pipe, b, sizeof(b), false, &n))
		for (at = 0; at < n && k > 0; at += (DWORD)k)
			k = send(c->s, b + at, (int)(n - at), 0);
	shutdown(c->s, SD_SEND);
	SecureZeroMemory(b, sizeof(b));
	leave(c);
	return 0;
}

static DWORD WINAPI
from_socket(void *arg)
{
	struct carry *c = arg;
	char b[CHUNK];
	DWORD done;
	int n, at;

	while ((n = recv(c->s, b, sizeof(b), 0)) > 0)
		for (at = 0; at < n; at += (int)done)
			if (!pipe_io(c->pipe, b + at, (DWORD)(n - at), true, &done) || done == 0)
				goto out;
	if (c->server) {
		FlushFileBuffers(c->pipe);
		DisconnectNamedPipe(c->pipe);
	}
out:
	CancelIoEx(c->pipe, NULL);
	SecureZeroMemory(b, sizeof(b));
	leave(c);
	return 0;
}

static void
begin(LPTHREAD_START_ROUTINE fn, struct carry *c)
{
	HANDLE t = CreateThread(NULL, 64u << 10, fn, c, 0, NULL);

	if (t == NULL)
		leave(c);
	else
		CloseHandle(t);
}

void
win_carry(HANDLE pipe, SOCKET s, bool server)
{
	struct carry *c = xcalloc(1, sizeof(*c));

	*c = (struct carry){ pipe, s, server, 2 };
	begin(from_pipe, c);
	begin(from_socket, c);
}

/*
 * Who makes a pipe and names no owner, as we do, gets his token's for it; only who may restore files can
 * name another's. So no user's pipe passes for the service's, whatever its name.
 */
bool
win_pipe_is_ours(HANDLE pipe)
{
	PSECURITY_DESCRIPTOR d = NULL;
	PSID owner = NULL;
	bool ours;

	if (GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &d) != ERROR_SUCCESS)
		return false;
	ours = owner != NULL && win_sid_is_ours(owner);
	LocalFree(d);
	return ours;
}
