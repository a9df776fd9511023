/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn - see spawn.h. Each child has a job object of its own, which is the end of all that it
 * began. Probes wait on sockets, children speak by pipes: a thread carries each stream between.
 */
#include "spawn.h"

#include "os/windows/os_carry.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "launch.h"
#include "loop.h"
#include "run.h"
#include "waiter.h"
#include "xalloc.h"

#define CHUNK 16384

/* One stream: the pipe's end and the socket's end that are ours to carry between. */
struct carrier { HANDLE pipe; SOCKET s; };

struct child {
	struct child *next;
	struct spawner *spawner;	/* NULL: the worker ends */
	struct mid_run *run;		/* NULL: its run is over */
	struct mid_child *out;		/* the probe's; NULL with the run */
	HANDLE process, job;
	HANDLE speaks[2];		/* the threads of its output and errors */
	SOCKET probes[2];		/* what the probe reads of them */
	bool over;
	struct loop *loop;
};

struct spawner {
	struct loop *loop;
	struct child *first;
};

struct spawner *
spawner_new(struct loop *loop)
{
	struct spawner *s = xcalloc(1, sizeof(*s));

	s->loop = loop;
	return s;
}

static void
child_free(struct child *c)
{
	struct child **at = c->spawner == NULL ? NULL : &c->spawner->first;

	while (at != NULL && *at != c)
		at = &(*at)->next;
	if (at != NULL)
		*at = c->next;
	CloseHandle(c->process);
	CloseHandle(c->job);
	free(c);
}

void
spawner_free(struct spawner *s)
{
	struct child *c, *next;

	for (c = s == NULL ? NULL : s->first; c != NULL; c = next) {
		next = c->next;
		c->spawner = NULL;	/* its end, which is still to come, frees it */
		TerminateJobObject(c->job, 1);
		if (c->over)
			child_free(c);
	}
	free(s);
}

void
spawner_end(struct spawner *s, struct mid_run *run)
{
	struct child *c, *next;

	for (c = s->first; c != NULL; c = next) {
		next = c->next;
		if (c->run != run)
			continue;
		closesocket(c->probes[0]);
		closesocket(c->probes[1]);
		c->run = NULL;
		c->out = NULL;
		TerminateJobObject(c->job, 1);
		if (c->over)
			child_free(c);
	}
}

/* --- threads ------------------------------------------------------------------------------- */

static DWORD WINAPI
to_child(void *arg)
{
	struct carrier *c = arg;
	char b[CHUNK];
	DWORD done = 1;
	int n, at;

	while (done > 0 && (n = recv(c->s, b, sizeof(b), 0)) > 0)
		for (at = 0; at < n && done > 0; at += (int)done)
			if (!WriteFile(c->pipe, b + at, (DWORD)(n - at), &done, NULL))
				done = 0;
	CloseHandle(c->pipe);
	closesocket(c->s);
	free(c);
	return 0;
}

static DWORD WINAPI
from_child(void *arg)
{
	struct carrier *c = arg;
	char b[CHUNK];
	DWORD n, at;
	int k = 1;

	while (k > 0 && ReadFile(c->pipe, b, sizeof(b), &n, NULL) && n > 0)
		for (at = 0; at < n && k > 0; at += (DWORD)k)
			k = send(c->s, b + at, (int)(n - at), 0);
	CloseHandle(c->pipe);
	closesocket(c->s);
	free(c);
	return 0;
}

static HANDLE
carry(LPTHREAD_START_ROUTINE fn, HANDLE pipe, SOCKET s)
{
	struct carrier *c = xcalloc(1, sizeof(*c));
	HANDLE t;

	*c = (struct carrier){ pipe, s };
	t = CreateThread(NULL, 64u << 10, fn, c, 0, NULL);
	if (t == NULL)
		abort();	/* no thread: this worker can't go on */
	return t;
}

/* --- its end --------------------------------------------------------------------------------- */

static void
on_end(void *arg)
{
	struct child *c = arg;
	DWORD status = 1;

	c->over = true;
	if (c->run == NULL) {
		child_free(c);
		return;
	}
	(void)GetExitCodeProcess(c->process, &status);
	c->out->exited = true;
	c->out->status = (int)(status & 0x7fffffff);	/* Windows kills with a status, not with a signal */
	waiter_wake(c->run->waiter);
}

/* All that it said is with the probe, or on its way, before its end is told. */
static DWORD WINAPI
await_end(void *arg)
{
	struct child *c = arg;

	WaitForSingleObject(c->process, INFINITE);
	TerminateJobObject(c->job, 1);
	WaitForMultipleObjects(2, c->speaks, TRUE, INFINITE);
	CloseHandle(c->speaks[0]);
	CloseHandle(c->speaks[1]);
	loop_post(c->loop, on_end, c);
	return 0;
}

/* --- its beginning ------------------------------------------------------------------------------ */

static int
pairs_open(SOCKET pairs[3][2])
{
	int i;

	for (i = 0; i < 3; i++)
		if (win_socket_pair(pairs[i]) < 0) {
			while (i-- > 0) {
				closesocket(pairs[i][0]);
				closesocket(pairs[i][1]);
			}
			return -1;
		}
	for (i = 0; i < 3; i++)
		win_not_blocking(pairs[i][0]);
	return 0;
}

int
spawner_start(struct spawner *s, struct mid_run *run, const struct mid_spawn *what, struct mid_child *out, struct err *err)
{
	struct launched l;
	SOCKET pairs[3][2];
	struct child *c;
	int i, r;

	if (pairs_open(pairs) < 0)
		return win_err(err, "sockets for %s", what->argv[0]);
	r = launch(&l, what, err);
	if (r < 0) {
		for (i = 0; i < 3; i++) {
			closesocket(pairs[i][0]);
			closesocket(pairs[i][1]);
		}
		return r;
	}
	c = xcalloc(1, sizeof(*c));
	*c = (struct child){ .next = s->first, .spawner = s, .run = run, .out = out, .process = l.process, .job = l.job, .loop = s->loop,
		.probes = { pairs[1][0], pairs[2][0] } };
	s->first = c;
	*out = (struct mid_child){ .in = (intptr_t)pairs[0][0], .out = (intptr_t)pairs[1][0], .err = (intptr_t)pairs[2][0] };
	CloseHandle(carry(to_child, l.in, pairs[0][1]));
	c->speaks[0] = carry(from_child, l.out, pairs[1][1]);
	c->speaks[1] = carry(from_child, l.err, pairs[2][1]);
	CloseHandle(CreateThread(NULL, 64u << 10, await_end, c, 0, NULL));
	return 0;
}
