/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever comes over the socket, the worker answers or ends, and frees what it
 * had. The probe waits for a credential and emits, so that all frames mean
 * something to it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "loop.h"
#include "midd/probe.h"
#include "modules.h"
#include "worker.h"

#define TURNS 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int open_runs;

struct one {
	const struct mid_host *host;
	struct mid_run *run;
};

static int
one_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct one *o = calloc(1, sizeof(*o));

	o->host = host;
	o->run = run;
	*state = o;
	open_runs++;
	return 0;
}

static enum mid_next
one_step(void *state, struct mid_wait *wait)
{
	static char much[3 << 20];
	struct one *o = state;
	struct mid_credential c;
	int r;

	wait->timeout_ms = -1;
	r = o->host->credential(o->run, "t", &c);
	if (r == MID_AGAIN)
		return MID_WAIT;
	if (r == 0) {
		o->host->note(o->run, c.id, c.field(&c, "password"));
		o->host->verdict(o->run, &c, MID_REFUSED);
	}
	if (o->host->param_bool(o->run, "much", false) &&
	    o->host->emit(o->run, MID_OUTPUT, much, sizeof(much)) == MID_AGAIN)
		return MID_WAIT;
	return r == 0 ? MID_WAIT : MID_DONE;
}

static void
one_close(void *state)
{
	free(state);
	open_runs--;
}

static const struct mid_param rows[] = {
	{ "n", MID_MS, false, "5s", "" }, { "much", MID_BOOL, false, NULL, "" }, { NULL, MID_STRING, false, NULL, NULL }
};
static const char *const topics[] = { "T", NULL };
static const struct mid_probe probe = {
	.abi = MID_PROBE_ABI, .size = sizeof(probe), .name = "one", .version = "1", .topics = topics,
	.params = rows, .open = one_open, .step = one_step, .close = one_close,
};
static const struct mid_probe *const probes[] = { &probe, NULL };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct worker w;
	struct loop *loop;
	struct err err;
	int fd[2], i;

	if (loop_open(&loop, &err) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		abort();
	if (worker_init(&w, loop, "plain") < 0)
		abort();
	w.modules = modules_of(&w, probes, "", "");
	if (worker_serve(&w, fd[1], &err) < 0)
		abort();
	(void)!send(fd[0], data, size, MSG_DONTWAIT);
	shutdown(fd[0], SHUT_WR);
	for (i = 0; i < TURNS && !w.over; i++)
		loop_turn(loop, false);
	worker_fini(&w);
	loop_close(loop);
	close(fd[0]);
	assert(open_runs == 0);
	return 0;
}
