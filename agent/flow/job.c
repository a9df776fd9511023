/* SPDX-License-Identifier: Apache-2.0 */
/* job - see job.h. */
#include "flow/job.h"

#include <assert.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "flow/result.h"
#include "secret.h"
#include "xalloc.h"

static const char *const at_names[] = {
	"intake", "claim", "accept", "waiting", "running", "spooling",
};

const char *
job_at_name(enum job_at at)
{
	return at_names[at];
}

struct job *
job_new(const char *id)
{
	struct job *j = xcalloc(1, sizeof(*j));

	assert(strlen(id) < sizeof(j->id));
	memcpy(j->id, id, strlen(id) + 1);
	j->waits_for = "";
	j->parent = xstrdup("");
	j->agent = xstrdup("");
	return j;
}

void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	assert(j->in == NULL && j->run == NULL);
	outcome_free(j->out);
	json_object_put(j->params);
	json_object_put(j->xml);
	job_forget_raw(j);
	free(j->address);
	free(j->cancel_why);
	free(j->topic);
	free(j->name);
	free(j->source);
	free(j->correlator);
	free(j->sequence);
	free(j->parent);
	free(j->agent);
	free(j);
}

void
job_forget_raw(struct job *j)
{
	secret_wipe(j->raw, j->raw_len);
	free(j->raw);
	j->raw = NULL;
	j->raw_len = 0;
}

unsigned
job_hash(const char *text)
{
	unsigned h = 2166136261u;

	while (*text != '\0')
		h = (h ^ (unsigned char)*text++) * 16777619u;
	return h;
}

void
job_list_add(struct job_list *l, struct job *j)
{
	job_list_out(j);
	j->in = l;
	j->prev = l->last;
	j->next = NULL;
	if (l->last != NULL)
		l->last->next = j;
	else
		l->first = j;
	l->last = j;
	l->n++;
	if (l->by_source != NULL)
		l->by_source[job_hash(j->source) % JOB_SOURCES]++;
}

void
job_list_out(struct job *j)
{
	struct job_list *l = j->in;

	if (l == NULL)
		return;
	if (j->prev != NULL)
		j->prev->next = j->next;
	else
		l->first = j->next;
	if (j->next != NULL)
		j->next->prev = j->prev;
	else
		l->last = j->prev;
	l->n--;
	if (l->by_source != NULL)
		l->by_source[job_hash(j->source) % JOB_SOURCES]--;
	j->in = NULL;
	j->next = j->prev = NULL;
}

void
job_table_add(struct job_table *t, struct job *j)
{
	struct job **b = &t->bucket[job_hash(j->id) % JOB_BUCKETS];

	assert(job_table_find(t, j->id) == NULL);
	j->same_hash = *b;
	*b = j;
	t->n++;
}

void
job_table_out(struct job_table *t, struct job *j)
{
	struct job **at;

	for (at = &t->bucket[job_hash(j->id) % JOB_BUCKETS]; *at != NULL; at = &(*at)->same_hash)
		if (*at == j) {
			*at = j->same_hash;
			j->same_hash = NULL;
			t->n--;
			return;
		}
}

struct job *
job_table_find(const struct job_table *t, const char *id)
{
	struct job *j;

	for (j = t->bucket[job_hash(id) % JOB_BUCKETS]; j != NULL; j = j->same_hash)
		if (strcmp(j->id, id) == 0)
			return j;
	return NULL;
}
