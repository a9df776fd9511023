/* SPDX-License-Identifier: Apache-2.0 */
/* run - see run.h; how one begins and is let go is run_begin.c. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

#define LIMITS_MS 10000			/* midd.yaml may be read again */

/* --- what comes ----------------------------------------------------------------------------- */

static void
record(struct snmp *s, const struct varbind *vb)
{
	if (s->recording)
		line_recorded(&s->recorded, vb);
}

int
snmp_take_single(void *arg, const struct varbind *vb)
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

	return s->recorded.n < SNMP_RECORDED_MAX / 2 && answer_may(s->answer, root);
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
	return s->recorded.n < SNMP_RECORDED_MAX / 2;
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
