/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp - network devices: topic SNMP (spec 10.3), what was asked for as XML; and
 * SnmpFacts, where a profile (share/profiles) says what to ask and what it means.
 * How a job goes is told in run.c; all runs of a worker share the engine's sockets.
 */
#include <errno.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offline.h"
#include "run.h"

/* Read at load, before the sandbox closes, and made into profiles by the first job that wants them; the module is loaded once and goes with the process. */
static struct profile_texts *texts;
static struct profiles *profiles;

/* What both topics take. */
#define COMMON_PARAMS \
	{ "port", MID_INT, false, "161", "UDP port of the agent" }, \
	{ "index", MID_STRING, false, NULL, "put behind the community as @index (a VLAN of old Cisco switches)" }, \
	{ "timeout", MID_MS, false, "1500", "how long one try waits for the first answer" }, \
	{ "established_session_timeout", MID_MS, false, NULL, "the same once the agent has answered; timeout when absent" }, \
	{ "retries", MID_INT, false, "2", "tries after the first" }, \
	{ "request_interval", MID_MS, false, NULL, "least time between two requests to the agent" }, \
	{ "request_delay", MID_MS, false, NULL, "time before the first request" }, \
	{ "use_getbulk", MID_BOOL, false, "true", "many values with one request, where the version has that" }, \
	{ "max_values", MID_INT, false, NULL, "stop after so many values" }, \
	{ "raw", MID_BOOL, false, "false", "lines as snmpwalk prints them" }, \
	{ NULL, MID_STRING, false, NULL, NULL }

static const struct mid_param snmp_params[] = {
	{ "oid_spec_list", MID_STRING, true, NULL, "what to ask, a line each: walk OID; table OID child,child; get OID,OID" },
	{ "use_getscalar", MID_BOOL, false, "true", "single values with one GET, not one by one" },
	COMMON_PARAMS,
};

static const struct mid_param facts_params[] = {
	{ "explain", MID_BOOL, false, "no", "only which rule of which profile gave which value, as lines" },
	COMMON_PARAMS,
};

static const struct mid_param trial_params[] = {
	{ "credential_id", MID_STRING, true, NULL, "the credential to ask by: its id or its name" },
	COMMON_PARAMS,
};

static const struct mid_topic topics[] = {
	{ "SNMP", "what an SNMP agent says: walks, tables, single values", MID_NETWORK | MID_REPEATABLE, 0, snmp_params },
	{ "SnmpFacts", "the inventory of a network device, over SNMP", MID_NETWORK | MID_REPEATABLE, 0, facts_params },
	{ "SNMPCredentialTest", "is this credential answered by this device", MID_NETWORK | MID_REPEATABLE, 0, trial_params },
	{ "SnmpProfiles", "the profiles of devices: listed, checked, tried on a recording", MID_REPEATABLE, 0, offline_params },
	{ NULL, NULL, 0, 0, NULL },
};

static int
snmp_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	struct snmp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -1;
	*state = s;
	s->profiles = profiles;
	return snmp_begin(s, h, run);
}

/* Nothing is to be ended there; the person is told how far it was. */
static bool
snmp_cancel(void *state)
{
	struct snmp *s = state;

	if (s->at != KNOCKS)
		s->h->fail(s->run, MID_TIMEOUT, "%u values have come, the rest has not: give it more time", s->walk.got);
	else if (s->knock.asked)
		s->h->fail(s->run, MID_TIMEOUT, "no SNMP agent has answered yet: none is there, a firewall is between, or the community is another");
	return false;
}

/* --- the module ------------------------------------------------------------------------------- */

static void
warn_each(const struct mid_host *h, struct mid_run *run, char *lines)
{
	char *line;

	while ((line = strsep(&lines, "\n")) != NULL)
		if (*line != '\0')
			h->log(run, MID_WARN, "profiles: %s", line);
}

static int
need_profiles(const struct mid_host *h, struct mid_run *run)
{
	char why[4096];

	if (profiles != NULL)
		return 0;
	profiles = profiles_make(texts, why, sizeof(why));
	if (profiles == NULL)
		return h->fail(run, MID_INTERNAL, "no memory for the profiles of devices"), -1;
	profile_texts_free(texts);
	texts = NULL;
	warn_each(h, run, why);
	return 0;
}

static int
snmp_engine_open(void **engine, const struct mid_host *h, struct mid_run *run)
{
	struct shared *sh;

	if (need_profiles(h, run) < 0)
		return -1;
	sh = calloc(1, sizeof(*sh));
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
	char dir[4096], why[4096];

	/* Data beside the folder of exec probes: share/exec, share/profiles. */
	snprintf(dir, sizeof(dir), "%s/../profiles", exec_dir == NULL ? "." : exec_dir);
	if (profiles == NULL && texts == NULL) {
		texts = profile_texts_read(dir, why, sizeof(why));
		warn_each(h, run, why);
	}
	return profiles == NULL && texts == NULL ? NULL : topics;
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
	.cancel = snmp_cancel,
	.engine_open = snmp_engine_open,
	.engine_step = snmp_engine_step,
	.engine_close = snmp_engine_close,
	.more_topics = snmp_more_topics,
};
