/* SPDX-License-Identifier: Apache-2.0 */
/* map - see map.h. All use of libjq is in this file. */
#include "map.h"

#include <jq.h>
#include <jv.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "buf.h"
#include "err.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define PROGRAM_MAX (1u << 20)
#define OUTPUTS_MAX 20000u
#define OUTPUT_BYTES_MAX (128u << 20)

struct map {
	char *name, *program;
	uv_mutex_t lock;	/* a jq state serves one thread at a time */
	jq_state *jq;		/* compiled at the first use */
};

struct map_job {
	struct map *map;
	char *text;
	size_t len;
	map_done_fn *done;	/* NULL: abandoned */
	void *arg;
	struct map_result result;
};

static unsigned jobs;		/* touched on the loop's thread only */

/* From the first folder of DIRS that has it. */
static int
read_program(struct buf *b, const char *dirs, const char *name, struct err *err)
{
	char *copy = xstrdup(dirs), *at = copy, *dir, *path;
	int r = err_set(err, E_NONE, "%s.jq: no folder of maps was named", name);

	while (r == -E_NONE && (dir = strsep(&at, os_list_separator)) != NULL) {
		path = xasprintf("%s/%s.jq", dir, name);
		r = os_read_file(b, path, err);
		free(path);
	}
	free(copy);
	return r;
}

int
map_load(struct map **out, const char *dirs, const char *name, struct err *err)
{
	struct map *m;
	struct buf b;
	int r;

	buf_init(&b, PROGRAM_MAX);
	r = read_program(&b, dirs, name, err);
	if (r < 0) {
		buf_fini(&b);
		return r;
	}
	m = xcalloc(1, sizeof(*m));
	m->name = xstrdup(name);
	m->program = buf_take(&b, NULL);
	uv_mutex_init(&m->lock);
	*out = m;
	return 0;
}

void
map_free(struct map *m)
{
	if (m == NULL)
		return;
	if (m->jq != NULL)
		jq_teardown(&m->jq);
	uv_mutex_destroy(&m->lock);
	free(m->name);
	free(m->program);
	free(m);
}

/* --- one text through the program ---------------------------------------------------- */

static void
complain(struct map_result *res, const struct map *m, const char *what, const char *detail)
{
	res->code = -E_BAD;
	snprintf(res->message, sizeof(res->message), "the map %s.jq %s: %.200s", m->name, what, detail);
}

/* jq says several lines; the first one names the place. */
static void
on_jq_error(void *arg, jv msg)
{
	char *first = arg;

	if (first[0] == '\0')
		snprintf(first, 200, "%s", jv_string_value(msg));
	jv_free(msg);
}

static int
compile(struct map *m, struct map_result *res)
{
	char first[200] = "";
	int ok;

	if (m->jq != NULL)
		return 0;
	m->jq = jq_init();
	if (m->jq == NULL) {
		complain(res, m, "can't be run", "jq did not start");
		return -1;
	}
	jq_set_error_cb(m->jq, on_jq_error, first);
	ok = jq_compile(m->jq, m->program);
	jq_set_error_cb(m->jq, NULL, NULL);
	if (ok)
		return 0;
	jq_teardown(&m->jq);
	complain(res, m, "is not a jq program", first);
	return -1;
}

/* Keeps the text of V (swallowed). <0 when it is too much. */
static int
keep(struct map_result *res, size_t *bytes, jv v)
{
	jv text;

	if (jv_get_kind(v) == JV_KIND_NULL) {
		jv_free(v);
		return 0;
	}
	text = jv_dump_string(v, 0);
	*bytes += (size_t)jv_string_length_bytes(jv_copy(text));
	if (res->n >= OUTPUTS_MAX || *bytes > OUTPUT_BYTES_MAX) {
		jv_free(text);
		return -1;
	}
	if (res->n % 64 == 0)
		res->texts = xrealloc(res->texts, (res->n + 64) * sizeof(*res->texts));
	res->texts[res->n++] = xstrdup(jv_string_value(text));
	jv_free(text);
	return 0;
}

static void
run_program(struct map *m, jv input, struct map_result *res)
{
	size_t bytes = 0;
	jv v, msg;

	jq_start(m->jq, input, 0);
	while (jv_is_valid(v = jq_next(m->jq)))
		if (keep(res, &bytes, v) < 0) {
			complain(res, m, "gives too much", "more CIs than one host can have");
			return;
		}
	if (jv_invalid_has_msg(jv_copy(v))) {
		msg = jv_invalid_get_msg(v);
		if (jv_get_kind(msg) != JV_KIND_STRING)
			msg = jv_dump_string(msg, 0);
		complain(res, m, "failed", jv_string_value(msg));
		jv_free(msg);
		return;
	}
	jv_free(v);
	if (jq_halted(m->jq))
		complain(res, m, "failed", "it called halt");
}

void
map_now(struct map *m, const char *text, size_t len, struct map_result *out)
{
	jv input, msg;

	memset(out, 0, sizeof(*out));
	uv_mutex_lock(&m->lock);
	if (compile(m, out) == 0) {
		input = jv_parse_sized(text, len > INT_MAX ? INT_MAX : (int)len);
		if (jv_is_valid(input)) {
			run_program(m, input, out);
		} else {
			msg = jv_invalid_get_msg(input);
			complain(out, m, "was given what is not JSON",
			    jv_get_kind(msg) == JV_KIND_STRING ? jv_string_value(msg) : "");
			jv_free(msg);
		}
	}
	uv_mutex_unlock(&m->lock);
}

void
map_result_fini(struct map_result *res)
{
	size_t i;

	for (i = 0; i < res->n; i++)
		free(res->texts[i]);
	free(res->texts);
	memset(res, 0, sizeof(*res));
}

/* --- on a thread ----------------------------------------------------------------------- */

static void
job_work(void *arg)
{
	struct map_job *j = arg;

	map_now(j->map, j->text, j->len, &j->result);
}

static void
job_done(void *arg)
{
	struct map_job *j = arg;

	jobs--;
	if (j->done != NULL)
		j->done(j->arg, &j->result);
	map_result_fini(&j->result);
	free(j->text);
	free(j);
}

struct map_job *
map_run_take(struct map *m, struct loop *loop, char *text, size_t len, map_done_fn *done, void *arg)
{
	struct map_job *j = xcalloc(1, sizeof(*j));

	j->map = m;
	j->text = text;
	j->len = len;
	j->done = done;
	j->arg = arg;
	jobs++;
	loop_work(loop, job_work, job_done, j);
	return j;
}

void
map_job_abandon(struct map_job *j)
{
	if (j != NULL)
		j->done = NULL;
}

unsigned
map_jobs(void)
{
	return jobs;
}
