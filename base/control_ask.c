/* SPDX-License-Identifier: Apache-2.0 */
/* control_ask - the side that asks; see control.h. */
#include "control.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "os.h"

#define PATIENCE_MS 1500

static void (*waits)(int waited_ms, int more_ms);

struct asker {
	intptr_t fd;
	const char *path;
	int timeout_ms;
	struct buf in;
	struct json_object *line;	/* the last */
	bool cut;			/* the other side has hung up */
	bool asked, told;		/* the request is out; a row has come */
};

#define TRIES 3

/* They change nothing, so they may be asked again when midd went away with the question. */
static const char *const questions[] = { "status", "jobs", "job", "probes", "spool", "log", "version", "config",
    "metrics", "audit", NULL };

static int
silent(const struct asker *a, struct err *err)
{
	return err_set(err, E_NET, "midd on %s has said nothing for %d s: is it stopped or overloaded?",
	    a->path, a->timeout_ms / 1000);
}

static int
send_all(struct asker *a, const char *p, size_t n, struct err *err)
{
	ssize_t done;

	while (n > 0) {
		done = os_local_write(a->fd, p, n);
		if (done == -E_AGAIN) {
			if (os_local_wait(a->fd, true, a->timeout_ms) <= 0)
				return silent(a, err);
			continue;
		}
		if (done < 0) {
			a->cut = true;
			return err_set(err, E_NET, "midd on %s has closed the connection", a->path);
		}
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
receive(struct asker *a, struct err *err)
{
	char *to = buf_room(&a->in, 16384);
	ssize_t n;

	if (to == NULL)
		return err_set(err, E_FULL, "midd on %s sends a line longer than 1 MiB", a->path);
	n = os_local_read(a->fd, to, 16384);
	if (n == -E_AGAIN)
		return os_local_wait(a->fd, false, a->timeout_ms) <= 0 ? silent(a, err) : 0;
	if (n <= 0) {
		a->cut = true;
		return err_set(err, E_NET, "midd on %s went away before it had answered", a->path);
	}
	a->in.len += (size_t)n;
	a->in.data[a->in.len] = '\0';
	return 0;
}

/* The next line goes to a->line. */
static int
next_line(struct asker *a, struct err *err)
{
	char *end = NULL;
	size_t n, looked = 0;
	int r;

	json_object_put(a->line);
	a->line = NULL;
	for (;;) {
		if (a->in.len > looked)
			end = memchr(a->in.data + looked, '\n', a->in.len - looked);
		if (end != NULL)
			break;
		looked = a->in.len;
		r = receive(a, err);
		if (r < 0)
			return r;
	}
	n = (size_t)(end - a->in.data);
	r = json_parse(&a->line, a->in.data, n, "what midd says", err);
	buf_drop(&a->in, n + 1);
	return r;
}

static int
code_of(const char *name)
{
	int i;

	for (i = 1; i <= E_INTERNAL; i++)
		if (strcmp(err_name(i), name) == 0)
			return i;
	return E_INTERNAL;
}

static int
refused(struct asker *a, struct err *err)
{
	return err_set(err, code_of(json_str(a->line, "code", "")), "%s",
	    json_str(a->line, "message", "midd says no, and not why"));
}

void
control_ask_waits(void (*fn)(int waited_ms, int more_ms))
{
	waits = fn;
}

/* The service manager holds the socket while midd restarts: we are let in and nobody greets yet. */
static int
meet(struct asker *a, struct err *err)
{
	int r;

	if (waits != NULL && a->timeout_ms > PATIENCE_MS && os_local_wait(a->fd, false, PATIENCE_MS) == 0)
		waits(PATIENCE_MS, a->timeout_ms);
	r = next_line(a, err);
	if (r < 0)
		return r;
	if (json_get(a->line, "ok") != NULL)
		return refused(a, err);
	if (json_int(a->line, "control", 0) != CONTROL_VERSION)
		return err_set(err, E_PEER, "midd on %s (version %s) speaks another language: use the midctl of that version",
		    a->path, json_str(a->line, "midd", "unknown"));
	return 0;
}

static int
request(struct asker *a, const char *verb, struct json_object *args, struct err *err)
{
	struct json_object *o = json_object_new_object();
	struct buf line;
	int r;

	json_put_str(o, "verb", verb);
	if (args != NULL)
		json_put_take(o, "args", json_object_get(args));
	buf_init(&line, CONTROL_LINE_MAX);
	if (json_write(&line, o) < 0 || buf_puts(&line, "\n") < 0)
		r = err_set(err, E_FULL, "the request is longer than 1 MiB");
	else
		r = send_all(a, line.data, line.len, err);
	buf_fini(&line);
	json_object_put(o);
	return r;
}

static int
answers(struct asker *a, control_row_fn *row, void *arg, struct json_object **result, struct err *err)
{
	struct json_object *o;
	int r;

	for (;;) {
		r = next_line(a, err);
		if (r < 0)
			return r;
		o = json_get(a->line, "row");
		if (o == NULL)
			break;
		a->told = true;
		if (row != NULL)
			row(arg, o);
	}
	if (json_flag(a->line, "ok", false)) {
		*result = json_object_get(json_get(a->line, "result"));
		return 0;
	}
	*result = json_object_get(a->line);
	return refused(a, err);
}

static int
ask_once(struct asker *a, const char *verb, struct json_object *args, control_row_fn *row, void *arg,
    struct json_object **result, struct err *err)
{
	int r;

	a->fd = -1;
	a->line = NULL;
	buf_init(&a->in, CONTROL_LINE_MAX + 32768);
	r = os_local_connect(&a->fd, a->path, err);
	if (r == 0)
		r = meet(a, err);
	if (r == 0)
		r = request(a, verb, args, err);
	if (r == 0) {
		a->asked = true;
		r = answers(a, row, arg, result, err);
	}
	os_local_close(a->fd);
	json_object_put(a->line);
	buf_fini(&a->in);
	return r;
}

/* Cut off by a midd that restarts: the next one may be asked, if this one cannot have begun on it. */
static bool
may_ask_again(const struct asker *a, const char *verb)
{
	size_t i;

	if (!a->cut || a->told)
		return false;
	if (!a->asked)
		return true;
	for (i = 0; questions[i] != NULL; i++)
		if (strcmp(questions[i], verb) == 0)
			return true;
	return false;
}

int
control_ask(const char *path, const char *verb, struct json_object *args, int timeout_ms,
    control_row_fn *row, void *arg, struct json_object **result, struct err *err)
{
	struct err next;
	int r, n, tries = 0;

	*result = NULL;
	for (r = 0;; r = n) {
		struct asker a = { .path = path, .timeout_ms = timeout_ms };

		memset(&next, 0, sizeof(next));
		n = ask_once(&a, verb, args, row, arg, result, &next);
		if (tries > 0 && n == -E_NONE && *result == NULL)
			return r;	/* it is gone for good: what the first has said stands */
		if (n < 0)
			*err = next;
		if (n == 0 || ++tries == TRIES || !may_ask_again(&a, verb))
			return n;
	}
}
