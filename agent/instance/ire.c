/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire - configuration items to the Identification and Reconciliation API.
 *
 * One at a time: calls that share a parent must not run beside each other, and
 * from here nobody can tell which do. Repeating one is harmless (NO_CHANGE).
 * An answer of 200 may hold errors of single items, or put some aside in a table
 * of its own, where no CI comes of them; it is still a yes, and told. One that is
 * no result at all is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define IRE_PATH "/api/now/identifyreconcile/enhanced"
#define IRE_OPTIONS "partial_payloads:true,partial_commits:true"

struct ire_wait {
	struct instance *in;
	struct ire_wait *next;
	const struct answer *a;
	reply_fn *fn;
	void *arg;
};

static void on_reply(void *arg, const struct verdict *v, const char *body, size_t len);

/* --- what the answer says of the items ------------------------------------------------- */

/* The message of the first of its errors or warnings; NULL: none. */
static const char *
first_words(struct json_object *item, const char *list)
{
	struct json_object *all = json_arr(item, list), *said;

	said = all != NULL ? json_object_array_get_idx(all, 0) : NULL;
	return json_str(said, "message", json_str(said, "error", NULL));
}

static bool
is_refused(struct json_object *item)
{
	struct json_object *errors = json_arr(item, "errors");

	return json_int(item, "errorCount", 0) > 0 || (errors != NULL && json_object_array_length(errors) > 0);
}

/* INSERT_AS_PARTIAL, INSERT_AS_INCOMPLETE: kept by the instance, but no CI. */
static bool
is_set_aside(struct json_object *item)
{
	return strncmp(json_str(item, "operation", ""), "INSERT_AS_", strlen("INSERT_AS_")) == 0;
}

struct missing {
	int refused, aside, all;
	const char *why_refused, *why_aside;	/* the first of each; NULL: no words */
};

/* And what hangs on it: "related" of a map's payload. */
static void
count_item(struct missing *m, struct json_object *item)
{
	struct json_object *related = json_arr(item, "relatedItems");
	size_t i;

	for (i = 0; related != NULL && i < json_object_array_length(related); i++)
		count_item(m, json_object_array_get_idx(related, i));
	m->all++;
	if (is_refused(item)) {
		m->refused++;
		m->why_refused = m->why_refused != NULL ? m->why_refused : first_words(item, "errors");
	} else if (is_set_aside(item)) {
		m->aside++;
		m->why_aside = m->why_aside != NULL ? m->why_aside : first_words(item, "warnings");
	}
}

static void
say_missing(const struct missing *m, char *why, size_t size)
{
	const char *first = m->refused > 0 ? m->why_refused : m->why_aside;
	char counts[80];

	if (m->refused > 0 && m->aside > 0)
		snprintf(counts, sizeof(counts), "refused %d and set %d aside", m->refused, m->aside);
	else
		snprintf(counts, sizeof(counts), m->refused > 0 ? "refused %d" : "set aside %d", m->refused + m->aside);
	snprintf(why, size, "the CMDB took the payload but %s of %d items and relations; the first: %.160s",
	    counts, m->all, first != NULL ? first : "(no words)");
}

/* The sys_ids of the first items, so that one who asks about a CI finds the job. What is no sys_id is left out. */
static void
item_ids(struct json_object *result, char *ids, size_t size)
{
	struct json_object *list = json_arr(result, "items");
	size_t i, at = 0, n = list != NULL ? json_object_array_length(list) : 0;
	const char *id;

	ids[0] = '\0';
	for (i = 0; i < n && at + 34 < size; i++) {
		id = json_str(json_object_array_get_idx(list, i), "sysId", "");
		if (strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32)
			at += (size_t)snprintf(ids + at, size - at, "%s%s", at > 0 ? " " : "", id);
	}
}

int
ire_count_errors(const char *body, size_t len, char *why, size_t size, char ids[IRE_IDS_MAX])
{
	static const char *const lists[] = { "items", "relations" };
	struct json_object *o = NULL, *list;
	struct missing m = { 0 };
	struct err err = { 0 };
	size_t i, k;

	why[0] = ids[0] = '\0';
	if (json_parse(&o, body, len, "the answer of the CMDB", &err) < 0 || json_arr(json_get(o, "result"), "items") == NULL) {
		snprintf(why, size, "%s: is it the instance that answers?",
		    err.code != 0 ? err.text : "the answer of the CMDB has no result with items");
		json_object_put(o);
		return -1;
	}
	item_ids(json_get(o, "result"), ids, IRE_IDS_MAX);
	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		list = json_arr(json_get(o, "result"), lists[i]);
		for (k = 0; list != NULL && k < json_object_array_length(list); k++)
			count_item(&m, json_object_array_get_idx(list, k));
	}
	if (m.refused + m.aside > 0)
		say_missing(&m, why, size);
	json_object_put(o);
	return m.refused + m.aside;
}

/* --- one at a time ----------------------------------------------------------------------- */

static void
send_next(struct instance *in)
{
	struct ire_wait *w = in->ire_first;
	struct request rq = { .method = "POST" };
	struct buf path;

	if (w == NULL || in->ire_busy)
		return;
	in->ire_first = w->next;
	in->ire_busy = true;
	buf_init(&path, 1000);
	buf_puts(&path, IRE_PATH "?sysparm_data_source=");
	path_put(&path, in->data_source);
	buf_puts(&path, "&options=" IRE_OPTIONS);
	if (w->a->fence != NULL && w->a->fence[0] != '\0')
		buf_printf(&path, "&sysparm_fence=%.*s", FENCE_MAX, w->a->fence);
	rq.path = buf_str(&path);
	rq.content_type = w->a->sealed ? "application/pkcs7-mime" : NULL;
	rq.body = w->a->body;
	rq.len = w->a->body_len;
	request_send(in, &rq, on_reply, w);
	buf_fini(&path);
}

static void
on_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct ire_wait *w = arg;
	struct instance *in = w->in;
	struct verdict mine = *v;
	char why[IN_WHY_MAX], ids[IRE_IDS_MAX];
	int bad = 0;

	in->ire_busy = false;
	if (!in->closing)
		send_next(in);
	if (v->said == SAID_YES)
		bad = ire_count_errors(body, len, why, sizeof(why), ids);
	if (bad < 0)
		verdict_spoil(&mine, SAID_LATER, why);
	else if (bad > 0)
		mine.why = why;
	if (v->said == SAID_YES && bad >= 0)
		mine.ids = ids;
	w->fn(w->arg, &mine, body, len);
	free(w);
}

void
ire_send(struct instance *in, const struct answer *a, reply_fn *fn, void *arg)
{
	struct ire_wait *w = xcalloc(1, sizeof(*w)), **last = &in->ire_first;

	w->in = in;
	w->a = a;
	w->fn = fn;
	w->arg = arg;
	while (*last != NULL)
		last = &(*last)->next;
	*last = w;
	send_next(in);
}

void
ire_cancel_all(struct instance *in)
{
	struct ire_wait *w;

	while ((w = in->ire_first) != NULL) {
		in->ire_first = w->next;
		in->ire_busy = true;
		request_send(in, &(struct request){ .method = "POST", .path = IRE_PATH }, on_reply, w);
	}
}
