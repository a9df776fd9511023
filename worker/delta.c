/* SPDX-License-Identifier: Apache-2.0 */
/* delta - see delta.h. */
#include "delta.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define HEX 16u

/* Values that differ each time one looks, and alone make no news. */
static const char *const restless[] = {
	"free_space", "free_space_bytes", "last_discovered", "start_date", "uptime", "u_uptime", "pid", "ppid", "u_load", "use_count",
	"u_free_memory", "current_level", "status_time", "count", "cpu_speed",
	"voltage", "current", "frequency", "power", "percent_load", "minutes_remaining", "charge_remaining",
};

static uint64_t
mix(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)	/* FNV-1a */
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (h ^ 0xff) * 1099511628211u;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void
delta_init(struct delta *d, const char *known)
{
	size_t n = strlen(known) / HEX, i;
	char digits[HEX + 1];

	memset(d, 0, sizeof(*d));
	buf_init(&d->hashes, DELTA_HASHES_MAX * HEX + 1);
	d->known = xcalloc(n + 1, sizeof(*d->known));
	for (i = 0; i < n; i++) {
		memcpy(digits, known + i * HEX, HEX);
		digits[HEX] = '\0';
		d->known[d->nknown++] = strtoull(digits, NULL, 16);
	}
	qsort(d->known, d->nknown, sizeof(*d->known), by_number);
}

void
delta_fini(struct delta *d)
{
	free(d->known);
	buf_fini(&d->hashes);
}

const char *
delta_hashes(const struct delta *d)
{
	return d->too_many ? "" : buf_str(&d->hashes);
}

static bool
is_restless(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof(restless) / sizeof(restless[0]); i++)
		if (strcmp(restless[i], key) == 0)
			return true;
	return false;
}

static struct json_object *
member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	return json_object_object_get_ex(o, key, &v) ? v : NULL;
}

static const char *
text_of(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);

	return v == NULL ? "" : json_object_get_string(v);
}

/* What an item says, and what hangs on it; not where it stands in its payload. */
static uint64_t
hash_item(struct json_object *item)
{
	struct json_object *values = member(item, "values"), *more;
	static const char *const lists[] = { "lookup", "related" };
	uint64_t h = mix(14695981039346656037u, text_of(item, "className"));
	size_t i;

	if (json_object_is_type(values, json_type_object)) {
		json_object_object_foreach(values, key, value)
			if (!is_restless(key))
				h = mix(mix(h, key), json_object_get_string(value));
	}
	for (i = 0; i < 2; i++) {
		more = member(item, lists[i]);
		if (more != NULL)
			h = mix(h, json_object_to_json_string_ext(more, JSON_C_TO_STRING_PLAIN));
	}
	return h;
}

/* Who an item is, for those that hang on it: that its memory has grown is no news of theirs. */
static uint64_t
hash_name(struct json_object *item)
{
	static const char *const names[] = { "name", "serial_number" };
	struct json_object *values = member(item, "values"), *lookup = member(item, "lookup");
	uint64_t h = mix(14695981039346656037u, text_of(item, "className"));
	size_t i;

	for (i = 0; json_object_is_type(values, json_type_object) && i < 2; i++)
		h = mix(h, text_of(values, names[i]));
	return lookup == NULL ? h : mix(h, json_object_to_json_string_ext(lookup, JSON_C_TO_STRING_PLAIN));
}

static bool
is_new(struct delta *d, uint64_t h)
{
	char digits[HEX + 1];

	snprintf(digits, sizeof(digits), "%016" PRIx64, h);
	if (buf_put(&d->hashes, digits, HEX) < 0)
		d->too_many = true;
	d->items++;
	return bsearch(&h, d->known, d->nknown, sizeof(h), by_number) == NULL;
}

/* Lists of ties: which member hangs on which, and how it is called. */
static const struct { const char *list, *upper, *lower, *kind; } ties[] = {
	{ "relations", "parent_id", "child_id", "type" },
	{ "referenceItems", "referenced", "referencedBy", "referenceField" },
};
#define TIES (sizeof(ties) / sizeof(ties[0]))

/* Of the items of a payload, by internal_id: the hash of who they are, that of what they say with what they hang on, and
 * whether they go along: true for news, false for the sake of others. */
struct table { struct json_object *names, *whole, *kept; };

static uint64_t
hash_in(struct json_object *hashes, const char *id)
{
	struct json_object *h = member(hashes, id);

	return h == NULL ? 0 : (uint64_t)json_object_get_int64(h);
}

static void
set_hash(struct json_object *hashes, const char *id, uint64_t h)
{
	json_object_object_add(hashes, id, json_object_new_int64((int64_t)h));
}

static void
keep(struct table *t, const char *id, bool news)
{
	if (member(t->kept, id) == NULL)
		json_object_object_add(t->kept, id, json_object_new_boolean(news));
}

/* FN for each tie of O. */
static void
each_tie(struct table *t, struct json_object *o, void (*fn)(struct table *, const char *upper, const char *lower, const char *kind))
{
	struct json_object *list, *tie;
	size_t i, k;

	for (k = 0; k < TIES; k++) {
		list = member(o, ties[k].list);
		for (i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
			tie = json_object_array_get_idx(list, i);
			fn(t, text_of(tie, ties[k].upper), text_of(tie, ties[k].lower), text_of(tie, ties[k].kind));
		}
	}
}

/* In any order: a sum. */
static void
hang(struct table *t, const char *upper, const char *lower, const char *kind)
{
	char h[20];

	snprintf(h, sizeof(h), "%016" PRIx64, hash_in(t->names, upper));
	set_hash(t->whole, lower, hash_in(t->whole, lower) + mix(mix(14695981039346656037u, h), kind));
}

static void
keep_upper(struct table *t, const char *upper, const char *lower, const char *kind)
{
	(void)kind;
	if (member(t->kept, lower) != NULL && json_object_get_boolean(member(t->kept, lower)))
		keep(t, upper, false);	/* it comes for the tie's sake, and needs none of its own */
}

/* Those of LIST whose ends A and B both go along. */
static struct json_object *
among(struct json_object *list, const char *a, const char *b, const struct table *t)
{
	struct json_object *out = json_object_new_array(), *o;
	size_t i;

	for (i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		if (member(t->kept, text_of(o, a)) != NULL && member(t->kept, text_of(o, b)) != NULL)
			json_object_array_add(out, json_object_get(o));
	}
	return out;
}

static void
keep_news(struct delta *d, struct table *t, struct json_object *o, struct json_object *items)
{
	const char *id;
	size_t i, n = json_object_array_length(items);

	for (i = 0; i < n; i++) {
		id = text_of(json_object_array_get_idx(items, i), "internal_id");
		set_hash(t->names, id, hash_name(json_object_array_get_idx(items, i)));
		set_hash(t->whole, id, hash_item(json_object_array_get_idx(items, i)));
	}
	each_tie(t, o, hang);
	for (i = 0; i < n; i++) {
		id = text_of(json_object_array_get_idx(items, i), "internal_id");
		if (is_new(d, hash_in(t->whole, id))) {
			d->kept++;
			keep(t, id, true);
		}
	}
	each_tie(t, o, keep_upper);
}

/* The items that go along; the first is the host, which the others hang on. */
static struct json_object *
items_kept(const struct table *t, struct json_object *items)
{
	struct json_object *out = json_object_new_array(), *item, *news;
	size_t i;

	for (i = 0; i < json_object_array_length(items); i++) {
		item = json_object_array_get_idx(items, i);
		news = member(t->kept, text_of(item, "internal_id"));
		if (i > 0 && news == NULL)
			continue;
		if (news == NULL || !json_object_get_boolean(news))
			json_object_object_del(item, "related");	/* it only says on whom the others hang */
		json_object_array_add(out, json_object_get(item));
	}
	return out;
}

/* What of O is left. */
static char *
left_of(struct table *t, struct json_object *o, struct json_object *items)
{
	keep(t, text_of(json_object_array_get_idx(items, 0), "internal_id"), false);
	json_object_object_add(o, "relations", among(member(o, "relations"), "parent_id", "child_id", t));
	json_object_object_add(o, "referenceItems", among(member(o, "referenceItems"), "referenced", "referencedBy", t));
	json_object_object_add(o, "items", items_kept(t, items));
	return xstrdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
}

char *
delta_reduce(struct delta *d, const char *payload)
{
	struct json_object *o = json_tokener_parse(payload), *items = member(o, "items");
	struct table t = { json_object_new_object(), json_object_new_object(), json_object_new_object() };
	char *text = NULL;

	if (member(o, "whole") != NULL && json_object_get_boolean(member(o, "whole"))) {
		json_object_object_del(o, "whole");
		text = xstrdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	} else if (!json_object_is_type(items, json_type_array) || json_object_array_length(items) == 0) {
		text = xstrdup(payload);
	} else {
		keep_news(d, &t, o, items);
		if (json_object_object_length(t.kept) > 0)
			text = left_of(&t, o, items);
	}
	json_object_put(t.names);
	json_object_put(t.whole);
	json_object_put(t.kept);
	json_object_put(o);
	return text;
}
