/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midd-worker - loads the probes, closes the sandbox around itself, and runs
 * the jobs that midd sends over standard input. Started by midd, not by hand.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "log.h"
#include "loop.h"
#include "map.h"
#include "modules.h"
#include "os.h"
#include "secret.h"
#include "worker.h"

#define READ_PATHS_MAX 32u
#define FILES_MAX 16384u	/* descriptors: a network scan keeps thousands of connections */

struct options {
	const char *kind, *probes, *maps, *exec;
	const char *read[READ_PATHS_MAX + 2];	/* and the folder of exec probes, and NULL */
	size_t nread;
	uint64_t memory;
};

static const struct option rows[] = {
	{ "kind", required_argument, NULL, 'k' },	/* plain, local or exec */
	{ "probes", required_argument, NULL, 'p' },	/* folders of NAME.so, separated by ':' */
	{ "maps", required_argument, NULL, 'm' },	/* folders of NAME.jq */
	{ "exec", required_argument, NULL, 'e' },	/* folder of exec probes */
	{ "read", required_argument, NULL, 'r' },	/* further folder that may be read */
	{ "memory", required_argument, NULL, 'M' },	/* bytes of address space */
	{ NULL, 0, NULL, 0 }
};

#if defined(__SANITIZE_ADDRESS__)
/* The leak check at exit traces us from a child process, which the sandbox forbids. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

static int
usage(void)
{
	fputs("usage: midd-worker --kind plain|local|exec --probes DIR[:DIR] --maps DIR[:DIR] --exec DIR\n"
	    "                   [--read PATH]... [--memory BYTES]\n"
	    "It is started by midd, with a socket as standard input.\n", stderr);
	return 2;
}

static int
take_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case 'k': o->kind = value; return 0;
	case 'p': o->probes = value; return 0;
	case 'm': o->maps = value; return 0;
	case 'e': o->exec = value; return 0;
	case 'M': o->memory = strtoull(value, NULL, 10); return 0;
	case 'r':
		if (o->nread < READ_PATHS_MAX)
			o->read[o->nread++] = value;
		return 0;
	default: return -1;
	}
}

static int
read_options(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){ .kind = "plain", .probes = "", .maps = "", .exec = "" };
	while ((c = getopt_long(argc, argv, "", rows, NULL)) != -1)
		if (take_option(o, c, optarg) < 0)
			return -1;
	return optind < argc ? -1 : 0;
}

static int
close_guard(struct worker *w, const struct options *o, struct err *err)
{
	struct os_guard_want want = { .tell = os_worker_tell(), .may_exec = w->exec, .may_read_host = true, .may_connect = !w->local,
	    .may_see_processes = w->local, .read_paths = o->read, .memory_max = o->memory,
	    .files_max = FILES_MAX };

	return os_guard_close(&want, &w->guard, err);
}

static int
serve(struct options *o, int fd)
{
	struct worker w;
	struct loop *loop;
	struct err err;

	if (loop_open(&loop, &err) < 0) {
		log_err("worker", "%s", err.text);
		return 1;
	}
	if (worker_init(&w, loop, o->kind) < 0)
		return usage();
	if (w.exec && o->exec[0] != '\0')
		o->read[o->nread++] = o->exec;	/* there is room for one more */
	w.hand = os_worker_hand();
	w.modules = modules_load(&w, o->probes, o->maps, o->exec);
	if (close_guard(&w, o, &err) < 0 || worker_serve(&w, fd, &err) < 0) {
		log_err("worker", "%s", err.text);
		return 1;
	}
	while (!w.over)
		loop_turn(loop, true);
	worker_fini(&w);
	if (map_jobs() > 0)
		_exit(w.bad);	/* a map that never ends can't be waited for */
	loop_close(loop);
	return w.bad;
}

int
main(int argc, char **argv)
{
	struct options o;
	int fd;

	log_setup("midd-worker", LOG_LV_INFO, LOG_PLAIN);
	if (secret_wipe_openssl() < 0)
		log_warn("worker", "OpenSSL is in use already: what it frees is not wiped");
	if (read_options(&o, argc, argv) < 0)
		return usage();
	fd = os_worker_stream();
	if (fd < 0)
		return usage();
	os_worker_settle(strcmp(o.kind, "exec") == 0);
	return serve(&o, fd);
}
