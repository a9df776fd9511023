/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cis - which job has last told of a CI, by the CI's name and by its sys_id, so that
 * midctl explain finds it. A hint and no more: that it is missing costs nothing.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "flow/inside.h"
#include "flow/own.h"
#include "json.h"
#include "os.h"
#include "store/store.h"
#include "workers/pool.h"

void
ci_key(char out[CI_KEY_MAX], const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i < CI_KEY_MAX - 1; i++)
		out[i] = (char)tolower((unsigned char)name[i]);
	out[i] = '\0';
}

/* The note "CLASS NAME" of a run that has ended well; posted with its outcome, in one transaction. What relates many hosts is about none. */
void
cis_named(struct job *j)
{
	const char *ci = json_str(j->out->notes, "ci", ""), *name = strchr(ci, ' ');
	char key[CI_KEY_MAX], value[160];

	if (name == NULL || j->out->class != CLASS_OK || (job_has_parent(j) && !pool_topic(j->flow->ag->pool, j->topic).network))
		return;
	ci_key(key, name + 1);
	snprintf(value, sizeof(value), "%s %.*s", j->id, (int)(name - ci), ci);
	store_target_set(j->flow->ag->store, CI_KIND, key, value, os_time_ms(), NULL, NULL);
}

/* IDS, by blanks: what the CMDB has taken from JOB. */
void
cis_taken(struct flow *f, const char *job, const char *ids)
{
	char id[33];
	int n;

	for (; ids != NULL && sscanf(ids, "%32[0-9a-f]%n", id, &n) == 1; ids += n + (ids[n] == ' '))
		store_target_set(f->ag->store, CI_KIND, id, job, os_time_ms(), NULL, NULL);
}
