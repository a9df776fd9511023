/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan - who is on a network, and what is heard of each without a credential:
 * topic Shazzam in the shapes of the instance (spec 10.4), topic Scan of ours, and
 * URLCertificateScanProbe (spec 10.11).
 *
 * A run, first to last: midd says which of the asked addresses are targets; the
 * sweep (sweep.c) asks them; the answer (answer.c) is told.
 */
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "classify.h"
#include "dgram.h"
#include "reverse.h"
#include "near.h"
#include "ranges.h"
#include "raw.h"
#include "sweep.h"
#include "text.h"
#include "tls.h"

#define ADDRESSES_MAX 262144u
#define ANSWER_MAX (60u << 20)
#define CERTIFICATE_PORTS "443,465,636,993,995,2376,5986,5989,6443,8006,8443"

struct scan {
	const struct mid_host *h;
	struct mid_run *run;
	const struct shape *shape;
	char *ranges, *name;
	struct sweep sweep;
	struct text text;
	struct reverse *names;
	struct text targets;		/* lines for a discovery */
	int percent;			/* told last */
	enum { ASKS, GREETS, SWEEPS, NAMES, TELLS } at;
	bool opened;
};

/* --- topics ------------------------------------------------------------------------------ */

#define PACE_PARAMS \
	{ "rate", MID_INT, false, "1000", "packets a second at most; 0: no budget" }, \
	{ "window", MID_INT, false, "1000", "TCP connections at once" }, \
	{ "per_network", MID_INT, false, "128", "questions at once to 256 neighbouring addresses" }

static const struct mid_param scan_params[] = {
	{ "ranges", MID_STRING, false, NULL, "10.0.0.0/22, 10.1.0.5-10.1.0.9, fd00::7; without it the source" },
	{ "exclude", MID_STRING, false, NULL, "ranges that are left out" },
	{ "ports", MID_STRING, false, NULL, "22,80,8000-8010,udp:161, or names: ssh,https,snmp,icmp; without it the usual ones" },
	{ "timeout", MID_MS, false, "1000", "how long an address may take to answer" },
	{ "talk_timeout", MID_MS, false, "1500", "how long a banner, page or certificate may take" },
	{ "banners", MID_BOOL, false, "true", "read them: false only connects" },
	{ "dead", MID_BOOL, false, "false", "tell of addresses where nobody answered too" },
	{ "inactive", MID_BOOL, false, "true", "tell of hosts without an open port" },
	{ "refused", MID_BOOL, false, "false", "tell of ports that are not open" },
	{ "targets", MID_BOOL, false, "false", "for a discovery: a line for each host that answers, before the facts" },
	{ "raw", MID_BOOL, false, "true", "ask by midd-raw(8) where it is installed; false: by connections" },
	{ "names", MID_BOOL, false, "true", "ask the resolvers how those that answer are called" },
	PACE_PARAMS,
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param shazzam_params[] = {
	{ "ranges", MID_STRING, false, NULL, "ranges as text; or, as the instance gives them, in one of the next two" },
	{ "ranges_json", MID_STRING, false, NULL, "{\"include\":[..],\"exclude\":[..]}: words, or objects with start and end" },
	{ "exclude", MID_STRING, false, NULL, "ranges that are left out" },
	{ "ports", MID_STRING, false, NULL, "as in Scan" },
	{ "GenericTCP_waitForConnectMS", MID_MS, false, "1000", "how long an address may take to answer" },
	{ "BannerTCP_waitForConnectMS", MID_MS, false, "1500", "how long a banner may take" },
	{ "shazzam_report_inactive", MID_BOOL, false, "true", "tell of hosts without an open port" },
	{ "shazzam_report_dead", MID_BOOL, false, "false", "tell of addresses where nobody answered" },
	{ "TLS_keepOriginalCertificate", MID_BOOL, false, "false", "the certificates themselves too" },
	PACE_PARAMS,
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param certificate_params[] = {
	{ "ranges", MID_STRING, false, NULL, "ranges; without it the source, a host or an https URL" },
	{ "ports", MID_STRING, false, NULL, "TCP ports, each asked for its certificate; without it that of the URL, else " CERTIFICATE_PORTS },
	{ "timeout", MID_MS, false, "1000", "how long an address may take to answer" },
	{ "talk_timeout", MID_MS, false, "3000", "how long a handshake may take" },
	{ "TLS_keepOriginalCertificate", MID_BOOL, false, "false", "the certificates themselves too" },
	PACE_PARAMS,
	{ NULL, MID_STRING, false, NULL, NULL },
};

/* What a topic calls its parameters. */
static const struct shape {
	const char *topic, *timeout, *talk, *dead, *inactive, *refused, *original;
	bool xml, certificates;
} shapes[] = {
	{ "Scan", "timeout", "talk_timeout", "dead", "inactive", "refused", NULL, false, false },
	{ "Shazzam", "GenericTCP_waitForConnectMS", "BannerTCP_waitForConnectMS", "shazzam_report_dead", "shazzam_report_inactive", NULL,
	    "TLS_keepOriginalCertificate", true, false },
	{ "URLCertificateScanProbe", "timeout", "talk_timeout", NULL, NULL, NULL, "TLS_keepOriginalCertificate", false, true },
};

static const struct mid_topic topics[] = {
	{ "Scan", "who answers in a range of addresses, and on what", MID_REPEATABLE, 3600000, scan_params },
	{ "Shazzam", "the same in the instance's form", MID_REPEATABLE, 3600000, shazzam_params },
	{ "URLCertificateScanProbe", "the certificates that servers show", MID_REPEATABLE, 3600000, certificate_params },
	{ NULL, NULL, 0, 0, NULL },
};

/* --- the beginning -------------------------------------------------------------------------- */

static int
refuse(struct scan *s, const char *why)
{
	s->h->fail(s->run, MID_BAD_PARAM, "%s", why);
	return -1;
}

static bool
flag(struct scan *s, const char *name, bool dflt)
{
	return name == NULL ? dflt : s->h->param_bool(s->run, name, dflt);
}

static int
read_limits(struct scan *s)
{
	struct sweep_limits *l = &s->sweep.limits;
	int64_t connect = s->h->param_int(s->run, s->shape->timeout, 1000), talk = s->h->param_int(s->run, s->shape->talk, 1500);
	int64_t rate = s->h->param_int(s->run, "rate", 1000), window = s->h->param_int(s->run, "window", 1000);
	int64_t per_network = s->h->param_int(s->run, "per_network", 128);

	if (connect < 10 || connect > 60000 || talk < 10 || talk > 60000)
		return refuse(s, "a timeout is out of range: 10 ms to 60 s");
	if (rate < 0 || rate > 1000000 || window < 1 || window > 8000 || per_network < 1 || per_network > 60000)
		return refuse(s, "rate, window or per_network is out of range: 0 to 1000000, 1 to 8000, 1 to 60000");
	*l = (struct sweep_limits){ (int)connect, (int)talk, (unsigned)window, (uint32_t)rate, (uint32_t)per_network,
		flag(s, s->shape->certificates ? NULL : "banners", true) };
	return 0;
}

/* A URL means one door, and no other one there is knocked at. */
static int
read_ports(struct scan *s)
{
	const char *ports = s->h->param(s->run, "ports"), *source = s->h->source(s->run);
	bool certificates = s->shape->certificates;
	int door = certificates && ports == NULL && s->h->param(s->run, "ranges") == NULL ? url_port(source) : 0;
	char text[12], why[300];

	if (certificates && urls_are_many(source))
		return refuse(s, "one URL in a job: make a job of each");
	if (door < 0)
		return refuse(s, "the source is a URL with a port that is none: write https://HOST:PORT/");
	snprintf(text, sizeof(text), "%d", door);
	if (door > 0)
		ports = text;
	else if (certificates && ports == NULL)
		ports = CERTIFICATE_PORTS;
	return asks_read(&s->sweep.asks, ports, why, sizeof(why)) < 0 ? refuse(s, why) : 0;
}

static int
scan_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	struct scan *s = calloc(1, sizeof(*s));
	char why[300];
	size_t i;

	if (s == NULL)
		return -1;
	*state = s;
	s->h = s->sweep.h = h;
	s->run = s->sweep.run = run;
	for (i = 0; s->shape == NULL && i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (strcmp(shapes[i].topic, h->topic(run)) == 0)
			s->shape = &shapes[i];
	text_init(&s->text, ANSWER_MAX);
	text_init(&s->targets, ANSWER_MAX);
	if (read_limits(s) < 0 || read_ports(s) < 0)
		return -1;
	if (s->shape->certificates)
		asks_all_tls(&s->sweep.asks);
	s->ranges = ranges_asked(h, run, &s->name, why, sizeof(why));
	return s->ranges == NULL ? refuse(s, why) : 0;
}

static void
scan_close(void *state)
{
	struct scan *s = state;

	if (s == NULL)
		return;
	reverse_free(s->names);
	if (s->opened)
		sweep_close(&s->sweep);
	text_fini(&s->text);
	text_fini(&s->targets);
	free(s->ranges);
	free(s->name);
	free(s);
}

/* --- who is a target ---------------------------------------------------------------------------- */

/* The plan out of what policy has left. */
static int
make_plan(struct scan *s, const char *ranges)
{
	const struct ask *ping = asks_find(&s->sweep.asks, ASK_ICMP, 0);
	uint32_t seed;

	s->h->random(s->run, &seed, sizeof(seed));
	if (plan_read(&s->sweep.plan, ranges, ADDRESSES_MAX, seed) < 0) {
		s->h->fail(s->run, MID_TOO_BIG, "more than %u addresses in one job: make several of it", ADDRESSES_MAX);
		return -1;
	}
	s->sweep.name = s->sweep.plan.n == 1 ? s->name : NULL;
	s->opened = true;
	if (found_init(&s->sweep.found, s->sweep.plan.n, s->sweep.asks.n) < 0) {
		s->h->fail(s->run, MID_TOO_BIG, "%u addresses times %u ports is more than %u questions in one job: make several of it",
		    s->sweep.plan.n, s->sweep.asks.n, QUESTIONS_MAX);
		return -1;
	}
	s->sweep.found.ping = ping == NULL ? -1 : (int)(ping - s->sweep.asks.v);
	if (sweep_open(&s->sweep) < 0) {
		s->h->fail(s->run, MID_INTERNAL, "out of memory or descriptors");
		return -1;
	}
	tls_keep_original(s->sweep.tls, flag(s, s->shape->original, false));
	return 0;
}

static int
not_answered(struct scan *s, const char *answer)
{
	s->h->fail(s->run, strncmp(answer, "denied ", 7) == 0 ? MID_POLICY : strncmp(answer, "unknown ", 8) == 0 ? MID_UNREACHABLE : MID_BAD_PARAM,
	    "%s", strchr(answer, ' ') == NULL ? answer : strchr(answer, ' ') + 1);
	return -1;
}

/* Of one host by name, which midd finds and judges. 0, MID_AGAIN, <0 after fail(). */
static int
ask_address(struct scan *s)
{
	char one[2 * WHERE_TEXT];
	const char *answer;
	int r;

	if (s->name[0] == '\0')
		return refuse(s, "no target: name it as source, or ranges=10.0.0.0/24");
	r = s->h->ask(s->run, "resolve", s->name, &answer);
	if (r == MID_AGAIN)
		return r;
	if (r < 0)
		return refuse(s, "nobody here judges which addresses are targets: midd must be running");
	if (strncmp(answer, "ok ", 3) != 0)
		return not_answered(s, answer);
	snprintf(one, sizeof(one), "%.*s-%.*s", WHERE_TEXT - 1, answer + 3, WHERE_TEXT - 1, answer + 3);
	return make_plan(s, one);
}

/* 0, MID_AGAIN, <0 after fail(). */
static int
ask_policy(struct scan *s)
{
	const char *answer;
	int r;

	if (s->ranges[0] == '\0')
		return ask_address(s);
	r = s->h->ask(s->run, "targets", s->ranges, &answer);
	if (r == MID_AGAIN)
		return r;
	if (r < 0)
		s->h->fail(s->run, MID_POLICY, "nobody here judges which addresses are targets: midd must be running");
	else if (strncmp(answer, "ok ", 3) == 0)
		return make_plan(s, answer + 3);
	else
		return not_answered(s, answer);
	return -1;
}

/* --- midd-raw ------------------------------------------------------------------------------------ */

#define RAW_WORTH 256u		/* questions: for fewer nobody is started */

/* A connection to it, where it is installed and of use. True: there is an answer. */
static bool
ask_raw(struct scan *s)
{
	struct sweep *w = &s->sweep;
	bool worth = (uint64_t)w->plan.n * (w->asks.n - (w->found.ping >= 0)) >= RAW_WORTH || (w->found.ping >= 0 && dgram_no_ping(w->dgram) != NULL);
	const char *answer;
	int r;

	if (s->ranges[0] == '\0' || !worth || !flag(s, "raw", true))
		return true;
	r = s->h->ask(s->run, "raw", s->ranges, &answer);
	if (r == MID_AGAIN)
		return false;
	if (r == 0 && strncmp(answer, "ok ", 3) == 0)
		w->raw = raw_new(w, atoi(answer + 3));
	else
		s->h->log(s->run, MID_DEBUG, "no midd-raw: %s", r < 0 ? "midd knows none" : answer);
	return true;
}

/* True: it is ready, or there is none. */
static bool
greet_raw(struct scan *s, struct mid_wait *wait)
{
	int r;

	if (s->sweep.raw == NULL && !ask_raw(s))
		return false;
	r = s->sweep.raw == NULL ? 1 : raw_greet(s->sweep.raw, wait);
	if (r < 0) {
		s->h->log(s->run, MID_WARN, "midd-raw does not begin: the scan asks by connections (journalctl -u 'midd-raw@*')");
		raw_free(s->sweep.raw);
		s->sweep.raw = NULL;
	}
	return r != 0;
}

/* --- the end --------------------------------------------------------------------------------------- */

static enum mid_next
write_answer(struct scan *s)
{
	const struct answer_options o = { flag(s, s->shape->dead, false), flag(s, s->shape->inactive, true),
		flag(s, s->shape->refused, s->shape->xml), 
		s->sweep.raw != NULL || s->sweep.found.ping < 0 ? NULL : dgram_no_ping(s->sweep.dgram) };
	struct sweep *w = &s->sweep;

	found_sort(&w->found);
	if (w->found.full)
		s->h->partial(s->run, "more was heard than %u MB: facts are missing", FACTS_BYTES_MAX >> 20);
	if (s->shape->xml)
		answer_xml(&s->text, w, &o);
	else
		answer_json(&s->text, w, &o);
	if (!s->shape->xml && flag(s, "targets", false))
		answer_targets(&s->targets, w);
	if (s->text.full || s->targets.full) {
		s->h->fail(s->run, MID_TOO_BIG, "the answer is larger than %u MB: ask for fewer addresses", ANSWER_MAX >> 20);
		return MID_FAIL;
	}
	s->at = TELLS;
	return MID_WAIT;
}

/* True: all who answered are named, or nobody can be asked. */
static bool
name_them(struct scan *s, struct mid_wait *wait)
{
	const char *answer;
	int r;

	if (s->names != NULL)
		return reverse_step(s->names, wait);
	if (s->shape->xml || !flag(s, "names", true))
		return true;
	r = s->h->ask(s->run, "resolvers", "-", &answer);
	if (r == MID_AGAIN)
		return false;
	if (r < 0 || strncmp(answer, "ok ", 3) != 0)
		return true;
	s->names = reverse_new(&s->sweep, answer + 3);
	return s->names == NULL || reverse_step(s->names, wait);
}

/* A discovery tells people how far it is. */
static void
tell_percent(struct scan *s)
{
	char text[12];

	if (s->shape->xml || sweep_percent(&s->sweep) == s->percent || !flag(s, "targets", false))
		return;
	s->percent = sweep_percent(&s->sweep);
	snprintf(text, sizeof(text), "%d", s->percent);
	s->h->note(s->run, "percent", text);
}

static enum mid_next
scan_step(void *state, struct mid_wait *wait)
{
	struct scan *s = state;
	int r;

	if (s->at == ASKS) {
		wait->nfds = 0;
		wait->timeout_ms = -1;
		r = ask_policy(s);
		if (r != 0)
			return r == MID_AGAIN ? MID_WAIT : MID_FAIL;
		s->at = GREETS;
	}
	if (s->at == GREETS) {
		if (!greet_raw(s, wait))
			return MID_WAIT;
		s->at = SWEEPS;
	}
	if (s->at == SWEEPS) {
		if (!sweep_step(&s->sweep, wait)) {
			tell_percent(s);
			return MID_WAIT;
		}
		near_tell(&s->sweep);
		s->at = NAMES;
		wait->nfds = 0;
		wait->timeout_ms = -1;
	}
	if (s->at == NAMES) {
		if (!name_them(s, wait))
			return MID_WAIT;
		wait->nfds = 0;
		if (write_answer(s) == MID_FAIL)
			return MID_FAIL;
	}
	wait->timeout_ms = -1;
	r = text_emit(&s->targets, s->h, s->run, MID_STDOUT);
	if (r == 0)
		r = text_emit(&s->text, s->h, s->run, s->shape->xml ? MID_XML : MID_JSON);
	return r == 0 ? MID_DONE : r < 0 ? MID_FAIL : MID_WAIT;
}

static const struct mid_topic *
scan_more_topics(const char *exec_dir, const struct mid_host *h, struct mid_run *run)
{
	char file[4096], why[300];

	snprintf(file, sizeof(file), "%s/../classify.yaml", exec_dir == NULL ? "." : exec_dir);
	if (classify_load(file, why, sizeof(why)) < 0)
		h->log(run, MID_WARN, "%s", why);
	snprintf(file, sizeof(file), "%s/../mac-makers", exec_dir == NULL ? "." : exec_dir);
	near_open_makers(file);
	return topics;
}

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "scan",
	.version = "1.0",
	.help = "who answers on a network, and on what",
	.map = "scan",
	.open = scan_open,
	.step = scan_step,
	.close = scan_close,
	.more_topics = scan_more_topics,
};
