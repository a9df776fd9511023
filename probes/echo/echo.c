/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo - says back what it was told. The example to write a probe from, and the
 * job that shows that the whole road works.
 *
 * text is emitted once, or repeated until size bytes are out; before that it
 * waits for delay_ms. Each of these uses one thing of the ABI: parameters,
 * waiting, and emitting under a window.
 */
#include <midd/probe.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 16384		/* what is emitted at once when size is large */
#define SIZE_MAX_BYTES (1LL << 30)

struct echo {
	const struct mid_host *host;
	struct mid_run *run;
	const char *text;	/* the host's, for the run's life */
	size_t text_len;
	int64_t left;		/* bytes to emit yet */
	int64_t ready_ms;	/* when to begin */
};

static const struct mid_param echo_params[] = {
	{ "text", MID_STRING, false, "hello", "what to say" },
	{ "delay_ms", MID_MS, false, "0", "how long to wait before saying it" },
	{ "size", MID_INT, false, NULL, "bytes to emit, repeating text; as long as text if absent" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static int
echo_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct echo *e = calloc(1, sizeof(*e));

	if (e == NULL) {
		host->fail(run, MID_INTERNAL, "out of memory");
		return -1;
	}
	*state = e;	/* from here on close() is called in any case */
	e->host = host;
	e->run = run;
	e->text = host->param(run, "text");
	e->text_len = strlen(e->text);
	e->left = host->param_int(run, "size", (int64_t)e->text_len);
	e->ready_ms = host->now_ms(run) + host->param_int(run, "delay_ms", 0);
	if (e->left < 0 || e->left > SIZE_MAX_BYTES || (e->left > 0 && e->text_len == 0)) {
		host->fail(run, MID_BAD_PARAM, "size is %lld, expected 0 to %lld, and a text to fill it with",
		    (long long)e->left, SIZE_MAX_BYTES);
		return -1;
	}
	return 0;
}

/* The next bytes of the text, over and over again. Returns how many. */
static size_t
next_piece(const struct echo *e, char *out, int64_t from)
{
	size_t n = e->left < PIECE ? (size_t)e->left : PIECE, i;

	for (i = 0; i < n; i++)
		out[i] = e->text[(size_t)(from + (int64_t)i) % e->text_len];
	return n;
}

static enum mid_next
echo_step(void *state, struct mid_wait *wait)
{
	struct echo *e = state;
	int64_t early = e->ready_ms - e->host->now_ms(e->run), said = 0;
	char piece[PIECE];
	size_t n;

	if (early > 0) {
		wait->timeout_ms = early;
		return MID_WAIT;
	}
	said = e->host->param_int(e->run, "size", (int64_t)e->text_len) - e->left;
	while (e->left > 0) {
		n = next_piece(e, piece, said);
		if (e->host->emit(e->run, MID_OUTPUT, piece, n) == MID_AGAIN) {
			wait->timeout_ms = -1;	/* stepped when there is room again */
			return MID_WAIT;
		}
		said += (int64_t)n;
		e->left -= (int64_t)n;
	}
	return MID_DONE;
}

static void
echo_close(void *state)
{
	free(state);
}

static const char *const echo_topics[] = { "Echo", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "echo",
	.version = "1.0",
	.help = "says back what it was told",
	.topics = echo_topics,
	.flags = MID_REPEATABLE,
	.params = echo_params,
	.open = echo_open,
	.step = echo_step,
	.close = echo_close,
};
