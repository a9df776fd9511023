/* SPDX-License-Identifier: Apache-2.0 */
/*
 * present - which of our inputs have arrived?
 *
 * Sought by the sys_id that we sent, and by from_sys_id, where we put it too.
 * An instance that is known to replace sys_ids, and does not keep from_sys_id
 * either, is asked for any input to the same output.
 *
 * UNVERIFIED: whether a real instance keeps the one, the other, or both.
 */
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

struct present {
	struct instance *in;
	char **ids, **jobs;		/* what is sought; response_to of each, "" unknown */
	size_t n, at, asked;		/* asked: how many of them in the request under way */
	bool *found;
	bool by_job;			/* the second way */
	present_fn *fn;
	void *arg;
};

static void present_reply(void *arg, const struct verdict *v, const char *body, size_t len);

static void
present_end(struct present *p, const struct verdict *v)
{
	size_t i;

	p->fn(p->arg, v, p->found, p->n);
	for (i = 0; i < p->n; i++) {
		free(p->ids[i]);
		free(p->jobs[i]);
	}
	free(p->ids);
	free(p->jobs);
	free(p->found);
	free(p);
}

static void
present_send(struct present *p)
{
	const char *const *ids = (const char *const *)p->ids + p->at;
	const char *const *jobs = (const char *const *)p->jobs + p->at;
	struct request rq = { .method = "GET" };
	struct buf path;

	p->asked = p->n - p->at < IN_IDS_MAX ? p->n - p->at : IN_IDS_MAX;
	buf_init(&path, 16384);
	buf_puts(&path, QUEUE "?sysparm_query=queue%3Dinput%5E");
	if (p->by_job) {
		buf_puts(&path, "response_toIN");
		path_put_ids(&path, jobs, p->asked);
	} else {
		buf_puts(&path, "sys_idIN");
		path_put_ids(&path, ids, p->asked);
		buf_puts(&path, "%5EORfrom_sys_idIN");
		path_put_ids(&path, ids, p->asked);
	}
	buf_puts(&path, "&sysparm_limit=1000&sysparm_fields=sys_id,from_sys_id,response_to"
	    "&sysparm_exclude_reference_link=true&sysparm_no_count=true");
	rq.path = buf_str(&path);
	request_send(p->in, &rq, present_reply, p);
	buf_fini(&path);
}

/* Is ROW what was sent as item I? */
static bool
row_is(const struct present *p, size_t i, struct json_object *row)
{
	const char *from = json_str(row, "from_sys_id", "");

	if (p->by_job)
		return from[0] == '\0' && p->jobs[i][0] != '\0' &&
		    strcmp(json_str(row, "response_to", ""), p->jobs[i]) == 0;
	return strcmp(json_str(row, "sys_id", ""), p->ids[i]) == 0 || strcmp(from, p->ids[i]) == 0;
}

static int
present_take(struct present *p, const char *body, size_t len, struct err *err)
{
	struct json_object *o = NULL, *list;
	size_t i, k;
	int r = json_parse(&o, body, len, "the list of inputs", err);

	if (r < 0)
		return r;
	list = json_arr(o, "result");
	for (k = 0; list != NULL && k < json_object_array_length(list); k++)
		for (i = p->at; i < p->at + p->asked; i++)
			if (row_is(p, i, json_object_array_get_idx(list, k)))
				p->found[i] = true;
	json_object_put(o);
	return list == NULL ? err_set(err, E_PEER, "the list of inputs has no \"result\"") : 0;
}

static bool
another_way(const struct present *p)
{
	size_t i;

	if (p->by_job || p->in->ids != IDS_REPLACED)
		return false;
	for (i = 0; i < p->n; i++)
		if (!p->found[i] && p->jobs[i][0] != '\0')
			return true;
	return false;
}

static void
present_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct present *p = arg;
	struct verdict bad = *v;
	struct err err = { 0 };

	if (v->said != SAID_YES) {
		present_end(p, v);
		return;
	}
	if (present_take(p, body, len, &err) < 0) {
		verdict_spoil(&bad, SAID_LATER, err.text);
		present_end(p, &bad);
		return;
	}
	p->at += p->asked;
	if (p->at == p->n && another_way(p)) {
		p->by_job = true;
		p->at = 0;
	}
	if (p->at < p->n)
		present_send(p);
	else
		present_end(p, v);
}

void
instance_present(struct instance *in, const char *const *ids, const char *const *response_to,
    size_t n, present_fn *fn, void *arg)
{
	struct present *p = xcalloc(1, sizeof(*p));
	size_t i;

	p->in = in;
	p->n = n;
	p->ids = xcalloc(n + 1, sizeof(*p->ids));
	p->jobs = xcalloc(n + 1, sizeof(*p->jobs));
	p->found = xcalloc(n + 1, sizeof(*p->found));
	for (i = 0; i < n; i++) {
		p->ids[i] = xstrdup(ids[i]);
		p->jobs[i] = xstrdup(response_to != NULL && response_to[i] != NULL ? response_to[i] : "");
	}
	p->fn = fn;
	p->arg = arg;
	present_send(p);
}
