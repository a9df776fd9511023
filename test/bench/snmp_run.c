/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp_run - the production module (probes/snmp.so) on a made-up host, for many
 * devices at once: what a device costs without midd around it.
 *
 *	snmp_run MODULE EXEC-DIR TOPIC ADDRESS-FILE PORT COMMUNITY AT-ONCE [NAME=VALUE...]
 *
 * One line: devices, how many answered, seconds, CPU milliseconds a device. COMMUNITY
 * user:PASS1:PASS2 is version 3, SHA and AES. With OUT=FILE in the environment the results go there.
 */
#include <dlfcn.h>
#include <midd/probe.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

struct mid_run {
	struct mid_run *next;		/* among those to be stepped */
	char address[64];
	void *state;
	bool queued, over;
	struct mid_wait wait;
	size_t bytes;
};

static const struct mid_probe *probe;
static struct mid_run engine_run, *ready, **ready_last = &ready;
static void *engine;
static const char *topic, *community, **params;
static int nparams;
static unsigned long good, bad;
static FILE *out;

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
	(void)r, (void)name;
	return dflt;
}

static const char *topic_of(struct mid_run *r) { (void)r; return topic; }
static const char *address_of(struct mid_run *r) { return r->address; }

static int
emit(struct mid_run *r, enum mid_kind kind, const void *data, size_t len)
{
	(void)kind;
	r->bytes += len;
	if (out != NULL)
		fwrite(data, 1, len, out);
	return 0;
}

static void note(struct mid_run *r, const char *name, const char *value) { (void)r, (void)name, (void)value; }

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
		return strcmp(name, "community") == 0 ? community : NULL;
	if (user == NULL) {
		snprintf(copy, sizeof(copy), "%s", community);
		user = strtok(copy, ":");
		one = strtok(NULL, ":");
		two = strtok(NULL, ":");
	}
	if (strcmp(name, "user") == 0)
		return user;
	if (strcmp(name, "auth_key") == 0)
		return one;
	return strcmp(name, "priv_key") == 0 ? two : NULL;
}

static int
credential(struct mid_run *r, const char *type, struct mid_credential *c)
{
	(void)type;
	if (r->over)
		return -1;
	*c = (struct mid_credential){ "bench", strchr(community, ':') != NULL ? "snmpv3" : "snmp", field };
	return 0;
}

static void
judge(struct mid_run *r, const struct mid_credential *c, enum mid_verdict v, const char *why)
{
	(void)c, (void)v, (void)why;
	r->over = true;
}

static int64_t
now_ms(struct mid_run *r)
{
	struct timespec t;

	(void)r;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
fill_random(struct mid_run *r, void *to, size_t n)
{
	(void)r;
	if (getrandom(to, n, 0) != (ssize_t)n)
		abort();
}

static void *engine_of(struct mid_run *r) { (void)r; return engine; }

static const struct mid_host host = { .abi = MID_PROBE_ABI, .size = sizeof(host), .param = param, .param_int = param_int,
    .param_bool = param_bool, .topic = topic_of, .source = address_of, .name = address_of, .address = address_of, .emit = emit,
    .note = note, .partial = partial, .fail = fail, .credential = credential, .judge = judge, .log = say, .now_ms = now_ms,
    .random = fill_random, .wake = wake, .engine = engine_of };

static void
end(struct mid_run *r, bool well)
{
	probe->close(r->state);
	free(r);
	good += well;
	bad += !well;
}

static void
begin(const char *address)
{
	struct mid_run *r = calloc(1, sizeof(*r));

	snprintf(r->address, sizeof(r->address), "%s", address);
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
			continue;
		}
		how = probe->step(r->state, &r->wait);
		if (how != MID_WAIT)
			end(r, how == MID_DONE);
	}
}

static void
wait_for_engine(void)
{
	struct pollfd p[MID_WAIT_FDS];
	unsigned i;

	for (i = 0; i < engine_run.wait.nfds; i++)
		p[i] = (struct pollfd){ .fd = (int)engine_run.wait.fds[i].fd,
		    .events = (short)((engine_run.wait.fds[i].events & MID_READ ? POLLIN : 0) | (engine_run.wait.fds[i].events & MID_WRITE ? POLLOUT : 0)) };
	(void)poll(p, engine_run.wait.nfds, ready != NULL ? 0 : (int)engine_run.wait.timeout_ms);
	wake(&engine_run);
}

int
main(int argc, char **argv)
{
	char line[60], port[24];
	const char *all[64];
	struct rusage ru;
	unsigned long begun = 0, at_once;
	void *lib;
	FILE *f;
	int64_t t;
	double cpu;

	if (argc < 8 || argc > 60) {
		fprintf(stderr, "usage: snmp_run MODULE EXEC-DIR TOPIC ADDRESS-FILE PORT COMMUNITY AT-ONCE [NAME=VALUE...]\n");
		return 2;
	}
	lib = dlopen(argv[1], RTLD_NOW);
	f = fopen(argv[4], "r");
	if (lib == NULL || f == NULL || (probe = dlsym(lib, "mid_probe")) == NULL) {
		fprintf(stderr, "snmp_run: %s\n", lib == NULL ? dlerror() : "no module or no addresses");
		return 1;
	}
	topic = argv[3];
	community = argv[6];
	at_once = strtoul(argv[7], NULL, 10);
	snprintf(port, sizeof(port), "port=%s", argv[5]);
	all[nparams++] = port;
	for (int i = 8; i < argc; i++)
		all[nparams++] = argv[i];
	params = all;
	if (getenv("OUT") != NULL)
		out = fopen(getenv("OUT"), "w");
	probe->more_topics(argv[2], &host, &engine_run);
	if (probe->engine_open(&engine, &host, &engine_run) < 0)
		return 1;
	t = now_ms(NULL);
	for (;;) {
		while (begun - good - bad < at_once && fgets(line, sizeof(line), f) != NULL) {
			line[strcspn(line, " \r\n")] = '\0';
			begin(line);
			begun++;
		}
		if (begun == good + bad)
			break;
		step_all();
		if (ready == NULL && begun != good + bad)
			wait_for_engine();
	}
	t = now_ms(NULL) - t;
	getrusage(RUSAGE_SELF, &ru);
	cpu = (double)ru.ru_utime.tv_sec * 1e3 + (double)ru.ru_utime.tv_usec / 1e3 + (double)ru.ru_stime.tv_sec * 1e3 + (double)ru.ru_stime.tv_usec / 1e3;
	printf("%lu devices, %lu answered, %.3f s, %.4f CPU ms a device, %.0f devices/s, %ld MB\n", begun, good, (double)t / 1e3,
	    cpu / (double)begun, (double)begun * 1e3 / (double)(t > 0 ? t : 1), ru.ru_maxrss / 1024);
	probe->engine_close(engine);
	return 0;
}
