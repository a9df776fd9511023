/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midlab serve - the instance itself: one thread, one loop, libmicrohttpd's
 * epoll in it beside signals, stalled answers and the heartbeat job.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "amb.h"
#include "db.h"
#include "disco.h"
#include "exchange.h"
#include "fault.h"
#include "files.h"
#include "instance.h"
#include "rules.h"
#include "schema.h"
#include "unseal.h"

#define MB (1024UL * 1024)
#define PEM_MAX 65536
#define CONNECTIONS_MAX 1000
#define IDLE_S 300
#define TLS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
#define FAULTS_START_MAX 16

struct serve_args {
	const char *dir, *listen;
	const char *faults[FAULTS_START_MAX];
	size_t fault_count;
	int heartbeat_s, hold_s, body_mb, attachment_mb, enroll_days, enroll_seconds;
	bool by_hand, log;
};

/* --- listening ----------------------------------------------------------- */

static int
bind_first(const struct addrinfo *list)
{
	int fd, on = 1;

	for (; list != NULL; list = list->ai_next) {
		fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC |
		    SOCK_NONBLOCK, list->ai_protocol);
		if (fd < 0)
			continue;
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
		    sizeof(on));
		if (bind(fd, list->ai_addr, list->ai_addrlen) == 0 &&
		    listen(fd, 128) == 0)
			return fd;
		close(fd);
	}
	return -1;
}

/* ADDR:PORT, [ADDR]:PORT; -1 after complaining. */
static int
listen_on(const char *spec)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *list = NULL;
	const char *colon = strrchr(spec, ':');
	char *host;
	int fd = -1, r = EAI_NONAME;

	host = xstrndup(spec, colon != NULL ? (size_t)(colon - spec) : 0);
	if (host[0] == '[' && str_suffix(host, "]")) {
		memmove(host, host + 1, strlen(host));
		host[strlen(host) - 1] = '\0';
	}
	if (colon != NULL)
		r = getaddrinfo(host, colon + 1, &hints, &list);
	if (r == 0) {
		fd = bind_first(list);
		freeaddrinfo(list);
	}
	if (r != 0)
		complain("cannot listen on %s: %s; write ADDRESS:PORT", spec,
		    gai_strerror(r));
	else if (fd < 0)
		complain("cannot listen on %s: %s", spec, strerror(errno));
	free(host);
	return fd;
}

static int
port_of(int fd)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof(ss);
	char port[16];

	if (getsockname(fd, (struct sockaddr *)&ss, &n) < 0 ||
	    getnameinfo((struct sockaddr *)&ss, n, NULL, 0, port, sizeof(port),
	    NI_NUMERICSERV) != 0)
		return 0;
	return atoi(port);
}

/* How clients name us: the address we listen on, but "localhost" where that
 * is this machine alone or all of its addresses. */
static void
name_us(struct instance *in, const char *spec, int port)
{
	static const char *const local[] = { "", "*", "0.0.0.0", "[::]",
	    "[::1]", "127.0.0.1" };
	const char *colon = strrchr(spec, ':');
	int n = colon != NULL ? (int)(colon - spec) : 0;
	size_t i;

	for (i = 0; i < COUNT(local); i++)
		if (strlen(local[i]) == (size_t)n &&
		    strncmp(spec, local[i], (size_t)n) == 0) {
			spec = "localhost";
			n = (int)strlen(spec);
			break;
		}
	snprintf(in->base_url, sizeof(in->base_url), "https://%.*s:%d", n,
	    spec, port);
}

/* --- starting ------------------------------------------------------------ */

static int
open_instance(struct instance *in, const struct serve_args *args)
{
	char *path = path_join(args->dir, "lab.db"), *why = NULL;
	const char *wrong;
	size_t i;
	int r = -1;

	in->dir = xstrdup(args->dir);
	in->faults = fault_list_new();
	in->amb = amb_new();
	in->body_max = (size_t)args->body_mb * MB;
	in->attachment_max = (size_t)args->attachment_mb * MB;
	in->heartbeat_s = args->heartbeat_s;
	in->hold_ms = args->hold_s * INT64_C(1000);
	in->enroll_days = args->enroll_days;
	in->enroll_seconds = args->enroll_seconds;
	in->validate_by_hand = args->by_hand;
	in->seal = seal_open(args->dir, &why);
	if (in->seal != NULL)
		r = db_open(&in->db, path, &why);
	if (r == 0 && (r = schema_create(in->db)) < 0)
		why = xstrdup(db_error(in->db));
	if (r < 0)
		complain("%s", why);
	for (i = 0; r == 0 && i < args->fault_count; i++)
		if (!fault_add(in->faults, args->faults[i], &wrong))
			r = -complain("fault %s: %s", args->faults[i], wrong);
	free(why);
	free(path);
	return r;
}

static void
close_instance(struct instance *in)
{
	json_object_put(in->refused);
	seal_close(in->seal);
	db_close(in->db);
	fault_list_free(in->faults);
	amb_free(in->amb);
	free(in->dir);
}

struct pems {
	char *ca, *cert, *key;
};

static int
read_pems(struct pems *p, const char *dir)
{
	char *ca = path_join(dir, "ca.pem"), *cert = path_join(dir,
	    "server.pem"), *key = path_join(dir, "server.key");

	p->ca = file_read(ca, PEM_MAX, NULL);
	p->cert = file_read(cert, PEM_MAX, NULL);
	p->key = file_read(key, PEM_MAX, NULL);
	free(ca);
	free(cert);
	free(key);
	if (p->ca != NULL && p->cert != NULL && p->key != NULL)
		return 0;
	return -complain("%s/ca.pem, server.pem or server.key cannot be read:"
	    " was `midlab init %s` run?", dir, dir);
}

static struct MHD_Daemon *
start(struct server *server, const struct pems *p, int fd)
{
	return MHD_start_daemon(MHD_USE_TLS | MHD_USE_EPOLL |
	    MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, exchange_handle, server,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_HTTPS_MEM_KEY, p->key,
	    MHD_OPTION_HTTPS_MEM_CERT, p->cert,
	    MHD_OPTION_HTTPS_MEM_TRUST, p->ca,
	    MHD_OPTION_HTTPS_PRIORITIES, TLS,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)262144,
	    MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, server,
	    MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server,
	    MHD_OPTION_END);
}

/* Others wait for this file: it must not be there before we can answer. */
static int
announce(const struct instance *in)
{
	char *path = path_join(in->dir, "serve.json");
	struct text t = { 0 };
	int r;

	text_addf(&t, "{\"url\":\"%s\",\"pid\":%ld}\n", in->base_url,
	    (long)getpid());
	r = file_write(path, text_str(&t), t.len, 0644);
	if (r == 0) {
		printf("midlab: serving %s\n", in->base_url);
		fflush(stdout);
	}
	text_fini(&t);
	free(path);
	return r;
}

/* --- the loop ------------------------------------------------------------ */

static int
sooner(int64_t ms, int64_t at_ms)
{
	int64_t left = at_ms - clock_ms();

	left = left < 0 ? 0 : left;
	return (int)(ms < 0 || left < ms ? left : ms);
}

static int
wait_ms(const struct server *server, struct MHD_Daemon *d)
{
	const struct instance *in = server->in;
	MHD_UNSIGNED_LONG_LONG mhd;
	int ms = -1;

	if (MHD_get_timeout(d, &mhd) == MHD_YES)
		ms = mhd > 60000 ? 60000 : (int)mhd;
	if (server->stalls.first != NULL)
		ms = sooner(ms, stalls_next_ms(&server->stalls));
	if (in->heartbeat_s > 0)
		ms = sooner(ms, in->heartbeat_next_ms);
	return sooner(ms, in->disco_next_ms);
}

static void
run_jobs(struct server *server)
{
	struct instance *in = server->in;

	stalls_resume(&server->stalls, clock_ms());
	if (in->heartbeat_s > 0 && clock_ms() >= in->heartbeat_next_ms &&
	    heartbeat_beat(in) < 0)
		complain("heartbeat: %s", db_error(in->db));
	if (clock_ms() >= in->disco_next_ms && disco_tick(in) < 0)
		complain("discovery: %s", db_error(in->db));
}

static void
loop(struct server *server, struct MHD_Daemon *d, int signals)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(d,
	    MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fds[2] = {
		{ .fd = info->epoll_fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	while ((fds[1].revents & POLLIN) == 0) {
		if (poll(fds, 2, wait_ms(server, d)) < 0 && errno != EINTR)
			break;
		run_jobs(server);
		MHD_run(d);
	}
	amb_stop(server->in->amb);
	stalls_resume(&server->stalls, INT64_MAX);
	MHD_run(d);
}

static int
catch_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int
serve(struct server *server, const struct serve_args *args, int fd)
{
	struct instance *in = server->in;
	struct pems pems = { 0 };
	struct MHD_Daemon *d = NULL;
	int signals = catch_signals(), r;
	char *path = path_join(args->dir, "serve.json");

	name_us(in, args->listen, port_of(fd));
	r = read_pems(&pems, args->dir);
	if (r == 0 && (d = start(server, &pems, fd)) == NULL)
		r = -complain("the TLS server could not be started with"
		    " %s/server.pem and .key", args->dir);
	if (r == 0)
		r = announce(in);
	if (r == 0) {
		loop(server, d, signals);
		(void)unlink(path);
	}
	if (d != NULL)
		MHD_stop_daemon(d);
	else
		close(fd);
	close(signals);
	free(path);
	free(pems.ca);
	free(pems.cert);
	free(pems.key);
	return r;
}

/* --- the command line ---------------------------------------------------- */

static bool
take_number(const char *s, int max, int *out)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end != '\0' || n < 0 || n > max) {
		complain("serve: %s is no number from 0 to %d", s, max);
		return false;
	}
	*out = (int)n;
	return true;
}

static bool
take_option(int c, struct serve_args *args)
{
	switch (c) {
	case 'l':
		args->listen = optarg;
		return true;
	case 'h':
		return take_number(optarg, 86400, &args->heartbeat_s);
	case 'H':
		return take_number(optarg, 600, &args->hold_s);
	case 'b':
		return take_number(optarg, 1024, &args->body_mb);
	case 'a':
		return take_number(optarg, 1024, &args->attachment_mb);
	case 'v':
		args->by_hand = strcmp(optarg, "manual") == 0;
		return args->by_hand || strcmp(optarg, "auto") == 0;
	case 'f':
		if (args->fault_count == FAULTS_START_MAX)
			return false;
		args->faults[args->fault_count++] = optarg;
		return true;
	case 'e':
		return take_number(optarg, 3650, &args->enroll_days);
	case 'E':
		return take_number(optarg, 86400, &args->enroll_seconds);
	case 'L':
		args->log = true;
		return true;
	default:
		return false;
	}
}

int
cmd_serve(int argc, char **argv)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "heartbeat", required_argument, NULL, 'h' },
		{ "hold", required_argument, NULL, 'H' },
		{ "validate", required_argument, NULL, 'v' },
		{ "fault", required_argument, NULL, 'f' },
		{ "body-max", required_argument, NULL, 'b' },
		{ "attachment-max", required_argument, NULL, 'a' },
		{ "enroll-days", required_argument, NULL, 'e' },
		{ "enroll-seconds", required_argument, NULL, 'E' },
		{ "log", no_argument, NULL, 'L' },
		{ 0 },
	};
	struct serve_args args = { .listen = "127.0.0.1:8443",
	    .heartbeat_s = 300, .hold_s = 30, .body_mb = 64, .attachment_mb = 1024 };
	struct instance in = { 0 };
	struct server server = { .in = &in };
	int c, fd, r;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(c, &args))
			return 2;
	if (argc - optind > 1)
		return 1 + complain("serve: name the lab's folder");
	args.dir = argc > optind ? argv[optind] : cli_dir();
	server.log = in.log = args.log;
	r = open_instance(&in, &args);
	if (r == 0) {
		fd = listen_on(args.listen);
		r = fd < 0 ? -1 : serve(&server, &args, fd);
	}
	close_instance(&in);
	return r == 0 ? 0 : 1;
}
