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
	"u_free_memory", "current_level", "status_time",
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

/* Those of LIST whose ends A and B are both among KEPT (names as keys). */
static struct json_object *
among(struct json_object *list, const char *a, const char *b, struct json_object *kept)
{
	struct json_object *out = json_object_new_array(), *o;
	size_t i;

	for (i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		if (member(kept, text_of(o, a)) != NULL && member(kept, text_of(o, b)) != NULL)
			json_object_array_add(out, json_object_get(o));
	}
	return out;
}

/* The items that are new, the first along with any; NULL: none is. */
static struct json_object *
new_items(struct delta *d, struct json_object *items, struct json_object *kept)
{
	struct json_object *out = json_object_new_array(), *item;
	size_t i, n = json_object_array_length(items), news = 0;
	bool fresh;

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(items, i);
		fresh = is_new(d, hash_item(item));
		news += fresh;
		if (i > 0 && !fresh)
			continue;
		json_object_array_add(out, json_object_get(item));
		json_object_object_add(kept, text_of(item, "internal_id"), json_object_new_boolean(1));
	}
	d->kept += news;
	if (news > 0)
		return out;
	json_object_put(out);
	return NULL;
}

char *
delta_reduce(struct delta *d, const char *payload)
{
	struct json_object *o = json_tokener_parse(payload), *items = member(o, "items"), *kept = json_object_new_object(), *left;
	char *text = NULL;

	if (!json_object_is_type(items, json_type_array) || json_object_array_length(items) == 0) {
		text = xstrdup(payload);
	} else if ((left = new_items(d, items, kept)) != NULL) {
		json_object_object_add(o, "relations", among(member(o, "relations"), "parent_id", "child_id", kept));
		json_object_object_add(o, "referenceItems", among(member(o, "referenceItems"), "referenced", "referencedBy", kept));
		json_object_object_add(o, "items", left);
		text = xstrdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	}
	json_object_put(kept);
	json_object_put(o);
	return text;
}
