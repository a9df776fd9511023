/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midd - starts every part in order, runs the loop, stops in reverse.
 *
 *	config ► seal ► store ► instance ► pool ► self ► flow ► control
 *
 * The road opens when the first worker has said which topics it serves.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "config/check.h"
#include "config/config.h"
#include "err.h"
#include "flow/flow.h"
#include "log.h"
#include "loop.h"
#include "metrics/serve.h"
#include "os.h"
#include "parts.h"
#include "paths.h"
#include "renew.h"
#include "secret.h"
#include "self.h"
#include "service.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "workers/pool.h"
#include "xalloc.h"

/* --- options -------------------------------------------------------------------- */

static const char usage_text[] =
    "usage: midd [--config FILE]\n"
    "       midd --check-config | --show-config [--json]\n"
    "\n"
    "  --config FILE    read FILE and the drop-ins in midd.d/ beside it (default %s)\n"
    "  --check-config   say whether the configuration is good, and go\n"
    "  --show-config    print every option, its value and where it comes from\n"
    "  --json           with --show-config: as JSON\n"
    "  --version, --help\n"
    "\n"
    "Runs in the foreground and logs to standard error. Ask it with midctl status.\n"
    "\n"
    "  midd --config /etc/midd/midd.yaml\n"
    "  midd --config ./midd.yaml --show-config\n";

#define EXIT_CONFIG 78	/* as sysexits.h has it: a new try will not help */

struct asked { const char *config; bool check, show, json; };

/* -1: go on; else the exit status. */
static int
read_options(int argc, char **argv, struct asked *a)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' }, { "check-config", no_argument, NULL, 'k' },
		{ "show-config", no_argument, NULL, 's' }, { "json", no_argument, NULL, 'j' },
		{ "version", no_argument, NULL, 'V' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *env = getenv("MIDD_CONFIG");	/* as midctl does */
	int c;

	while ((c = getopt_long(argc, argv, "c:Vh", longs, NULL)) != -1)
		switch (c) {
		case 'c': os_path_tidy(optarg); a->config = optarg; break;
		case 'k': a->check = true; break;
		case 's': a->show = true; break;
		case 'j': a->json = true; break;
		case 'V': puts("midd " MIDD_VERSION); return 0;
		case 'h': printf(usage_text, path_default(PATH_CONFIG)); return 0;
		default: fputs("midd: see midd --help\n", stderr); return 2;
		}
	if (a->config == NULL && env != NULL && env[0] != '\0')
		a->config = env;
	if (optind < argc) {
		fprintf(stderr, "midd: \"%s\" is not understood: see midd --help\n", argv[optind]);
		return 2;
	}
	return -1;
}

/* --- signals -------------------------------------------------------------------------- */

static void
on_term(void *arg)
{
	agent_stop(arg, "asked to by a signal", false);
}

static void
on_hup(void *arg)
{
	struct err err = { 0 };

	(void)agent_reload(arg, &err);
}

/* --- the road opens -------------------------------------------------------------------- */

static void
workers_ready(void *arg, int r, const struct err *err)
{
	struct agent *ag = arg;
	struct err e = { 0 };

	if (r < 0)
		log_event(EV_NO_WORKERS, LOG_LV_ERR, "midd", "%s; no work is fetched until one does", err->text);
	flow_open(&ag->flow, ag);
	if (verbs_serve(ag, &e) < 0 ||
	    metrics_serve(&ag->metrics, ag->loop, ag->config->metrics.listen, verbs_metrics_text, ag, &e) < 0) {
		log_event(EV_NO_START, LOG_LV_ERR, "midd", "%s", e.text);
		ag->exit_status = e.code == E_BAD ? EXIT_CONFIG : 1;
		loop_stop(ag->loop);
		return;
	}
	self_begin(ag->self);
	renew_begin(ag->renew);
	log_event(EV_UP, LOG_LV_INFO, "midd", "midd %s is up: agent %s, instance %s", MIDD_VERSION, ag->config->name,
	    ag->config->instance.url);
	service_ready(ag);
}

struct wished { struct agent *ag; enum os_wish wish; };

static void
grant(void *arg)
{
	struct wished *w = arg;

	if (w->ag->flow == NULL && (w->wish == OS_PAUSE || w->wish == OS_RESUME)) {
		log_warn("midd", "asked by the service manager to pause or to go on, before the first worker was there: ask again");
		free(w);
		return;
	}
	switch (w->wish) {
	case OS_STOP: agent_stop(w->ag, "asked to by the service manager", false); break;
	case OS_PAUSE: flow_pause(w->ag->flow, "the service manager"); break;
	case OS_RESUME: flow_resume(w->ag->flow, "the service manager"); break;
	case OS_RELOAD: on_hup(w->ag); break;
	}
	free(w);
}

/* On any thread. */
static void
on_wish(void *arg, enum os_wish wish)
{
	struct wished *w = xcalloc(1, sizeof(*w));

	*w = (struct wished){ arg, wish };
	loop_post(w->ag->loop, grant, w);
}

static int
run(struct agent *ag, struct err *err)
{
	int r = parts_open(ag, workers_ready, err);

	if (r < 0)
		ag->exit_status = ag->config == NULL || err->code == E_AUTH ? EXIT_CONFIG : 1;
	if (r == 0) {
		loop_signal(ag->loop, SIGTERM, on_term, ag);
		loop_signal(ag->loop, SIGINT, on_term, ag);
		loop_signal(ag->loop, SIGHUP, on_hup, ag);
		os_on_service(on_wish, ag);
		loop_run(ag->loop);
	}
	parts_close(ag);
	return r;
}

static int
midd(int argc, char **argv)
{
	struct asked asked = { 0 };
	struct agent ag = { 0 };
	struct err err = { 0 };
	int r = read_options(argc, argv, &asked);

	if (r >= 0)
		return r;
	if (asked.check || asked.show)
		return config_main_check(asked.config, asked.show, asked.json, parts_check);
	os_ignore_hangup();
	os_local_handed(false);
	if (os_journal_reads_stderr())	/* until the configuration has its say */
		log_setup("midd", LOG_LV_INFO, LOG_JOURNAL);
	os_guard_process();
	if (secret_wipe_openssl() < 0)
		log_warn("midd", "OpenSSL is in use already: what it frees is not wiped");
	ag.config_file = asked.config;
	ag.started_ms = os_time_ms();
	if (run(&ag, &err) < 0) {
		log_event(EV_NO_START, LOG_LV_ERR, "midd", "%s", err.text);
		return ag.exit_status;
	}
	if (ag.exec_again) {
		os_local_handed(true);
		if (os_start_again(argv, &err) == 0)
			return 0;
		log_event(EV_NO_START, LOG_LV_ERR, "midd", "%s", err.text);
		return 1;
	}
	return ag.exit_status;
}

int
main(int argc, char **argv)
{
	return os_main(argc, argv, midd);
}
