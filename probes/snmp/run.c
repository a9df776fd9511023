/* SPDX-License-Identifier: Apache-2.0 */
/* run - see run.h. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "offline.h"

#define SINGLES_MAX 48u			/* that fit one question */
#define FACTS_TEXT_MAX (60u << 20)
#define RECORDED_MAX (8u << 20)		/* not taken yet */
#define VALUES_MAX 4000000
#define DELAY_MAX_MS 60000
#define LIMITS_MS 10000			/* midd.yaml may be read again */

/* --- the beginning ---------------------------------------------------------------------- */

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

static int take_single(void *arg, const struct varbind *vb);

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
		knock_for(&s->knock, s->singles, s->nsingles, take_single, s);
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
	text_init(&s->recorded, RECORDED_MAX);
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

/* --- what comes ----------------------------------------------------------------------------- */

static void
record(struct snmp *s, const struct varbind *vb)
{
	if (s->recording)
		line_recorded(&s->recorded, vb);
}

static int
take_single(void *arg, const struct varbind *vb)
{
	struct snmp *s = arg;

	record(s, vb);
	return answer_single(s->answer, vb);
}

static int
put_answer(void *arg, unsigned root, const struct varbind *vb)
{
	struct snmp *s = arg;
	int r = answer_put(s->answer, root, vb);

	record(s, vb);
	if (answer_ready(s->answer))
		s->h->wake(s->run);
	return r;
}

static void
left_answer(void *arg, unsigned root)
{
	struct snmp *s = arg;

	answer_left(s->answer, root);
	if (answer_ready(s->answer))
		s->h->wake(s->run);
}

static bool
may_answer(void *arg, unsigned root)
{
	struct snmp *s = arg;

	return s->recorded.n < RECORDED_MAX / 2 && answer_may(s->answer, root);
}

static int
put_fact(void *arg, unsigned root, const struct varbind *vb)
{
	struct snmp *s = arg;

	(void)root;
	if (vb->type == VB_NULL)
		return 0;
	record(s, vb);
	return table_put(s->table, vb);
}

static bool
may_fact(void *arg, unsigned root)
{
	struct snmp *s = arg;

	(void)root;
	return s->recorded.n < RECORDED_MAX / 2;
}

static void
missing(void *arg, const char *what, const struct oid_ref *below)
{
	struct snmp *s = arg;
	char oid[OID_TEXT_MAX];

	oid_text(below->ids, below->n, oid, sizeof(oid));
	s->h->partial(s->run, "%s: below %s: %s", s->h->address(s->run), oid, what);
}

static void
ended(void *arg, enum walk_end how)
{
	struct snmp *s = arg;

	s->walked = true;
	s->how = how;
	s->h->wake(s->run);
}

/* --- the walk ------------------------------------------------------------------------------ */

static const char *
version_text(const struct snmp *s)
{
	return s->replay != NULL ? "recorded" : s->knock.session.version == SNMP_V1 ? "1" : s->knock.session.version == SNMP_V2C ? "2c" : "3";
}

static int
roots_of_facts(struct snmp *s, const struct walk_root **roots, unsigned *n)
{
	unsigned i;

	if (profiles_roots(s->profiles, &s->knock.object, s->knock.descr, s->survey->open, &s->wanted, n) < 0)
		return -1;
	s->roots = calloc(*n + 1, sizeof(*s->roots));
	if (s->roots == NULL)
		return -1;
	for (i = 0; i < *n; i++)
		s->roots[i] = (struct walk_root){ .oid = s->wanted[i], .max = FACTS_EACH_MAX };
	*roots = s->roots;
	return 0;
}

static void
surveyed(void *arg)
{
	struct snmp *s = arg;

	s->surveyed = true;
	s->h->wake(s->run);
}

/* Which tables there are, for facts. */
static int
begin_survey(struct snmp *s)
{
	s->at = SURVEYS;
	s->surveyed = !s->facts;
	if (!s->facts)
		return 0;
	s->survey = calloc(1, sizeof(*s->survey));
	if (s->survey == NULL)
		return snmp_no_memory(s);
	survey_start(s->survey, s->shared->net, s->peer, &s->knock.session, s->knock.timeout_ms, s->knock.tries, surveyed, s);
	return 0;
}

/* Not for what was told with the first answer. */
static bool
turn_wanted(const struct snmp *s)
{
	return s->facts || s->walks || !s->knock.complete;
}

static enum mid_next
begin_walk(struct snmp *s)
{
	const struct walk_root *roots;
	struct walk_how how = { .tries = s->knock.tries, .one_by_one = !s->h->param_bool(s->run, "use_getbulk", true) };
	unsigned n;
	int r;

	how.timeout_ms = (int)s->h->param_int(s->run, "established_session_timeout", s->knock.timeout_ms);
	if (s->facts) {
		s->asker = (struct walk_asker){ put_fact, NULL, may_fact, missing, ended, s };
		r = roots_of_facts(s, &roots, &n);
	} else {
		s->asker = (struct walk_asker){ put_answer, left_answer, may_answer, missing, ended, s };
		r = answer_begin(s->answer, s->h->source(s->run), version_text(s), s->knock.complete, &roots, &n);
	}
	s->at = WALKS;
	s->walked = r == 0 && n == 0;
	s->how = WALK_DONE;
	if (s->walked)
		return MID_WAIT;
	if (r < 0 || walk_start(&s->walk, s->shared->net, s->peer, &s->knock.session, roots, n, &s->asker, &how) < 0) {
		(void)snmp_no_memory(s);
		return MID_FAIL;
	}
	return MID_WAIT;
}

/* --- the end ---------------------------------------------------------------------------------- */

static int
judge_walk(struct snmp *s)
{
	const char *who = s->h->address(s->run);

	if (s->how == WALK_STOPPED)
		s->h->partial(s->run, "%s has more than is taken: the rest is missing after %u values", who, s->walk.got);
	else if (s->how == WALK_SILENT && s->walk.got > 0)
		s->h->partial(s->run, "%s fell silent in the middle: some of it is missing", who);
	else if (s->how == WALK_BROKEN && s->walk.got > 0)
		s->h->partial(s->run, "%s: broken off: %s", who, s->knock.session.why == NULL ? strerror(s->walk.error) : s->knock.session.why);
	else if (s->how != WALK_DONE) {
		s->h->fail(s->run, MID_TIMEOUT, "%s answered once and then no more: is it overloaded? more timeout or retries may help", who);
		return -1;
	}
	return 0;
}

static void
write_facts(struct snmp *s)
{
	size_t i;

	table_sort(s->table);
	if (s->explain)
		facts_explain(&s->text, s->profiles, s->table);
	else if (!s->raw)
		facts_write(&s->text, s->profiles, s->table, s->h->address(s->run), version_text(s));
	for (i = 0; s->raw && !s->explain && i < table_rows(s->table); i++) {
		struct varbind vb = table_row(s->table, i);

		line_walked(&s->text, &vb);
	}
}

static int
conclude(struct snmp *s)
{
	char n[24];

	s->walk.asked += s->survey == NULL ? 0 : s->survey->asked;
	if (judge_walk(s) < 0)
		return -1;
	s->h->note(s->run, "version", version_text(s));
	snprintf(n, sizeof(n), "%u", s->walk.asked == 0 ? 1 : s->walk.asked);
	s->h->note(s->run, "requests", n);
	if (s->facts)
		write_facts(s);
	else
		answer_end(s->answer);
	s->at = TELLS;
	return 0;
}

/* 0, MID_AGAIN, <0 after fail(). */
static int
tell(struct snmp *s)
{
	int r = s->recorded.n == 0 ? 0 : text_emit(&s->recorded, s->h, s->run, MID_RECORDING);

	if (r != 0)
		return r;
	if (s->facts ? s->text.full : answer_cut(s->answer)) {
		s->h->fail(s->run, MID_TOO_BIG, "the answer is too large, or there is no memory for it");
		return -1;
	}
	return s->facts ? text_emit(&s->text, s->h, s->run, s->kind) : answer_tell(s->answer, s->h, s->run);
}

/* Answered or not: that is all that was asked. */
static enum mid_next
try_credential(struct snmp *s, struct mid_wait *wait)
{
	int r = s->tried ? 0 : knock_step(&s->knock, wait);

	if (!s->tried && r > 0)
		return MID_WAIT;
	if (!s->tried) {
		s->trial = (struct trial){ .h = s->h, .run = s->run, .port = s->h->param_int(s->run, "port", 161), .reason = "answered" };
		if (r < 0) {
			s->trial.class = s->knock.failed;
			s->trial.reason = s->knock.said;
		}
	}
	s->tried = true;
	return trial_tell(&s->trial, wait);
}

/* What midd.yaml says of rates, once in a while for all runs. 0; MID_AGAIN. */
static int
ask_limits(struct snmp *s)
{
	struct engine_limits *l = engine_limits(s->shared->net);
	int64_t now = s->h->now_ms(s->run);
	const char *said = NULL;
	int r;

	if (s->limited || s->h->ask == NULL || (l->told_ms != 0 && now - l->told_ms < LIMITS_MS))
		return 0;
	r = s->h->ask(s->run, "snmp-limits", "-", &said);
	if (r > 0)
		return r;
	s->limited = true;
	l->told_ms = now;
	if (r == 0 && sscanf(said, "ok %u %u %u", &l->packets, &l->rate, &l->subnet) != 3)
		*l = ENGINE_LIMITS;
	return 0;
}

enum mid_next
snmp_step(void *state, struct mid_wait *wait)
{
	struct snmp *s = state;
	int r;

	wait->nfds = 0;
	wait->timeout_ms = -1;
	if (s->is_trial)
		return try_credential(s, wait);
	if (s->replay != NULL && !s->walked && snmp_replay(s) < 0)
		return MID_FAIL;
	if (s->at == KNOCKS && s->replay == NULL) {
		if (ask_limits(s) > 0)
			return MID_WAIT;
		r = knock_step(&s->knock, wait);
		if (r != 0)
			return r > 0 ? MID_WAIT : MID_FAIL;
		s->at = WAITS;
		if (!turn_wanted(s) || turn_take(engine_peers(s->shared->net), s->peer, engine_limits(s->shared->net)->subnet, &s->turn))
			s->turned = true;
	}
	if (s->at == WAITS && s->turned && begin_survey(s) < 0)
		return MID_FAIL;
	if (s->at == SURVEYS && s->surveyed && begin_walk(s) == MID_FAIL)
		return MID_FAIL;
	if (s->replay == NULL && (s->at == WAITS || s->at == SURVEYS))
		return MID_WAIT;
	if (s->at != TELLS && s->walked && conclude(s) < 0)
		return MID_FAIL;
	r = tell(s);
	if (r < 0)
		return MID_FAIL;
	if (s->at == TELLS)
		return r == 0 ? MID_DONE : MID_WAIT;
	walk_resume(&s->walk);
	return MID_WAIT;
}
