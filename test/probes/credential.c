/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credential - asks for credentials until one of them has the right password.
 * With ask=WHAT and about=TEXT it puts that question first and notes the
 * answer; hold_ms keeps a credential for a while before its verdict. With
 * stranger=N it asks for 127.0.0.N and for its credentials, as one that was
 * taken over would: the job names no such host.
 */
#include <stdio.h>
#include <string.h>

#define TEST_MORE char stranger[40]; int64_t until; bool refused;
#include "test_probe.h"

static const char *
param(struct test *t, const char *name, const char *dflt)
{
	const char *v = t->host->param(t->run, name);

	return v == NULL ? dflt : v;
}

static int
next_credential(struct test *t, struct mid_credential *c)
{
	const char *types = param(t, "types", "ssh_password"), *host = t->stranger[0] != '\0' ? t->stranger : param(t, "host", "");

	if (host[0] != '\0')
		return t->host->credential_for(t->run, types, host, c);
	return t->host->credential(t->run, types, c);
}

/* MID_AGAIN, or how long to keep it is over. */
static int
hold(struct test *t, struct mid_wait *wait)
{
	int64_t now = t->host->now_ms(t->run), ms = t->host->param_int(t->run, "hold_ms", 0);

	if (t->until == 0)
		t->until = now + ms;
	wait->timeout_ms = t->until - now;
	return wait->timeout_ms > 0 ? MID_AGAIN : 0;
}

/* Each one in turn, until one is right or there is none left. */
static enum mid_next
try_all(struct test *t, struct mid_wait *wait)
{
	struct mid_credential c;
	const char *password;
	int r;

	while ((r = next_credential(t, &c)) == 0) {
		if (hold(t, wait) == MID_AGAIN)
			return MID_WAIT;
		t->until = 0;
		password = c.field(&c, "password");
		if (password != NULL && strcmp(password, param(t, "right", "open sesame")) == 0
		    && c.field(&c, "none such") == NULL) {
			t->host->note(t->run, "user", c.field(&c, "user"));
			t->host->note(t->run, "type", c.type);
			t->host->note(t->run, "credential", c.id);
			t->host->judge(t->run, &c, MID_WORKED, "welcome");
			return MID_DONE;
		}
		t->refused = true;
		t->host->judge(t->run, &c, MID_REFUSED, "wrong password");
	}
	if (r == MID_AGAIN) {
		wait->timeout_ms = -1;
		return MID_WAIT;
	}
	t->host->fail(t->run, t->refused ? MID_AUTH : MID_NO_CREDENTIAL, "no credential fits");
	return MID_FAIL;
}

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	const char *what = param(t, "ask", ""), *answer = NULL, *stranger = param(t, "stranger", "");
	int r = 0;

	if (stranger[0] != '\0')
		snprintf(t->stranger, sizeof(t->stranger), "127.0.0.%.3s", stranger);
	if (what[0] != '\0')
		r = t->host->ask(t->run, what, t->stranger[0] != '\0' ? t->stranger : param(t, "about", ""), &answer);
	if (r == MID_AGAIN) {
		wait->timeout_ms = -1;
		return MID_WAIT;
	}
	if (what[0] != '\0')
		t->host->note(t->run, "answer", r < 0 ? "no such question" : answer);
	t->host->note(t->run, "address", t->host->address(t->run));
	if (t->host->param_bool(t->run, "ask_only", false))
		return MID_DONE;
	return try_all(t, wait);
}

static const char *const topics[] = { "TestCredential", NULL };
/* Of one that has no target, as Scan and Relate are. */
static const struct mid_topic no_target[] = {
	{ "TestNoTarget", "asks for a credential that is not for it", MID_REPEATABLE, 0, NULL },
	{ NULL, NULL, 0, 0, NULL },
};

static const struct mid_topic *
test_more_topics(const char *exec_dir, const struct mid_host *host, struct mid_run *run)
{
	(void)exec_dir;
	(void)host;
	(void)run;
	return no_target;
}

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-credential",
	.version = "1.0",
	.help = "asks for a credential",
	.topics = topics,
	.flags = MID_REPEATABLE | MID_NETWORK,
	.params = NULL,
	.open = test_open,
	.step = test_step,
	.close = test_close,
	.more_topics = test_more_topics,
};
