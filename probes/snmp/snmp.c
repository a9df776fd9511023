/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp - network devices: topic SNMP (spec 10.3), what was asked for as XML; and
 * SnmpFacts, where a profile (share/profiles) says what to ask and what it means.
 *
 * A run: the credential that is answered (knock.c), a walk (walk.c) into a
 * table, and the table told (answer.c or facts.c). All runs of a worker share
 * the engine's sockets.
 */
#include <errno.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "engine.h"
#include "facts.h"
#include "knock.h"
#include "names.h"
#include "offline.h"
#include "profile.h"
#include "spec.h"
#include "survey.h"
#include "table.h"
#include "text.h"
#include "walk.h"

#define SINGLES_MAX 48u		/* that fit one question */
#define ROWS_MAX 1000000u
#define BYTES_MAX (48u << 20)
#define TEXT_MAX_BYTES (60u << 20)

struct shared {
	struct engine *net;
	struct names *names;
};

struct snmp {
	const struct mid_host *h;
	struct mid_run *run;
	struct shared *shared;
	struct peer peer;
	struct knock knock;
	bool facts;			/* SnmpFacts, not SNMP */
	bool explain;			/* only which rule gave which value */
	enum mid_kind kind;		/* of what is told */
	struct spec spec;
	struct oid_ref *roots, *singles;
	unsigned nroots;
	struct walk_asker asker;
	struct walk walk;
	struct survey survey;
	struct table *table;
	struct text text;
	enum { KNOCKS, SURVEYS, WALKS, TELLS } at;
	bool surveyed;
	bool walked;
	bool single;			/* only single values are wanted: the first question asks for them */
	enum walk_end how;
};

/* Read at load, before the sandbox closes; the module is loaded once and goes with the process. */
static struct profiles *profiles;

static const struct mid_param snmp_params[] = {
	{ "oid_spec_list", MID_STRING, true, NULL, "what to ask, a line each: walk OID; table OID child,child; get OID,OID" },
	{ "port", MID_INT, false, "161", "UDP port of the agent" },
	{ "index", MID_STRING, false, NULL, "put behind the community as @index (a VLAN of old Cisco switches)" },
	{ "timeout", MID_MS, false, "1500", "how long one try waits for the first answer" },
	{ "established_session_timeout", MID_MS, false, "1500", "the same once the agent has answered" },
	{ "retries", MID_INT, false, "2", "tries after the first" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param facts_params[] = {
	{ "port", MID_INT, false, "161", "UDP port of the agent" },
	{ "index", MID_STRING, false, NULL, "put behind the community as @index" },
	{ "timeout", MID_MS, false, "1500", "how long one try waits" },
	{ "retries", MID_INT, false, "2", "tries after the first" },
	{ "explain", MID_BOOL, false, "no", "only which rule of which profile gave which value, as lines" },
	{ "replay", MID_STRING, false, NULL, "a recording (.snmprec) instead of a device" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_topic topics[] = {
	{ "SNMP", "what an SNMP agent says: walks, tables, single values", MID_NETWORK | MID_REPEATABLE, 0, snmp_params },
	{ "SnmpFacts", "the inventory of a network device, over SNMP", MID_NETWORK | MID_REPEATABLE, 0, facts_params },
	{ "SnmpProfiles", "the profiles of devices: listed, checked, tried on a recording", MID_REPEATABLE, 0, offline_params },
	{ NULL, NULL, 0, 0, NULL },
};

/* --- the beginning ---------------------------------------------------------------------- */

static int
read_spec(struct snmp *s)
{
	char why[240];
	const char *text = s->h->param(s->run, "oid_spec_list");

	if (spec_read(&s->spec, s->shared->names, text == NULL ? "" : text, why, sizeof(why)) == 0)
		return 0;
	s->h->fail(s->run, MID_BAD_PARAM, "%s", why);
	return -1;
}

static int
set_peer(struct snmp *s)
{
	int64_t port = s->h->param_int(s->run, "port", 161), retries = s->h->param_int(s->run, "retries", 2);
	int64_t timeout = s->h->param_int(s->run, "timeout", 1500);

	if (port < 1 || port > 65535 || retries < 0 || retries > 10 || timeout < 10 || timeout > 60000) {
		s->h->fail(s->run, MID_BAD_PARAM, "port, retries or timeout is out of range: 1 to 65535, 0 to 10, 10 ms to 60 s");
		return -1;
	}
	if (s->h->address(s->run)[0] == '\0') {
		s->h->fail(s->run, MID_BAD_PARAM, "no target: name it as source; by hand midd must be running, which finds its address and judges it");
		return -1;
	}
	if (peer_set(&s->peer, s->h->address(s->run), (unsigned)port) == 0)
		return 0;
	s->h->fail(s->run, MID_BAD_PARAM, "%s is no address", s->h->address(s->run));
	return -1;
}

static int put(void *arg, const struct varbind *vb);

/* Single values alone need no walk. <0: no memory. */
static int
ask_at_once(struct snmp *s)
{
	unsigned i;

	s->single = s->spec.nchildren <= SINGLES_MAX;
	for (i = 0; i < s->spec.nlines; i++)
		s->single = s->single && s->spec.lines[i].kind == SPEC_GET;
	if (!s->single)
		return 0;
	s->singles = calloc(s->spec.nchildren, sizeof(*s->singles));
	if (s->singles == NULL)
		return -1;
	for (i = 0; i < s->spec.nchildren; i++)
		s->singles[i] = (struct oid_ref){ s->spec.children[i].oid.id, s->spec.children[i].oid.n };
	knock_for(&s->knock, s->singles, s->spec.nchildren, put, s);
	return 0;
}

static int
snmp_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	struct snmp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -1;
	*state = s;
	s->h = h;
	s->run = run;
	s->shared = h->engine(run);
	s->facts = strcmp(h->topic(run), "SnmpFacts") == 0;
	s->explain = s->facts && h->param_bool(run, "explain", false);
	s->kind = s->explain ? MID_OUTPUT : s->facts ? MID_JSON : MID_XML;
	text_init(&s->text, TEXT_MAX_BYTES);
	if (strcmp(h->topic(run), "SnmpProfiles") == 0) {
		s->at = TELLS;
		return offline_run(&s->text, &s->kind, h, run, profiles);
	}
	s->table = table_new(ROWS_MAX, BYTES_MAX);
	if (s->table == NULL || (!s->facts && read_spec(s) < 0) || set_peer(s) < 0)
		return -1;
	knock_open(&s->knock, h, run, s->shared->net, &s->peer);
	return s->facts ? 0 : ask_at_once(s);
}

static void
snmp_close(void *state)
{
	struct snmp *s = state;

	if (s == NULL)
		return;
	survey_stop(&s->survey);
	walk_stop(&s->walk);
	knock_close(&s->knock);
	spec_free(&s->spec);
	table_free(s->table);
	text_fini(&s->text);
	free(s->roots);
	free(s->singles);
	free(s);
}

/* --- the walk ------------------------------------------------------------------------------ */

static int
put(void *arg, const struct varbind *vb)
{
	struct snmp *s = arg;

	if (vb->type == VB_NULL)
		return 0;
	return table_put(s->table, vb);
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

/* What a job names: of tables and walks what is below; of single values what is right above, so that the walk finds them. */
static void
add_root(struct snmp *s, const struct oid *oid, unsigned less)
{
	s->roots[s->nroots++] = (struct oid_ref){ oid->id, oid->n > less ? oid->n - less : oid->n };
}

static int
roots_of_spec(struct snmp *s)
{
	const struct spec_line *l;
	unsigned i, k;

	s->roots = calloc(s->spec.nlines + s->spec.nchildren, sizeof(*s->roots));
	if (s->roots == NULL)
		return -1;
	for (i = 0; i < s->spec.nlines; i++) {
		l = &s->spec.lines[i];
		if (l->kind == SPEC_WALK)
			add_root(s, &l->oid, 0);
		for (k = 0; k < l->n; k++)
			add_root(s, &s->spec.children[l->first + k].oid, l->kind == SPEC_GET);
	}
	return 0;
}

static void
surveyed(void *arg)
{
	struct snmp *s = arg;

	s->surveyed = true;
	s->h->wake(s->run);
}

static enum mid_next
begin_survey(struct snmp *s, struct mid_wait *wait)
{
	s->at = SURVEYS;
	survey_start(&s->survey, s->shared->net, &s->peer, &s->knock.session, (int)s->h->param_int(s->run, "timeout", 1500),
	    s->knock.tries, surveyed, s);
	wait->timeout_ms = -1;
	return MID_WAIT;
}

static enum mid_next
begin_walk(struct snmp *s, struct mid_wait *wait)
{
	int timeout = (int)s->h->param_int(s->run, s->facts ? "timeout" : "established_session_timeout", 1500);
	int r = s->facts ? profiles_roots(profiles, &s->knock.object, s->knock.descr, s->survey.open, &s->roots, &s->nroots) : roots_of_spec(s);

	if (r < 0) {
		s->h->fail(s->run, MID_INTERNAL, "out of memory");
		return MID_FAIL;
	}
	s->at = WALKS;
	s->asker = (struct walk_asker){ put, missing, ended, s };
	walk_start(&s->walk, s->shared->net, &s->peer, &s->knock.session, s->roots, s->nroots, &s->asker,
	    timeout, s->knock.tries);
	wait->timeout_ms = -1;
	return MID_WAIT;
}

/* --- the end ---------------------------------------------------------------------------------- */

static int
judge_walk(struct snmp *s)
{
	const char *who = s->h->address(s->run);

	if (s->how == WALK_STOPPED)
		s->h->partial(s->run, "%s has more than is taken: %u values or %u MB", who, ROWS_MAX, BYTES_MAX >> 20);
	else if (s->how == WALK_SILENT && s->walk.got > 0)
		s->h->partial(s->run, "%s fell silent in the middle: some of it is missing", who);
	else if (s->how == WALK_BROKEN && s->walk.got > 0)
		s->h->partial(s->run, "%s: broken off: %s", who, s->knock.session.why == NULL ? strerror(s->walk.request.error) : s->knock.session.why);
	else if (s->how != WALK_DONE) {
		s->h->fail(s->run, MID_TIMEOUT, "%s answered once and then no more", who);
		return -1;
	}
	return 0;
}

static const char *
version_text(const struct snmp *s)
{
	return s->knock.session.version == SNMP_V1 ? "1" : s->knock.session.version == SNMP_V2C ? "2c" : "3";
}

static enum mid_next
write_answer(struct snmp *s)
{
	char n[24];

	s->walk.asked += s->survey.asked;
	if (judge_walk(s) < 0)
		return MID_FAIL;
	table_sort(s->table);
	s->h->note(s->run, "version", version_text(s));
	snprintf(n, sizeof(n), "%u", s->walk.asked);
	s->h->note(s->run, "requests", n);
	if (s->explain)
		facts_explain(&s->text, profiles, s->table);
	else if (s->facts)
		facts_write(&s->text, profiles, s->table, s->h->address(s->run), version_text(s));
	else
		answer_write(&s->text, &s->spec, s->shared->names, s->table, s->h->source(s->run), version_text(s));
	if (s->text.full) {
		s->h->fail(s->run, MID_TOO_BIG, "the answer is larger than %u MB", TEXT_MAX_BYTES >> 20);
		return MID_FAIL;
	}
	s->at = TELLS;
	return MID_WAIT;
}

static enum mid_next
tell(struct snmp *s, struct mid_wait *wait)
{
	int r = text_emit(&s->text, s->h, s->run, s->kind);

	wait->timeout_ms = -1;
	return r == 0 ? MID_DONE : r < 0 ? MID_FAIL : MID_WAIT;
}

static enum mid_next
snmp_step(void *state, struct mid_wait *wait)
{
	struct snmp *s = state;
	int r;

	wait->nfds = 0;
	wait->timeout_ms = -1;
	if (s->at == KNOCKS) {
		r = knock_step(&s->knock, wait);
		if (r != 0)
			return r > 0 ? MID_WAIT : MID_FAIL;
		if (s->facts)
			return begin_survey(s, wait);
		if (!s->single || !s->knock.complete)
			return begin_walk(s, wait);
		s->walk.asked = 1;
		s->walked = true;
		s->at = WALKS;
	}
	if (s->at == SURVEYS)
		return s->surveyed ? begin_walk(s, wait) : MID_WAIT;
	if (s->at == WALKS) {
		if (!s->walked)
			return MID_WAIT;
		if (write_answer(s) == MID_FAIL)
			return MID_FAIL;
	}
	return tell(s, wait);
}

/* --- the module ------------------------------------------------------------------------------- */

static int
snmp_engine_open(void **engine, const struct mid_host *h, struct mid_run *run)
{
	struct shared *sh = calloc(1, sizeof(*sh));

	if (sh != NULL) {
		sh->net = engine_new(h, run);
		sh->names = names_new();
	}
	if (sh != NULL && sh->net != NULL && sh->names != NULL) {
		*engine = sh;
		return 0;
	}
	h->fail(run, MID_INTERNAL, "no UDP socket could be opened: %s", strerror(errno));
	if (sh != NULL) {
		engine_free(sh->net);
		names_free(sh->names);
	}
	free(sh);
	return -1;
}

static void
snmp_engine_step(void *engine, struct mid_wait *wait)
{
	struct shared *sh = engine;

	engine_step(sh->net, wait);
}

static void
snmp_engine_close(void *engine)
{
	struct shared *sh = engine;

	engine_free(sh->net);
	names_free(sh->names);
	free(sh);
}

static const struct mid_topic *
snmp_more_topics(const char *exec_dir, const struct mid_host *h, struct mid_run *run)
{
	char dir[4096], why[4096] = "", *line, *rest = why;

	/* Data beside the folder of exec probes: share/exec, share/profiles. */
	snprintf(dir, sizeof(dir), "%s/../profiles", exec_dir == NULL ? "." : exec_dir);
	if (profiles == NULL)
		profiles = profiles_load(dir, why, sizeof(why));
	while (profiles != NULL && (line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			h->log(run, MID_WARN, "profiles: %s", line);
	return profiles == NULL ? NULL : topics;
}

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "snmp",
	.version = "1.0",
	.help = "network devices over SNMP",
	.flags = MID_NETWORK,
	.map = "network",
	.open = snmp_open,
	.step = snmp_step,
	.close = snmp_close,
	.engine_open = snmp_engine_open,
	.engine_step = snmp_engine_step,
	.engine_close = snmp_engine_close,
	.more_topics = snmp_more_topics,
};
