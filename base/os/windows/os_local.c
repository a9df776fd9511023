/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_local - named pipes on Windows, only for us, SYSTEM and administrators; see
 * os.h. The loop watches sockets and no pipes: two threads a connection carry
 * its bytes between the pipe and a pair of sockets, whose other end is handed out.
 */
#include "os.h"

#include "os_win.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os_carry.h"
#include "xalloc.h"

#define WAITING_MAX 16
#define BUSY_MS 2000

struct listener {
	struct listener *next;
	char *name;
	SOCKET tell[2];			/* [0] is handed out: a byte for each connection that waits */
	SOCKET waiting[WAITING_MAX];
	unsigned n;
	CRITICAL_SECTION lock;
	HANDLE stop, thread, first;
};

static struct listener *listeners;

/* //./pipe/NAME as Windows writes it. */
static char *
pipe_name(const char *path)
{
	char *name = xstrdup(path), *p;

	for (p = name; *p != '\0'; p++)
		if (*p == '/')
			*p = '\\';
	return name;
}

static HANDLE
new_pipe(const struct listener *l, bool first)
{
	SECURITY_ATTRIBUTES only = { sizeof(only), win_only_us(), FALSE };

	if (only.lpSecurityDescriptor == NULL)
		return INVALID_HANDLE_VALUE;
	return CreateNamedPipeA(l->name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
	    PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES,
	    65536, 65536, 0, &only);
}

/* Somebody is on PIPE: its bytes are carried from now on. */
static void
take(struct listener *l, HANDLE pipe)
{
	SOCKET pair[2];
	bool room;

	if (win_socket_pair(pair) < 0) {
		CloseHandle(pipe);
		return;
	}
	EnterCriticalSection(&l->lock);
	room = l->n < WAITING_MAX;
	if (room)
		l->waiting[l->n++] = pair[0];
	LeaveCriticalSection(&l->lock);
	if (!room) {
		CloseHandle(pipe);
		closesocket(pair[0]);
		closesocket(pair[1]);
		return;
	}
	win_carry(pipe, pair[1], true);
	(void)send(l->tell[1], "+", 1, 0);
}

/* Waits for a client on PIPE. False: we are to stop. */
static bool
wait_for(struct listener *l, HANDLE pipe)
{
	OVERLAPPED o = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
	HANDLE either[2] = { l->stop, o.hEvent };
	bool come = true;
	DWORD n;

	if (!ConnectNamedPipe(pipe, &o) && GetLastError() == ERROR_IO_PENDING) {
		come = WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0 + 1;
		if (!come) {
			CancelIo(pipe);
			(void)GetOverlappedResult(pipe, &o, &n, TRUE);
		}
	}
	CloseHandle(o.hEvent);
	return come;
}

static DWORD WINAPI
listen_on(void *arg)
{
	struct listener *l = arg;
	HANDLE pipe = l->first;

	while (pipe != INVALID_HANDLE_VALUE && wait_for(l, pipe)) {
		HANDLE next = new_pipe(l, false);	/* before we hand over: the name is never free */

		take(l, pipe);
		pipe = next;
	}
	if (pipe != INVALID_HANDLE_VALUE)
		CloseHandle(pipe);
	return 0;
}

static void
listener_free(struct listener *l)
{
	unsigned i;

	SetEvent(l->stop);
	if (l->thread != NULL) {
		WaitForSingleObject(l->thread, INFINITE);
		CloseHandle(l->thread);
	}
	for (i = 0; i < l->n; i++)
		closesocket(l->waiting[i]);
	closesocket(l->tell[0]);
	closesocket(l->tell[1]);
	CloseHandle(l->stop);
	DeleteCriticalSection(&l->lock);
	free(l->name);
	free(l);
}

static int
refused(const char *path, struct err *err)
{
	DWORD e = GetLastError();

	if (e == ERROR_ACCESS_DENIED || e == ERROR_PIPE_BUSY)
		return err_set(err, E_EXISTS, "another midd answers on %s: stop it first, or set paths.control", path);
	if (e == ERROR_INVALID_NAME)
		return err_set(err, E_BAD, "%s names no pipe: paths.control is //./pipe/NAME", path);
	return win_err(err, "listen on %s", path);
}

int
os_local_listen(intptr_t *out, const char *path, struct err *err)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	int r;

	l->name = pipe_name(path);
	if (win_socket_pair(l->tell) < 0) {
		free(l->name);
		free(l);
		return win_err(err, "a pair of sockets for %s", path);
	}
	InitializeCriticalSection(&l->lock);
	l->stop = CreateEventA(NULL, TRUE, FALSE, NULL);
	l->first = new_pipe(l, true);
	if (l->first == INVALID_HANDLE_VALUE) {
		r = refused(path, err);
		listener_free(l);
		return r;
	}
	win_not_blocking(l->tell[0]);
	l->thread = CreateThread(NULL, 0, listen_on, l, 0, NULL);
	l->next = listeners;
	listeners = l;
	*out = (intptr_t)l->tell[0];
	return 0;
}

void
os_local_handed(bool to_next)
{
	(void)to_next;
}

int
os_local_inherited(intptr_t *fd, const char *path)
{
	(void)fd, (void)path;
	return -E_NONE;
}

static struct listener **
listener_of(intptr_t fd)
{
	struct listener **at = &listeners;

	while (*at != NULL && (intptr_t)(*at)->tell[0] != fd)
		at = &(*at)->next;
	return at;
}

/* Whom the pipe's access list lets in may ask. */
int
os_local_accept(intptr_t *out, intptr_t fd, bool *peer_ok)
{
	struct listener *l = *listener_of(fd);
	int r = -E_AGAIN;
	char c;

	if (l == NULL || recv(l->tell[0], &c, 1, 0) != 1)
		return -E_AGAIN;
	EnterCriticalSection(&l->lock);
	if (l->n > 0) {
		*out = (intptr_t)l->waiting[0];
		memmove(l->waiting, l->waiting + 1, --l->n * sizeof(l->waiting[0]));
		r = 0;
	}
	LeaveCriticalSection(&l->lock);
	if (r == 0)
		win_not_blocking((SOCKET)*out);
	*peer_ok = true;
	return r;
}

int
os_local_connect(intptr_t *out, const char *path, struct err *err)
{
	char *name = pipe_name(path);
	HANDLE pipe = INVALID_HANDLE_VALUE;
	SOCKET pair[2];
	DWORD e = 0;
	int tries;

	for (tries = 0; pipe == INVALID_HANDLE_VALUE && tries < 5; tries++) {
		pipe = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
		    FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
		e = pipe == INVALID_HANDLE_VALUE ? GetLastError() : 0;
		if (e != ERROR_PIPE_BUSY || !WaitNamedPipeA(name, BUSY_MS))
			break;
	}
	free(name);
	if (e == ERROR_FILE_NOT_FOUND || e == ERROR_PATH_NOT_FOUND || e == ERROR_INVALID_NAME)
		return err_set(err, E_NONE, "midd is not running (nobody listens on %s): midd start", path);
	if (e == ERROR_ACCESS_DENIED)
		return err_set(err, E_AUTH, "not allowed to ask midd on %s: run this as an administrator", path);
	if (pipe == INVALID_HANDLE_VALUE)
		return win_err(err, "connect to %s", path);
	if (!win_pipe_is_ours(pipe)) {
		CloseHandle(pipe);
		return err_set(err, E_AUTH, "%s was made by another user's program, which is no midd: nothing was sent", path);
	}
	if (win_socket_pair(pair) < 0) {
		CloseHandle(pipe);
		return win_err(err, "a pair of sockets for %s", path);
	}
	win_carry(pipe, pair[1], false);
	win_not_blocking(pair[0]);
	*out = (intptr_t)pair[0];
	return 0;
}

static ssize_t
came(int n)
{
	if (n >= 0)
		return n;
	return WSAGetLastError() == WSAEWOULDBLOCK ? -E_AGAIN : -E_OS;
}

ssize_t
os_local_read(intptr_t fd, void *p, size_t n)
{
	return came(recv((SOCKET)fd, p, (int)n, 0));
}

ssize_t
os_local_write(intptr_t fd, const void *p, size_t n)
{
	return came(send((SOCKET)fd, p, (int)n, 0));
}

int
os_local_wait(intptr_t fd, bool to_write, int timeout_ms)
{
	struct timeval t = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	fd_set s;
	int r;

	FD_ZERO(&s);
	FD_SET((SOCKET)fd, &s);
	r = select(0, to_write ? NULL : &s, to_write ? &s : NULL, NULL, timeout_ms < 0 ? NULL : &t);
	return r < 0 ? -E_OS : r > 0;
}

void
os_local_close(intptr_t fd)
{
	struct listener **at = listener_of(fd), *l = *at;

	if (fd == -1)
		return;
	if (l != NULL) {
		*at = l->next;
		listener_free(l);
	} else {
		closesocket((SOCKET)fd);
	}
}
