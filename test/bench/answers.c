/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers - what it costs to tell the instance: N answers of SIZE bytes through
 * instance_answer(), GROUP at a time, over mutual TLS. Processor time is that
 * of this process alone, so the far side does not count.
 *
 *	answers URL CA CERT KEY N SIZE GROUP
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "err.h"
#include "instance/instance.h"
#include "loop.h"

struct bench {
	struct instance *in;
	struct answer *a;
	char *body;
	size_t n, at, group, done, bad, size;
};

static double
cpu_s(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	    (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void answered(void *arg, const struct answer *a, const struct verdict *v, size_t n);

static void
send_group(struct bench *b)
{
	size_t n = b->n - b->at < b->group ? b->n - b->at : b->group;

	if (n == 0)
		return;
	b->at += n;
	instance_answer(b->in, b->a + b->at - n, n, answered, b);
}

static void
answered(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	struct bench *b = arg;
	size_t i;

	(void)a;
	for (i = 0; i < n; i++) {
		if (v[i].said != SAID_YES && b->bad++ == 0)
			fprintf(stderr, "answers: %s\n", v[i].why);
	}
	b->done += n;
	send_group(b);
}

static void
prepare(struct bench *b)
{
	unsigned salt = (unsigned)time(NULL) ^ (unsigned)(b->group << 20);
	size_t i;

	b->body = malloc(b->size);
	b->a = calloc(b->n, sizeof(*b->a));
	if (b->body == NULL || b->a == NULL)
		exit(2);
	for (i = 0; i < b->size; i++)	/* lines of text, as results have */
		b->body[i] = i % 64 == 63 ? '\n' : (char)('a' + i % 26);
	for (i = 0; i < b->n; i++) {
		b->a[i] = (struct answer){ .agent = "mid.server.bench", .topic = "queue.stats", .name = "bench",
		    .source = "bench", .priority = 2, .body = b->body, .body_len = b->size };
		snprintf(b->a[i].id, sizeof(b->a[i].id), "%08x%024zx", salt, i);
	}
}

int
main(int argc, char **argv)
{
	struct instance_config cfg = { .batch = true };
	struct err err = { 0 };
	struct loop *loop;
	struct bench b = { 0 };
	double cpu, wall;

	if (argc != 8) {
		fprintf(stderr, "usage: answers URL CA CERT KEY N SIZE GROUP\n");
		return 2;
	}
	cfg.url = argv[1];
	cfg.ca_file = argv[2];
	cfg.cert_file = argv[3];
	cfg.key_file = argv[4];
	b.n = strtoul(argv[5], NULL, 10);
	b.size = strtoul(argv[6], NULL, 10);
	b.group = strtoul(argv[7], NULL, 10);
	if (loop_open(&loop, &err) < 0 || instance_open(&b.in, loop, &cfg, &err) < 0) {
		fprintf(stderr, "answers: %s\n", err.text);
		return 2;
	}
	prepare(&b);
	cpu = cpu_s();
	wall = now_s();
	send_group(&b);
	while (b.done < b.n)
		loop_turn(loop, true);
	wall = now_s() - wall;
	cpu = cpu_s() - cpu;
	printf("%zu %zu %zu %.0f %.1f %zu\n", b.n, b.size, b.group, (double)b.n / wall, cpu * 1e6 / (double)b.n, b.bad);
	instance_close(b.in);
	loop_close(loop);
	free(b.a);
	free(b.body);
	return b.bad != 0;
}
