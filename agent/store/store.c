/* SPDX-License-Identifier: Apache-2.0 */
/* store - see store.h: opening, closing, state. */
#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "loop.h"
#include "os.h"
#include "store/inside.h"
#include "xalloc.h"

static const char *const stages[] = {
	"", "intent", "accepted", "started", "spooled", "done", "cancelled", "quarantined",
};

const char *
stage_name(enum stage st)
{
	return st < STAGE_INTENT || st > STAGE_QUARANTINED ? "unknown" : stages[st];
}

void
job_row_fini(struct job_row *r)
{
	free(r->agent);
	free(r->topic);
	free(r->name);
	free(r->source);
	free(r->correlator);
	free(r->sequence);
	free(r->payload);
	free(r->error);
	free(r->parent);
	free(r->waited);
	memset(r, 0, sizeof(*r));
}

void
result_row_fini(struct result_row *r)
{
	free(r->meta);
	free(r->blob);
	job_row_fini(&r->of);
	memset(r, 0, sizeof(*r));
}

/* --- open --------------------------------------------------------------------- */

static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL || slash == path ? xstrdup(slash == NULL ? "." : "/")
	    : xstrndup(path, (size_t)(slash - path));
}

static int
lock_it(struct store *s, struct err *err)
{
	char *dir = folder_of(s->path);
	int pid = 0, r = os_mkdirs(dir, 0700, err);

	if (r == 0)
		r = os_lock_file(s->lock_path, &s->file_lock, &pid, err);
	if (r == -E_EXISTS && pid > 0)
		r = err_set(err, E_EXISTS, "the state folder %s is in use by process %d: stop that midd, "
		    "or give this one a folder of its own", dir, pid);
	else if (r == -E_EXISTS)
		r = err_set(err, E_EXISTS, "the state folder %s is in use by another midd", dir);
	free(dir);
	return r;
}

/* The thread opens the database: nobody else ever touches the connection. */
static int
start_thread(struct store *s, struct err *err)
{
	int r = uv_thread_create(&s->thread, writer_main, s);

	if (r != 0)
		return err_set(err, E_OS, "store: no thread can be started: %s", uv_strerror(r));
	uv_mutex_lock(&s->lock);
	while (!s->is_open)
		uv_cond_wait(&s->news, &s->lock);
	uv_mutex_unlock(&s->lock);
	if (s->open_r < 0) {
		*err = s->open_err;
		uv_thread_join(&s->thread);
	}
	return s->open_r;
}

static void
store_free(struct store *s)
{
	os_unlock_file(s->file_lock);
	queue_fini(s);
}

int
store_open(struct store **out, struct loop *loop, const struct store_config *cfg, char **note, struct err *err)
{
	struct store *s = xcalloc(1, sizeof(*s));
	struct err none;
	int r;

	assert(sqlite3_threadsafe() != 0);
	s->loop = loop;
	s->loop_thread = uv_thread_self();
	s->path = xstrdup(cfg->path);
	s->lock_path = xasprintf("%s.lock", cfg->path);
	s->cfg = *cfg;
	s->cfg.path = s->path;
	s->file_lock = -1;
	s->state.commit_ms = -1;
	s->mono_ms = loop_now(loop);
	queue_open(s);
	if (err == NULL)
		err = &none;
	r = lock_it(s, err);
	if (r == 0)
		r = start_thread(s, err);
	if (r < 0) {
		store_free(s);
		return r;
	}
	if (note != NULL && s->open_note != NULL)
		*note = xstrdup(s->open_note);
	*out = s;
	return 0;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	queue_close(s);
	store_free(s);
}

void
store_state(struct store *s, struct store_state *out)
{
	uv_mutex_lock(&s->lock);
	*out = s->state;
	uv_mutex_unlock(&s->lock);
	out->disk_free = os_disk_free(s->path);
}
