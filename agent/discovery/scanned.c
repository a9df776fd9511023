/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scanned - what a Scan has found becomes targets. It says of each a line of plain
 * words, which the worker has made; whatever is not exactly that is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "discovery/inside.h"
#include "discovery/spans.h"
#include "flow/errors.h"
#include "flow/job.h"
#include "flow/result.h"
#include "log.h"
#include "os.h"
#include "policy/address.h"
#include "xalloc.h"

/* "ADDRESS WAYS WHAT SURE NAME WHOSE", of plain characters. What has no number of its own is called after its name. */
static bool
read_line(const char *line, struct aim_row *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_,-";
	char address[AIM_WORD], ways[AIM_WORD], what[AIM_WORD], name[256], whose[AIM_WORD];
	struct address a;
	int sure, end = 0;

	if (sscanf(line, "%127s %127s %127s %d %255s %127s%n", address, ways, what, &sure, name, whose, &end) != 6 || line[end] != '\0' ||
	    address_parse(&a, address) < 0 || sure < 0 || sure > 100)
		return false;
	if (ways[strspn(ways, plain)] != '\0' || what[strspn(what, plain)] != '\0' || name[strspn(name, plain)] != '\0' ||
	    whose[strspn(whose, plain)] != '\0')
		return false;
	out->address = xstrdup(address);
	out->ways = xstrdup(strcmp(ways, "-") == 0 ? "" : ways);
	out->what = xstrdup(strcmp(what, "-") == 0 ? "" : what);
	out->name = xstrdup(strcmp(name, "-") == 0 ? "" : name);
	out->whose = xstrdup(strcmp(whose, "-") == 0 ? out->name : whose);
	out->sure = sure;
	return true;
}

/* Who has called KNOWN its own; NULL: nobody whom we know. */
static const char *
claimer(const struct aim *known)
{
	const char *why = known->row.why == NULL ? "" : known->row.why;

	return strncmp(why, OTHER, strlen(OTHER)) == 0 ? why + strlen(OTHER) : NULL;
}

/* ROW, which stands there, may have told otherwise, or be able to. */
static bool
is_same(const struct quest *q, const char *host, const struct aim_row *row)
{
	const struct aim *says = host == NULL ? NULL : aim_find(q, host);

	return !aims_proves(row) && (says == NULL || !aims_differ(&says->row, row));
}

/* What a line says, unless the target stands here already. False: it is one too many. */
static bool
judge_line(struct quest *q, struct aim_row *row, aims_fn *fn)
{
	const struct aim *known = aim_find(q, row->address);
	const char *host = known == NULL ? NULL : claimer(known);

	if (known != NULL && known->row.state != AIM_KNOWN)
		return true;
	if (known == NULL && q->n >= TARGETS_MAX)
		return false;
	if (known != NULL && !is_same(q, host, row)) {
		known = NULL;
		if (host != NULL && aims_proves(row)) {
			free(row->whose);
			row->whose = aims_claim(host);
		}
	}
	memcpy(row->parent, q->j->id, sizeof(row->parent));
	row->state = known != NULL ? AIM_SAME : row->ways[0] == '\0' ? AIM_FAILED : AIM_FOUND;
	if (row->state != AIM_FOUND)
		row->why = xstrdup(known != NULL ? known->row.why : "it answers, but on nothing that is asked for facts");
	row->ms = os_time_ms();
	fn(q, row);
	return true;
}

void
aims_scanned(struct quest *q, struct job *part, const struct aim *a, aims_fn *fn)
{
	char *text = xstrndup(buf_str(&part->out->said), part->out->said.len), *rest = text, *line;
	struct aim_row row, scan = a->row;
	struct spans given = { NULL, 0 };
	struct address address;
	unsigned bad = 0, left = 0;
	char why[100];

	spans_read(&given, a->row.address);
	spans_settle(&given);
	while ((line = strsep(&rest, "\n")) != NULL) {
		memset(&row, 0, sizeof(row));
		if (line[0] == '\0')
			continue;
		/* Who has taken over its worker leads midd to no others. */
		if (read_line(line, &row) && address_parse(&address, row.address) == 0 && spans_hold(&given, &address))
			left += !judge_line(q, &row, fn);
		else
			bad++;
		aim_row_fini(&row);
	}
	spans_fini(&given);
	if (bad > 0)
		log_warn("discovery", "job %s: %u lines of a scan make no sense, or are of addresses that it was not to ask: left out", part->id, bad);
	free(text);
	scan.state = AIM_SCANNED;
	scan.class = part->out->class;
	scan.why = part->out->class == CLASS_OK ? NULL : part->out->message;
	snprintf(why, sizeof(why), "%u hosts are left out: a discovery has %u targets at most", left, TARGETS_MAX);
	if (left > 0)
		scan.why = why;
	scan.ms = os_time_ms();
	fn(q, &scan);
}
