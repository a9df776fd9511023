/* SPDX-License-Identifier: Apache-2.0 */
/* os_loopback - ports that only this host reaches. */
#include "os.h"

#include "os_win.h"

#include "err.h"
#include "loopback.h"
#include "os_carry.h"

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
	BOOL only = TRUE;	/* else another program could take the same port, and our callers */
	SOCKET s;
	int r;

	if (!loopback_read(where, &p))
		return err_set(err, E_BAD, "\"%.80s\" is no port of this host: 127.0.0.1:PORT or [::1]:PORT", where);
	s = WSASocketW(p.addr.ss_family, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
	if (s == INVALID_SOCKET)
		return win_err(err, "listen on %s", where);
	(void)setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&only, sizeof(only));
	if (bind(s, (struct sockaddr *)&p.addr, p.len) < 0 || listen(s, 16) < 0) {
		r = win_err(err, "listen on %s", where);
		closesocket(s);
		return r;
	}
	win_not_blocking(s);
	*out = (intptr_t)s;
	return 0;
}

int
os_loopback_accept(intptr_t *out, intptr_t fd)
{
	SOCKET c = accept((SOCKET)fd, NULL, NULL);

	if (c == INVALID_SOCKET)
		return WSAGetLastError() == WSAEMFILE || WSAGetLastError() == WSAENOBUFS ? -E_FULL : -E_AGAIN;
	SetHandleInformation((HANDLE)c, HANDLE_FLAG_INHERIT, 0);
	win_not_blocking(c);
	*out = (intptr_t)c;
	return 0;
}
