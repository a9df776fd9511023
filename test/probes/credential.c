/* SPDX-License-Identifier: Apache-2.0 */
/* credential - asks for credentials of a type until one of them has the right password. */
#include <midd/probe.h>
#include <stdlib.h>
#include <string.h>

struct test {
	const struct mid_host *host;
	struct mid_run *run;
};

static int
test_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct test *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	t->host = host;
	t->run = run;
	*state = t;
	return 0;
}

static void
test_close(void *state)
{
	free(state);
}

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	struct mid_credential c;
	const char *password;
	int r;

	while ((r = t->host->credential(t->run, "ssh_password", &c)) == 0) {
		password = c.field(&c, "password");
		if (password != NULL && strcmp(password, "open sesame") == 0 && c.field(&c, "none such") == NULL) {
			t->host->note(t->run, "user", c.field(&c, "user"));
			t->host->verdict(t->run, &c, MID_WORKED);
			return MID_DONE;
		}
		t->host->verdict(t->run, &c, MID_REFUSED);
	}
	if (r == MID_AGAIN) {
		wait->timeout_ms = -1;
		return MID_WAIT;
	}
	t->host->fail(t->run, MID_NO_CREDENTIAL, "no credential fits");
	return MID_FAIL;
}

static const char *const topics[] = { "TestCredential", NULL };

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
};
