/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - what a source says of a credential, checked: everything is
 * bounded, and nothing here is secret but what is sealed.
 */
#include <json-c/json_object.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "policy/address.h"
#include "xalloc.h"

/* What a probe may ask for. GUARDED: the target counts wrong tries and may lock the account. */
static const struct type {
	const char *name;
	bool guarded;
	const char *needs[4];
	const char *trial;		/* the topic that logs in by it and does no more; NULL none yet */
} types[] = {
	{ "ssh_password", true, { "user", "password", NULL }, "SSHCredentialTest" },
	{ "ssh_private_key", false, { "user", "private_key", NULL }, "SSHCredentialTest" },
	{ "snmp", false, { "community", NULL }, "SNMPCredentialTest" },
	{ "snmpv3", false, { "user", NULL }, "SNMPCredentialTest" },
	{ "basic", true, { "user", "password", NULL }, NULL },
	{ "windows", true, { "user", "password", NULL }, NULL },
	{ "vmware", true, { "user", "password", NULL }, NULL },
	{ "api_key", false, { "password", NULL }, NULL },
};

static const struct type *
type_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

bool
type_known(const char *type)
{
	return type_find(type) != NULL;
}

/* One we do not know may lock as well. */
bool
type_guarded(const char *type)
{
	const struct type *t = type_find(type);

	return t == NULL || t->guarded;
}

const char *
type_trial(const char *type)
{
	const struct type *t = type_find(type);

	return t == NULL ? NULL : t->trial;
}

bool
topic_is_trial(const char *topic)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].trial != NULL && strcmp(types[i].trial, topic) == 0)
			return true;
	return false;
}

const char *
type_lacks(const char *type, struct json_object *fields)
{
	const struct type *t = type_find(type);
	size_t i;

	for (i = 0; t != NULL && t->needs[i] != NULL; i++)
		if (json_str(fields, t->needs[i], "")[0] == '\0')
			return t->needs[i];
	return NULL;
}

/* --- reading -------------------------------------------------------------------- */

static char *
column(struct json_object *o, const char *name, struct err *err)
{
	const char *s = json_str(o, name, "");

	if (strlen(s) > RECORD_TEXT_MAX)
		err_set(err, E_BAD, "its %s has more than %u bytes", name, RECORD_TEXT_MAX);
	return xstrndup(s, RECORD_TEXT_MAX);
}

/* Base64 without line breaks, as *OUT; 0 or -E_BAD. */
static int
unbase64(void **out, size_t *len, const char *text)
{
	size_t n = strlen(text), pad = 0;
	unsigned char *p;
	int got;

	*out = NULL;
	*len = 0;
	if (n == 0)
		return 0;
	if (n % 4 != 0 || n > SEALED_MAX / 3 * 4)
		return -E_BAD;
	while (pad < 2 && text[n - 1 - pad] == '=')
		pad++;
	p = xcalloc(1, n / 4 * 3 + 1);
	got = EVP_DecodeBlock(p, (const unsigned char *)text, (int)n);
	if (got < (int)pad) {
		free(p);
		return -E_BAD;
	}
	*out = p;
	*len = (size_t)got - pad;
	return 0;
}

static int
check(const struct record *r, struct err *err)
{
	struct err bad = { 0 };

	if (r->name[0] == '\0')
		return err_set(err, E_BAD, "it has no name");
	if (!type_known(r->type))
		return err_set(err, E_BAD, "its type \"%.60s\" is not known", r->type);
	if (r->sealed == NULL && r->ref[0] == '\0')
		return err_set(err, E_BAD, "it has neither sealed values nor a name in another vault");
	if (ranges_check(r->ranges, &bad) < 0)
		return err_set(err, E_BAD, "%.300s", bad.text);
	return 0;
}

int
record_parse(struct record *out, const char *prefix, const char *key, struct json_object *o, struct err *err)
{
	struct record r = { 0 };
	struct err bad = { 0 };
	int rc = 0;

	r.id = xasprintf("%s:%.200s", prefix, key);
	r.name = column(o, "name", &bad);
	r.type = column(o, "type", &bad);
	r.user = column(o, "user", &bad);
	r.tags = column(o, "tags", &bad);
	r.ranges = column(o, "ranges", &bad);
	r.via = column(o, "via", &bad);
	r.ref = column(o, "ref", &bad);
	r.order = json_int(o, "order", 100);
	r.per_target = strcmp(json_str(o, "scope", "account"), "target") == 0;
	if (unbase64(&r.sealed, &r.sealed_len, json_str(o, "sealed", "")) < 0)
		err_set(&bad, E_BAD, "its sealed values are no base64, or more than %u bytes", SEALED_MAX);
	rc = bad.code != 0 ? err_set(err, E_BAD, "%s", bad.text) : check(&r, err);
	if (rc < 0)
		record_fini(&r);
	else
		*out = r;
	return rc;
}

struct json_object *
record_json(const struct record *r)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "id", r->id);
	json_put_str(o, "name", r->name);
	json_put_str(o, "type", r->type);
	json_put_str(o, "user", r->user);
	json_put_int(o, "order", r->order);
	json_put_str(o, "tags", r->tags);
	json_put_str(o, "ranges", r->ranges);
	json_put_str(o, "via", r->via);
	json_put_str(o, "ref", r->ref);
	json_put_str(o, "scope", r->per_target ? "target" : "account");
	return o;
}

void
record_fini(struct record *r)
{
	free(r->id);
	free(r->name);
	free(r->type);
	free(r->user);
	free(r->tags);
	free(r->ranges);
	free(r->via);
	free(r->ref);
	free(r->sealed);
	memset(r, 0, sizeof(*r));
}

void
records_fini(struct records *rs)
{
	size_t i;

	for (i = 0; i < rs->n; i++)
		record_fini(&rs->v[i]);
	free(rs->v);
	rs->v = NULL;
	rs->n = 0;
}

/* --- whom it is for ----------------------------------------------------------------- */

bool
list_has(const char *list, const char *word)
{
	size_t n = strlen(word), len;

	while (*list != '\0') {
		list += strspn(list, ", ");
		len = strcspn(list, ", ");
		if (len == n && n > 0 && strncmp(list, word, n) == 0)
			return true;
		list += len;
	}
	return false;
}

/* A tag asked for must be there; a record with tags is for those who ask by one. */
static bool
tag_fits(const struct record *r, const char *tag)
{
	return tag[0] == '\0' ? r->tags[0] == '\0' : list_has(r->tags, tag);
}

bool
record_is_for(const struct record *r, const char *want, const char *address, const char *tag, const char *only)
{
	struct address a;

	if (!list_has(want, r->type))
		return false;
	if (only[0] != '\0' && strcmp(only, r->id) != 0 && strcmp(only, r->name) != 0
	    && strcmp(only, strchr(r->id, ':') + 1) != 0)
		return false;
	/* Policy has judged the job by its tag: one that is named must have it too. */
	if (only[0] == '\0' ? !tag_fits(r, tag) : tag[0] != '\0' && !list_has(r->tags, tag))
		return false;
	return r->ranges[0] == '\0' || (address_parse(&a, address) == 0 && ranges_hold(r->ranges, &a));
}
