/* SPDX-License-Identifier: Apache-2.0 */
/* advert - see advert.h. */
#include "advert.h"

#include <ctype.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "flow/flow.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "workers/pool.h"
#include "xalloc.h"

#define WAY_MAX 40

struct advert {
	struct agent *ag;
	char sys_id[33];
	struct json_object *told;	/* the capabilities the instance has of us; NULL none yet */
	struct loop_timer *timer;	/* of the statistics */
	bool telling, begun, stopped;
	uint64_t n;
};

/* --- what it can do --------------------------------------------------------------------- */

/* Each once: a way may be called as a topic is. */
static void
put_name(struct json_object *names, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(names); i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(names, i)), name) == 0)
			return;
	json_add_take(names, json_object_new_string(name));
}

/* The topics of the catalogue. */
static void
put_topics(struct json_object *names, struct json_object *catalogue)
{
	struct json_object *topics;
	size_t i, k;

	for (i = 0; i < json_object_array_length(catalogue); i++) {
		topics = json_arr(json_object_array_get_idx(catalogue, i), "topics");
		for (k = 0; topics != NULL && k < json_object_array_length(topics); k++)
			put_name(names, json_str(json_object_array_get_idx(topics, k), "name", ""));
	}
}

/* Of "ssh=UnixFacts, snmp=SnmpFacts" the ways whose topic is served, as instances write them: SSH, SNMP. */
static void
put_ways(struct json_object *names, const struct agent *ag)
{
	const char *at = ag->config->discovery.ways, *eq;
	char way[WAY_MAX], topic[WAY_MAX];
	size_t len, i;

	for (; *at != '\0'; at += len) {
		at += strspn(at, ", ");
		len = strcspn(at, ", ");
		eq = memchr(at, '=', len);
		if (eq == NULL || eq - at >= WAY_MAX || len - (size_t)(eq - at) > WAY_MAX)
			continue;
		snprintf(way, sizeof(way), "%.*s", (int)(eq - at), at);
		snprintf(topic, sizeof(topic), "%.*s", (int)(len - (size_t)(eq - at) - 1), eq + 1);
		for (i = 0; way[i] != '\0'; i++)
			way[i] = (char)toupper((unsigned char)way[i]);
		if (pool_topic(ag->pool, topic).known)
			put_name(names, way);
	}
}

static void
capabilities_told(void *arg, const struct verdict *v)
{
	struct advert *a = arg;

	if (a->stopped)
		return;
	a->telling = false;
	if (v->said == SAID_YES || v->status == 404)
		return;
	if (v->said == SAID_NO || v->said == SAID_DUPLICATE) {	/* it stays with that until there is something else to tell */
		log_info("self", "the instance does not take what this agent can do: %s", v->why);
		return;
	}
	log_debug("self", "the instance was not told what this agent can do: %s; again at the next look", v->why);
	json_object_put(a->told);
	a->told = NULL;
}

static void
tell_capabilities(struct advert *a)
{
	struct json_object *catalogue = pool_catalogue(a->ag->pool), *names;

	if (catalogue == NULL || a->telling)
		return;			/* at the next look */
	names = json_object_new_array();
	put_name(names, DISCOVERY_TOPIC);
	put_topics(names, catalogue);
	put_ways(names, a->ag);
	if (a->told != NULL && json_object_equal(a->told, names)) {
		json_object_put(names);
		return;
	}
	json_object_put(a->told);
	a->told = names;
	a->telling = true;
	instance_capabilities(a->ag->instance, a->sys_id, names, capabilities_told, a);
}

/* --- how much ------------------------------------------------------------------------------ */

struct report { struct advert *advert; struct answer a; struct buf body; };

static void
reported(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	struct report *r = arg;

	(void)a;
	(void)n;
	if (!r->advert->stopped && v->said != SAID_YES && v->said != SAID_DUPLICATE)
		log_debug("self", "statistics were not taken: %s", v->why);
	buf_fini(&r->body);
	free(r);
}

static void
put_counter(struct buf *b, const char *name, int64_t n)
{
	(void)buf_printf(b, "<metric type=\"counter\" name=\"%s\"><count>%lld</count></metric>", name, (long long)n);
}

/* The sum of WHAT over the lanes. */
static int64_t
of_lanes(struct json_object *state, const char *what)
{
	struct json_object *lanes = json_arr(state, "lanes");
	int64_t n = 0;
	size_t i;

	for (i = 0; lanes != NULL && i < json_object_array_length(lanes); i++)
		n += json_int(json_object_array_get_idx(lanes, i), what, 0);
	return n;
}

/* queue.stats (spec 7.5); the nesting is not documented, so it is kept to this one function. */
static void
send_stats(void *arg)
{
	struct advert *a = arg;
	struct report *r = xcalloc(1, sizeof(*r));
	struct json_object *state = flow_state(a->ag->flow), *counts = json_get(state, "counts");
	struct os_usage u = { 0 };

	os_usage(&u);
	r->advert = a;
	buf_init(&r->body, 8192);
	(void)buf_puts(&r->body, "<stats>");
	put_counter(&r->body, "jobs.ok", json_int(counts, "ok", 0));
	put_counter(&r->body, "jobs.failed", json_int(counts, "failed", 0));
	put_counter(&r->body, "jobs.waiting", json_int(state, "waiting", 0));
	put_counter(&r->body, "jobs.running", of_lanes(state, "running"));
	put_counter(&r->body, "jobs.slots", of_lanes(state, "slots"));
	put_counter(&r->body, "results.delivered", json_int(counts, "delivered", 0));
	(void)buf_printf(&r->body, "<metric type=\"memory\" name=\"resident\"><max_used_bytes>%lld</max_used_bytes></metric></stats>",
	    (long long)u.rss_bytes);
	json_object_put(state);
	r->a = (struct answer){ .sink = SINK_ECC, .agent = agent_queue_name(a->ag), .topic = "queue.stats",
	    .name = "queue.stats", .source = os_host_name(), .response_to = "", .correlator = "",
	    .error_string = "", .priority = 2, .body = buf_str(&r->body), .body_len = r->body.len };
	seal_id(r->a.id, "stats", a->sys_id, (uint64_t)os_time_ms() + a->n++);
	instance_answer(a->ag->instance, &r->a, 1, reported, r);
	loop_timer_arm(a->timer, a->ag->config->report.stats_ms);
}

/* --- life --------------------------------------------------------------------------------------- */

struct advert *
advert_new(struct agent *ag)
{
	struct advert *a = xcalloc(1, sizeof(*a));

	a->ag = ag;
	a->timer = loop_timer_new(ag->loop, send_stats, a);
	return a;
}

void
advert_stop(struct advert *a)
{
	a->stopped = true;
	loop_timer_stop(a->timer);
}

void
advert_free(struct advert *a)
{
	if (a == NULL)
		return;
	loop_timer_free(a->timer);
	json_object_put(a->told);
	free(a);
}

void
advert_go(struct advert *a, const char *sys_id)
{
	if (a->stopped)
		return;
	if (strcmp(a->sys_id, sys_id) != 0) {	/* another record knows nothing of us */
		json_object_put(a->told);
		a->told = NULL;
	}
	snprintf(a->sys_id, sizeof(a->sys_id), "%s", sys_id);
	tell_capabilities(a);
	if (!a->begun && a->ag->config->report.stats_ms > 0)
		send_stats(a);
	a->begun = true;
}
