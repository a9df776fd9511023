/* SPDX-License-Identifier: Apache-2.0 */
/* control_rig - a control server in this process, on a socket in a folder of its own. */
#ifndef FAKE_CONTROL_RIG_H
#define FAKE_CONTROL_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "control.h"
#include "err.h"
#include "loop.h"

static char dir[] = "/tmp/midd-control-XXXXXX", path[64];
static struct loop *loop;
static struct control_server *server;

/* VERBS get &server. */
static inline int
rig_begin(const struct control_verb *verbs)
{
	struct err err;

	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/run/control", dir);
	assert_int_equal(loop_open(&loop, &err), 0);
	if (control_serve(&server, loop, path, verbs, &server, &err) < 0)
		fail_msg("%s", err.text);
	return 0;
}

static inline int
rig_end(void **state)
{
	char run[64];

	(void)state;
	control_stop(server);
	loop_finish(loop);
	loop_close(loop);
	assert_int_not_equal(access(path, F_OK), 0);
	snprintf(run, sizeof(run), "%s/run", dir);
	rmdir(run);
	return rmdir(dir);
}

#endif
