/* SPDX-License-Identifier: Apache-2.0 */
/* run_begin - what a job wants of its run, read from its parameters; and the run let go. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "offline.h"

#define SINGLES_MAX 48u			/* that fit one question */
#define FACTS_TEXT_MAX (60u << 20)
#define VALUES_MAX 4000000
#define DELAY_MAX_MS 60000

int
snmp_no_memory(struct snmp *s)
{
	s->h->fail(s->run, MID_INTERNAL, "out of memory");
	return -1;
}

static int
set_peer(struct snmp *s)
{
	const struct mid_host *h = s->h;
	int64_t port = h->param_int(s->run, "port", 161), retries = h->param_int(s->run, "retries", 2);
	int64_t timeout = h->param_int(s->run, "timeout", 1500), later = h->param_int(s->run, "established_session_timeout", timeout);
	int64_t interval = h->param_int(s->run, "request_interval", 0), delay = h->param_int(s->run, "request_delay", 0);

	if (port < 1 || port > 65535 || retries < 0 || retries > 10 || timeout < 10 || timeout > 60000 || later < 10 || later > 60000) {
		h->fail(s->run, MID_BAD_PARAM, "port, retries or a timeout is out of range: 1 to 65535, 0 to 10, 10 ms to 60 s");
		return -1;
	}
	if (interval < 0 || interval > DELAY_MAX_MS || delay < 0 || delay > DELAY_MAX_MS) {
		h->fail(s->run, MID_BAD_PARAM, "request_interval or request_delay is out of range: 0 to 60 s");
		return -1;
	}
	if (h->address(s->run)[0] == '\0') {
		h->fail(s->run, MID_BAD_PARAM, "nobody to ask: name the target as source and, by hand without midd, a community (community=NAME)");
		return -1;
	}
	s->peer = peer_get(engine_peers(s->shared->net), h->address(s->run), (unsigned)port);
	if (s->peer == NULL) {
		h->fail(s->run, MID_BAD_PARAM, "%s is no address", h->address(s->run));
		return -1;
	}
	if (interval > s->peer->gap_ms)
		s->peer->gap_ms = (int)interval;
	if (delay > 0)
		s->peer->next_ms = h->now_ms(s->run) + delay;
	return 0;
}

/* Single values go with the first question. */
static int
ask_at_once(struct snmp *s)
{
	const struct spec_line *l;
	unsigned i, k;

	s->singles = calloc(s->spec.nchildren + 1, sizeof(*s->singles));
	if (s->singles == NULL)
		return snmp_no_memory(s);
	for (i = 0; i < s->spec.nlines; i++) {
		l = &s->spec.lines[i];
		s->walks = s->walks || l->kind != SPEC_GET;
		for (k = l->first; l->kind == SPEC_GET && k < l->first + l->n; k++)
			s->singles[s->nsingles++] = (struct oid_ref){ s->spec.children[k].oid.id, s->spec.children[k].oid.n };
	}
	if (s->nsingles > 0 && s->nsingles <= SINGLES_MAX && s->h->param_bool(s->run, "use_getscalar", true))
		knock_for(&s->knock, s->singles, s->nsingles, snmp_take_single, s);
	return 0;
}

static int
begin_snmp(struct snmp *s)
{
	const char *text = s->h->param(s->run, "oid_spec_list");
	int64_t most = s->h->param_int(s->run, "max_values", VALUES_MAX);
	char why[240];

	if (spec_read(&s->spec, s->shared->names, text == NULL ? "" : text, why, sizeof(why)) < 0) {
		s->h->fail(s->run, MID_BAD_PARAM, "%s", why);
		return -1;
	}
	if (s->raw && spec_flatten(&s->spec) < 0)
		return snmp_no_memory(s);
	s->answer = answer_new(&s->spec, s->shared->names, most < 1 || most > VALUES_MAX ? VALUES_MAX : (uint64_t)most, s->raw);
	return s->answer == NULL ? snmp_no_memory(s) : ask_at_once(s);
}

static int
begin_facts(struct snmp *s)
{
	int64_t most = s->h->param_int(s->run, "max_values", SNMP_ROWS_MAX);

	s->explain = s->h->param_bool(s->run, "explain", false);
	s->kind = s->explain || s->raw ? MID_OUTPUT : MID_JSON;
	s->table = table_new(most < 1 || most > SNMP_ROWS_MAX ? SNMP_ROWS_MAX : (size_t)most, SNMP_BYTES_MAX);
	return s->table == NULL ? snmp_no_memory(s) : 0;
}

static void
turn_came(void *arg)
{
	struct snmp *s = arg;

	s->turned = true;
	s->h->wake(s->run);
}

int
snmp_begin(struct snmp *s, const struct mid_host *h, struct mid_run *run)
{
	s->h = h;
	s->run = run;
	s->shared = h->engine(run);
	s->facts = strcmp(h->topic(run), "SnmpFacts") == 0;
	s->raw = h->param_bool(run, "raw", false);
	text_init(&s->recorded, SNMP_RECORDED_MAX);
	text_init(&s->text, FACTS_TEXT_MAX);
	if (strcmp(h->topic(run), "SnmpProfiles") == 0) {
		s->facts = true;
		s->at = TELLS;
		return offline_run(&s->text, &s->kind, h, run, s->profiles);
	}
	s->turn = (struct turn){ .go = turn_came, .arg = s };
	s->recording = h->recording != NULL && h->recording(run);
	s->replay = h->replay == NULL ? NULL : h->replay(run);
	if (s->replay == NULL && set_peer(s) < 0)
		return -1;
	knock_open(&s->knock, h, run, s->shared->net, s->peer);
	s->is_trial = strcmp(h->topic(run), "SNMPCredentialTest") == 0;
	if (s->is_trial)
		return trial_check(h, run);
	return s->facts ? begin_facts(s) : begin_snmp(s);
}

void
snmp_close(void *state)
{
	struct snmp *s = state;

	if (s == NULL)
		return;
	if (s->survey != NULL)
		survey_stop(s->survey);
	walk_stop(&s->walk);
	knock_close(&s->knock);
	if (s->shared != NULL) {
		turn_end(engine_peers(s->shared->net), &s->turn);
		peer_drop(engine_peers(s->shared->net), s->peer);
	}
	free(s->survey);
	answer_free(s->answer);
	spec_free(&s->spec);
	table_free(s->table);
	text_fini(&s->text);
	text_fini(&s->recorded);
	free(s->roots);
	free(s->wanted);
	free(s->singles);
	free(s);
}
