/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order - which credential is tried first on a target: the one that worked
 * there last, then by the record's order, then by name. Those that must not
 * be tried now stand at the end, each with the reason.
 */
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "json.h"
#include "os.h"
#include "xalloc.h"

void
known_fini(struct known *k)
{
	free(k->affinity);
	json_object_put(k->refused);
	k->affinity = NULL;
	k->refused = NULL;
}

static int
compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int d;

	if ((x->skip == NULL) != (y->skip == NULL))
		return x->skip == NULL ? -1 : 1;
	if (x->affine != y->affine)
		return x->affine ? -1 : 1;
	if (x->r->order != y->r->order)
		return x->r->order < y->r->order ? -1 : 1;
	d = strcmp(x->r->name, y->r->name);
	return d != 0 ? d : strcmp(x->r->id, y->r->id);
}

static const char *
skip_reason(struct creds *c, const struct known *k, const struct record *r, const char *address)
{
	int64_t at = json_int(k->refused, r->id, 0), wait, most = c->ag->config->creds.refused_ms;

	/* A clock that was set back makes rows of the future. */
	if (at != 0 && llabs(os_time_ms() - at) < most)
		return "the target refused it a short while ago (creds.refused)";
	if (guard_may(c->guard, r, address, &wait) == GUARD_NO)
		return "its account has failed too often lately (creds.lock_failures)";
	return NULL;
}

size_t
order_of(struct creds *c, const struct known *k, const char *types, const char *address, const char *tag,
    const char *only, struct candidate **out)
{
	struct candidate *v = NULL, *to;
	size_t n = 0, i, s;

	for (s = 0; s < SOURCES; s++)
		for (i = 0; i < c->source[s].records.n; i++) {
			struct record *r = &c->source[s].records.v[i];

			if (!record_is_for(r, types, address, tag, only))
				continue;
			v = xrealloc(v, (n + 1) * sizeof(*v));
			to = &v[n++];
			to->r = r;
			to->affine = k->affinity != NULL && strcmp(k->affinity, r->id) == 0;
			to->skip = skip_reason(c, k, r, address);
		}
	if (n > 1)
		qsort(v, n, sizeof(*v), compare);
	*out = v;
	return n;
}
