/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_link - the process and its stream; see worker_link.h.
 *
 * A link ends when the process has exited and its stream is read to the end,
 * so nothing that the worker still said gets lost. Its memory goes when libuv
 * has let go of both, which may be after worker_link_close().
 */
#include "worker_link.h"

#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "loop.h"
#include "os.h"
#include "worker_link_inside.h"
#include "xalloc.h"

#define HELLO_MS 20000		/* loading all modules takes some ms, a slow disk seconds */
#define READ_CHUNK (64u * 1024)
#define GENTLE_MS 3000
#define PINGS 4			/* unanswered ones before a worker is called hung */
#define ARGS_MAX 80

/* --- the end -------------------------------------------------------------------- */

static void
link_free(struct worker_link *w)
{
	loop_timer_free(w->timer);
	buf_fini(&w->in);
	free(w);
}

static void
handle_closed(uv_handle_t *h)
{
	struct worker_link *w = h->data;

	if (--w->handles == 0 && w->closed)
		link_free(w);
}

static void __attribute__((format(printf, 2, 3)))
because(struct worker_link *w, const char *fmt, ...)
{
	va_list ap;

	if (w->why[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof(w->why), fmt, ap);
	va_end(ap);
}

static void
check_end(struct worker_link *w)
{
	if (!w->exited || !w->ended || w->gone)
		return;
	w->gone = true;
	loop_timer_stop(w->timer);
	link_refusals_close(w);
	link_lose_runs(w);
	if (w->ev != NULL)
		w->ev->gone(w->arg, w->why, w->quitting);
}

static void
end_stream(struct worker_link *w)
{
	if (w->ended)
		return;
	w->ended = true;
	uv_close((uv_handle_t *)&w->pipe, handle_closed);
}

void
link_kill(struct worker_link *w, const char *why)
{
	because(w, "%s", why);
	w->quitting = false;
	/* A worker whose stream has ended goes by itself, and can take its children along. */
	if (!w->exited && w->gentle)
		loop_timer_arm(w->timer, GENTLE_MS);
	else if (!w->exited)
		uv_process_kill(&w->process, SIGKILL);
	end_stream(w);
	check_end(w);
}

static void
on_exited(uv_process_t *p, int64_t status, int sig)
{
	struct worker_link *w = p->data;

	if (sig != 0)
		because(w, "killed by signal %d (%s)", sig, strsignal(sig));
	else if (status != 0 || !w->quitting)
		because(w, "ended by itself with status %d", (int)status);
	else
		because(w, "asked to go");
	if (sig != 0 || status != 0)
		w->quitting = false;
	w->exited = true;
	loop_timer_stop(w->timer);
	uv_close((uv_handle_t *)p, handle_closed);
	check_end(w);
}

/* --- the stream ------------------------------------------------------------------ */

static void
read_frames(struct worker_link *w)
{
	struct frame f;
	struct err err;
	size_t at = 0;
	char why[200];
	int r = 0;

	while (!w->ended && (r = frame_next(&w->in, &at, 1, &f, &err)) > 0)
		if ((r = link_frame(w, &f, &err)) < 0)
			break;
	if (r < 0) {
		snprintf(why, sizeof(why), "said what no worker of ours says: %.150s", err.text);
		link_kill(w, why);
	}
	buf_drop(&w->in, at);
}

static void
on_room(uv_handle_t *h, size_t hint, uv_buf_t *out)
{
	struct worker_link *w = h->data;

	(void)hint;
	/* Never NULL: less than one frame is left over, and the ceiling is above that. */
	out->base = buf_room(&w->in, READ_CHUNK);
	out->len = READ_CHUNK;
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct worker_link *w = s->data;

	(void)b;
	if (n < 0) {
		end_stream(w);
		check_end(w);
		return;
	}
	w->in.len += (size_t)n;
	read_frames(w);
}

struct sending {
	uv_write_t req;
	struct worker_link *link;	/* lives on until its handles are closed, and so until this is sent */
	struct buf bytes;
};

static void
on_sent(uv_write_t *req, int status)
{
	struct sending *s = req->data;

	(void)status;	/* a broken stream ends by on_read() */
	s->link->unsent--;
	buf_wipe(&s->bytes);	/* credentials, and parameters may be secret as well */
	free(s);
}

void
link_send(struct worker_link *w, enum frame_type type, uint32_t run, const void *body, size_t len)
{
	struct sending *s;
	uv_buf_t out;
	int r;

	if (w->ended)
		return;
	s = xcalloc(1, sizeof(*s));
	s->link = w;
	w->unsent++;
	buf_init(&s->bytes, FRAME_HEAD + FRAME_BODY_MAX);
	r = frame_put(&s->bytes, type, 0, run, body, len);
	assert(r == 0);
	s->req.data = s;
	out = uv_buf_init(s->bytes.data, (unsigned)s->bytes.len);
	if (uv_write(&s->req, (uv_stream_t *)&w->pipe, &out, 1, on_sent) < 0)
		on_sent(&s->req, 0);
}

/* --- is it alive? ----------------------------------------------------------------- */

static void
on_timer(void *arg)
{
	struct worker_link *w = arg;

	/* Before HELLO, or after the end: it had time enough. */
	if (w->ended || !w->greeted) {
		w->gentle = false;
		link_kill(w, "did not greet in time");
		return;
	}
	if (w->nruns == 0)
		return;
	/* Counted in pings, not in time: if we were stopped ourselves, it was too. */
	if (w->unanswered >= PINGS) {
		w->gentle = false;
		link_kill(w, "hung: a step of one of its jobs does not return");
		return;
	}
	w->unanswered++;
	link_send(w, FRAME_PING, 0, NULL, 0);
	loop_timer_arm(w->timer, w->ping_ms);
}

void
link_busy(struct worker_link *w)
{
	if (w->ping_ms > 0 && w->greeted && w->nruns > 0 && !loop_timer_armed(w->timer))
		loop_timer_arm(w->timer, w->ping_ms);
}

void
link_rest(struct worker_link *w)
{
	if (w->nruns > 0 || w->gone)
		return;
	w->unanswered = 0;
	if (w->greeted)
		loop_timer_stop(w->timer);
	if (w->quitting)
		link_send(w, FRAME_QUIT, 0, NULL, 0);
}

void
worker_link_watch(struct worker_link *w, int64_t wait_ms)
{
	w->ping_ms = wait_ms / PINGS > 0 ? wait_ms / PINGS : 1;
	link_busy(w);
}

bool
worker_link_stale(const struct worker_link *w)
{
	return w->landlocked && os_file_changed("/etc") != w->etc_was;
}

/* --- the start ------------------------------------------------------------------- */

static void
fill_args(char **argv, const struct worker_paths *p, const char *kind, char *memory)
{
	const char *const rows[] = { p->program, "--kind", kind, "--probes", p->probe_dir,
	    "--maps", p->map_dir, "--exec", p->exec_dir, "--memory", memory };
	const char *const *more = p->read_paths;
	size_t n = 0, i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		argv[n++] = (char *)(uintptr_t)(rows[i] == NULL ? "" : rows[i]);
	for (; more != NULL && *more != NULL && n + 3 < ARGS_MAX; more++) {
		argv[n++] = (char *)(uintptr_t)"--read";
		argv[n++] = (char *)(uintptr_t)*more;
	}
	argv[n] = NULL;
}

static int
start(struct worker_link *w, const struct worker_paths *paths, const char *kind)
{
	/* Nothing of our own environment: it may hold secrets. */
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LANG=C.UTF-8";
	char *env[] = { path, lang, NULL }, *argv[ARGS_MAX], memory[24];
	uv_stdio_container_t io[OS_REFUSAL_FD + 1] = { { .flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE |
	    UV_OVERLAPPED_PIPE },
	    { .flags = UV_IGNORE }, { .flags = UV_INHERIT_FD } };
	uv_process_options_t o = { .exit_cb = on_exited, .file = paths->program, .args = argv, .env = env,
	    .stdio_count = 3, .stdio = io };
	int r, tell;

	link_refusals_open(w, &tell);
	snprintf(memory, sizeof(memory), "%llu", (unsigned long long)paths->memory_max);
	fill_args(argv, paths, kind, memory);
	io[0].data.stream = (uv_stream_t *)&w->pipe;
	io[2].data.fd = 2;
	if (tell >= 0) {
		io[OS_REFUSAL_FD] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD, .data.fd = tell };
		o.stdio_count++;
	}
	r = uv_spawn(loop_uv(w->loop), &w->process, &o);
	os_local_close(tell);
	if (r < 0)
		return r;
	r = uv_read_start((uv_stream_t *)&w->pipe, on_room, on_read);
	assert(r == 0);
	return 0;
}

static struct worker_link *
link_new(struct loop *loop, const struct worker_events *ev, void *arg)
{
	struct worker_link *w = xcalloc(1, sizeof(*w));

	w->loop = loop;
	w->ev = ev;
	w->arg = arg;
	w->process.data = w;
	w->pipe.data = w;
	w->etc_was = os_file_changed("/etc");
	w->refusals_from = w->hand = -1;
	buf_init(&w->in, FRAME_HEAD + FRAME_BODY_MAX + READ_CHUNK);
	w->timer = loop_timer_new(loop, on_timer, w);
	return w;
}

int
worker_link_open(struct worker_link **out, struct loop *loop, const struct worker_paths *paths,
    const char *kind, const struct worker_events *ev, void *arg, struct err *err)
{
	struct worker_link *w = link_new(loop, ev, arg);
	int r;

	r = uv_pipe_init(loop_uv(loop), &w->pipe, 0);
	assert(r == 0);
	w->handles = 2;
	w->gentle = strcmp(kind, "exec") == 0;
	r = start(w, paths, kind);
	if (r < 0) {
		/* libuv wants the process handle closed also when nothing was started. */
		w->exited = true;
		uv_close((uv_handle_t *)&w->process, handle_closed);
		worker_link_close(w);
		return err_set(err, E_OS, "cannot start %s: %s", paths->program, uv_strerror(r));
	}
	loop_timer_arm(w->timer, HELLO_MS);
	*out = w;
	return 0;
}

void
worker_link_quit(struct worker_link *w)
{
	w->quitting = true;
	link_rest(w);
}

void
worker_link_close(struct worker_link *w)
{
	if (w == NULL)
		return;
	w->ev = NULL;
	link_kill(w, "closed by midd");
	link_refusals_close(w);
	link_lose_runs(w);
	w->gone = w->closed = true;
	if (w->handles == 0)
		link_free(w);
}

unsigned
worker_link_runs(const struct worker_link *w)
{
	return w->nruns;
}

int
worker_link_pid(const struct worker_link *w)
{
	return (int)w->process.pid;
}
