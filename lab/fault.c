/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault - see the header.
 */
#include "fault.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "amb.h"
#include "db.h"
#include "http.h"
#include "instance.h"

#define COUNT_MAX 1000000

enum {
	KIND_ANY = 1, KIND_POLL = 2, KIND_CLAIM = 4, KIND_INSERT = 8,
	KIND_BATCH = 16, KIND_IRE = 32, KIND_AGENT = 64, KIND_ATTACHMENT = 128,
	KIND_PUSH = 256, KIND_HANDSHAKE = 512, KIND_SUBSCRIBE = 1024,
	KIND_CONNECT = 2048,
	KIND_RENEW = 4096,
};

static const struct {
	const char *name;
	unsigned bit;
} kinds[] = {
	{ "any", KIND_ANY },
	{ "poll", KIND_POLL },
	{ "claim", KIND_CLAIM },
	{ "insert", KIND_INSERT },
	{ "batch", KIND_BATCH },
	{ "ire", KIND_IRE },
	{ "agent", KIND_AGENT },
	{ "attachment", KIND_ATTACHMENT },
	{ "push", KIND_PUSH },
	{ "handshake", KIND_HANDSHAKE },
	{ "subscribe", KIND_SUBSCRIBE },
	{ "connect", KIND_CONNECT },
	{ "renew", KIND_RENEW },
};

/* WIRE: it happens to the connection, not to one part of a batch. */
static const struct {
	const char *name;
	enum fault_what what;
	long arg, min, max;
	bool wire;
} words[] = {
	{ "503", FAULT_BUSY, 5, 0, 86400, false },
	{ "429", FAULT_RATE, 5, 0, 86400, false },
	{ "did", FAULT_DID, 0, 0, 0, false },
	{ "duplicate", FAULT_DUPLICATE, 0, 0, 0, false },
	{ "refuse", FAULT_REFUSE, 0, 0, 0, false },
	{ "unknown", FAULT_UNKNOWN, 0, 0, 0, false },
	{ "at-once", FAULT_AT_ONCE, 0, 0, 0, false },
	{ "flood", FAULT_FLOOD, 0, 0, 0, false },
	{ "never", FAULT_NEVER, 0, 0, 0, false },
	{ "garbage", FAULT_GARBAGE, 0, 0, 0, false },
	{ "stall", FAULT_STALL, 5, 0, 3600, true },
	{ "cut", FAULT_CUT, 0, 0, 1L << 30, true },
	{ "reset", FAULT_RESET, 0, 0, 0, true },
	{ "endless", FAULT_ENDLESS, 0, 0, 0, true },
	{ "drip", FAULT_DRIP, 200, 1, 60000, true },
	{ "bomb", FAULT_BOMB, 0, 0, 0, true },
	{ "loop", FAULT_LOOP, 0, 0, 0, true },
	{ "away", FAULT_AWAY, 443, 1, 65535, true },
	{ "headers", FAULT_HEADERS, 100, 1, 200, true },
	{ "header", FAULT_HEADER, 100, 1, 200, true },
	{ "plain", FAULT_PLAIN, 80, 1, 65535, true },
	{ "deep", FAULT_DEEP, 100000, 1, 10000000, true },
};

struct fault {
	char spec[64];
	unsigned kind;
	enum fault_what what;
	bool wire;
	long arg, left, done;
};

struct fault_list {
	struct fault at[FAULTS_MAX];
	size_t count;
};

struct fault_list *
fault_list_new(void)
{
	return xcalloc(1, sizeof(struct fault_list));
}

void
fault_list_free(struct fault_list *list)
{
	free(list);
}

void
fault_clear(struct fault_list *list)
{
	list->count = 0;
}

/* --- reading a spec ------------------------------------------------------ */

static bool
read_number(const char *s, long min, long max, long *out)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end != '\0' || n < min || n > max)
		return false;
	*out = n;
	return true;
}

static bool
read_what(struct fault *f, char *word, const char **why)
{
	char *arg = strchr(word, '=');
	size_t i;

	if (arg != NULL)
		*arg++ = '\0';
	*why = "the argument after = is no number, or out of bounds";
	for (i = 0; i < COUNT(words); i++) {
		if (strcmp(words[i].name, word) != 0)
			continue;
		f->what = words[i].what;
		f->wire = words[i].wire;
		f->arg = words[i].arg;
		return arg == NULL || read_number(arg, words[i].min,
		    words[i].max, &f->arg);
	}
	*why = "the fault must be 400..599, did, stall, cut, reset,"
	    " endless, drip, bomb, loop, away, plain, header, headers, deep, or for"
	    " connect unknown, at-once, flood, never or garbage, for subscribe refuse";
	f->what = FAULT_STATUS;
	return arg == NULL && read_number(word, 400, 599, &f->arg);
}

static bool
read_kind(struct fault *f, const char *word, const char **why)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, word) == 0)
			f->kind = kinds[i].bit;
	*why = "the kind must be any, poll, claim, insert, batch, ire, agent,"
	    " attachment, push, handshake, subscribe or connect";
	return f->kind != 0;
}

/* The oldest that has happened as often as it should. */
static bool
drop_spent(struct fault_list *list)
{
	size_t i;

	for (i = 0; i < list->count && list->at[i].left > 0;)
		i++;
	if (i == list->count)
		return false;
	list->count--;
	memmove(&list->at[i], &list->at[i + 1],
	    (list->count - i) * sizeof(list->at[0]));
	return true;
}

bool
fault_add(struct fault_list *list, const char *spec, const char **why)
{
	struct fault f = { .left = 1 };
	char copy[64], *what, *count;

	*why = "a fault is written KIND:WHAT[=ARG][:COUNT]";
	if (strlen(spec) >= sizeof(copy))
		return false;
	snprintf(copy, sizeof(copy), "%s", spec);
	snprintf(f.spec, sizeof(f.spec), "%s", spec);
	what = strchr(copy, ':');
	if (what == NULL)
		return false;
	*what++ = '\0';
	count = strchr(what, ':');
	if (count != NULL)
		*count++ = '\0';
	if (count != NULL && !read_number(count, 1, COUNT_MAX, &f.left))
		return false;
	if (!read_kind(&f, copy, why) || !read_what(&f, what, why))
		return false;
	*why = "there are too many faults: clear some first";
	if (list->count == FAULTS_MAX && !drop_spent(list))
		return false;
	list->at[list->count++] = f;
	return true;
}

struct json_object *
fault_describe(const struct fault_list *list)
{
	struct json_object *a = json_object_new_array(), *o;
	char n[24];
	size_t i;

	for (i = 0; i < list->count; i++) {
		o = json_object_new_object();
		json_put(o, "spec", list->at[i].spec);
		snprintf(n, sizeof(n), "%ld", list->at[i].left);
		json_put(o, "left", n);
		snprintf(n, sizeof(n), "%ld", list->at[i].done);
		json_put(o, "done", n);
		json_object_array_add(a, o);
	}
	return a;
}

/* --- what kind a request is ---------------------------------------------- */

static unsigned
queue_kind(const struct request *req, struct json_object *body)
{
	const char *topic = json_str(body, "topic", "");

	if (strcmp(req->method, "GET") == 0)
		return KIND_POLL;
	if (strcmp(req->method, "POST") != 0)
		return 0;
	if (strcmp(topic, "queue.processing") == 0)
		return KIND_CLAIM;
	if (strcmp(json_str(body, "queue", ""), "input") == 0 &&
	    json_str(body, "response_to", "")[0] != '\0' &&
	    strcmp(topic, "HeartbeatProbe") != 0)
		return KIND_INSERT;
	return 0;
}

static unsigned
push_kind(const struct request *req)
{
	const char *body = req->body != NULL ? req->body : "";

	return KIND_PUSH |
	    (strstr(body, "/meta/handshake") != NULL ? KIND_HANDSHAKE : 0) |
	    (strstr(body, "/meta/subscribe") != NULL ? KIND_SUBSCRIBE : 0) |
	    (strstr(body, "/meta/connect") != NULL ? KIND_CONNECT : 0);
}

static unsigned
kind_of(const struct request *req)
{
	const char *p = strstr(req->path, "/table/");

	if (amb_is(req))
		return push_kind(req);	/* a long poll is not "any" request */
	if (p != NULL && str_prefix(p, "/table/ecc_queue"))
		return KIND_ANY | queue_kind(req, req->json);
	if (p != NULL && str_prefix(p, "/table/ecc_agent"))
		return KIND_ANY | KIND_AGENT;
	if (strstr(req->path, "/identifyreconcile") != NULL)
		return KIND_ANY | KIND_IRE;
	if (strstr(req->path, "/now/attachment") != NULL)
		return KIND_ANY | KIND_ATTACHMENT;
	if (str_suffix(req->path, "/midlab/renew"))
		return KIND_ANY | KIND_RENEW;
	if (str_suffix(req->path, "/batch"))
		return KIND_ANY | KIND_BATCH;
	return KIND_ANY;
}

/* A batch is also what its parts are: an insert in it may be cut off too. */
static unsigned
parts_kind(const struct request *req)
{
	struct json_object *list, *part;
	struct request sub = { 0 };
	unsigned kind = 0;
	size_t i, n;
	char *body;

	if (!json_object_object_get_ex(req->json, "rest_requests", &list) ||
	    !json_object_is_type(list, json_type_array))
		return 0;
	for (i = 0; i < json_object_array_length(list); i++) {
		part = json_object_array_get_idx(list, i);
		sub.method = (char *)(uintptr_t)json_str(part, "method", "");
		sub.path = (char *)(uintptr_t)json_str(part, "url", "");
		body = base64_decode(json_str(part, "body", ""),
		    strlen(json_str(part, "body", "")), &n);
		sub.json = NULL;
		if (body != NULL && n > 0) {
			body[n] = '\0';
			sub.json = json_tokener_parse(body);
		}
		kind |= kind_of(&sub) & ~(unsigned)KIND_ANY;
		json_object_put(sub.json);
		free(body);
	}
	return kind;
}

/* --- finding one --------------------------------------------------------- */

static const struct fault *
take(struct fault_list *list, unsigned kind, bool wire)
{
	struct fault *f;

	for (f = list->at; f < list->at + list->count; f++)
		if (f->left > 0 && f->wire == wire && (f->kind & kind) != 0) {
			f->left--;
			f->done++;
			return f;
		}
	return NULL;
}

/* Never to an administrator: who sets faults wants to go on working. */
static bool
misbehaves(const struct request *req)
{
	return req->in->faults->count > 0 &&
	    (req->caller->roles & ROLE_ADMIN) == 0;
}

enum fault_what
fault_wire(struct request *req, long *arg)
{
	const struct fault *f;
	unsigned kind;

	if (!misbehaves(req))
		return FAULT_NONE;
	if (req->json == NULL && req->body_len > 0)
		req->json = json_tokener_parse(req->body);
	if (!json_object_is_type(req->json, json_type_object)) {
		json_object_put(req->json);
		req->json = NULL;
	}
	kind = kind_of(req);
	if ((kind & KIND_BATCH) != 0)
		kind |= parts_kind(req);
	f = take(req->in->faults, kind, true);
	if (f == NULL)
		return FAULT_NONE;
	*arg = f->arg;
	return f->what;
}

static void
add_number(struct answer *a, const char *name, long n)
{
	char s[24];

	snprintf(s, sizeof(s), "%ld", n);
	pairs_add(&a->headers, name, s);
}

bool
fault_answers(struct request *req, struct answer *a, int *later)
{
	const struct fault *f = NULL;
	unsigned kind;

	if (!misbehaves(req))
		return false;
	kind = kind_of(req);
	/* "any" has counted the batch; its parts are not counted again. */
	if (req->depth > 0)
		kind &= ~(unsigned)KIND_ANY;
	f = take(req->in->faults, kind, false);
	if (f == NULL)
		return false;
	*later = (int)f->what;
	if (f->what == FAULT_DID || (f->what >= FAULT_REFUSE && f->what <= FAULT_GARBAGE))
		return false;
	if (f->what == FAULT_STATUS)
		answer_error(a, (int)f->arg, status_text((int)f->arg),
		    "midlab was told to answer so.");
	if (f->what == FAULT_BUSY)
		answer_error(a, 503, "Service unavailable",
		    "midlab was told to be too busy.");
	if (f->what == FAULT_RATE) {
		answer_error(a, 429, "Rate limit exceeded",
		    "midlab was told to refuse.");
		add_number(a, "X-RateLimit-Limit", 100);
		add_number(a, "X-RateLimit-Reset",
		    (long)(db_now_ms(req->in->db) / 1000) + f->arg);
		pairs_add(&a->headers, "X-RateLimit-Rule",
		    "5d1f0a3bc0a801650000000000000429");
	}
	if (f->what == FAULT_DUPLICATE)
		answer_db(a, req->in, DB_E_DUPLICATE);
	else if (f->what != FAULT_STATUS)
		add_number(a, "Retry-After", f->arg);
	return true;
}
