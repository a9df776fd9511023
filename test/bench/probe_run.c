/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_run - a production module (probes/ssh.so, probes/snmp.so) on a made-up host, for many
 * targets at once: what a target costs without midd around it.
 *
 *	probe_run MODULE EXEC-DIR TOPIC ADDRESS-FILE PORT CREDENTIAL AT-ONCE [NAME=VALUE...]
 *
 * CREDENTIAL: a community; user:PASS1:PASS2 for SNMP version 3, SHA and AES; user@KEYFILE for SSH.
 * One JSON line a round. In the environment: ROUNDS=2 goes through all targets that often, WHY=1 says
 * why one failed, RESULTS=FILE takes the results. What is random for a run is always the same here,
 * so that a recorded answer fits.
 */
#include <dlfcn.h>
#include <midd/probe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define DUE_MS 20		/* how finely time-outs of runs are kept */

struct mid_run {
	struct mid_run *next;		/* among those to be stepped */
	struct mid_run *before, *after;	/* among all that live */
	char address[64];
	void *state;
	bool queued, judged;
	struct mid_wait wait, seen;	/* seen: what epoll knows */
	int64_t due;			/* <0 never */
};

static const struct mid_probe *probe;
static struct mid_run engine_run = { .due = -1 }, *live, *ready, **ready_last = &ready;
static void *engine;
static const char *topic, *credential_text, **params;
static char *key;
static int nparams, ep;
static unsigned long begun, good, bad;
static size_t bytes;
static FILE *out;

static int64_t
now_ms(struct mid_run *r)
{
	struct timespec t;

	(void)r;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static double
cpu_ms(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e3 + (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e3;
}

/* A number of kB in /proc/self/status. */
static long
memory_kb(const char *which)
{
	char line[128];
	FILE *f = fopen("/proc/self/status", "r");
	long kb = -1;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, which, strlen(which)) == 0)
			kb = atol(line + strlen(which));
	if (f != NULL)
		fclose(f);
	return kb;
}

/* --- the made-up host ------------------------------------------------------------------ */

static void
wake(struct mid_run *r)
{
	if (r->queued)
		return;
	r->queued = true;
	r->next = NULL;
	*ready_last = r;
	ready_last = &r->next;
}

static const char *
param(struct mid_run *r, const char *name)
{
	size_t n = strlen(name);
	int i;

	(void)r;
	for (i = 0; i < nparams; i++)
		if (strncmp(params[i], name, n) == 0 && params[i][n] == '=')
			return params[i] + n + 1;
	return NULL;
}

static int64_t
param_int(struct mid_run *r, const char *name, int64_t dflt)
{
	const char *v = param(r, name);

	return v == NULL ? dflt : atoll(v);
}

static bool
param_bool(struct mid_run *r, const char *name, bool dflt)
{
	const char *v = param(r, name);

	return v == NULL ? dflt : strcmp(v, "true") == 0;
}

static const char *topic_of(struct mid_run *r) { (void)r; return topic; }
static const char *address_of(struct mid_run *r) { return r->address; }
static int64_t deadline_ms(struct mid_run *r) { return now_ms(r) + 600000; }
static void *engine_of(struct mid_run *r) { (void)r; return engine; }
static void note(struct mid_run *r, const char *name, const char *value) { (void)r, (void)name, (void)value; }

static int
emit(struct mid_run *r, enum mid_kind kind, const void *data, size_t len)
{
	(void)r, (void)kind;
	bytes += len;
	if (out != NULL)
		fwrite(data, 1, len, out);
	return 0;
}

static void __attribute__((format(printf, 2, 3)))
partial(struct mid_run *r, const char *fmt, ...)
{
	(void)r, (void)fmt;
}

static void __attribute__((format(printf, 3, 4)))
fail(struct mid_run *r, enum mid_class class, const char *fmt, ...)
{
	va_list ap;

	(void)class;
	if (getenv("WHY") == NULL)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%s: ", r->address);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

static void __attribute__((format(printf, 3, 4)))
say(struct mid_run *r, enum mid_level level, const char *fmt, ...)
{
	(void)r, (void)level, (void)fmt;
}

static const char *
field(const struct mid_credential *c, const char *name)
{
	static char copy[300], *user, *one, *two;

	if (strcmp(c->type, "snmp") == 0)
		return strcmp(name, "community") == 0 ? credential_text : NULL;
	if (user == NULL) {
		snprintf(copy, sizeof(copy), "%s", credential_text);
		user = strtok(copy, ":@");
		one = strtok(NULL, ":");
		two = strtok(NULL, ":");
	}
	if (strcmp(name, "user") == 0)
		return user;
	if (strcmp(name, "private_key") == 0)
		return key;
	if (strcmp(name, "auth_key") == 0)
		return one;
	return strcmp(name, "priv_key") == 0 ? two : NULL;
}

static int
credential(struct mid_run *r, const char *type, struct mid_credential *c)
{
	(void)type;
	if (r->judged)
		return -1;
	*c = (struct mid_credential){ "bench", key != NULL ? "ssh_private_key" : strchr(credential_text, ':') != NULL ? "snmpv3" : "snmp", field };
	return 0;
}

static void
judge(struct mid_run *r, const struct mid_credential *c, enum mid_verdict v, const char *why)
{
	(void)c, (void)v, (void)why;
	r->judged = true;
}

static int
ask(struct mid_run *r, const char *what, const char *about, const char **answer)
{
	(void)r, (void)about;
	*answer = strcmp(what, "host-key") == 0 ? "known" : strcmp(what, "host-key-types") == 0 ? "none" : "ok - - - -";
	return 0;
}

static void
fill(struct mid_run *r, void *to, size_t n)
{
	if (r != &engine_run)
		memset(to, 0x5a, n);
	else if (getrandom(to, n, 0) != (ssize_t)n)	/* ids of requests, each another */
		abort();
}

static const struct mid_host host = { .abi = MID_PROBE_ABI, .size = sizeof(host), .param = param, .param_int = param_int,
    .param_bool = param_bool, .topic = topic_of, .source = address_of, .name = address_of, .address = address_of, .emit = emit,
    .note = note, .partial = partial, .fail = fail, .credential = credential, .judge = judge, .log = say, .now_ms = now_ms,
    .deadline_ms = deadline_ms, .random = fill, .wake = wake, .engine = engine_of, .ask = ask };

/* --- what runs wait for ------------------------------------------------------------------- */

static void
forget_fds(struct mid_run *r)
{
	unsigned i;

	for (i = 0; i < r->seen.nfds; i++)
		(void)epoll_ctl(ep, EPOLL_CTL_DEL, (int)r->seen.fds[i].fd, NULL);
	r->seen.nfds = 0;
}

static bool
same_fds(const struct mid_wait *a, const struct mid_wait *b)
{
	unsigned i;

	for (i = 0; i < a->nfds && i < b->nfds && a->fds[i].fd == b->fds[i].fd && a->fds[i].events == b->fds[i].events; i++)
		;
	return a->nfds == b->nfds && i == a->nfds;
}

static void
wait_for(struct mid_run *r)
{
	struct epoll_event e = { .data.ptr = r };
	unsigned i;

	r->due = r->wait.timeout_ms < 0 ? -1 : now_ms(r) + r->wait.timeout_ms;
	if (r->wait.timeout_ms == 0 && r != &engine_run)
		wake(r);
	if (same_fds(&r->wait, &r->seen))
		return;
	forget_fds(r);
	for (i = 0; i < r->wait.nfds; i++) {
		e.events = (r->wait.fds[i].events & MID_READ ? EPOLLIN : 0u) | (r->wait.fds[i].events & MID_WRITE ? EPOLLOUT : 0u);
		(void)epoll_ctl(ep, EPOLL_CTL_ADD, (int)r->wait.fds[i].fd, &e);
	}
	r->seen = r->wait;
}

static void
end(struct mid_run *r, bool well)
{
	forget_fds(r);
	probe->close(r->state);
	*(r->before == NULL ? &live : &r->before->after) = r->after;
	if (r->after != NULL)
		r->after->before = r->before;
	free(r);
	good += well;
	bad += !well;
}

static void
begin(const char *address)
{
	struct mid_run *r = calloc(1, sizeof(*r));

	snprintf(r->address, sizeof(r->address), "%s", address);
	r->after = live;
	if (live != NULL)
		live->before = r;
	live = r;
	begun++;
	if (probe->open(&r->state, &host, r) < 0)
		end(r, false);
	else
		wake(r);
}

/* All that is ready now, the engine among them. */
static void
step_all(void)
{
	struct mid_run *r = ready, *next;
	enum mid_next how;

	ready = NULL;
	ready_last = &ready;
	for (; r != NULL; r = next) {
		next = r->next;
		r->queued = false;
		if (r == &engine_run) {
			probe->engine_step(engine, &r->wait);
			wait_for(r);
			continue;
		}
		how = probe->step(r->state, &r->wait);
		if (how == MID_WAIT)
			wait_for(r);
		else
			end(r, how == MID_DONE);
	}
}

static void
wait_for_any(void)
{
	static int64_t looked;
	struct epoll_event e[256];
	int64_t now = now_ms(NULL), left = engine_run.due < 0 ? DUE_MS : engine_run.due - now;
	struct mid_run *r;
	int n = epoll_wait(ep, e, 256, ready != NULL || left <= 0 ? 0 : left < DUE_MS ? (int)left : DUE_MS);

	while (n-- > 0)
		wake(e[n].data.ptr);
	now = now_ms(NULL);
	if (engine_run.due >= 0 && engine_run.due <= now)
		wake(&engine_run);
	if (now < looked + DUE_MS)
		return;
	looked = now;
	for (r = live; r != NULL; r = r->after)
		if (r->due >= 0 && r->due <= now)
			wake(r);
}

/* --- all targets, once -------------------------------------------------------------------- */

static void
go_through(FILE *f, unsigned long at_once, int round)
{
	double cpu = cpu_ms();
	int64_t t = now_ms(NULL);
	char line[60];

	begun = good = bad = bytes = 0;
	for (;;) {
		while (begun - good - bad < at_once && fgets(line, sizeof(line), f) != NULL) {
			line[strcspn(line, " \r\n")] = '\0';
			begin(line);
		}
		if (begun == good + bad)
			break;
		step_all();
		if (ready == NULL && begun != good + bad)
			wait_for_any();
	}
	t = now_ms(NULL) - t;
	printf("{\"round\":%d,\"targets\":%lu,\"ok\":%lu,\"seconds\":%.3f,\"cpu_ms\":%.4f,\"bytes\":%zu,\"peak_kb\":%ld,\"rss_kb\":%ld}\n", round,
	    begun, good, (double)t / 1e3, (cpu_ms() - cpu) / (double)begun, bytes, memory_kb("VmHWM:"), memory_kb("VmRSS:"));
	fflush(stdout);
}

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	char *text = calloc(1, 16384);

	if (f == NULL || fread(text, 1, 16383, f) == 0)
		text[0] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

/* NAME=@FILE is the text of FILE. */
static char *
read_param(char *arg)
{
	char *at = strstr(arg, "=@"), *made, *text;

	if (at == NULL)
		return arg;
	text = read_file(at + 2);
	made = malloc(strlen(arg) + strlen(text) + 1);
	sprintf(made, "%.*s=%s", (int)(at - arg), arg, text);
	free(text);
	return made;
}

int
main(int argc, char **argv)
{
	int i, rounds = getenv("ROUNDS") == NULL ? 1 : atoi(getenv("ROUNDS"));
	char port[24];
	const char *all[64];
	void *lib;
	FILE *f;

	if (argc < 8 || argc > 60) {
		fprintf(stderr, "usage: probe_run MODULE EXEC-DIR TOPIC ADDRESS-FILE PORT CREDENTIAL AT-ONCE [NAME=VALUE...]\n");
		return 2;
	}
	lib = dlopen(argv[1], RTLD_NOW);
	f = fopen(argv[4], "r");
	if (lib == NULL || f == NULL || (probe = dlsym(lib, "mid_probe")) == NULL) {
		fprintf(stderr, "probe_run: %s\n", lib == NULL ? dlerror() : "no module or no addresses");
		return 1;
	}
	topic = argv[3];
	credential_text = argv[6];
	if (strchr(credential_text, '@') != NULL)
		key = read_file(strchr(credential_text, '@') + 1);
	snprintf(port, sizeof(port), "port=%s", argv[5]);
	all[nparams++] = port;
	for (i = 8; i < argc; i++)
		all[nparams++] = read_param(argv[i]);
	params = all;
	if (getenv("RESULTS") != NULL)
		out = fopen(getenv("RESULTS"), "w");
	ep = epoll_create1(EPOLL_CLOEXEC);
	probe->more_topics(argv[2], &host, &engine_run);
	if (probe->engine_open(&engine, &host, &engine_run) < 0)
		return 1;
	wake(&engine_run);
	for (i = 1; i <= rounds; i++) {
		rewind(f);
		go_through(f, strtoul(argv[7], NULL, 10), i);
	}
	probe->engine_close(engine);
	return 0;
}
