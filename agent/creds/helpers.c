/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helpers - the two programs that have a capability, where they are installed:
 * midd-raw(8) and midd-facts(8). midd connects, as a sandboxed worker cannot,
 * says what the connection is good for, and hands it over.
 */
#include "creds/asker.h"

#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "err.h"
#include "os.h"
#include "policy/policy.h"
#include "workers/pool.h"

#define LINE_BYTES (64u * 1024)	/* RAW_LINE_MAX of include/midd/raw.h, which says what is spoken */

/* Their sockets are beside ours. False: WHAT is not there, and the run has been told. */
static bool
reach(struct asker *a, const char *what, intptr_t *out)
{
	const char *control = a->c->ag->config->paths.control, *slash = strrchr(control, '/');
	struct err err = { 0 };
	struct buf path;
	int r;

	buf_init(&path, 4096);
	if (slash != NULL)
		buf_put(&path, control, (size_t)(slash + 1 - control));
	buf_puts(&path, what);
	buf_puts(&path, ".sock");
	r = os_local_connect(out, buf_str(&path), &err);
	if (r == -E_NONE)
		asker_tell(a, "none nobody listens on %s: systemctl enable --now midd-%s.socket", buf_str(&path), what);
	else if (r < 0)
		asker_tell(a, "none %s", err.text);
	buf_fini(&path);
	return r == 0;
}

/* LINE goes with the connection, or nothing does: it says to whom the worker may send. */
static void
hand_with(struct asker *a, intptr_t fd, const char *line, size_t n)
{
	if (os_local_write(fd, line, n) == (ssize_t)n)
		a->ev->hand(a->arg, fd);
	else
		asker_tell(a, "none it does not take its targets");
	os_local_close(fd);
}

void
helpers_raw(struct asker *a, const char *ranges)
{
	struct err err = { 0 };
	struct buf line;
	intptr_t fd;
	int r;

	buf_init(&line, LINE_BYTES);
	buf_puts(&line, "targets ");
	r = policy_reach(a->c->ag->policy, ranges, &line, &err);
	if (r == 0)
		r = buf_puts(&line, "\n");
	if (r < 0)
		asker_tell(a, "none %s", r == -E_FULL ? "the targets are more spans than it takes" : err.text);
	else if (reach(a, "raw", &fd))
		hand_with(a, fd, line.data, line.len);
	buf_fini(&line);
}

void
helpers_facts(struct asker *a)
{
	intptr_t fd;

	if (!pool_topic(a->c->ag->pool, a->topic).local)
		asker_tell(a, "none %s does not read this host", a->topic);
	else if (reach(a, "facts", &fd))
		hand_with(a, fd, "facts\n", 6);
}
