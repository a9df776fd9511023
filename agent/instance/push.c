/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push - the instance says at once that there is work, over a long poll (AMB).
 *
 * Handshake, subscribe, then one connect after another, each held open by the
 * instance until it has something to say. Whatever goes wrong ends in rest()
 * and a handshake later: nothing hangs on this, polling goes on without it.
 * What comes is a reason to ask for work, and no more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/bayeux.h"
#include "instance/inside.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define AMB "/amb"
#define SUB "push"
#define HOLD_MS 60000		/* an instance that does not say how long it holds a connect */
#define HOLD_MORE_MS 10000	/* beyond what it says: then the connection is dead */
#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS 60000
#define GIVE_UP_TRIES 3
#define GIVE_UP_MS (10 * 60 * 1000)
/* An instance that answers at once instead of waiting: so many in a row, then two a second. */
#define BURST 10
#define TOKEN_MS 500

enum end { SILENT, REFUSED, UNKNOWN };

struct push {
	struct instance *in;
	struct loop_timer *timer;
	char *channel;
	push_fn *fn;
	void *arg;
	enum bayeux_ask step;
	unsigned generation;		/* answers to older ones are not ours any more */
	unsigned id;
	bool asking, up, patient;	/* patient: rests because of a no */
	char client[BAYEUX_CLIENT_MAX];
	int64_t since_ms, hold_ms, next_at;
	int64_t tokens_at;
	int tokens, tries;
	char why[IN_WHY_MAX];
	uint64_t messages;
};

/* One question under way. */
struct ask {
	struct push *push;
	unsigned generation;
	struct buf body;
};

static void ask_next(void *arg);

static void
set_up(struct push *p, bool up, const char *why)
{
	bool was = p->up;

	p->up = up;
	snprintf(p->why, sizeof(p->why), "%s", why);
	if (was == up)
		return;
	p->since_ms = loop_now(p->in->loop);
	p->fn(p->arg, up ? PUSH_UP : PUSH_DOWN);
}

static void
arm(struct push *p, int64_t in_ms)
{
	p->next_at = loop_now(p->in->loop) + in_ms;
	loop_timer_arm(p->timer, in_ms);
}

/* Four fifths to six fifths of MS: agents that lost the same instance do not come back at once. */
static int64_t
jittered(int64_t ms)
{
	uint16_t r;

	os_random(&r, sizeof(r));
	return ms * 4 / 5 + ms * (r % 1024) / 2560;
}

static void
rest(struct push *p, enum end end, const char *why)
{
	int64_t pause = PAUSE_MIN_MS;
	bool was_up = p->up;
	int i;

	p->tries++;
	p->step = BAYEUX_HANDSHAKE;
	p->patient = end != SILENT && p->tries >= GIVE_UP_TRIES;
	for (i = 1; i < p->tries && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	if (p->patient)
		pause = GIVE_UP_MS;
	else if (end == UNKNOWN && p->tries == 1)
		pause = 0;
	else if (pause > PAUSE_MAX_MS)
		pause = PAUSE_MAX_MS;
	pause = jittered(pause);
	log_event(EV_PUSH, was_up || p->tries == 1 || p->patient ? LOG_LV_WARN : LOG_LV_DEBUG, SUB,
	    "no push: %s; work is asked for at intervals, push is tried again in %lld s", why, (long long)(pause + 999) / 1000);
	set_up(p, false, why);
	arm(p, pause);
}

/* How long to wait before the next connect, beside what the instance advises. */
static int64_t
pace(struct push *p)
{
	int64_t now = loop_now(p->in->loop), fresh = (now - p->tokens_at) / TOKEN_MS;

	if (fresh > 0) {
		p->tokens = p->tokens + fresh > BURST ? BURST : p->tokens + (int)fresh;
		p->tokens_at = now;
	}
	if (p->tokens > 0) {
		p->tokens--;
		return 0;
	}
	return TOKEN_MS;
}

static void
went_well(struct push *p, const struct bayeux_said *said)
{
	int64_t pause = said->interval_ms > 0 ? said->interval_ms : 0;

	if (said->timeout_ms > 0)
		p->hold_ms = said->timeout_ms;
	if (p->step == BAYEUX_HANDSHAKE) {
		snprintf(p->client, sizeof(p->client), "%s", said->client);
		p->step = BAYEUX_SUBSCRIBE;
		arm(p, 0);
		return;
	}
	if (p->step == BAYEUX_CONNECT) {
		p->tries = 0;
	} else {
		p->step = BAYEUX_CONNECT;
		log_event(EV_PUSH, LOG_LV_INFO, SUB, "push is up: the instance says at once that there is work");
		set_up(p, true, "");
	}
	if (pause < TOKEN_MS && pause < pace(p))
		pause = TOKEN_MS;
	arm(p, pause);
}

static void
heard(struct push *p, const char *body, size_t len)
{
	static const char *const what[] = { "handshake", "subscription", "connect" };
	struct bayeux_said said;
	struct err err = { 0 };
	char why[IN_WHY_MAX];

	if (bayeux_read(&said, p->step, p->channel, body, len, &err) < 0) {
		rest(p, REFUSED, err.text);
		return;
	}
	if (said.messages > 0) {
		p->messages += said.messages;
		p->fn(p->arg, PUSH_MESSAGE);
	}
	if (!said.answered && said.messages > 0) {
		arm(p, pace(p));	/* messages may come before the answer to the connect */
		return;
	}
	if (said.ok && said.reconnect != BAYEUX_NONE && (said.reconnect != BAYEUX_AGAIN || p->step == BAYEUX_HANDSHAKE)) {
		went_well(p, &said);
		return;
	}
	snprintf(why, sizeof(why), "the instance refuses the %s of the push channel: %s", what[p->step],
	    !said.answered ? "its answer does not speak of it" : said.ok ? "it wants no reconnect" : said.why);
	if (said.reconnect == BAYEUX_NONE)
		p->tries = GIVE_UP_TRIES;
	rest(p, said.unknown || said.reconnect == BAYEUX_AGAIN ? UNKNOWN : REFUSED, why);
}

static void
on_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct ask *a = arg;
	struct push *p = a->push;
	bool ours = a->generation == p->generation && v->err_code != E_CANCELLED;

	buf_fini(&a->body);
	free(a);
	if (!ours)
		return;
	p->asking = false;
	if (v->said == SAID_YES)
		heard(p, body, len);
	else
		rest(p, v->status >= 400 && v->status < 500 && v->status != 429 ? REFUSED : SILENT, v->why);
}

static void
ask_next(void *arg)
{
	struct push *p = arg;
	struct ask *a;
	struct request rq = { .method = "POST", .path = AMB, .answer_max = BAYEUX_ANSWER_MAX, .flags = RQ_ASIDE };

	if (p->asking || p->channel == NULL || p->in->closing)
		return;
	a = xcalloc(1, sizeof(*a));
	a->push = p;
	a->generation = p->generation;
	buf_init(&a->body, 2048);
	if (bayeux_write(&a->body, p->step, p->client, p->channel, ++p->id) < 0) {
		buf_fini(&a->body);
		free(a);
		rest(p, REFUSED, "the client id of the push channel is too long");
		return;
	}
	rq.body = buf_str(&a->body);
	rq.len = a->body.len;
	if (p->step == BAYEUX_CONNECT)
		rq.hold_ms = p->hold_ms + HOLD_MORE_MS;
	p->asking = true;
	request_send(p->in, &rq, on_reply, a);
}

/* --- what the others call ------------------------------------------------------------ */

static void
begin_anew(struct push *p)
{
	p->generation++;
	p->asking = false;
	p->step = BAYEUX_HANDSHAKE;
	p->tries = 0;
	p->hold_ms = HOLD_MS;
	p->tokens = BURST;
	p->tokens_at = loop_now(p->in->loop);
}

void
instance_push(struct instance *in, const char *agent_id, push_fn *fn, void *arg)
{
	struct push *p = in->push;
	char *channel = agent_id != NULL ? xasprintf("/mid/server/%s", agent_id) : NULL;

	if (p == NULL) {
		p = in->push = xcalloc(1, sizeof(*p));
		p->in = in;
		p->timer = loop_timer_new(in->loop, ask_next, p);
		p->since_ms = loop_now(in->loop);
	}
	p->fn = fn;
	p->arg = arg;
	if (channel != NULL && p->channel != NULL && strcmp(channel, p->channel) == 0) {
		free(channel);
		return;
	}
	if (channel == NULL && p->channel == NULL)
		return;
	free(p->channel);
	p->channel = channel;
	begin_anew(p);
	set_up(p, false, "");
	p->since_ms = loop_now(in->loop);
	if (channel != NULL)
		arm(p, 0);
	else
		loop_timer_stop(p->timer);
}

void
push_link_changed(struct instance *in)
{
	struct push *p = in->push;

	if (p == NULL || p->channel == NULL)
		return;
	begin_anew(p);
	set_up(p, false, "the settings of the link have changed");
	arm(p, 0);
}

/* The instance is back: no need to sit out a pause that was for silence. */
void
push_link_back(struct instance *in)
{
	struct push *p = in->push;

	if (p != NULL && p->channel != NULL && !p->up && !p->asking && !p->patient)
		arm(p, jittered(PAUSE_MIN_MS / 4));
}

void
push_close(struct instance *in)
{
	struct push *p = in->push;

	if (p == NULL)
		return;
	in->push = NULL;
	loop_timer_free(p->timer);
	free(p->channel);
	free(p);
}

void
push_state(const struct instance *in, struct instance_state *out)
{
	const struct push *p = in->push;

	out->push = p == NULL || p->channel == NULL ? "off" : p->up ? "up" : p->why[0] != '\0' ? "down" : "starting";
	out->push_since_ms = p != NULL ? p->since_ms : 0;
	out->push_why = p != NULL ? p->why : "";
	out->push_messages = p != NULL ? p->messages : 0;
	out->push_next_at = p != NULL && !p->up && !p->asking && p->channel != NULL ? p->next_at : -1;
}

bool
instance_push_is_up(const struct instance *in)
{
	return in->push != NULL && in->push->up;
}

void
instance_push_proved(struct instance *in)
{
	if (in->push != NULL)
		in->push->tokens = BURST;
}
