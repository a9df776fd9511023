/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - no account is ever locked by us. Each try of an account is counted
 * before it is made, on the disk, and taken back only when it was good or was
 * never made: so neither a thousand targets at once nor a crash in the middle
 * can try an account more than creds.lock_failures times in vain within
 * creds.lock_window. An account is a user name, whichever record, probe or
 * target it is for; with scope "target", a user name on one target.
 */
#include <ctype.h>
#include <inttypes.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"

#define BUCKETS 256u
#define KIND "attempt"

struct attempt {
	struct attempt *next;
	uint64_t n;			/* 0: of an earlier life */
	char *account;
	int64_t ms;			/* wall clock; the window must hold over a restart */
	bool open;			/* no verdict yet */
};

struct guard {
	struct creds *c;
	struct attempt *bucket[BUCKETS];
	uint64_t last;
	bool ready;
};

/* Two spellings of a user that a directory may take for one are one. */
static char *
account_of(const struct record *r, const char *address)
{
	const char *user = r->user[0] != '\0' ? r->user : r->id;
	char *out = r->per_target ? xasprintf("%s@%s", user, address) : xstrdup(user), *p;

	for (p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

static struct attempt **
bucket_of(struct guard *g, const char *account)
{
	uint32_t h = 2166136261u;

	for (; *account != '\0'; account++)
		h = (h ^ (unsigned char)*account) * 16777619u;
	return &g->bucket[h % BUCKETS];
}

static char *
row_key(const struct attempt *t)
{
	return xasprintf("%s|%" PRId64 "|%" PRIu64, t->account, t->ms, t->n);
}

static void
attempt_free(struct attempt *t)
{
	free(t->account);
	free(t);
}

static struct attempt *
attempt_add(struct guard *g, const char *account, int64_t ms, uint64_t n, bool open)
{
	struct attempt *t = xcalloc(1, sizeof(*t)), **at = bucket_of(g, account);

	t->account = xstrdup(account);
	t->ms = ms;
	t->n = n;
	t->open = open;
	t->next = *at;
	*at = t;
	return t;
}

/* A clock that was set back makes rows of the future: they count until the window has passed by any clock. */
static bool
expired(const struct guard *g, const struct attempt *t)
{
	int64_t age = os_time_ms() - t->ms, window = g->c->ag->config->creds.lock_window_ms;

	return !t->open && (age > window || age < -window);
}

static int
count(struct guard *g, const char *account, int *open, int64_t *oldest)
{
	struct attempt **at = bucket_of(g, account), *t;
	int n = 0;

	*open = 0;
	*oldest = 0;
	while ((t = *at) != NULL) {
		if (expired(g, t)) {
			*at = t->next;
			attempt_free(t);
			continue;
		}
		if (strcmp(t->account, account) == 0) {
			n++;
			*open += t->open;
			if (!t->open && (*oldest == 0 || t->ms < *oldest))
				*oldest = t->ms;
		}
		at = &t->next;
	}
	return n;
}

enum guard_says
guard_may(struct guard *g, const struct record *r, const char *address, int64_t *wait_ms)
{
	char *account;
	int64_t oldest;
	int n, open;

	*wait_ms = 0;
	if (!type_guarded(r->type))
		return GUARD_YES;
	account = account_of(r, address);
	n = count(g, account, &open, &oldest);
	free(account);
	if (n < g->c->ag->config->creds.lock_failures)
		return GUARD_YES;
	if (open > 0)
		return GUARD_WAIT;
	*wait_ms = oldest + g->c->ag->config->creds.lock_window_ms - os_time_ms();
	return GUARD_NO;
}

int
guard_failures(struct guard *g, const struct record *r, const char *address)
{
	char *account = account_of(r, address);
	int64_t oldest;
	int open, n = count(g, account, &open, &oldest);

	free(account);
	return n - open;
}

/* --- a try ------------------------------------------------------------------------------ */

struct noting { void (*fn)(void *, int); void *arg; };

static void
noted(void *arg, int r, const struct err *err)
{
	struct noting *no = arg;

	(void)err;
	no->fn(no->arg, r);
	free(no);
}

uint64_t
guard_begin(struct guard *g, const struct record *r, const char *address, void (*fn)(void *, int), void *arg)
{
	struct noting *no = xcalloc(1, sizeof(*no));
	struct attempt *t;
	char *account, *key;

	no->fn = fn;
	no->arg = arg;
	account = account_of(r, address);
	t = attempt_add(g, account, os_time_ms(), ++g->last, true);
	key = row_key(t);
	store_target_set(g->c->ag->store, KIND, key, address, t->ms, noted, no);
	free(key);
	free(account);
	return t->n;
}

void
guard_end(struct guard *g, uint64_t n, bool bad)
{
	struct attempt **at, *t;
	char *key;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (at = &g->bucket[i]; (t = *at) != NULL; at = &t->next) {
			if (t->n != n || !t->open)
				continue;
			t->open = false;
			if (!bad) {
				key = row_key(t);
				store_target_set(g->c->ag->store, KIND, key, NULL, 0, NULL, NULL);
				free(key);
				*at = t->next;
				attempt_free(t);
			}
			return;
		}
}

/* --- an earlier life ----------------------------------------------------------------------- */

static void
remember(struct guard *g, struct json_object *row)
{
	const char *key = json_str(row, "key", ""), *n = strrchr(key, '|');
	char *account;

	if (n == NULL)
		return;
	account = xstrndup(key, (size_t)(n - key));
	if (strrchr(account, '|') != NULL)
		*strrchr(account, '|') = '\0';
	(void)attempt_add(g, account, json_int(row, "ms", 0), 0, false);
	free(account);
}

static void
on_rows(void *arg, int r, struct json_object *rows)
{
	struct guard *g = arg;
	size_t i, n = r < 0 ? 0 : json_object_array_length(rows);

	if (r < 0)
		log_event(EV_NO_GUARD, LOG_LV_ERR, "creds", "what was tried before cannot be read: no guarded credential is given until the next start");
	for (i = 0; i < n; i++)
		remember(g, json_object_array_get_idx(rows, i));
	g->ready = r == 0;
	askers_kick(g->c);
}

bool
guard_ready(const struct guard *g)
{
	return g->ready;
}

/* The row of a key holds the time too: numbers begin anew with each life. An account that is left out would have all its tries again. */
void
guard_open(struct creds *c)
{
	struct guard *g = xcalloc(1, sizeof(*g));

	g->c = c;
	c->guard = g;
	store_targets(c->ag->store, KIND, "", os_time_ms() - c->ag->config->creds.lock_window_ms, STORE_ALL, on_rows, g);
}

void
guard_close(struct guard *g)
{
	struct attempt *t;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		while ((t = g->bucket[i]) != NULL) {
			g->bucket[i] = t->next;
			attempt_free(t);
		}
	free(g);
}
