/* SPDX-License-Identifier: Apache-2.0 */
/*
 * creds - the credentials a run has asked for: held until its verdict or its
 * end, then wiped. midd gives only those that this job may use.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "run.h"
#include "secret.h"
#include "stream.h"
#include "waiter.h"
#include "xalloc.h"

#define ID_MAX 1000

/* id, type, then name and value by turns, each with its NUL: as the frame came. */
struct cred {
	struct cred *next;
	char *want;		/* what was asked for */
	size_t len;
	char strings[];
};

static const char *
after(const char *s)
{
	return s + strlen(s) + 1;
}

static const char *
cred_type(const struct cred *c)
{
	return after(c->strings);
}

/* The probe's copy points at our strings; so we find ourselves again. */
static const char *
cred_field(const struct mid_credential *mc, const char *name)
{
	const char *s = after(after(mc->id));
	const struct cred *c = (const void *)(mc->id - offsetof(struct cred, strings));
	const char *end = c->strings + c->len;

	for (; s < end; s = after(after(s)))
		if (strcmp(s, name) == 0)
			return after(s);
	return NULL;
}

static void
cred_free(struct cred *c)
{
	free(c->want);
	secret_wipe(c, sizeof(*c) + c->len);
	free(c);
}

void
creds_wipe(struct mid_run *r)
{
	struct cred *c;

	while ((c = r->creds) != NULL) {
		r->creds = c->next;
		cred_free(c);
	}
}

int
creds_get(struct mid_run *r, const char *types, const char *host, struct mid_credential *out)
{
	char want[sizeof(r->asking)];
	struct json_object *o;
	struct cred *c;
	int n = snprintf(want, sizeof(want), "%s %s", types, host);

	if (n < 0 || (size_t)n >= sizeof(want) || strcmp(r->none_for, want) == 0)
		return -MID_NO_CREDENTIAL;
	for (c = r->creds; c != NULL; c = c->next)
		if (strcmp(c->want, want) == 0) {
			out->id = c->strings;
			out->type = cred_type(c);
			out->field = cred_field;
			return 0;
		}
	if (r->asking[0] != '\0')
		return MID_AGAIN;
	memcpy(r->asking, want, sizeof(want));
	o = json_object_new_object();
	json_put_str(o, "type", types);
	json_put_str(o, "host", host);
	stream_send_json_take(r->worker->stream, FRAME_WANT, r->id, o);
	return MID_AGAIN;
}

void
creds_verdict(struct mid_run *r, const struct mid_credential *mc, enum mid_verdict v, const char *why)
{
	struct cred **at = &r->creds, *c;
	struct json_object *o;

	while (*at != NULL && (*at)->strings != mc->id)
		at = &(*at)->next;
	c = *at;
	if (c == NULL)
		return;
	o = json_object_new_object();
	json_put_str(o, "id", c->strings);
	json_put_int(o, "verdict", v);
	json_put_str(o, "why", why);
	stream_send_json_take(r->worker->stream, FRAME_VERDICT, r->id, o);
	*at = c->next;
	cred_free(c);
}

/* Is TYPE one of those asked for: "a,b HOST". */
static bool
was_asked(const char *want, const char *type)
{
	size_t n = strlen(type), len;

	for (; *want != '\0' && *want != ' '; want += len + (want[len] == ',')) {
		len = strcspn(want, ", ");
		if (len == n && strncmp(want, type, n) == 0)
			return true;
	}
	return false;
}

/* An even number of strings, the first two of them id and type. The id comes back in VERDICT. */
static bool
well_formed(const char *body, size_t len)
{
	size_t i, n = 0;

	if (strnlen(body, len) > ID_MAX)
		return false;

	for (i = 0; i < len; i++)
		n += body[i] == '\0';
	return n >= 2 && n % 2 == 0 && body[len - 1] == '\0';
}

int
creds_came(struct mid_run *r, const char *body, size_t len)
{
	struct cred *c;

	if (r->asking[0] == '\0')
		return -E_BAD;
	if (len == 0) {
		memcpy(r->none_for, r->asking, sizeof(r->none_for));
	} else {
		if (!well_formed(body, len) || !was_asked(r->asking, after(body)))
			return -E_BAD;
		c = xcalloc(1, sizeof(*c) + len);
		c->want = xstrdup(r->asking);
		c->len = len;
		memcpy(c->strings, body, len);
		c->next = r->creds;
		r->creds = c;
	}
	r->asking[0] = '\0';
	if (r->stage == RUN_STEPS)
		waiter_wake(r->waiter);
	return 0;
}
