/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes on the control socket: each line is answered or the asker let go, and the next one is served. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct loop *loop;
static struct control_server *server;
static char path[64];

static void
verb_echo(void *ctx, struct control_call *call, struct json_object *args)
{
	(void)ctx;
	control_row_take(call, json_object_get(args));
	control_ok_take(call, json_object_get(args));
}

static void
verb_no(void *ctx, struct control_call *call, struct json_object *args)
{
	(void)ctx;
	control_no(call, E_NONE, "%s", json_str(args, "text", "no"));
}

static const struct control_verb verbs[] = { { "e", verb_echo, "" }, { "n", verb_no, "" }, { NULL, NULL, NULL } };

static void
remove_socket(void)
{
	control_stop(server);
	loop_finish(loop);
	loop_close(loop);
}

static void
begin(void)
{
	struct err err;

	log_setup("fuzz", LOG_LV_ERR, LOG_PLAIN);
	snprintf(path, sizeof(path), "/tmp/midd-fuzz-%ld", (long)getpid());
	if (loop_open(&loop, &err) < 0 || control_serve(&server, loop, path, verbs, NULL, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	atexit(remove_socket);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char sink[4096];
	struct err err;
	intptr_t fd;
	ssize_t n = 1;
	size_t done = 0;
	int i;

	if (server == NULL)
		begin();
	if (os_local_connect(&fd, path, &err) < 0)
		return 0;
	for (i = 0; n != 0 && n != -E_OS && i < 64; i++) {
		if (done < size) {
			n = os_local_write(fd, data + done, size - done);
			done += n > 0 ? (size_t)n : 0;
		}
		loop_turn(loop, false);
		n = os_local_read(fd, sink, sizeof(sink));
	}
	os_local_close(fd);
	loop_turn(loop, false);
	loop_turn(loop, false);
	return 0;
}
