/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self - see self.h. Columns are those of spec 7.2. A name that another living
 * agent already has is not taken over: we wait, and say so. The row is looked at
 * again now and then, as validation may be withdrawn, the row deleted, or taken
 * by an agent that began at the same moment, or that runs on a copy of this
 * machine: it has all that we have, but for the mark of its run.
 */
#include "self.h"

#include <json-c/json_object.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advert.h"
#include "agent.h"
#include "config/config.h"
#include "err.h"
#include "flow/flow.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"

#define AGAIN_MIN 1000
#define AGAIN_MAX 4000		/* an instance that is back is noticed within seconds */
#define LOOK_AGAIN 4000		/* when somebody has to do something, and after a registration */
#define DOWN_WAIT_MS 1200	/* for the instance to hear that we go */
#define MARK "none (midd "	/* jvm_version begins so: midd has none, so the column is ours to fill */
#define OTHER_FRESH_S 900	/* an agent that was heard of within this is alive */

struct self {
	struct agent *ag;
	char sys_id[33], known_id[33];	/* what the instance said; what the store remembered */
	bool registered, validated;
	char trouble[240];
	char status[16];
	char told_host[256], told_home[1024];	/* what we wrote last into our row */
	char mark[64];			/* which run of midd this is: a copy of this machine has all else that we have */
	bool told_ok, looks_after;	/* it has taken what we wrote; it had when it was asked for the row */
	int64_t told_at;		/* loop time; -1 to be written */
	int64_t pause_ms;
	struct loop_timer *timer;
	struct advert *advert;
	bool closing, leaving;		/* leaving: "Down" is our last word */
	void (*down_done)(void *);
	void *down_arg;
};

static void do_register(void *arg);

static void
utc(char out[20], time_t t)
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, 20, "%Y-%m-%d %H:%M:%S", &tm);
}

static const char *
home_of(const struct agent *ag)
{
	return ag->config->paths.state_dir;
}

static struct json_object *
columns(const struct self *s)
{
	const struct config *c = s->ag->config;
	struct json_object *o = json_object_new_object();
	struct os_system sys;
	char now[20], cores[16], ram[24], started[20], version[200];

	utc(now, time(NULL));
	utc(started, (time_t)(s->ag->started_ms / 1000));
	os_system(&sys);
	snprintf(cores, sizeof(cores), "%ld", sys.cores);
	snprintf(ram, sizeof(ram), "%lld", (long long)sys.ram_mb);
	snprintf(version, sizeof(version), "%s",
	    c->instance.version_shown[0] != '\0' ? c->instance.version_shown : "midd " MIDD_VERSION);
	json_put_str(o, "name", c->name);
	json_put_str(o, "status", s->status);
	json_put_str(o, "version", version);
	json_put_str(o, "host_name", os_host_name());
	json_put_str(o, "home_dir", home_of(s->ag));
	json_put_str(o, "user_name", os_user_name());
	json_put_str(o, "started", started);
	json_put_str(o, "last_refreshed", now);
	json_put_str(o, "host_cpu_core_count", cores);
	json_put_str(o, "host_total_ram", ram);
	json_put_str(o, "jvm_version", s->mark);
	json_put_str(o, "is_using_mutual_auth", c->instance.cert[0] != '\0' ? "true" : "false");
	if (sys.name[0] != '\0') {
		json_put_str(o, "host_type", sys.name);
		json_put_str(o, "host_os_version", sys.release);
	}
	return o;
}

/* --- registration ------------------------------------------------------------------- */

static void
again(struct self *s, int64_t in_ms)
{
	if (!s->closing && !s->leaving)	/* once we go, it is the timer of that */
		loop_timer_arm(s->timer, in_ms);
}

static int64_t
back_off(struct self *s, const struct verdict *v)
{
	s->pause_ms = s->pause_ms == 0 ? AGAIN_MIN : s->pause_ms * 2;
	if (s->pause_ms > AGAIN_MAX)
		s->pause_ms = AGAIN_MAX;
	return v->retry_after_ms > s->pause_ms ? v->retry_after_ms : s->pause_ms;
}

static time_t
when(const char *text)
{
	struct tm tm = { 0 };

	return strptime(text, "%Y-%m-%d %H:%M:%S", &tm) == NULL ? 0 : timegm(&tm);
}

/* Up, heard of lately, and not from here: two agents with one name would both take the same jobs. */
static bool
is_another(const struct self *s, struct json_object *row)
{
	const char *host = json_str(row, "host_name", ""), *home = json_str(row, "home_dir", "");

	if (strcmp(json_str(row, "status", ""), "Up") != 0 || host[0] == '\0')
		return false;
	if (strcmp(host, os_host_name()) == 0 && strcmp(home, home_of(s->ag)) == 0)
		return false;
	if (strcmp(host, s->told_host) == 0 && strcmp(home, s->told_home) == 0)
		return false;		/* this host has another name since */
	return time(NULL) - when(json_str(row, "last_refreshed", "")) < OTHER_FRESH_S;
}

/*
 * Another run of midd has written into our row after we had, with our host's name and home. Who sees that steps back, and of two only
 * one can: who wrote last finds its own mark. As a rule that is the younger one, which could not tell us from its own earlier life.
 */
static bool
is_copy(const struct self *s, struct json_object *row)
{
	const char *mark = json_str(row, "jvm_version", "");

	return s->looks_after && strncmp(mark, MARK, strlen(MARK)) == 0 && strcmp(mark, s->mark) != 0 &&
	    strcmp(json_str(row, "status", ""), "Up") == 0 && time(NULL) - when(json_str(row, "last_refreshed", "")) < OTHER_FRESH_S;
}

static void
updated(void *arg, const struct verdict *v)
{
	struct self *s = arg;

	if (s->closing)
		return;
	s->told_ok = v->said == SAID_YES;
	if (v->said != SAID_YES) {
		log_warn("self", "our record was not updated: %s", v->why);
		s->told_at = -1;
		again(s, back_off(s, v));
	}
}

static void
say(struct self *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What keeps us from work; in the log only when it is news. */
static void
say(struct self *s, const char *fmt, ...)
{
	char was[sizeof(s->trouble)];
	va_list ap;

	memcpy(was, s->trouble, sizeof(was));
	va_start(ap, fmt);
	vsnprintf(s->trouble, sizeof(s->trouble), fmt, ap);
	va_end(ap);
	if (s->trouble[0] != '\0' && strcmp(was, s->trouble) != 0)
		log_event(EV_SELF, LOG_LV_WARN, "self", "%s", s->trouble);
}

static void
took_id(struct self *s, const char *id)
{
	bool other = strcmp(id, s->sys_id) != 0;

	if (s->registered && other)
		log_warn("self", "our record was deleted on the instance: there is a new one");
	if (!s->registered || other)
		log_info("self", "registered as %s (%s)", s->ag->config->name, id);
	if (other) {
		store_set(s->ag->store, "sys_id", id, NULL, NULL);
		s->told_at = -1;
	}
	snprintf(s->sys_id, sizeof(s->sys_id), "%s", id);
	snprintf(s->known_id, sizeof(s->known_id), "%s", id);
	s->registered = s->sys_id[0] != '\0';
}

static void
took(struct self *s, struct json_object *row)
{
	bool first = !s->registered, was = s->validated;

	s->pause_ms = 0;
	took_id(s, json_str(row, "sys_id", ""));
	s->validated = strcmp(json_str(row, "validated", ""), "true") == 0;
	say(s, "%s", s->validated ? "" : "not validated: an administrator has to press Validate on the instance");
	if (s->validated && !was)
		flow_poll_now(s->ag->flow);
	if (s->validated)
		advert_go(s->advert, s->sys_id);
	again(s, first || !s->validated ? LOOK_AGAIN : s->ag->config->report.refresh_ms);
}

/* Our row is brought up to date: not with every look at it. */
static void
tell(struct self *s, struct json_object *row)
{
	int64_t now = loop_now(s->ag->loop);
	struct json_object *c;

	if (s->told_at >= 0 && now - s->told_at < s->ag->config->report.refresh_ms &&
	    strcmp(json_str(row, "status", ""), s->status) == 0)
		return;
	s->told_at = now;
	s->told_ok = false;
	c = columns(s);
	snprintf(s->told_host, sizeof(s->told_host), "%s", json_str(c, "host_name", ""));
	snprintf(s->told_home, sizeof(s->told_home), "%s", json_str(c, "home_dir", ""));
	instance_update_self(s->ag->instance, s->sys_id, c, updated, s);
	json_object_put(c);
}

static void
found(void *arg, const struct verdict *v, struct json_object *row)
{
	struct self *s = arg;

	if (s->closing || s->leaving)
		return;
	if (v->said != SAID_YES && v->said != SAID_DUPLICATE) {
		if (!s->registered)	/* else what we know of it still stands */
			say(s, "not registered: %.200s", v->why);
		again(s, back_off(s, v));
	} else if (is_another(s, row)) {
		s->registered = s->validated = false;
		s->told_at = -1;
		say(s, "another agent named %s is Up on %.60s (%.60s): stop it, or give this one another name",
		    s->ag->config->name, json_str(row, "host_name", ""), json_str(row, "home_dir", ""));
		again(s, LOOK_AGAIN);
	} else if (is_copy(s, row)) {
		s->registered = s->validated = false;
		s->told_at = -1;
		say(s, "another agent named %s has begun at %.20s on a host with this one's name, %.60s, and this home: a copy of this machine? "
		    "Give it another name", s->ag->config->name, json_str(row, "started", ""), json_str(row, "host_name", ""));
		again(s, LOOK_AGAIN);
	} else {
		took(s, row);
		tell(s, row);
	}
}

static void
do_register(void *arg)
{
	struct self *s = arg;
	struct json_object *c = json_object_new_object();

	/* Only what finding or making the row needs; the rest when it is sure to be ours. */
	s->looks_after = s->told_ok;
	json_put_str(c, "name", s->ag->config->name);
	instance_register(s->ag->instance, s->known_id, s->ag->config->name, c, found, s);
	json_object_put(c);
}

/* --- life -------------------------------------------------------------------------------- */

void
self_open(struct self **out, struct agent *ag)
{
	struct self *s = xcalloc(1, sizeof(*s));
	char *id = store_get_now(ag->store, "sys_id");
	uint32_t run;

	s->ag = ag;
	os_random(&run, sizeof(run));
	snprintf(s->mark, sizeof(s->mark), MARK MIDD_VERSION ", run %08x)", (unsigned)run);
	s->told_at = -1;
	if (id != NULL)
		snprintf(s->known_id, sizeof(s->known_id), "%s", id);
	free(id);
	snprintf(s->status, sizeof(s->status), "Up");
	snprintf(s->trouble, sizeof(s->trouble), "not registered yet");
	s->timer = loop_timer_new(ag->loop, do_register, s);
	s->advert = advert_new(ag);
	*out = s;
}

void
self_close(struct self *s)
{
	if (s == NULL)
		return;
	loop_timer_free(s->timer);
	advert_free(s->advert);
	free(s);
}

void
self_closing(struct self *s)
{
	s->closing = true;
	loop_timer_stop(s->timer);
	advert_stop(s->advert);
}

void
self_begin(struct self *s)
{
	do_register(s);
}

bool
self_ready(const struct self *s)
{
	return s->registered && s->validated;
}

const char *
self_sys_id(const struct self *s)
{
	return s->registered ? s->sys_id : "";
}

const char *
self_trouble(const struct self *s)
{
	return s->trouble;
}

static void
tell_status(struct self *s, const char *status, verdict_fn *fn)
{
	struct json_object *c = json_object_new_object();
	char now[20];

	utc(now, time(NULL));
	snprintf(s->status, sizeof(s->status), "%s", status);
	json_put_str(c, "status", status);
	if (strcmp(status, "Down") == 0)
		json_put_str(c, "stopped", now);
	instance_update_self(s->ag->instance, s->sys_id, c, fn, s);
	json_object_put(c);
}

void
self_status(struct self *s, const char *status)
{
	if (s->registered)
		tell_status(s, status, updated);
	else
		snprintf(s->status, sizeof(s->status), "%s", status);
}

static void
said_down(void *arg, const struct verdict *v)
{
	struct self *s = arg;
	void (*done)(void *) = s->down_done;

	(void)v;
	s->down_done = NULL;
	if (done != NULL && !s->closing)
		done(s->down_arg);
}

static void
down_late(void *arg)
{
	said_down(arg, NULL);
}

void
self_down(struct self *s, void (*done)(void *arg), void *arg)
{
	s->leaving = true;
	s->down_done = done;
	s->down_arg = arg;
	advert_stop(s->advert);
	loop_timer_free(s->timer);
	s->timer = loop_timer_new(s->ag->loop, down_late, s);
	loop_timer_arm(s->timer, s->registered ? DOWN_WAIT_MS : 0);
	if (s->registered)
		tell_status(s, "Down", said_down);
}
