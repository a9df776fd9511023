/* SPDX-License-Identifier: Apache-2.0 */
/* reverse - see reverse.h. */
#include "reverse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns.h"
#include "plan.h"
#include "str.h"
#include "sweep.h"

#define RESOLVERS_MAX 3
#define AT_ONCE 64u		/* questions under way */
#define TRIES 3u
#define TRY_MS 1000
#define MESSAGE_MAX 1500

/* A question, which stays in its place: the place is the low byte of its id. */
struct question { uint32_t host; uint16_t id; uint8_t tries; bool busy; int64_t due_ms; };

struct reverse {
	struct sweep *s;
	int fd[RESOLVERS_MAX];
	unsigned nfds;
	uint32_t next;
	unsigned busy;
	struct question out[AT_ONCE];
};

struct reverse *
reverse_new(struct sweep *s, const char *resolvers)
{
	struct str rest = str_of(resolvers), word;
	struct reverse *n = calloc(1, sizeof(*n));
	struct sockaddr_storage to;
	struct where w;
	socklen_t len;
	int fd;

	if (n == NULL)
		return NULL;
	n->s = s;
	while (n->nfds < RESOLVERS_MAX && str_word(&rest, &word)) {
		if (!where_read(&w, word))
			continue;
		len = where_to(&w, 53, &to);
		fd = socket(to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&to, len) == 0)
			n->fd[n->nfds++] = fd;
		else if (fd >= 0)
			close(fd);
	}
	if (n->nfds > 0)
		return n;
	free(n);
	return NULL;
}

void
reverse_free(struct reverse *n)
{
	unsigned i;

	for (i = 0; n != NULL && i < n->nfds; i++)
		close(n->fd[i]);
	free(n);
}

/* 9.2.0.192.in-addr.arpa */
static void
reverse(const struct where *w, char out[DNS_NAME_MAX])
{
	size_t at = 0;
	int i;

	if (where_is_four(w)) {
		snprintf(out, DNS_NAME_MAX, "%u.%u.%u.%u.in-addr.arpa", w->b[15], w->b[14], w->b[13], w->b[12]);
		return;
	}
	for (i = 15; i >= 0; i--)
		at += (size_t)snprintf(out + at, DNS_NAME_MAX - at, "%x.%x.", w->b[i] & 15, w->b[i] >> 4);
	snprintf(out + at, DNS_NAME_MAX - at, "ip6.arpa");
}

/* Each try asks another resolver; an unsent question is asked again when its time is up. */
static void
ask(struct reverse *n, struct question *q)
{
	uint8_t message[512];
	char name[DNS_NAME_MAX];
	struct where w;
	size_t len;

	plan_at(&n->s->plan, q->host, &w);
	reverse(&w, name);
	len = dns_write(message, sizeof(message), q->id, name, DNS_PTR, DNS_IN, true);
	(void)send(n->fd[q->tries % n->nfds], message, len, MSG_NOSIGNAL);
	q->tries++;
	q->due_ms = n->s->now_ms + TRY_MS;
}

static void
done(struct reverse *n, struct question *q)
{
	q->busy = false;
	n->busy--;
}

static void
take(struct reverse *n, const uint8_t *p, size_t len)
{
	unsigned at = len < 2 ? AT_ONCE : p[1] % AT_ONCE;
	struct question *q = at < AT_ONCE ? &n->out[at] : NULL;
	struct dns_answers a;
	struct dns_answer r;
	char name[DNS_NAME_MAX];

	if (q == NULL || !q->busy || !dns_read(&a, p, len, q->id))
		return;
	while (dns_next(&a, &r))
		if (r.type == DNS_PTR && dns_name(&a, r.data, name)) {
			found_say(&n->s->found, q->host, FACT_OF_HOST, "name", "%s", name);
			break;
		}
	done(n, q);
}

static void
receive(struct reverse *n)
{
	uint8_t message[MESSAGE_MAX];
	unsigned i, k;
	ssize_t len;

	for (i = 0; i < n->nfds; i++)
		for (k = 0; k < 4 * AT_ONCE; k++) {
			len = recv(n->fd[i], message, sizeof(message), 0);
			if (len < 0)
				break;
			take(n, message, (size_t)len);
		}
}

static void
begin_more(struct reverse *n)
{
	uint16_t noise;
	unsigned i;

	for (i = 0; i < AT_ONCE; i++) {
		if (n->out[i].busy)
			continue;
		while (n->next < n->s->plan.n && !found_alive(&n->s->found, n->next))
			n->next++;
		if (n->next >= n->s->plan.n)
			return;
		n->s->h->random(n->s->run, &noise, sizeof(noise));
		n->out[i] = (struct question){ .host = n->next++, .id = (uint16_t)((noise & 0xffc0u) | i), .busy = true };
		n->busy++;
		ask(n, &n->out[i]);
	}
}

bool
reverse_step(struct reverse *n, struct mid_wait *wait)
{
	int64_t due = INT64_MAX;
	struct question *q;
	unsigned i;

	n->s->now_ms = n->s->h->now_ms(n->s->run);
	receive(n);
	for (q = n->out; q < n->out + AT_ONCE; q++) {
		if (q->busy && q->due_ms <= n->s->now_ms && q->tries >= TRIES)
			done(n, q);
		else if (q->busy && q->due_ms <= n->s->now_ms)
			ask(n, q);
	}
	begin_more(n);
	for (q = n->out; q < n->out + AT_ONCE; q++)
		due = q->busy && q->due_ms < due ? q->due_ms : due;
	wait->nfds = 0;
	for (i = 0; i < n->nfds; i++)
		wait->fds[wait->nfds++] = (struct mid_fd){ .fd = n->fd[i], .events = MID_READ };
	wait->timeout_ms = due == INT64_MAX ? 0 : due - n->s->now_ms;
	return n->busy == 0;
}
