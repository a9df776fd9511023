/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - a row of the ECC queue becomes a job, a job becomes a row of the store,
 * and back. A row that makes no sense becomes a job whose outcome has ended:
 * it goes the whole road and is answered with an error.
 */
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "flow/inside.h"
#include "instance/instance.h"
#include "json.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"
#include "xml.h"

#define COLUMN_MAX 4000		/* longer columns are cut: the instance's own limits are below */

bool
row_is_attached(const struct ecc_row *row)
{
	return xml_is_see_attachment(row->payload, row->payload_len) == 1;
}

/* What makes two rows "the same job": what would be run, not when or how often it was sent. */
static void
hash_row(char out[33], const struct ecc_row *row)
{
	const char *const part[] = { row->topic, row->name, row->source };
	struct buf b;
	char whole[33];
	size_t i;

	buf_init(&b, 4 * COLUMN_MAX + 64);
	for (i = 0; i < 3; i++) {
		(void)buf_put(&b, part[i], strnlen(part[i], COLUMN_MAX));
		(void)buf_put(&b, "", 1);
	}
	seal_hash(whole, row->payload, row->payload_len);
	(void)buf_puts(&b, whole);
	seal_hash(out, b.data, b.len);
	buf_fini(&b);
}

static int
lane_of(int priority)
{
	return priority <= 0 ? LANE_INTERACTIVE : priority == 1 ? LANE_EXPEDITED : LANE_STANDARD;
}

static void
take_columns(struct job *j, const char *topic, const char *name, const char *source,
    const char *correlator, const char *sequence, int priority)
{
	j->topic = xstrndup(topic, COLUMN_MAX);
	j->name = xstrndup(name, COLUMN_MAX);
	j->source = xstrndup(source, COLUMN_MAX);
	j->correlator = xstrndup(correlator, COLUMN_MAX);
	j->sequence = xstrndup(sequence, COLUMN_MAX);
	j->priority = priority;
	j->lane = lane_of(priority);
}

/* Anything but a number stays a parameter like others. */
static void
take_fence(struct job *j)
{
	const char *s = json_str(j->params, "fence", "");
	size_t n = strlen(s);

	if (n < sizeof(j->fence) && strspn(s, "0123456789") == n)
		memcpy(j->fence, s, n + 1);
}

/* Payload read; a longer name inside it wins over the 120-character column (spec 3). */
static void
take_payload(struct job *j, const char *text, size_t len)
{
	struct err err = { 0 };
	const char *name;

	if (xml_read_parameters(text, len, PAYLOAD_MAX, &j->params, &j->xml, &err) < 0) {
		result_refuse(j, CLASS_BAD_PARAM, "the payload can't be read: %s", err.text);
		return;
	}
	j->skip_sensor = strcmp(json_str(j->params, "skip_sensor", ""), "true") == 0;
	take_fence(j);
	name = json_str(j->params, "name", NULL);
	if (name != NULL) {
		free(j->name);
		j->name = xstrdup(name);
	}
}

static void
refuse_unknown(struct flow *f, struct job *j)
{
	if (j->out == NULL && !pool_topic(f->ag->pool, j->topic).known)
		result_refuse(j, CLASS_UNSUPPORTED, "probe not supported by midd: %s", j->topic);
	if (j->out != NULL)
		f->counts.refused++;
}

struct job *
job_from_row(struct flow *f, const struct ecc_row *row)
{
	struct job *j = job_new(row->sys_id);

	j->flow = f;
	j->at = AT_INTAKE;
	j->seen_at = loop_now(f->ag->loop);
	hash_row(j->hash, row);
	take_columns(j, row->topic, row->name, row->source, row->correlator, row->sequence, row->priority);
	free(j->agent);
	j->agent = xstrdup(row->agent == NULL ? "" : row->agent);
	take_payload(j, row->payload, row->payload_len);
	refuse_unknown(f, j);
	j->raw = xcalloc(1, row->payload_len + 1);
	memcpy(j->raw, row->payload, row->payload_len);
	j->raw_len = row->payload_len;
	job_table_add(&f->jobs, j);
	return j;
}

/* Binds the sealed payload to its job. */
static char *
payload_aad(const char *id)
{
	return xasprintf("job:%s", id);
}

int
job_to_row(struct flow *f, struct job *j, struct job_row *out, struct err *err)
{
	char *aad = payload_aad(j->id);
	struct buf sealed;
	int r;

	memset(out, 0, sizeof(*out));
	buf_init(&sealed, j->raw_len + 4096);
	r = seal_rest(f->ag->seal, &sealed, aad, j->raw, j->raw_len, err);
	free(aad);
	if (r < 0) {
		buf_fini(&sealed);
		return r;
	}
	memcpy(out->id, j->id, sizeof(out->id));
	memcpy(out->hash, j->hash, sizeof(out->hash));
	out->stage = STAGE_INTENT;
	out->priority = j->priority;
	out->topic = xstrdup(j->topic);
	out->name = xstrdup(j->name);
	out->source = xstrdup(j->source);
	out->correlator = xstrdup(j->correlator);
	out->sequence = xstrdup(j->sequence);
	out->parent = xstrdup(j->parent);
	out->agent = xstrdup(j->agent);
	out->payload = buf_take(&sealed, &out->payload_len);
	out->created_ms = os_time_ms();
	return 0;
}

int
job_from_store(struct flow *f, const struct job_row *row, struct job **out, struct err *err)
{
	struct job *j = job_new(row->id);
	char *aad = payload_aad(row->id);
	struct buf plain;
	int r;

	j->flow = f;
	j->at = AT_ACCEPT;
	j->seen_at = loop_now(f->ag->loop);
	j->attempts = row->attempts;
	j->deaths = row->deaths;
	memcpy(j->hash, row->hash, sizeof(j->hash));
	take_columns(j, row->topic, row->name, row->source, row->correlator, row->sequence, row->priority);
	free(j->parent);
	j->parent = xstrdup(row->parent == NULL ? "" : row->parent);
	free(j->agent);
	j->agent = xstrdup(row->agent == NULL ? "" : row->agent);
	buf_init(&plain, PAYLOAD_MAX);
	r = unseal_rest(f->ag->seal, &plain, aad, row->payload, row->payload_len, err);
	free(aad);
	if (r == 0) {
		take_payload(j, buf_str(&plain), plain.len);
		refuse_unknown(f, j);
	} else {
		result_refuse(j, CLASS_INTERNAL, "the stored job can't be opened any more: %s",
		    err == NULL ? "damaged" : err->text);
	}
	buf_wipe(&plain);
	job_table_add(&f->jobs, j);
	*out = j;
	return r;
}
