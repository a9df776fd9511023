/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amb - see the header.
 */
#include "amb.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "db.h"
#include "exchange.h"
#include "fault.h"
#include "instance.h"

#define CLIENTS_MAX 500
#define MESSAGES_MAX 50		/* that wait; more say nothing new */
#define FLOOD 1000
#define SILENT_MS 120000	/* a client that does not connect is gone */
#define JSON_DEPTH 16
#define CHANNEL "/mid/server/"

struct client {
	struct client *next;
	char id[SYS_ID_LEN + 1], user[128];
	char channel[sizeof(CHANNEL) + SYS_ID_LEN];	/* "" none yet */
	unsigned waiting;		/* messages */
	struct exchange *held;		/* its connect that sleeps */
	int64_t seen_ms, until_ms;
};

struct amb {
	struct client *first;
	size_t count;
	bool stopping;
};

struct amb *
amb_new(void)
{
	return xcalloc(1, sizeof(struct amb));
}

void
amb_free(struct amb *amb)
{
	struct client *c;

	while (amb != NULL && (c = amb->first) != NULL) {
		amb->first = c->next;
		free(c);
	}
	free(amb);
}

void
amb_stop(struct amb *amb)
{
	amb->stopping = true;
}

bool
amb_is(const struct request *req)
{
	return strcmp(req->path, "/amb") == 0 ||
	    str_prefix(req->path, "/amb/");
}

/* --- clients ------------------------------------------------------------- */

static void
forget_silent(struct amb *amb)
{
	struct client **at = &amb->first, *c;

	while ((c = *at) != NULL) {
		if (c->held != NULL || clock_ms() - c->seen_ms < SILENT_MS) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		amb->count--;
		free(c);
	}
}

static struct client *
client_new(struct amb *amb, const char *user)
{
	struct client *c;

	forget_silent(amb);
	if (amb->count == CLIENTS_MAX)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	sys_id_make(c->id);
	snprintf(c->user, sizeof(c->user), "%s", user);
	c->seen_ms = clock_ms();
	c->next = amb->first;
	amb->first = c;
	amb->count++;
	return c;
}

/* The client of that id, if it is that user's. */
static struct client *
client_of(struct amb *amb, const char *id, const char *user)
{
	struct client *c;

	for (c = amb->first; c != NULL; c = c->next)
		if (strcmp(c->id, id) == 0 && strcmp(c->user, user) == 0) {
			c->seen_ms = clock_ms();
			return c;
		}
	return NULL;
}

static void
wake(struct client *c)
{
	if (c->held != NULL)
		c->held->stalled_until_ms = 1;
}

void
amb_tell(struct instance *in, const char *agent)
{
	const char *name = agent + (str_prefix(agent, "mid.server.") ?
	    strlen("mid.server.") : 0);
	struct text query = { 0 };
	struct json_object *row;
	struct client *c;
	char *quoted;

	if (in->amb == NULL || in->amb->first == NULL)
		return;
	quoted = db_quote(name);
	text_addf(&query, "name=%s", quoted);
	if (db_first(in->db, "ecc_agent", text_str(&query), &row) == 0) {
		for (c = in->amb->first; c != NULL; c = c->next)
			if (str_prefix(c->channel, CHANNEL) &&
			    strcmp(c->channel + strlen(CHANNEL),
			    json_str(row, "sys_id", "")) == 0) {
				c->waiting += c->waiting < MESSAGES_MAX;
				wake(c);
			}
		json_object_put(row);
	}
	text_fini(&query);
	free(quoted);
}

void
amb_gone(struct exchange *ex)
{
	struct amb *amb = ex->req.in->amb;
	struct client *c;

	for (c = amb != NULL ? amb->first : NULL; c != NULL; c = c->next)
		if (c->held == ex)
			c->held = NULL;
}

/* --- answers ------------------------------------------------------------- */

static struct json_object *
reply(struct json_object *list, const char *channel, struct json_object *msg,
    const char *error)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "channel", channel);
	json_object_object_add(o, "successful",
	    json_object_new_boolean(error == NULL));
	if (json_str(msg, "id", "")[0] != '\0')
		json_put(o, "id", json_str(msg, "id", ""));
	if (error != NULL)
		json_put(o, "error", error);
	json_object_array_add(list, o);
	return o;
}

static void
advise(const struct instance *in, struct json_object *reply,
    const char *reconnect)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "reconnect", reconnect);
	json_object_object_add(o, "interval", json_object_new_int(0));
	json_object_object_add(o, "timeout",
	    json_object_new_int64(in->hold_ms));
	json_object_object_add(reply, "advice", o);
}

static void
add_messages(struct json_object *list, const char *channel, unsigned n)
{
	struct json_object *o;

	for (; n > 0; n--) {
		o = json_object_new_object();
		json_put(o, "channel", channel);
		json_object_object_add(o, "data", json_object_new_object());
		json_object_array_add(list, o);
	}
}

static void
unknown(const struct instance *in, struct json_object *list,
    const char *channel, struct json_object *msg)
{
	advise(in, reply(list, channel, msg, "402::Unknown client"), "handshake");
}

/* --- the three questions ------------------------------------------------- */

static void
handshake(struct exchange *ex, struct json_object *msg,
    struct json_object *list)
{
	struct client *c = client_new(ex->req.in->amb, ex->caller.user);
	struct json_object *o, *types;

	o = reply(list, "/meta/handshake", msg,
	    c != NULL ? NULL : "503::There are too many clients");
	if (c == NULL)
		return;
	types = json_object_new_array();
	json_object_array_add(types, json_object_new_string("long-polling"));
	json_put(o, "clientId", c->id);
	json_put(o, "version", "1.0");
	json_object_object_add(o, "supportedConnectionTypes", types);
	advise(ex->req.in, o, "retry");
}

static void
subscribe(struct exchange *ex, struct json_object *msg,
    struct json_object *list, int fault)
{
	struct client *c = client_of(ex->req.in->amb,
	    json_str(msg, "clientId", ""), ex->caller.user);
	const char *channel = json_str(msg, "subscription", "");
	bool ok = fault != FAULT_REFUSE && str_prefix(channel, CHANNEL) &&
	    is_sys_id(channel + strlen(CHANNEL)) &&
	    (ex->caller.roles & (ROLE_MID | ROLE_ADMIN)) != 0;

	if (c == NULL) {
		unknown(ex->req.in, list, "/meta/subscribe", msg);
		return;
	}
	if (ok)
		snprintf(c->channel, sizeof(c->channel), "%s", channel);
	json_put(reply(list, "/meta/subscribe", msg,
	    ok ? NULL : "403::This channel is not for you"), "subscription",
	    channel);
}

static bool
must_wait(const struct amb *amb, const struct client *c, int fault)
{
	return !amb->stopping && c->waiting == 0 && fault == FAULT_NONE &&
	    clock_ms() < c->until_ms;
}

/* False: it sleeps. */
static bool
connect_on(struct exchange *ex, struct json_object *msg,
    struct json_object *list, int fault)
{
	struct client *c = client_of(ex->req.in->amb,
	    json_str(msg, "clientId", ""), ex->caller.user);

	if (c == NULL || fault == FAULT_UNKNOWN) {
		unknown(ex->req.in, list, "/meta/connect", msg);
		return true;
	}
	if (c->held != ex) {
		if (c->held != NULL) {	/* one connect a client: the older ends */
			c->until_ms = 0;
			wake(c);
			c->held = NULL;
		}
		c->until_ms = clock_ms() + ex->req.in->hold_ms;
	}
	c->held = NULL;
	if (must_wait(ex->req.in->amb, c, fault)) {
		c->held = ex;
		exchange_pause(ex, c->until_ms - clock_ms());
		return false;
	}
	add_messages(list, c->channel, fault == FAULT_FLOOD ? FLOOD :
	    c->waiting);
	c->waiting = 0;
	advise(ex->req.in, reply(list, "/meta/connect", msg, NULL),
	    fault == FAULT_NEVER ? "none" : "retry");
	return true;
}

/* --- the request --------------------------------------------------------- */

static bool
one_message(struct exchange *ex, struct json_object *msg,
    struct json_object *list, int fault)
{
	const char *channel = json_str(msg, "channel", "");

	if (strcmp(channel, "/meta/handshake") == 0)
		handshake(ex, msg, list);
	else if (strcmp(channel, "/meta/subscribe") == 0)
		subscribe(ex, msg, list, fault);
	else if (strcmp(channel, "/meta/connect") == 0)
		return connect_on(ex, msg, list, fault);
	else
		reply(list, channel, msg, "404::No such channel");
	return true;
}

static struct json_object *
read_list(struct exchange *ex)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *in = NULL;

	if (ex->req.body_len < INT32_MAX)
		in = json_tokener_parse_ex(tok, ex->req.body,
		    (int)ex->req.body_len + 1);
	json_tokener_free(tok);
	if (json_object_is_type(in, json_type_array) &&
	    json_object_array_length(in) == 1)
		return in;
	json_object_put(in);
	return NULL;
}

bool
amb_serve(struct exchange *ex, struct answer *a)
{
	struct json_object *in, *list;
	int fault = FAULT_NONE;
	bool done;

	ex->stalled_until_ms = 0;
	if (!ex->caller.known) {
		answer_error(a, 401, "User is not authenticated", "");
		return true;
	}
	if (!ex->push_asked && fault_answers(&ex->req, a, &fault))
		return true;
	ex->push_asked = true;
	in = strcmp(ex->req.method, "POST") == 0 ? read_list(ex) : NULL;
	if (in == NULL) {
		answer_error(a, 400, "Bad request",
		    "Exactly one Bayeux message is taken, in a list.");
		return true;
	}
	list = json_object_new_array();
	done = one_message(ex, json_object_array_get_idx(in, 0), list, fault);
	json_object_put(in);
	if (!done) {
		json_object_put(list);
		return false;
	}
	a->status = 200;
	if (fault == FAULT_GARBAGE) {
		json_object_put(list);
		a->bytes = xstrdup("[{\"channel\":17,\"advice\":[]},null,");
		a->bytes_len = strlen(a->bytes);
		return true;
	}
	a->json = list;
	return true;
}
