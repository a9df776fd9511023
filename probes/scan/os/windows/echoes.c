/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echoes - see echoes.h: IcmpSendEcho2 and Icmp6SendEcho2, which any account may call. Each request has
 * a slot: an event that the system sets, and the room where the answer then lies. The events are
 * looked at in groups, as Windows waits for 64 at once.
 */
#include <winsock2.h>
#include <ws2tcpip.h>	/* before iphlpapi.h, which then knows IPv6 */
#include <iphlpapi.h>
#include <icmpapi.h>
#undef interface

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../echoes.h"

#define SLOTS 512u
#define GROUP 64u		/* MAXIMUM_WAIT_OBJECTS */
#define LOOK_MS 10
#define LATE_MS 5000		/* a request ends by itself at its patience; so much later it is lost */

/* As the manual of Icmp6ParseReplies() has it; mingw-w64 has not. */
struct __attribute__((packed)) six_address { USHORT port; ULONG flow; unsigned char b[16]; ULONG scope; };
struct six_reply { struct six_address from; ULONG status; unsigned int after_ms; };

struct payload { uint32_t cookie; char who[4]; };

/* What the system writes: its reply, our payload, and 8 bytes of an ICMP error and an IO_STATUS_BLOCK as the manual asks. */
union room {
	ICMP_ECHO_REPLY four;
	struct six_reply six;
	unsigned char bytes[sizeof(struct six_reply) + sizeof(ICMP_ECHO_REPLY) + sizeof(struct payload) + 8 + 16];
};

struct slot {
	bool busy, is_four;
	uint32_t host;
	struct where w;
	struct payload sent;
	union room room;
};

struct echoes {
	HANDLE four, six;
	HANDLE events[SLOTS];		/* of the slots */
	struct slot slots[SLOTS];
	unsigned free[SLOTS], nfree, at;	/* AT: where the next look goes on */
};

static void
release(struct echoes *e)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (e->events[i] != NULL)
			CloseHandle(e->events[i]);
	if (e->four != INVALID_HANDLE_VALUE)
		IcmpCloseHandle(e->four);
	if (e->six != INVALID_HANDLE_VALUE)
		IcmpCloseHandle(e->six);
	free(e);
}

struct echoes *
echoes_new(void)
{
	struct echoes *e = calloc(1, sizeof(*e));
	bool well = e != NULL;
	unsigned i;

	if (e == NULL)
		return NULL;
	e->four = IcmpCreateFile();
	e->six = Icmp6CreateFile();
	for (i = 0; i < SLOTS; i++) {
		e->events[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
		e->free[e->nfree++] = SLOTS - 1 - i;
		well = well && e->events[i] != NULL;
	}
	if (well && (e->four != INVALID_HANDLE_VALUE || e->six != INVALID_HANDLE_VALUE))
		return e;
	release(e);
	return NULL;
}

/* On a thread of the system's: it may still write into a slot that is under way. */
static DWORD WINAPI
release_later(void *arg)
{
	struct echoes *e = arg;
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (e->slots[i].busy && WaitForSingleObject(e->events[i], LATE_MS) != WAIT_OBJECT_0)
			return 0;	/* better lost than written to */
	release(e);
	return 0;
}

void
echoes_free(struct echoes *e)
{
	if (e == NULL)
		return;
	if (e->nfree == SLOTS)
		release(e);
	else
		(void)QueueUserWorkItem(release_later, e, WT_EXECUTELONGFUNCTION);
}

/* --- out ------------------------------------------------------------------------------ */

static DWORD
send_four(struct echoes *e, struct slot *s, HANDLE event, const struct sockaddr_storage *to, DWORD ms)
{
	const struct sockaddr_in *in = (const void *)to;

	return IcmpSendEcho2(e->four, event, NULL, NULL, in->sin_addr.s_addr, &s->sent, sizeof(s->sent), NULL, &s->room, sizeof(s->room), ms);
}

static DWORD
send_six(struct echoes *e, struct slot *s, HANDLE event, const struct sockaddr_storage *to, DWORD ms)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 }, in = *(const struct sockaddr_in6 *)(const void *)to;

	return Icmp6SendEcho2(e->six, event, NULL, NULL, &any, &in, &s->sent, sizeof(s->sent), NULL, &s->room, sizeof(s->room), ms);
}

int
echoes_ask(struct echoes *e, const struct where *w, uint32_t host, uint32_t cookie, int patience_ms)
{
	struct sockaddr_storage to;
	struct slot *s;
	unsigned i;
	DWORD n;

	if (e->nfree == 0)
		return 0;
	i = e->free[e->nfree - 1];
	s = &e->slots[i];
	*s = (struct slot){ .is_four = where_is_four(w), .host = host, .w = *w, .sent = { cookie, { 'm', 'i', 'd', 'd' } } };
	(void)where_to(w, 0, &to);
	ResetEvent(e->events[i]);
	SetLastError(NO_ERROR);
	n = (s->is_four ? send_four : send_six)(e, s, e->events[i], &to, (DWORD)patience_ms);
	if (n == 0 && GetLastError() != ERROR_IO_PENDING) {
		errno = EHOSTUNREACH;
		return -1;
	}
	if (n != 0)		/* it is there already */
		SetEvent(e->events[i]);
	s->busy = true;
	e->nfree--;
	return 1;
}

/* --- in ------------------------------------------------------------------------------- */

static bool
answered_four(struct slot *s, int *after_ms)
{
	const ICMP_ECHO_REPLY *r = &s->room.four;
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_storage a = { 0 };
	struct where w;

	if (IcmpParseReplies(&s->room, sizeof(s->room)) == 0 || r->Status != IP_SUCCESS ||
	    r->DataSize != sizeof(s->sent) || memcmp(r->Data, &s->sent, sizeof(s->sent)) != 0)
		return false;
	from.sin_addr.s_addr = r->Address;
	memcpy(&a, &from, sizeof(from));
	(void)where_from(&w, &a);
	*after_ms = (int)r->RoundTripTime;
	return memcmp(&w, &s->w, sizeof(w)) == 0;
}

/* Nothing says where the payload lies: the address has to do. */
static bool
answered_six(struct slot *s, int *after_ms)
{
	const struct six_reply *r = &s->room.six;

	if (Icmp6ParseReplies(&s->room, sizeof(s->room)) == 0 || r->status != IP_SUCCESS)
		return false;
	*after_ms = (int)r->after_ms;
	return memcmp(r->from.b, s->w.b, sizeof(s->w.b)) == 0;
}

/* The next slot whose event was set, from AT on; SLOTS none. */
static unsigned
next_done(struct echoes *e)
{
	unsigned left;
	DWORD r;

	while (e->at < SLOTS) {
		left = GROUP - e->at % GROUP;
		r = WaitForMultipleObjects(left, e->events + e->at, FALSE, 0);
		if (r < WAIT_OBJECT_0 + left) {
			e->at += (unsigned)(r - WAIT_OBJECT_0) + 1;
			return e->at - 1;
		}
		e->at += left;
	}
	e->at = 0;
	return SLOTS;
}

bool
echoes_take(struct echoes *e, uint32_t *host, int *after_ms)
{
	struct slot *s;
	unsigned i;
	bool yes;

	if (e->nfree == SLOTS)
		return false;
	while ((i = next_done(e)) < SLOTS) {
		s = &e->slots[i];
		if (!s->busy)
			continue;
		yes = s->is_four ? answered_four(s, after_ms) : answered_six(s, after_ms);
		*host = s->host;
		s->busy = false;
		e->free[e->nfree++] = i;
		if (yes)
			return true;
	}
	return false;
}

int
echoes_wait(const struct echoes *e)
{
	return e->nfree < SLOTS ? LOOK_MS : -1;
}
