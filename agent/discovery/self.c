/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self - which machine has which serial number, UUID and name. The first that says one
 * has it, from one discovery to the next; another one that says the same number is a clone, one that
 * says the same name a namesake, as long as that first one is there. Kept as targets of kind "self": the
 * key is "serial=X", the value the address of the machine, its numbers, name and MAC addresses.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "discovery/inside.h"
#include "flow/job.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "xalloc.h"

#define KIND "self"
#define BELIEVED_MS (7 * 24 * 3600 * 1000LL)	/* one that was not looked for is still there */
#define WORD_MAX 128

struct claim {
	struct claim *next;
	char *key, *words;	/* WORDS: "ADDRESS serial=... uuid=... name=... mac=... " */
	int64_t ms;
};

/* A question on its way: each of its keys is read from the store first. */
struct question {
	struct discovery *d;
	char quest[33], *source, *about;
	const char *rest;	/* of ABOUT */
	char key[WORD_MAX];
	discovery_self_fn *fn;
	void *arg;
};

/* --- words -------------------------------------------------------------------------------- */

/* The next word of TEXT that begins with WHAT, or NULL at its end. */
static bool
next_word(const char **text, const char *what, char out[WORD_MAX])
{
	size_t n, k = strlen(what);

	while ((*text += strspn(*text, " "))[0] != '\0') {
		n = strcspn(*text, " ");
		if (n < WORD_MAX && strncmp(*text, what, k) == 0) {
			memcpy(out, *text, n);
			out[n] = '\0';
			*text += n;
			return true;
		}
		*text += n;
	}
	return false;
}

/* Up to the first dot. */
static bool
same_name(const char *a, const char *b)
{
	char x[WORD_MAX] = "", y[WORD_MAX] = "";

	if (!next_word(&a, "name=", x) || !next_word(&b, "name=", y))
		return true;	/* nothing speaks against it */
	return strcspn(x, ".") == strcspn(y, ".") && strncmp(x, y, strcspn(x, ".")) == 0;
}

enum share { DIFFERS, UNSAID, SHARED };

/* Whether A and B have a word in common that begins with WHAT; UNSAID: one of them has none. */
static enum share
share(const char *a, const char *b, const char *what)
{
	char one[WORD_MAX], other[WORD_MAX];
	enum share said = UNSAID;
	const char *at;

	while (next_word(&a, what, one))
		for (at = b; next_word(&at, what, other); said = DIFFERS)
			if (strcmp(one, other) == 0)
				return SHARED;
	return said;
}

static bool
share_mac(const char *a, const char *b)
{
	return share(a, b, "mac=") != DIFFERS;	/* where one of them tells of none, nothing speaks against it */
}

/* Two of one name that are two machines, by their MAC addresses or, where nothing is known of those, by their numbers. */
static bool
are_two(const char *a, const char *b)
{
	enum share mac = share(a, b, "mac="), serial = share(a, b, "serial="), uuid = share(a, b, "uuid=");

	if (mac == SHARED || serial == SHARED || uuid == SHARED)
		return false;
	return mac == DIFFERS || serial == DIFFERS || uuid == DIFFERS;
}

static bool
is_number(const char *word)
{
	return strncmp(word, "serial=", 7) == 0 || strncmp(word, "uuid=", 5) == 0;
}

static bool
is_name(const char *word)
{
	return strncmp(word, "name=", 5) == 0;
}

/* --- claims ------------------------------------------------------------------------------ */

static unsigned
bucket_of(const char *key)
{
	unsigned h = 5381;

	while (*key != '\0')
		h = h * 33 + (unsigned char)*key++;
	return h % AIM_BUCKETS;
}

static struct claim *
claim_find(const struct quest *q, const char *key)
{
	struct claim *c = q->claims[bucket_of(key)];

	while (c != NULL && strcmp(c->key, key) != 0)
		c = c->next;
	return c;
}

static void
claim_put(struct quest *q, const char *key, const char *words, int64_t ms)
{
	struct claim *c = claim_find(q, key);

	if (c == NULL) {
		c = xcalloc(1, sizeof(*c));
		c->key = xstrdup(key);
		c->next = q->claims[bucket_of(key)];
		q->claims[bucket_of(key)] = c;
	}
	free(c->words);
	c->words = xstrdup(words);
	c->ms = ms;
}

void
claims_free(struct quest *q)
{
	struct claim *c;
	size_t i;

	for (i = 0; i < AIM_BUCKETS; i++)
		while ((c = q->claims[i]) != NULL) {
			q->claims[i] = c->next;
			free(c->key);
			free(c->words);
			free(c);
		}
}

static void
owner_of(const struct claim *c, char out[WORD_MAX])
{
	const char *at = c->words;

	out[0] = '\0';
	(void)next_word(&at, "", out);
}

/* Whether this discovery has found somebody there. */
static bool
is_there(const struct quest *q, const char *address)
{
	const struct aim *a = aim_find(q, address);

	return a != NULL && a->row.state >= AIM_FOUND && a->row.state <= AIM_FAILED;
}

/* --- the judgement ------------------------------------------------------------------------- */

enum whose { SELF_OWN, SELF_SAME, SELF_MOVED, SELF_CLONE };

static enum whose
judge(const struct quest *q, const struct claim *c, const char *source, const char *about)
{
	bool mac = share_mac(c->words, about), same, there;
	char owner[WORD_MAX];

	owner_of(c, owner);
	there = is_there(q, owner);
	if (strcmp(owner, source) == 0)
		return SELF_OWN;
	same = is_name(c->key) ? !are_two(c->words, about) : mac && same_name(c->words, about);
	if (same)
		return there ? SELF_SAME : SELF_MOVED;
	/* Moved and renamed, it keeps its MAC addresses; with others it is another one, unless the first is long gone. */
	return there || (!mac && os_time_ms() - c->ms < BELIEVED_MS) ? SELF_CLONE : SELF_MOVED;
}

/* What it says and nobody else has is its own: so say it. */
static void
claim_all(struct quest *q, const struct question *k)
{
	const char *at = k->about;
	char *words = xasprintf("%s %s", k->source, k->about), key[WORD_MAX];
	const struct claim *c;
	enum whose whose;

	while (next_word(&at, "", key)) {
		if (!is_number(key) && !is_name(key))
			continue;
		c = claim_find(q, key);
		whose = c == NULL ? SELF_OWN : judge(q, c, k->source, k->about);
		if (whose == SELF_SAME || whose == SELF_CLONE)
			continue;
		claim_put(q, key, words, os_time_ms());
		store_target_set(q->d->ag->store, KIND, key, words, os_time_ms(), NULL, NULL);
	}
	free(words);
}

/* Of the numbers it says, or else of its name, the one that another machine has. */
static const struct claim *
taken(const struct quest *q, const struct question *k, bool (*is)(const char *word), char owner[WORD_MAX])
{
	const char *at = k->about;
	const struct claim *c;
	char key[WORD_MAX];

	while (next_word(&at, "", key)) {
		c = is(key) ? claim_find(q, key) : NULL;
		if (c != NULL && judge(q, c, k->source, k->about) == SELF_CLONE) {
			owner_of(c, owner);
			return c;
		}
	}
	return NULL;
}

static const char *
verdict(struct quest *q, const struct question *k)
{
	char owner[WORD_MAX];
	const struct claim *c = taken(q, k, is_number, owner);

	if (c != NULL) {
		log_warn("discovery", "job %s: %s says of itself %s, and so does %s, another machine by its name or MAC addresses: a clone, whose CI "
		    "goes without", q->j->id, k->source, c->key, owner);
		return same_name(c->words, k->about) ? "clone same name" : "clone";
	}
	c = taken(q, k, is_name, owner);
	if (c != NULL)
		log_info("discovery", "job %s: %s says of itself %s, and so does %s, another machine by its MAC addresses or numbers: its CI is called by "
		    "more than that", q->j->id, k->source, c->key, owner);
	claim_all(q, k);
	return c != NULL ? "namesake" : "ok";
}

/* --- the question ---------------------------------------------------------------------------- */

static struct quest *
quest_by_id(const struct discovery *d, const char *id)
{
	struct quest *q = d->first;

	while (q != NULL && strcmp(q->j->id, id) != 0)
		q = q->next;
	return q;
}

static void
question_end(struct question *k, const char *answer)
{
	k->fn(k->arg, answer);
	free(k->source);
	free(k->about);
	free(k);
}

static void read_claims(struct question *k);

static void
on_claim(void *arg, int r, struct json_object *rows)
{
	struct question *k = arg;
	struct quest *q = k->d->ag->closing ? NULL : quest_by_id(k->d, k->quest);
	struct json_object *o = r < 0 ? NULL : json_object_array_get_idx(rows, 0);

	if (q == NULL) {
		question_end(k, "ok");
		return;
	}
	if (o != NULL && strcmp(json_str(o, "key", ""), k->key) == 0 && claim_find(q, k->key) == NULL)
		claim_put(q, k->key, json_str(o, "value", ""), json_int(o, "ms", 0));
	read_claims(k);
}

static void
read_claims(struct question *k)
{
	struct quest *q = quest_by_id(k->d, k->quest);

	while (next_word(&k->rest, "", k->key))
		if ((is_number(k->key) || is_name(k->key)) && claim_find(q, k->key) == NULL) {
			store_targets(k->d->ag->store, KIND, k->key, 0, 1, on_claim, k);
			return;
		}
	question_end(k, verdict(q, k));
}

/* A machine has one serial number, one UUID and one name: a worker that was taken over claims no others' as well. */
static bool
is_of_one(const char *about)
{
	char word[WORD_MAX];
	unsigned serials = 0, uuids = 0, names = 0;

	while (next_word(&about, "", word)) {
		serials += strncmp(word, "serial=", 7) == 0;
		uuids += strncmp(word, "uuid=", 5) == 0;
		names += is_name(word);
	}
	return serials <= 1 && uuids <= 1 && names <= 1;
}

void
discovery_self(struct discovery *d, const char *job, const char *source, const char *about, discovery_self_fn *fn, void *arg)
{
	const struct aim *a = NULL;
	struct quest *q = d->first;
	struct question *k;

	while (q != NULL && ((a = aim_find(q, source)) == NULL || strcmp(a->row.child, job) != 0))
		q = q->next;
	if (q == NULL || !is_of_one(about)) {
		fn(arg, "ok");
		return;
	}
	k = xcalloc(1, sizeof(*k));
	k->d = d;
	memcpy(k->quest, q->j->id, sizeof(k->quest));
	k->source = xstrdup(source);
	k->rest = k->about = xstrdup(about);
	k->fn = fn;
	k->arg = arg;
	read_claims(k);
}
