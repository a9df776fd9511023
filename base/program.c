/* SPDX-License-Identifier: Apache-2.0 */
/* program - see program.h. */
#include "program.h"

#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "buf.h"
#include "err.h"
#include "loop.h"
#include "xalloc.h"

struct program {
	program_done_fn *done;		/* NULL: cancelled */
	void *arg;
	int64_t ms;
	uv_process_t process;
	uv_pipe_t in, out;
	uv_write_t write;
	struct buf line, answer;
	struct loop_timer *timer;
	unsigned handles;
	bool exited, ended, timed_out, too_much;
	int64_t status;
	int spawn_r;
	char *file;
};

static void
program_end(struct program *p)
{
	struct err err = { 0 };
	int r = 0;

	if (p->spawn_r < 0)
		r = err_set(&err, E_OS, "%s cannot be started: %s", p->file, uv_strerror(p->spawn_r));
	else if (p->timed_out)
		r = err_set(&err, E_NET, "%s gave no answer within %lld ms", p->file, (long long)p->ms);
	else if (p->too_much)
		r = err_set(&err, E_FULL, "%s gave more than %zu bytes", p->file, p->answer.max);
	else if (p->status != 0)
		r = err_set(&err, E_PEER, "%s ended with %lld", p->file, (long long)p->status);
	if (p->done != NULL)
		p->done(p->arg, r, &p->answer, &err);
	buf_wipe(&p->answer);
	buf_wipe(&p->line);
	loop_timer_free(p->timer);
	free(p->file);
	free(p);
}

static void
on_closed(uv_handle_t *h)
{
	struct program *p = h->data;

	if (--p->handles == 0)
		program_end(p);
}

static void
maybe_close(struct program *p)
{
	if (!p->exited || !p->ended)
		return;
	loop_timer_stop(p->timer);
	uv_close((uv_handle_t *)&p->process, on_closed);
	uv_close((uv_handle_t *)&p->out, on_closed);
	if (!uv_is_closing((uv_handle_t *)&p->in))
		uv_close((uv_handle_t *)&p->in, on_closed);
}

static void
on_exit_of(uv_process_t *h, int64_t status, int sig)
{
	struct program *p = h->data;

	p->exited = true;
	p->status = sig != 0 ? -sig : status;
	maybe_close(p);
}

static void
give_room(uv_handle_t *h, size_t size, uv_buf_t *b)
{
	struct program *p = h->data;

	(void)size;
	b->base = p->answer.len < p->answer.max ? buf_room(&p->answer, p->answer.max - p->answer.len) : NULL;
	b->len = b->base == NULL ? 0 : p->answer.max - p->answer.len;
}

static void
on_read(uv_stream_t *h, ssize_t n, const uv_buf_t *b)
{
	struct program *p = h->data;

	(void)b;
	if (n > 0) {
		p->answer.len += (size_t)n;
		p->answer.data[p->answer.len] = '\0';
	} else if (n < 0) {
		p->too_much = n == UV_ENOBUFS;
		p->ended = true;
		uv_read_stop(h);
		if (p->too_much)
			uv_process_kill(&p->process, SIGKILL);
		maybe_close(p);
	}
}

static void
on_written(uv_write_t *w, int status)
{
	struct program *p = w->data;

	(void)status;
	if (!uv_is_closing((uv_handle_t *)&p->in))
		uv_close((uv_handle_t *)&p->in, on_closed);
}

/* A child of its own may hold the pipe open: not waited for. */
static void
on_time(void *arg)
{
	struct program *p = arg;

	p->timed_out = true;
	if (!p->exited)
		uv_process_kill(&p->process, SIGKILL);
	if (!p->ended) {
		p->ended = true;
		uv_read_stop((uv_stream_t *)&p->out);
	}
	maybe_close(p);
}

static void
ask(struct program *p)
{
	uv_buf_t b = uv_buf_init(p->line.data, (unsigned)p->line.len);

	p->write.data = p;
	if (uv_write(&p->write, (uv_stream_t *)&p->in, &b, 1, on_written) < 0)
		on_written(&p->write, 0);
	uv_read_start((uv_stream_t *)&p->out, give_room, on_read);
	loop_timer_arm(p->timer, p->ms);
}

static struct program *
program_new(struct loop *loop, const struct program_ask *what, program_done_fn *done, void *arg)
{
	struct program *p = xcalloc(1, sizeof(*p));

	p->done = done;
	p->arg = arg;
	p->ms = what->ms;
	p->file = xstrdup(what->argv[0]);
	buf_init(&p->line, what->line_len + 1);
	(void)buf_put(&p->line, what->line, what->line_len);
	buf_init(&p->answer, what->answer_max);
	p->timer = loop_timer_new(loop, on_time, p);
	uv_pipe_init(loop_uv(loop), &p->in, 0);
	uv_pipe_init(loop_uv(loop), &p->out, 0);
	p->process.data = p->in.data = p->out.data = p;
	p->handles = 3;
	return p;
}

struct program *
program_start(struct loop *loop, const struct program_ask *what, program_done_fn *done, void *arg)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LC_ALL=C";
	struct program *p = program_new(loop, what, done, arg);
	char *env[] = { path, lang, NULL };
	uv_stdio_container_t io[3] = { { .flags = UV_CREATE_PIPE | UV_READABLE_PIPE },
	    { .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE }, { .flags = UV_IGNORE } };
	uv_process_options_t opt = { .exit_cb = on_exit_of, .file = what->argv[0], .args = (char **)(uintptr_t)what->argv,
	    .env = env, .cwd = "/", .stdio_count = 3, .stdio = io };

	io[0].data.stream = (uv_stream_t *)&p->in;
	io[1].data.stream = (uv_stream_t *)&p->out;
	p->spawn_r = uv_spawn(loop_uv(loop), &p->process, &opt);
	if (p->spawn_r < 0) {		/* libuv wants the process handle closed also when nothing was started */
		p->exited = p->ended = true;
		maybe_close(p);
	} else {
		ask(p);
	}
	return p;
}

void
program_cancel(struct program *p)
{
	if (p == NULL)
		return;
	p->done = NULL;
	on_time(p);
}
