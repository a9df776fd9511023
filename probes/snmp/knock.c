/* SPDX-License-Identifier: Apache-2.0 */
/* knock - see knock.h. */
#include "knock.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "value.h"

#define DOUBT_MS 200
#define TYPES "snmpv3,snmp"

static const uint32_t sys_descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, sys_object[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };

void
knock_open(struct knock *k, const struct mid_host *h, struct mid_run *run, struct engine *e, struct peer *p)
{
	*k = (struct knock){ .h = h, .run = run, .engine = e, .peer = p };
	k->standard[0] = (struct oid_ref){ sys_descr, 9 };
	k->standard[1] = (struct oid_ref){ sys_object, 9 };
	k->names = k->standard;
	k->nnames = 2;
	k->index = h->param(run, "index");
	if (k->index == NULL || strcmp(k->index, "0") == 0)
		k->index = "";
	k->timeout_ms = (int)h->param_int(run, "timeout", 1500);
	k->tries = 1 + (unsigned)h->param_int(run, "retries", 2);
}

void
knock_for(struct knock *k, const struct oid_ref *names, unsigned n, int (*take)(void *, const struct varbind *), void *arg)
{
	k->names = names;
	k->nnames = n;
	k->take = take;
	k->arg = arg;
}

void
knock_close(struct knock *k)
{
	if (k->engine != NULL)
		engine_cancel(k->engine, &k->request);
	session_wipe(&k->session);
}

static int
fail(struct knock *k, enum mid_class class, const char *what)
{
	k->failed = class;
	snprintf(k->said, sizeof(k->said), "%s", what);
	k->h->fail(k->run, class, "%s: %s", k->h->address(k->run), what);
	return -1;
}

static void
keep(struct knock *k, const struct pdu *pdu)
{
	struct varbind_room room;
	struct slice in = pdu->varbinds;
	struct varbind vb;

	k->missing = pdu->error == ERR_NO_SUCH_NAME && pdu->error_index >= 1 && pdu->error_index <= 2 ? (unsigned)pdu->error_index : 0;
	while (varbind_next(&in, &room, &vb) == 1)
		if (vb.type == VB_OID && vb.len > 0) {
			k->object.n = 0;
			(void)oid_append(&k->object, vb.ids, (unsigned)vb.len);
		} else if (vb.type == VB_OCTETS) {
			value_text(&vb, k->descr, sizeof(k->descr));
		}
}

static void
pass_on(struct knock *k, const struct pdu *pdu)
{
	struct varbind_room room;
	struct slice in = pdu->varbinds;
	struct varbind vb;
	int r;

	k->complete = pdu->error == ERR_NONE;
	while (k->complete && (r = varbind_next(&in, &room, &vb)) != 0)
		if (r < 0 || (vb.type < VB_NO_OBJECT && k->take(k->arg, &vb) < 0))
			k->complete = false;
}

/* An answer to version 1 alone may mean that those before were lost: is it all it can? */
static void
doubt(struct knock *k)
{
	int ms = 4 * k->peer->rtt_ms;

	k->doubted = true;
	k->how = REQUEST_ANSWERED;
	k->session.version = SNMP_V2C;
	k->request.tries = 2;
	k->request.timeout_ms = ms < DOUBT_MS ? DOUBT_MS : ms < k->timeout_ms ? ms : k->timeout_ms;
	engine_submit(k->engine, &k->request);
}

/* Of version 1 one name that is missing spoils both: the other alone, then. */
static bool
ask_the_other(struct knock *k)
{
	if (k->missing == 0 || k->take != NULL)
		return false;
	k->request.ask.oids = &k->standard[2 - k->missing];
	k->request.ask.n = 1;
	k->request.timeout_ms = k->timeout_ms;
	k->missing = 0;
	engine_submit(k->engine, &k->request);
	return true;
}

static void
heard(struct request *r, enum outcome how, const struct pdu *pdu)
{
	struct knock *k = r->arg;

	if (k->doubted && how != REQUEST_ANSWERED) {	/* it has no other version, then */
		k->session.version = SNMP_V1;
		how = k->how;
		pdu = NULL;
		if (ask_the_other(k))
			return;
	} else if (how == REQUEST_ANSWERED && k->session.version == SNMP_V1 && !k->doubted) {
		doubt(k);
		if (k->take == NULL)
			keep(k, pdu);
		else
			pass_on(k, pdu);
		return;
	}
	k->over = true;
	k->how = how;
	if (pdu == NULL) {
		k->h->wake(k->run);
		return;
	}
	if (how == REQUEST_ANSWERED && k->take != NULL)
		pass_on(k, pdu);
	else if (how == REQUEST_ANSWERED)
		keep(k, pdu);
	k->h->wake(k->run);
}

/* <0: the credential is none that can be used. */
static int
use_credential(struct knock *k)
{
	const struct mid_credential *c = &k->cred;
	const char *community, *why;
	struct usm_account a;
	uint64_t salt;

	if (strcmp(c->type, "snmp") == 0) {
		community = c->field(c, "community");
		session_community(&k->session, community == NULL ? "" : community, k->index);
		return 0;
	}
	a = (struct usm_account){ c->field(c, "user"), c->field(c, "auth_protocol"), c->field(c, "auth_key"),
	    c->field(c, "priv_protocol"), c->field(c, "priv_key"), c->field(c, "context") };
	k->h->random(k->run, &salt, sizeof(salt));
	k->session = (struct session){ .version = SNMP_V3, .settled = true };
	if (usm_init(&k->session.usm, engine_phrases(k->engine), &a, salt, &why) == 0)
		return 0;
	snprintf(k->why, sizeof(k->why), "%s", why);
	return -1;
}

static void
send_question(struct knock *k)
{
	k->request = (struct request){ .peer = k->peer, .session = &k->session, .timeout_ms = k->timeout_ms,
	    .tries = k->tries, .done = heard, .arg = k };
	k->request.ask = (struct ask){ .type = PDU_GET, .n = k->nnames, .oids = k->names };
	k->asked = true;
	k->over = k->doubted = false;
	engine_submit(k->engine, &k->request);
}

static int
no_more(struct knock *k)
{
	if (k->refused)
		return fail(k, MID_AUTH, k->why);
	if (k->silent)
		return fail(k, MID_TIMEOUT, "no SNMP agent answers: none is there, a firewall is between, or the community is another");
	return fail(k, MID_NO_CREDENTIAL, k->why[0] != '\0' ? k->why : "no credential of type snmp or snmpv3 fits this target");
}

/* 0 there is one and it was sent; 1 wait; -1 none is left. */
static int
next_credential(struct knock *k, struct mid_wait *wait)
{
	int r;

	for (;;) {
		r = k->h->credential(k->run, TYPES, &k->cred);
		if (r == MID_AGAIN) {
			wait->timeout_ms = -1;
			return 1;
		}
		if (r < 0)
			return no_more(k);
		if (use_credential(k) == 0)
			break;
		k->h->judge(k->run, &k->cred, MID_NOT_TRIED, k->why);
	}
	k->have = true;
	send_question(k);
	return 0;
}

/* 0: it is the one. 1: the next, please. -1 after fail(). */
static int
judge(struct knock *k)
{
	k->have = k->asked = false;
	switch (k->how) {
	case REQUEST_ANSWERED:
		k->h->judge(k->run, &k->cred, MID_WORKED, "answered");
		return 0;
	case REQUEST_REFUSED:
		snprintf(k->why, sizeof(k->why), "%s", k->session.why);
		k->h->judge(k->run, &k->cred, MID_REFUSED, k->why);
		k->refused = true;
		return 1;
	case REQUEST_SILENT:
		k->h->judge(k->run, &k->cred, MID_NOT_TRIED, "no answer");
		k->silent = true;
		return 1;
	default:
		k->h->judge(k->run, &k->cred, MID_NOT_TRIED, "not sent");
		return fail(k, MID_UNREACHABLE, strerror(k->request.error));
	}
}

int
knock_step(struct knock *k, struct mid_wait *wait)
{
	int r;

	for (;;) {
		if (!k->asked) {
			r = next_credential(k, wait);
			if (r != 0)
				return r;
		}
		if (!k->over) {
			wait->timeout_ms = -1;
			return 1;
		}
		r = judge(k);
		if (r <= 0)
			return r;
	}
}
