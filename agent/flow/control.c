/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - HeartbeatProbe and SystemCommand: a path of their own that never
 * waits behind work, a full disk or a pause.
 *
 * They are not claimed and not stored: the row stays ready until our answer
 * turns it to processed, so a death in between only means that it is asked
 * again. Every command may therefore be done twice without harm.
 */
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/commands.h"
#include "flow/inside.h"
#include "flow/word.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "seal/seal.h"
#include "self.h"
#include "store/store.h"
#include "xalloc.h"
#include "xml.h"

#define PENDING_MAX 200
#define RETRY_MS 2000

struct pending_answer {
	struct flow *f;
	struct answer a;
	char *texts[6];
	struct buf body;
	command_after *after;		/* once the instance has it */
	bool sending;
	struct pending_answer *next;
};

static void send_pending(void *arg);

bool
control_takes(const char *topic)
{
	return strcmp(topic, "HeartbeatProbe") == 0 || strcmp(topic, "SystemCommand") == 0;
}

static bool
taken_lately(const struct control *c, const char *id)
{
	size_t i;

	for (i = 0; i < sizeof(c->recent) / sizeof(c->recent[0]); i++)
		if (strcmp(c->recent[i], id) == 0)
			return true;
	return false;
}

static void
remember(struct control *c, const char *id)
{
	size_t max = sizeof(c->recent) / sizeof(c->recent[0]);

	memcpy(c->recent[c->recent_at % max], id, strnlen(id, 32) + 1);
	c->recent_at++;
}

static void
forget(struct control *c, const char *id)
{
	size_t i;

	for (i = 0; i < sizeof(c->recent) / sizeof(c->recent[0]); i++)
		if (strcmp(c->recent[i], id) == 0)
			c->recent[i][0] = '\0';
}

static void
pending_free(struct pending_answer *p)
{
	size_t i;

	for (i = 0; i < 6; i++)
		free(p->texts[i]);
	buf_fini(&p->body);
	free(p);
}

static void
pending_out(struct pending_answer *p)
{
	struct pending_answer **at;

	for (at = &p->f->control.first; *at != p; at = &(*at)->next)
		;
	*at = p->next;
	p->f->control.n--;
	pending_free(p);
}

/* --- sending -------------------------------------------------------------------- */

static void
sent(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	struct pending_answer *p = arg;
	struct flow *f = p->f;
	command_after *after = p->after;

	(void)a;
	(void)n;
	p->sending = false;
	if (f->closing)
		return;
	if (v->said == SAID_YES || v->said == SAID_DUPLICATE) {
		pending_out(p);
		if (after != NULL)
			after(f);
		return;
	}
	if (v->said == SAID_NO) {
		log_warn("control", "the answer to %s is refused: %s; dropped", p->a.topic, v->why);
		pending_out(p);
		return;
	}
	/* The id makes a repeat harmless: no need to ask first. */
	loop_timer_arm(f->control.timer, v->retry_after_ms > RETRY_MS ? v->retry_after_ms : RETRY_MS);
}

static void
send_pending(void *arg)
{
	struct flow *f = arg;
	struct pending_answer *p;

	for (p = f->control.first; p != NULL; p = p->next) {
		if (p->sending)
			continue;
		p->sending = true;
		instance_answer(f->ag->instance, &p->a, 1, sent, p);
	}
}

/* The oldest answer nobody has confirmed makes room; the instance will ask again. */
static void
make_room(struct control *c)
{
	struct pending_answer *p, *oldest = NULL;

	if (c->n < PENDING_MAX)
		return;
	for (p = c->first; p != NULL; p = p->next)
		if (!p->sending)
			oldest = p;
	if (oldest != NULL) {
		forget(c, oldest->a.response_to);
		pending_out(oldest);
	}
}

static void
fill(struct pending_answer *p, const struct ecc_row *row, const char *error)
{
	const char *const from[] = { row->topic, row->name, row->source, row->sys_id, row->correlator, error };
	const char **const to[] = { &p->a.topic, &p->a.name, &p->a.source, &p->a.response_to,
	    &p->a.correlator, &p->a.error_string };
	size_t i;

	for (i = 0; i < 6; i++)
		*to[i] = p->texts[i] = xstrndup(from[i], 4000);
	seal_id(p->a.id, "answer", row->sys_id, 1);
	p->a.sink = SINK_ECC;
	p->a.agent = agent_queue_name(p->f->ag);
	p->a.priority = row->priority;
}

static void
word_answer(struct pending_answer *p, const struct command_result *res)
{
	struct word_param echo[] = {
		{ "topic", p->a.topic }, { "name", p->a.name }, { "source", p->a.source },
		{ "response_to", p->a.response_to }, { "agent_correlator", p->a.correlator },
		{ "mid_operational_state", p->f->paused ? "Paused" : "Up" }, { NULL, NULL },
	};
	struct word w = { .class = res->class, .error = p->a.error_string, .params = echo };
	struct buf inner;

	buf_init(&inner, 6 * COMMAND_OUTPUT_MAX + 256);
	(void)buf_puts(&inner, "<result><output>");
	(void)xml_escape_text(&inner, buf_str(&res->output), res->output.len, NULL);
	(void)buf_puts(&inner, "</output></result>");
	w.inner = buf_str(&inner);
	w.len = inner.len;
	buf_init(&p->body, word_size(&w));
	(void)word_results(&p->body, &w);
	p->a.body = buf_str(&p->body);
	p->a.body_len = p->body.len;
	buf_fini(&inner);
}

void
control_take(struct flow *f, const struct ecc_row *row)
{
	struct command_result res = { .class = CLASS_OK };
	struct pending_answer *p;

	if (taken_lately(&f->control, row->sys_id))
		return;
	remember(&f->control, row->sys_id);
	f->counts.controls++;
	make_room(&f->control);
	buf_init(&res.output, COMMAND_OUTPUT_MAX);
	command_do(f, row, &res);
	p = xcalloc(1, sizeof(*p));
	p->f = f;
	p->after = res.after;
	fill(p, row, res.error);
	word_answer(p, &res);
	buf_fini(&res.output);
	p->next = f->control.first;
	f->control.first = p;
	f->control.n++;
	send_pending(f);
}

void
control_init(struct flow *f)
{
	f->control.timer = loop_timer_new(f->ag->loop, send_pending, f);
}

void
control_fini(struct flow *f)
{
	loop_timer_free(f->control.timer);
	f->control.timer = NULL;
	while (f->control.first != NULL)
		pending_out(f->control.first);
}
