/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp - see tcp.h.
 *
 * A connection costs four system calls where it is refused at once: socket,
 * connect, one look whether the answer is there already, close. Only what must
 * wait is given to ready.h.
 * Those that only connect are closed with a reset, which leaves nothing behind on
 * either side; those that have talked are closed as usual.
 */
#include "tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ready.h"
#include "sweep.h"
#include "chat.h"

#define TALKERS_MAX 64u		/* at once: each may hold 16 kB, and a TLS session */
#define EVENTS 256
#define NOBODY UINT32_MAX

enum stage { FREE, CONNECTS, PARKED /* open, until another has talked */, TALKS };

struct slot {
	int fd;
	uint32_t host, next, prev;
	uint16_t ask;
	uint8_t stage;
	bool open;			/* as midd-raw says: no other answer is believed */
	int64_t since_ms, due_ms;
	struct chat *talk;
};

/* Slots of one stage in the order they came to it. */
struct line { uint32_t first, last; };

struct tcp {
	struct sweep *s;
	struct ready *ready;
	unsigned window, busy, talkers;
	bool starved;			/* the system gives no more descriptors */
	struct slot *slots;
	struct line free, connects, parked, talks;
};

static struct line *
line_of(struct tcp *t, enum stage stage)
{
	return stage == FREE ? &t->free : stage == CONNECTS ? &t->connects : stage == PARKED ? &t->parked : &t->talks;
}

static void
leave(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];
	struct line *l = line_of(t, s->stage);

	if (s->prev != NOBODY)
		t->slots[s->prev].next = s->next;
	else
		l->first = s->next;
	if (s->next != NOBODY)
		t->slots[s->next].prev = s->prev;
	else
		l->last = s->prev;
}

static void
join(struct tcp *t, uint32_t i, enum stage stage)
{
	struct slot *s = &t->slots[i];
	struct line *l = line_of(t, stage);

	s->stage = (uint8_t)stage;
	s->next = NOBODY;
	s->prev = l->last;
	if (l->last != NOBODY)
		t->slots[l->last].next = i;
	else
		l->first = i;
	l->last = i;
}

static void
move(struct tcp *t, uint32_t i, enum stage to)
{
	leave(t, i);
	join(t, i, to);
}

struct tcp *
tcp_new(struct sweep *s, unsigned window)
{
	struct tcp *t = calloc(1, sizeof(*t));
	uint32_t i;

	if (t == NULL)
		return NULL;
	t->s = s;
	t->window = window;
	t->slots = calloc(window, sizeof(*t->slots));
	t->ready = ready_new(window);
	t->free = t->connects = t->parked = t->talks = (struct line){ NOBODY, NOBODY };
	if (t->slots == NULL || t->ready == NULL) {
		tcp_free(t);
		return NULL;
	}
	for (i = 0; i < window; i++) {
		t->slots[i].fd = -1;
		join(t, i, FREE);
	}
	return t;
}

void
tcp_free(struct tcp *t)
{
	unsigned i;

	if (t == NULL)
		return;
	for (i = 0; t->slots != NULL && i < t->window; i++) {
		chat_free(t->slots[i].talk);
		if (t->slots[i].fd >= 0)
			close(t->slots[i].fd);
	}
	ready_free(t->ready);
	free(t->slots);
	free(t);
}

bool
tcp_has_room(const struct tcp *t)
{
	return t->free.first != NOBODY && !t->starved;
}

unsigned
tcp_busy(const struct tcp *t)
{
	return t->busy;
}

/* --- the end of a question ------------------------------------------------------------------- */

static void
close_fd(struct slot *s, bool reset)
{
	struct linger at_once = { 1, 0 };

	if (reset)
		(void)setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(s->fd);
	s->fd = -1;
}

static void
release(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];

	if (s->stage == TALKS)
		t->talkers--;
	chat_free(s->talk);
	s->talk = NULL;
	if (s->fd >= 0) {
		ready_forget(t->ready, i);
		close_fd(s, s->stage == CONNECTS);
	}
	move(t, i, FREE);
	t->busy--;
	t->starved = false;
}

static void
answered(struct tcp *t, uint32_t i, enum answer a)
{
	struct slot *s = &t->slots[i];
	uint32_t host = s->host;
	unsigned ask = s->ask;
	int after = (int)(t->s->now_ms - s->since_ms);

	if (s->open && a != OPEN) {
		found_say(&t->s->found, host, ask, "error_msg", "open, but takes no connection");
		a = OPEN;
	}
	release(t, i);
	sweep_answer(t->s, host, ask, a, after);
}

static enum answer
meaning(int error)
{
	return error == ECONNREFUSED || error == ECONNRESET ? REFUSED : error == ETIMEDOUT ? SILENT : BROKEN;
}

static void
failed(struct tcp *t, uint32_t i, int error)
{
	struct slot *s = &t->slots[i];

	if (meaning(error) == BROKEN && !s->open && found_value(&t->s->found, s->host, s->ask, "error_msg") == NULL)
		found_say(&t->s->found, s->host, s->ask, "error_msg", "%s", strerror(error));
	answered(t, i, meaning(error));
}

/* --- talking ----------------------------------------------------------------------------------- */

static void
watch(struct tcp *t, uint32_t i, bool first, bool to_write)
{
	int error = ready_ask(t->ready, i, t->slots[i].fd, first, to_write);

	if (error != 0)
		failed(t, i, error);
}

/* Open, and said what it says. */
static void
end_talk(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];
	uint32_t parked = t->parked.first;

	chat_tell(s->talk, &t->s->found, s->host, s->ask);
	release(t, i);
	if (parked != NOBODY) {
		t->slots[parked].due_ms = t->s->now_ms + t->s->limits.talk_ms;
		watch(t, parked, false, true);
	}
}

static void
go_on(struct tcp *t, uint32_t i)
{
	enum chat_want want = chat_go(t->slots[i].talk);

	if (want == CHAT_OVER)
		end_talk(t, i);
	else
		watch(t, i, false, want != CHAT_READS);
}

static void
begin_talk(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];
	char name[WHERE_TEXT];
	struct where w;

	if (t->talkers >= TALKERS_MAX) {
		move(t, i, PARKED);
		return;
	}
	plan_at(&t->s->plan, s->host, &w);
	where_text(&w, name);
	s->talk = chat_new(t->s->asks.v[s->ask].service->talk, s->fd, t->s->plan.n == 1 && t->s->name != NULL ? t->s->name : name, t->s->tls);
	if (s->talk == NULL) {
		release(t, i);
		return;
	}
	t->talkers++;
	s->due_ms = t->s->now_ms + t->s->limits.talk_ms;
	move(t, i, TALKS);
	go_on(t, i);
}

static void
connected(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];

	if (!t->s->limits.talk || t->s->asks.v[s->ask].service->talk == TALK_NONE) {
		answered(t, i, OPEN);
		return;
	}
	sweep_answer(t->s, s->host, s->ask, OPEN, (int)(t->s->now_ms - s->since_ms));
	begin_talk(t, i);
}

/* --- connecting -------------------------------------------------------------------------------- */

/* 0: connected, or not yet known; else the error. */
static int
look(const struct slot *s)
{
	socklen_t n = sizeof(int);
	int error = 0;

	return getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0 ? errno : error;
}

static void
start(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];
	struct sockaddr_storage to;
	struct where w;
	socklen_t n;
	int r;

	plan_at(&t->s->plan, s->host, &w);
	n = where_to(&w, t->s->asks.v[s->ask].port, &to);
	r = connect(s->fd, (const struct sockaddr *)&to, n);
	if (r == 0) {
		watch(t, i, true, true);
		return;
	}
	r = errno == EINPROGRESS ? look(s) : errno;
	if (r != 0)
		failed(t, i, r);
	else
		watch(t, i, true, true);
}

bool
tcp_ask(struct tcp *t, uint32_t host, unsigned ask, bool open)
{
	uint32_t i = t->free.first;
	struct slot *s = &t->slots[i];
	struct where w;

	plan_at(&t->s->plan, host, &w);
	s->host = host;
	s->ask = (uint16_t)ask;
	s->open = open;
	s->since_ms = t->s->now_ms;
	s->due_ms = t->s->now_ms + sweep_patience(t->s);
	s->fd = socket(where_is_four(&w) ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	move(t, i, CONNECTS);
	t->busy++;
	if (s->fd < 0 && (errno == EMFILE || errno == ENFILE) && t->busy > 1) {
		release(t, i);
		t->starved = true;	/* until one is given back */
		return false;
	}
	if (s->fd >= 0)
		ready_prepare(s->fd);
	if (s->fd >= 0)
		start(t, i);
	else
		failed(t, i, errno);
	return true;
}

static void
on_event(struct tcp *t, uint32_t i)
{
	struct slot *s = &t->slots[i];
	int error;

	if (s->stage == TALKS) {
		go_on(t, i);
	} else if (s->stage == PARKED) {
		begin_talk(t, i);
	} else if (s->stage == CONNECTS) {
		error = look(s);
		if (error != 0)
			failed(t, i, error);
		else
			connected(t, i);
	}
}

static void
expire(struct tcp *t)
{
	uint32_t i;

	while ((i = t->connects.first) != NOBODY && t->slots[i].due_ms <= t->s->now_ms)
		answered(t, i, SILENT);
	while ((i = t->talks.first) != NOBODY && t->slots[i].due_ms <= t->s->now_ms)
		end_talk(t, i);
}

void
tcp_turn(struct tcp *t)
{
	uint32_t ready[EVENTS];
	int n, i;

	do {
		n = t->busy == 0 ? 0 : ready_take(t->ready, ready, EVENTS);
		for (i = 0; i < n; i++)
			on_event(t, ready[i]);
	} while (n == EVENTS);
	expire(t);
}

int
tcp_wait(struct tcp *t, struct mid_wait *wait)
{
	const uint32_t heads[2] = { t->connects.first, t->talks.first };
	int64_t due = INT64_MAX;
	size_t i;
	int look = t->busy > 0 ? ready_wait(t->ready, wait) : -1;

	if (look >= 0)
		due = t->s->now_ms + look;
	for (i = 0; i < 2; i++)
		if (heads[i] != NOBODY && t->slots[heads[i]].due_ms < due)
			due = t->slots[heads[i]].due_ms;
	if (due == INT64_MAX)
		return -1;
	return due <= t->s->now_ms ? 0 : (int)(due - t->s->now_ms);
}
