/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_split - a discovery whose ranges no agent may reach all, though for
 * each of them there is one: it keeps those of the first, and for the others
 * there are rows of their own.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "rules.h"

#define AGENTS_MAX 32

struct share {
	char agent[SYS_ID_LEN + 1];
	struct text ranges;
};
struct shares {
	struct share at[AGENTS_MAX];
	size_t n;
};

/* The words of a list of ranges, one by one. */
static const char *
next_word(const char *list, char word[64])
{
	size_t n;

	list += strspn(list, ", \t\r\n;");
	n = strcspn(list, ", \t\r\n;");
	(void)snprintf(word, 64, "%.*s", (int)n, list);
	return n == 0 ? NULL : list + n;
}

/* A copy of STATUS for RANGES; the caller's. */
static struct json_object *
copy_for(struct json_object *status, const char *ranges)
{
	static const char *const copied[] = { "u_exclude", "u_mid_server",
	    "u_mid_cluster", "u_capability", "u_parameters", "description",
	    "dscheduler", "source", "discover" };
	struct json_object *o = json_object_new_object();
	size_t i;

	for (i = 0; i < COUNT(copied); i++)
		json_put(o, copied[i], json_str(status, copied[i], ""));
	json_put(o, "u_ranges", ranges);
	return o;
}

/* WORD goes to the agent that may take it. <0; 1: there is none. */
static int
share_word(struct instance *in, struct json_object *status, const char *word,
    struct shares *s)
{
	struct json_object *one = copy_for(status, word), *agent = NULL;
	char why[256];
	const char *id;
	size_t i;
	int r = disco_choose(in->db, one, "", &agent, why);

	if (r == 0 && agent != NULL) {
		id = json_str(agent, "sys_id", "");
		for (i = 0; i < s->n && strcmp(s->at[i].agent, id) != 0; i++)
			;
		if (i < AGENTS_MAX) {
			s->n = i == s->n ? i + 1 : s->n;
			(void)snprintf(s->at[i].agent, SYS_ID_LEN + 1, "%s", id);
			text_addf(&s->at[i].ranges, "%s%s",
			    s->at[i].ranges.len > 0 ? "," : "", word);
		} else {
			r = 1;
		}
	} else if (r == 0) {
		r = 1;
	}
	json_object_put(agent);
	json_object_put(one);
	return r;
}

/* Its rows: STATUS goes on with the first share. */
static int
make_rows(struct instance *in, struct json_object *status, struct shares *s)
{
	struct json_object *o;
	size_t i;
	int r = 0;

	for (i = 1; r == 0 && i < s->n; i++) {
		o = copy_for(status, text_str(&s->at[i].ranges));
		r = record_insert(in, "discovery_status", o, NULL);
		json_object_put(o);
	}
	if (r == 0)
		r = disco_set(in->db, "discovery_status",
		    json_str(status, "sys_id", ""), "u_ranges",
		    text_str(&s->at[0].ranges), NULL);
	return r;
}

int
disco_split(struct instance *in, struct json_object *status, bool *split)
{
	struct shares *s = xcalloc(1, sizeof(*s));
	const char *list = json_str(status, "u_ranges", "");
	char word[64];
	size_t i;
	int r = 0;

	*split = false;
	while (r == 0 && (list = next_word(list, word)) != NULL)
		r = share_word(in, status, word, s);
	if (r == 0 && s->n > 1) {
		r = make_rows(in, status, s);
		*split = r == 0;
	}
	for (i = 0; i < s->n; i++)
		text_fini(&s->at[i].ranges);
	free(s);
	return r > 0 ? 0 : r;
}
