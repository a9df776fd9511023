/* SPDX-License-Identifier: Apache-2.0 */
/* spans - see spans.h. The shape is that of ExportTraceServiceRequest in OTLP's JSON. */
#include "trace/spans.h"

#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "flow/errors.h"
#include "json.h"
#include "store/store.h"

enum { KIND_INTERNAL = 1, KIND_CLIENT = 3, KIND_CONSUMER = 5 };
#define STATUS_ERROR 2

/* What does not fit is cut between two characters: json_escape() makes the rest of one a U+FFFD. */
static void
copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from == NULL ? "" : from);
}

void
traced_of(struct traced *t, const struct job_row *row)
{
	memset(t, 0, sizeof(*t));
	copy(t->id, sizeof(t->id), row->id);
	copy(t->parent, sizeof(t->parent), row->parent);
	copy(t->topic, sizeof(t->topic), row->topic);
	copy(t->target, sizeof(t->target), row->source);
	t->class = row->class;
	t->partial = row->partial;
	t->attempts = row->attempts;
	t->pages = row->pages;
	t->created_ms = row->created_ms;
	t->accepted_ms = row->accepted_ms;
	t->started_ms = row->started_ms;
	t->run_ms = row->run_ms;
	t->finished_ms = row->finished_ms;
	t->delivered_ms = row->delivered_ms;
}

/* --- ids ----------------------------------------------------------------------- */

static uint64_t
hash_of(const char *id, const char *what)
{
	uint64_t h = 14695981039346656037u;

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211u;
	h = (h ^ '/') * 1099511628211u;
	for (; *what != '\0'; what++)
		h = (h ^ (unsigned char)*what) * 1099511628211u;
	return h == 0 ? 1 : h;	/* all zeros is no id */
}

static void
span_id(char out[17], const char *job, const char *what)
{
	snprintf(out, 17, "%016" PRIx64, hash_of(job, what));
}

/* A sys_id is one already: 16 bytes in hex. */
static void
trace_id(char out[33], const char *job)
{
	if (strlen(job) == 32 && strspn(job, "0123456789abcdef") == 32 && strspn(job, "0") < 32)
		copy(out, 33, job);
	else
		snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, hash_of(job, "trace"), hash_of(job, "more"));
}

/* --- attributes ------------------------------------------------------------------- */

/* Foreign bytes become UTF-8 before json-c sees them, which takes them as they are. */
static struct json_object *
clean(const char *text)
{
	struct json_object *o = NULL;
	struct buf b, quoted;

	buf_init(&b, 4096);
	buf_init(&quoted, 4096 + 2);
	if (json_escape(&b, text, strlen(text)) == 0 && buf_printf(&quoted, "\"%s\"", buf_str(&b)) == 0)
		(void)json_parse(&o, buf_str(&quoted), quoted.len, "attribute", NULL);
	buf_fini(&b);
	buf_fini(&quoted);
	return o;
}

static void
put_attribute(struct json_object *list, const char *key, const char *kind, struct json_object *value)
{
	struct json_object *o = json_object_new_object(), *v = json_object_new_object();

	json_put_take(v, kind, value);
	json_put_str(o, "key", key);
	json_put_take(o, "value", v);
	json_add_take(list, o);
}

static void
put_text(struct json_object *list, const char *key, const char *value)
{
	if (value[0] != '\0')
		put_attribute(list, key, "stringValue", clean(value));
}

/* 64-bit numbers are strings in this JSON. */
static void
put_number(struct json_object *list, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	put_attribute(list, key, "intValue", json_object_new_string(text));
}

static struct json_object *
attributes_of(const struct traced *t)
{
	struct json_object *list = json_object_new_array();
	const char *outcome = t->class == CLASS_OK && t->partial ? "partial" : error_class(t->class)->name;

	put_text(list, "midd.job", t->id);
	put_text(list, "midd.topic", t->topic);
	put_text(list, "server.address", t->target);
	put_text(list, "midd.outcome", outcome);
	put_number(list, "midd.attempts", t->attempts);
	put_number(list, "midd.pages", t->pages);
	if (t->class != CLASS_OK)
		put_text(list, "error.type", outcome);
	return list;
}

/* --- spans ---------------------------------------------------------------------------- */

static void
put_time(struct json_object *span, const char *key, int64_t ms)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64 "000000", ms > 0 ? ms : 0);
	json_put_str(span, key, text);
}

/* Under PARENT, "" the root. A clock that was set back must not make a span end before it begins. */
static struct json_object *
span_of(const struct traced *t, const char *what, const char *parent, int64_t from, int64_t to)
{
	struct json_object *o = json_object_new_object();
	bool part = t->parent[0] != '\0' && t->parent[0] != '-';
	char trace[33], id[17];

	trace_id(trace, part ? t->parent : t->id);
	span_id(id, t->id, what);
	json_put_str(o, "traceId", trace);
	json_put_str(o, "spanId", id);
	json_put_str(o, "parentSpanId", parent);
	json_put_str(o, "name", what);
	put_time(o, "startTimeUnixNano", from);
	put_time(o, "endTimeUnixNano", to > from ? to : from);
	return o;
}

static void
put_status(struct json_object *span, int class)
{
	struct json_object *status = json_object_new_object();

	if (class != CLASS_OK) {
		json_put_int(status, "code", STATUS_ERROR);
		json_put_str(status, "message", error_class(class)->name);
	}
	json_put_take(span, "status", status);
}

static struct json_object *
root_of(const struct traced *t)
{
	bool part = t->parent[0] != '\0' && t->parent[0] != '-';
	struct json_object *o;
	char above[17] = "";

	if (part)
		span_id(above, t->parent, "job");
	o = span_of(t, "job", above, t->created_ms, t->delivered_ms);
	json_put_int(o, "kind", KIND_CONSUMER);
	json_put_take(o, "attributes", attributes_of(t));
	put_status(o, t->class);
	return o;
}

/* The worker's count begins before the start is on the disk. */
static int64_t
run_over(const struct traced *t)
{
	int64_t over = t->started_ms + t->run_ms;

	return t->finished_ms >= t->started_ms && over > t->finished_ms ? t->finished_ms : over;
}

/* A job that never ran has waited until it was refused; one of our own is neither claimed nor delivered. */
static void
put_spans(struct json_object *list, const struct traced *t)
{
	bool ran = t->started_ms > 0;
	int64_t accepted = t->accepted_ms > 0 ? t->accepted_ms : t->created_ms;
	int64_t begun = ran ? t->started_ms : t->finished_ms;
	int64_t over = ran ? run_over(t) : t->finished_ms;
	const struct part { const char *name; int kind; bool is; int64_t from, to; } parts[] = {
		{ "claim", KIND_CLIENT, t->accepted_ms > 0 && t->parent[0] == '\0', t->created_ms, accepted },
		{ "wait", KIND_INTERNAL, true, accepted, begun },
		{ "run", KIND_INTERNAL, ran, begun, over },
		{ "seal", KIND_INTERNAL, t->pages > 0, over, t->finished_ms },
		{ "deliver", KIND_CLIENT, t->pages > 0, t->finished_ms, t->delivered_ms },
	};
	struct json_object *o;
	char above[17];
	size_t i;

	json_add_take(list, root_of(t));
	span_id(above, t->id, "job");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].is)
			continue;
		o = span_of(t, parts[i].name, above, parts[i].from, parts[i].to);
		json_put_int(o, "kind", parts[i].kind);
		put_status(o, strcmp(parts[i].name, "run") == 0 ? t->class : CLASS_OK);
		json_add_take(list, o);
	}
}

/* --- the request -------------------------------------------------------------------------- */

static struct json_object *
resource_of(const struct traced_by *by)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();

	put_text(list, "service.name", "midd");
	put_text(list, "service.version", by->version);
	put_text(list, "service.instance.id", by->name);
	json_put_take(o, "attributes", list);
	return o;
}

static struct json_object *
only(struct json_object *o)
{
	struct json_object *list = json_object_new_array();

	json_add_take(list, o);
	return list;
}

struct json_object *
spans_request(const struct traced_by *by, const struct traced *jobs, unsigned n)
{
	struct json_object *whole = json_object_new_object(), *resource = json_object_new_object();
	struct json_object *scope = json_object_new_object(), *name = json_object_new_object(), *spans = json_object_new_array();
	unsigned i;

	for (i = 0; i < n; i++)
		put_spans(spans, &jobs[i]);
	json_put_str(name, "name", "midd.flow");
	json_put_str(name, "version", by->version);
	json_put_take(scope, "scope", name);
	json_put_take(scope, "spans", spans);
	json_put_take(resource, "resource", resource_of(by));
	json_put_take(resource, "scopeSpans", only(scope));
	json_put_take(whole, "resourceSpans", only(resource));
	return whole;
}
