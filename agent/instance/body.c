/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body - the JSON of a new ECC row. Written straight into its buffer: a result
 * of megabytes is escaped once and copied once.
 */
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xml.h"

#define NAME_MAX_CHARS 120		/* what the column holds; longer is cut there anyway */
#define ERROR_MAX_BYTES 1000

/* Bytes of the first MAX characters. */
static size_t
first_chars(const char *s, size_t max)
{
	size_t i, chars = 0;

	for (i = 0; s[i] != '\0'; i++)
		if (((unsigned char)s[i] & 0xC0) != 0x80 && chars++ == max)
			break;
	return i;
}

static int
put_column(struct buf *b, const char *name, const char *value, size_t len)
{
	if (buf_printf(b, ",\"%s\":\"", name) < 0 || json_escape(b, value, len) < 0)
		return -E_FULL;
	return buf_puts(b, "\"");
}

static int
put_text(struct buf *b, const char *name, const char *value)
{
	return value == NULL || value[0] == '\0' ? 0 : put_column(b, name, value, strlen(value));
}

/* from_sys_id is informational on the instance; it finds our row again where sys_id is not kept. */
static int
put_head(struct buf *b, const char *id)
{
	return buf_printf(b, "{\"sys_id\":\"%.32s\",\"from_sys_id\":\"%.32s\",\"queue\":\"input\",\"state\":\"ready\"", id, id);
}

int
body_of_answer(struct buf *b, const struct answer *a)
{
	const char *name = a->name != NULL ? a->name : "", *error = a->error_string != NULL ? a->error_string : "";
	size_t error_len = xml_cut(error, strlen(error), ERROR_MAX_BYTES);

	if (put_head(b, a->id) < 0 || put_text(b, "agent", a->agent) < 0 || put_text(b, "topic", a->topic) < 0 ||
	    put_column(b, "name", name, first_chars(name, NAME_MAX_CHARS)) < 0 ||
	    put_text(b, "source", a->source) < 0 || put_text(b, "response_to", a->response_to) < 0 ||
	    put_text(b, "agent_correlator", a->correlator) < 0 ||
	    buf_printf(b, ",\"priority\":\"%d\"", a->priority) < 0)
		return -E_FULL;
	if (error_len > 0 && put_column(b, "error_string", error, error_len) < 0)
		return -E_FULL;
	if (put_column(b, "payload", a->body != NULL ? a->body : "", a->body_len) < 0)
		return -E_FULL;
	return buf_puts(b, "}");
}

int
body_of_claim(struct buf *b, const char *agent, const char *claim_id, const char *state,
    const char *const *ids, size_t n)
{
	size_t i;

	if (put_head(b, claim_id) < 0 || put_text(b, "agent", agent) < 0 ||
	    buf_printf(b, ",\"topic\":\"queue.processing\",\"name\":\"queue.processing\",\"priority\":\"0\","
	    "\"payload\":\"<queue.processing output_message_count=\\\"%zu\\\">", n) < 0)
		return -E_FULL;
	for (i = 0; i < n; i++)
		if (buf_printf(b, "<sys_id state=\\\"%s\\\">%.32s</sys_id>", state, ids[i]) < 0)
			return -E_FULL;
	return buf_puts(b, "</queue.processing>\"}");
}
