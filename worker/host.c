/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - the table of functions a probe is handed; see midd/probe.h for what
 * each promises. Floods of notes, logs and partials end at a count.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "modules.h"
#include "params.h"
#include "run.h"
#include "spawn.h"
#include "stream.h"
#include "text.h"
#include "waiter.h"

#define NAME_MAX_BYTES 200

/* --- what the job says ------------------------------------------------------------- */

static const char *
host_param(struct mid_run *r, const char *name)
{
	return r->id == 0 ? NULL : params_get(r->topic->params, r->params, name);
}

static int64_t
host_param_int(struct mid_run *r, const char *name, int64_t dflt)
{
	const char *s = host_param(r, name);
	int64_t v;

	/* The rows were checked: a bare number means the same in both kinds. */
	return s != NULL && (params_to_int(s, &v) == 0 || params_to_ms(s, &v) == 0) ? v : dflt;
}

static bool
host_param_bool(struct mid_run *r, const char *name, bool dflt)
{
	const char *s = host_param(r, name);
	bool v;

	return s != NULL && params_to_bool(s, &v) == 0 ? v : dflt;
}

static const char *
host_param_xml(struct mid_run *r, const char *name)
{
	return json_str(json_get(r->job, "xml"), name, NULL);
}

static const char *
host_topic(struct mid_run *r)
{
	return json_str(r->job, "topic", "");
}

static const char *
host_source(struct mid_run *r)
{
	return json_str(r->job, "source", "");
}

static const char *
host_name(struct mid_run *r)
{
	return json_str(r->job, "name", "");
}

static const char *
host_address(struct mid_run *r)
{
	return json_str(r->job, "address", "");
}

/* --- what the probe says -------------------------------------------------------------- */

static void __attribute__((format(printf, 3, 4)))
host_fail(struct mid_run *r, enum mid_class class, const char *fmt, ...)
{
	char text[RUN_MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	text_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	run_set_failed(r, class, text);
}

static bool
host_recording(struct mid_run *r)
{
	return r->id != 0 && json_flag(r->job, "record", false);
}

static const char *
host_replay(struct mid_run *r)
{
	return r->id == 0 ? NULL : json_str(r->job, "replay", NULL);
}

static int
host_emit(struct mid_run *r, enum mid_kind kind, const void *data, size_t len)
{
	if (r->id == 0 || r->stage != RUN_STEPS || (unsigned)kind > MID_RECORDING || (kind == MID_RECORDING && !host_recording(r)) || len > RUN_JSON_MAX) {
		host_fail(r, len > RUN_JSON_MAX ? MID_TOO_BIG : MID_INTERNAL,
		    "the probe emitted %zu bytes of kind %u at once or at the wrong time", len, (unsigned)kind);
		return -1;
	}
	if (!outbox_empty(&r->out))
		return MID_AGAIN;
	if (kind == MID_JSON && r->map && !r->json_cut && buf_put(&r->json, data, len) < 0)
		r->json_cut = true;
	if (len > 0)
		outbox_put(r, (int)kind, data, len);
	return 0;
}

static void
say(struct mid_run *r, enum frame_type type, const char *k1, const char *v1, const char *k2, const char *v2)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, k1, v1);
	if (k2 != NULL)
		json_put_str(o, k2, v2);
	stream_send_json_take(r->worker->stream, type, r->id, o);
}

static void
host_note(struct mid_run *r, const char *name, const char *value)
{
	char n[NAME_MAX_BYTES], v[TEXT_MAX];

	if (r->id == 0 || r->notes++ >= RUN_NOTES_MAX)
		return;
	snprintf(n, sizeof(n), "%s", name);
	snprintf(v, sizeof(v), "%s", value == NULL ? "" : value);
	text_clean(n);
	text_clean(v);
	say(r, FRAME_NOTE, "name", n, "value", v);
}

static void __attribute__((format(printf, 2, 3)))
host_partial(struct mid_run *r, const char *fmt, ...)
{
	char text[RUN_MESSAGE_MAX];
	va_list ap;

	if (r->id == 0 || r->partials++ >= RUN_PARTIALS_MAX)
		return;
	va_start(ap, fmt);
	text_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(r, FRAME_PARTIAL, "message", text, NULL, NULL);
}

static const enum log_level levels[] = {
	[MID_DEBUG] = LOG_LV_DEBUG, [MID_INFO] = LOG_LV_INFO, [MID_WARN] = LOG_LV_WARN, [MID_ERROR] = LOG_LV_ERR,
};

static void __attribute__((format(printf, 3, 4)))
host_log(struct mid_run *r, enum mid_level level, const char *fmt, ...)
{
	struct json_object *o;
	char text[TEXT_MAX];
	va_list ap;

	if ((unsigned)level > MID_ERROR || r->logs++ >= RUN_LOGS_MAX)
		return;
	va_start(ap, fmt);
	text_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (r->id == 0) {
		log_at(levels[level], "probe", "%s: %s", r->module->probe->name, text);
		return;
	}
	o = json_object_new_object();
	json_put_int(o, "level", level);
	json_put_str(o, "text", text);
	stream_send_json_take(r->worker->stream, FRAME_LOG, r->id, o);
}

/* --- what it asks for -------------------------------------------------------------------- */

static int
host_credential(struct mid_run *r, const char *type, struct mid_credential *out)
{
	return r->id == 0 || r->stage != RUN_STEPS ? -MID_NO_CREDENTIAL : creds_get(r, type, "", out);
}

static int
host_credential_for(struct mid_run *r, const char *type, const char *host, struct mid_credential *out)
{
	return r->id == 0 || r->stage != RUN_STEPS ? -MID_NO_CREDENTIAL : creds_get(r, type, host, out);
}

static void
host_judge(struct mid_run *r, const struct mid_credential *c, enum mid_verdict v, const char *why)
{
	char text[RUN_MESSAGE_MAX];

	snprintf(text, sizeof(text), "%s", why == NULL ? "" : why);
	text_clean(text);
	creds_verdict(r, c, v, text);
}

static void
host_verdict(struct mid_run *r, const struct mid_credential *c, enum mid_verdict v)
{
	creds_verdict(r, c, v, "");
}

static int
host_ask(struct mid_run *r, const char *what, const char *about, const char **answer)
{
	return r->id == 0 || r->stage != RUN_STEPS ? -MID_UNSUPPORTED : asks_ask(r, what, about, answer);
}

static int64_t
host_now_ms(struct mid_run *r)
{
	return loop_now(r->worker->loop);
}

static int64_t
host_deadline_ms(struct mid_run *r)
{
	return r->deadline_ms;
}

static void
host_random(struct mid_run *r, void *out, size_t len)
{
	(void)r;
	(void)os_random(out, len);
}

static void
host_wake(struct mid_run *r)
{
	if (r->waiter != NULL && r->stage == RUN_STEPS)
		waiter_wake(r->waiter);
}

static int
host_spawn(struct mid_run *r, const struct mid_spawn *what, struct mid_child *out)
{
	struct err err;
	int rc;

	if (r->worker->spawner == NULL || r->id == 0 || (r->topic->flags & MID_EXEC) == 0) {
		host_fail(r, MID_UNSUPPORTED, "only probes with MID_EXEC, in a worker of kind exec, may start programs");
		return -1;
	}
	rc = spawner_start(r->worker->spawner, r, what, out, &err);
	if (rc < 0)
		host_fail(r, MID_UNSUPPORTED, "%s", err.text);
	return rc;
}

static void *
host_engine(struct mid_run *r)
{
	return r->module->engine;
}

const struct mid_host run_host = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(run_host),
	.param = host_param,
	.param_int = host_param_int,
	.param_bool = host_param_bool,
	.param_xml = host_param_xml,
	.topic = host_topic,
	.source = host_source,
	.name = host_name,
	.address = host_address,
	.emit = host_emit,
	.note = host_note,
	.partial = host_partial,
	.fail = host_fail,
	.credential = host_credential,
	.verdict = host_verdict,
	.log = host_log,
	.now_ms = host_now_ms,
	.deadline_ms = host_deadline_ms,
	.random = host_random,
	.wake = host_wake,
	.spawn = host_spawn,
	.engine = host_engine,
	.credential_for = host_credential_for,
	.judge = host_judge,
	.ask = host_ask, .recording = host_recording, .replay = host_replay,
};
