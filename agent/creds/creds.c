/* SPDX-License-Identifier: Apache-2.0 */
/* creds - opened, reloaded, closed; the table of sources. See creds.h. */
#include "creds/creds.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define AGAIN_MS 30000		/* a source in trouble, or one that may have changed */

const struct source creds_sources[SOURCES] = {
	{ "vault", vault_load },
	{ "instance", instance_load },
};

void
source_load(struct creds *c, unsigned i)
{
	if (c->source[i].loading) {
		c->source[i].again = true;
		return;
	}
	c->source[i].loading = true;
	creds_sources[i].load(c, i);
}

void
source_loaded(struct creds *c, unsigned i, struct records *rs, const struct err *err)
{
	struct source_state *s = &c->source[i];

	s->loading = false;
	if (c->closing) {
		records_fini(rs);
		return;
	}
	if (err == NULL) {
		records_fini(&s->records);
		s->records = *rs;
		s->loaded_ms = os_time_ms();
		s->trouble[0] = '\0';
	} else {
		if (strcmp(s->trouble, err->text) != 0)
			log_warn("creds", "source %s: %s; tried again in %d s", creds_sources[i].name, err->text, AGAIN_MS / 1000);
		snprintf(s->trouble, sizeof(s->trouble), "%.299s", err->text);
		loop_timer_arm(c->timer, AGAIN_MS);
	}
	if (s->again) {
		s->again = false;
		source_load(c, i);
	}
	askers_kick(c);
}

static void
on_timer(void *arg)
{
	struct creds *c = arg;
	unsigned i;

	for (i = 0; i < SOURCES; i++)
		if (c->source[i].trouble[0] != '\0' && !c->source[i].loading)
			source_load(c, i);
}

void
creds_reload(struct creds *c)
{
	unsigned i;

	kv_close(c);
	for (i = 0; i < SOURCES; i++)
		source_load(c, i);
}

int
creds_open(struct creds **out, struct agent *ag, struct err *err)
{
	struct creds *c = xcalloc(1, sizeof(*c));

	(void)err;
	c->ag = ag;
	c->timer = loop_timer_new(ag->loop, on_timer, c);
	*out = c;
	guard_open(c);
	creds_reload(c);
	return 0;
}

void
creds_closing(struct creds *c)
{
	if (c == NULL)
		return;
	c->closing = true;
	openings_cancel(c);
	kv_close(c);
	loop_timer_stop(c->timer);
}

void
creds_close(struct creds *c)
{
	unsigned i;

	if (c == NULL)
		return;
	loop_timer_free(c->timer);
	for (i = 0; i < SOURCES; i++)
		records_fini(&c->source[i].records);
	guard_close(c->guard);
	free(c);
}

struct record *
creds_find(struct creds *c, const char *id)
{
	struct record *r;
	unsigned s;
	size_t i;

	for (s = 0; s < SOURCES; s++)
		for (i = 0; i < c->source[s].records.n; i++) {
			r = &c->source[s].records.v[i];
			if (strcmp(r->id, id) == 0 || strcmp(r->name, id) == 0)
				return r;
		}
	return NULL;
}

struct json_object *
creds_state(const struct creds *c)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array(), *row;
	unsigned i;

	for (i = 0; i < SOURCES; i++) {
		row = json_object_new_object();
		json_put_str(row, "name", creds_sources[i].name);
		json_put_int(row, "records", (int64_t)c->source[i].records.n);
		json_put_int(row, "loaded_ms", c->source[i].loaded_ms);
		json_put_str(row, "trouble", c->source[i].trouble);
		json_add_take(list, row);
	}
	json_put_take(o, "sources", list);
	return o;
}
