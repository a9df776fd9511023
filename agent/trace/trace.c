/* SPDX-License-Identifier: Apache-2.0 */
/* trace - see trace.h. The queue and what the collector answers; spans.c has the words. */
#include "trace/trace.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "store/store.h"
#include "trace/spans.h"
#include "xalloc.h"

#define SOON_MS 1000		/* for others to come along */
#define PAUSE_MAX_MS 60000
#define FLUSH_MS 1000
#define TOTAL_MS 10000
#define REQUEST_MAX (4u << 20)
#define ANSWER_MAX (64u * 1024)

struct trace {
	struct agent *ag;
	struct http *http;
	char *url;
	struct loop_timer *timer, *flush_timer;
	struct traced *queue;		/* a ring */
	unsigned first, n, reading;	/* reading: on their way from the store */
	unsigned in_flight;		/* the first of the queue: being told */
	bool closing;
	struct http_call *call;
	struct buf body;
	int64_t pause_ms;
	struct trace_state state;
	void (*flushed)(void *arg);
	void *flushed_arg;
};

static void send_batch(struct trace *t);

/* --- the address ------------------------------------------------------------------- */

/* What stands behind the host is taken as it is; alone, it is what OTLP says. */
char *
trace_url(const char *url)
{
	const char *path = strchr(strstr(url, "://") + 3, '/');

	return path == NULL ? xasprintf("%s/v1/traces", url) : xstrdup(url);
}

/* --- the queue ------------------------------------------------------------------------ */

static void
drop_first(struct trace *t, unsigned n)
{
	t->first = (t->first + n) % TRACE_WAITING_MAX;
	t->n -= n;
}

static void
soon(struct trace *t)
{
	if (t->n == 0 || t->in_flight > 0)
		return;
	if (t->n >= TRACE_BATCH && t->pause_ms == 0)
		loop_timer_arm(t->timer, 0);
	else if (!loop_timer_armed(t->timer))
		loop_timer_arm(t->timer, t->pause_ms > 0 ? t->pause_ms : SOON_MS);
}

static void
row_comes(void *arg, int r, struct job_row *rows, size_t n)
{
	struct trace *t = arg;

	t->reading--;
	if (t->closing)
		return;
	if (r == 0 && n == 1 && (rows[0].stage == STAGE_DONE || rows[0].stage == STAGE_QUARANTINED)) {
		if (t->n < TRACE_WAITING_MAX)
			traced_of(&t->queue[(t->first + t->n++) % TRACE_WAITING_MAX], &rows[0]);
		else
			t->state.lost++;
	}
	if (t->flushed == NULL)
		soon(t);
	else if (t->reading == 0)
		send_batch(t);
}

void
trace_job(struct trace *t, const char *id)
{
	struct job_filter filter = { .id = id, .limit = 1 };

	if (t == NULL || t->closing)
		return;
	if (t->reading >= TRACE_WAITING_MAX) {
		t->state.lost++;
		return;
	}
	t->reading++;
	store_jobs(t->ag->store, &filter, row_comes, t);
}

/* --- what the collector says ------------------------------------------------------------- */

static void
flush_over(struct trace *t)
{
	void (*done)(void *) = t->flushed;

	if (done == NULL)
		return;
	t->flushed = NULL;
	loop_timer_stop(t->flush_timer);
	done(t->flushed_arg);
}

static void
flush_late(void *arg)
{
	flush_over(arg);
}

/* The first time, and when the reason changes: a collector that is away for a night is one line. */
static void
complain(struct trace *t, const char *why, const char *then)
{
	log_at(strncmp(t->state.trouble, why, sizeof(t->state.trouble) - 1) == 0 ? LOG_LV_DEBUG : LOG_LV_WARN, "trace",
	    "the collector takes no spans: %s; %s, jobs go on", why, then);
	snprintf(t->state.trouble, sizeof(t->state.trouble), "%s", why);
}

/* As OTLP/HTTP has it: these may be sent again, everything else that is no yes may not. */
static bool
is_for_later(int status)
{
	return status == 0 || status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

static void
wait_longer(struct trace *t, const struct http_answer *a, const char *why)
{
	t->pause_ms = t->pause_ms == 0 ? SOON_MS : t->pause_ms * 2 < PAUSE_MAX_MS ? t->pause_ms * 2 : PAUSE_MAX_MS;
	if (a->retry_after_s > 0 && a->retry_after_s * 1000 > t->pause_ms)
		t->pause_ms = a->retry_after_s * 1000;
	complain(t, why, "they wait");
}

/* A yes may still leave spans out, and says so. */
static void
took_them(struct trace *t, const struct http_answer *a, unsigned n)
{
	struct json_object *o = NULL, *part;
	const char *why;

	t->pause_ms = 0;
	t->state.sent += n;
	if (a->len > 0 && json_parse(&o, a->body, a->len, "answer", NULL) == 0 &&
	    (part = json_get(o, "partialSuccess")) != NULL && json_object_get_int64(json_get(part, "rejectedSpans")) > 0) {	/* often a string */
		why = json_str(part, "errorMessage", "");
		complain(t, why[0] != '\0' ? why : "it left some out", "those are left out");
	} else {
		if (t->state.trouble[0] != '\0')
			log_info("trace", "the collector takes spans again");
		t->state.trouble[0] = '\0';
	}
	json_object_put(o);
}

static void
answered(void *arg, const struct http_answer *a, const struct err *err)
{
	struct trace *t = arg;
	unsigned n = t->in_flight;
	char why[80];

	t->call = NULL;
	t->in_flight = 0;
	buf_fini(&t->body);
	if (t->closing)
		return;
	snprintf(why, sizeof(why), "it answered %d", a->status);
	if (is_for_later(a->status)) {
		wait_longer(t, a, a->status == 0 ? err->text : why);
	} else {
		drop_first(t, n);
		if (a->status / 100 == 2) {
			took_them(t, a, n);
		} else {
			t->state.lost += n;
			complain(t, why, "these are left out");
		}
	}
	if (t->flushed == NULL)
		soon(t);
	else if (t->n > 0 && t->pause_ms == 0)
		send_batch(t);
	else
		flush_over(t);
}

/* --- telling -------------------------------------------------------------------------------- */

static void
send_batch(struct trace *t)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	struct traced_by by = { .name = t->ag->config->name, .version = MIDD_VERSION };
	struct http_request rq = { .method = "POST", .url = t->url, .headers = headers, .answer_max = ANSWER_MAX, .total_ms = TOTAL_MS };
	struct traced batch[TRACE_BATCH];
	struct json_object *o;
	unsigned i;

	if (t->in_flight > 0 || t->closing)
		return;
	if (t->n == 0) {
		flush_over(t);
		return;
	}
	loop_timer_stop(t->timer);
	t->in_flight = t->n < TRACE_BATCH ? t->n : TRACE_BATCH;
	for (i = 0; i < t->in_flight; i++)
		batch[i] = t->queue[(t->first + i) % TRACE_WAITING_MAX];
	o = spans_request(&by, batch, t->in_flight);
	buf_init(&t->body, REQUEST_MAX);
	(void)json_write(&t->body, o);
	json_object_put(o);
	rq.body = buf_str(&t->body);
	rq.body_len = t->body.len;
	t->call = http_start(t->http, &rq, answered, t);
}

static void
timer_due(void *arg)
{
	send_batch(arg);
}

void
trace_flush(struct trace *t, void (*done)(void *arg), void *arg)
{
	if (t == NULL || t->closing || (t->n == 0 && t->reading == 0) || t->pause_ms > 0) {
		done(arg);
		return;
	}
	t->flushed = done;
	t->flushed_arg = arg;
	loop_timer_arm(t->flush_timer, FLUSH_MS);
	if (t->reading == 0)
		send_batch(t);
}

/* --- the whole --------------------------------------------------------------------------------- */

int
trace_open(struct trace **out, struct agent *ag, struct err *err)
{
	const struct config *c = ag->config;
	struct http_config hc = { .ca_file = c->trace.ca[0] != '\0' ? c->trace.ca : NULL, .user_agent = "midd/" MIDD_VERSION,
	    .plain_too = true, .connect_ms = 5000, .connections_max = 1 };
	struct trace *t;
	int r;

	*out = NULL;
	if (c->trace.otlp[0] == '\0')
		return 0;
	t = xcalloc(1, sizeof(*t));
	r = http_open(&t->http, ag->loop, &hc, err);
	if (r < 0) {
		free(t);
		return err_in(err, "trace.ca");
	}
	t->ag = ag;
	t->url = trace_url(c->trace.otlp);
	t->queue = xcalloc(TRACE_WAITING_MAX, sizeof(*t->queue));
	t->timer = loop_timer_new(ag->loop, timer_due, t);
	t->flush_timer = loop_timer_new(ag->loop, flush_late, t);
	t->state.on = true;
	log_info("trace", "ended jobs are told to %s", t->url);
	*out = t;
	return 0;
}

void
trace_closing(struct trace *t)
{
	if (t == NULL)
		return;
	t->closing = true;
	loop_timer_stop(t->timer);
	loop_timer_stop(t->flush_timer);
	http_close(t->http);
}

void
trace_close(struct trace *t)
{
	if (t == NULL)
		return;
	loop_timer_free(t->timer);
	loop_timer_free(t->flush_timer);
	free(t->queue);
	free(t->url);
	free(t);
}

void
trace_state(const struct trace *t, struct trace_state *out)
{
	memset(out, 0, sizeof(*out));
	if (t == NULL)
		return;
	*out = t->state;
	out->waiting = t->n;
}
