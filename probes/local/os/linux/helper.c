/* SPDX-License-Identifier: Apache-2.0 */
/* helper - see helper.h. The form is that of source_bundle.h, its mark in the first line. */
#include "../../helper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/source_bundle.h"

#define BYTES_MAX (32u << 20)
#define TIME_MS 10000
#define MARK_MAX 64u

struct helper {
	const struct mid_host *h;
	struct mid_run *run;
	int fd;
	int64_t due_ms;
	char *data;
	size_t len, cap;
};

struct helper *
helper_new(const struct mid_host *host, struct mid_run *run)
{
	struct helper *h = calloc(1, sizeof(*h));

	if (h != NULL)
		*h = (struct helper){ .h = host, .run = run, .fd = -1 };
	return h;
}

void
helper_free(struct helper *h)
{
	if (h == NULL)
		return;
	if (h->fd >= 0)
		close(h->fd);
	free(h->data);
	free(h);
}

static bool
grow(struct helper *h)
{
	size_t cap = h->cap == 0 ? 256u * 1024 : h->cap * 2;
	char *bigger = cap > BYTES_MAX ? NULL : realloc(h->data, cap);

	if (bigger == NULL)
		return false;
	h->data = bigger;
	h->cap = cap;
	return true;
}

/* 1: it is at its end; 0: more will come; <0: no use. */
static int
read_all(struct helper *h)
{
	ssize_t n;

	for (;;) {
		if (h->cap - h->len < 4096 && !grow(h))
			return -1;
		n = read(h->fd, h->data + h->len, h->cap - h->len);
		if (n == 0)
			return 1;
		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		h->len += (size_t)n;
	}
}

static struct facts_source *
understand(struct helper *h)
{
	char *nl = memchr(h->data, '\n', h->len < MARK_MAX ? h->len : MARK_MAX), mark[MARK_MAX];
	struct facts_source *src = NULL;
	bool whole = false;

	if (nl == NULL || nl - h->data < 16)
		return NULL;
	memcpy(mark, h->data, (size_t)(nl - h->data));
	mark[nl - h->data] = '\0';
	if (facts_source_bundle(&src, nl + 1, h->len - (size_t)(nl + 1 - h->data), mark, &whole) < 0)
		return NULL;
	if (!whole) {
		facts_source_close(src);
		return NULL;
	}
	return src;
}

/* True: there is an answer, and perhaps a connection. */
static bool
ask(struct helper *h)
{
	const char *answer;
	int r = h->h->ask(h->run, "facts", "-", &answer);

	if (r == MID_AGAIN)
		return false;
	if (r == 0 && strncmp(answer, "ok ", 3) == 0)
		h->fd = atoi(answer + 3);
	else
		h->h->log(h->run, MID_DEBUG, "no midd-facts: %s", r < 0 ? "midd knows none" : answer);
	h->due_ms = h->h->now_ms(h->run) + TIME_MS;
	return true;
}

bool
helper_step(struct helper *h, struct mid_wait *wait, struct facts_source **out)
{
	int64_t left;
	int r;

	*out = NULL;
	wait->nfds = 0;
	wait->timeout_ms = -1;
	if (h->due_ms == 0 && !ask(h))
		return false;
	if (h->fd < 0)
		return true;
	r = read_all(h);
	left = h->due_ms - h->h->now_ms(h->run);
	if (r == 0 && left > 0) {
		wait->fds[0] = (struct mid_fd){ .fd = h->fd, .events = MID_READ };
		wait->nfds = 1;
		wait->timeout_ms = left;
		return false;
	}
	close(h->fd);
	h->fd = -1;
	*out = r == 1 ? understand(h) : NULL;
	if (*out == NULL)
		h->h->partial(h->run, "midd-facts broke off or said nothing of use: see journalctl -u 'midd-facts@*'");
	return true;
}
