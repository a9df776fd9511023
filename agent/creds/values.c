/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values - the fields of a record, opened at the moment a worker asks and
 * wiped when it has them. Who opens is a row of openers[].
 */
#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "pair.h"
#include "program.h"
#include "seal/seal.h"
#include "secret.h"
#include "xalloc.h"

#define PLAIN_MAX (64u * 1024)
#define KEYS_MAX 16

struct opening {
	struct opening *next;
	struct creds *c;
	char *id, *name, *type, *ref, *address;
	char *keys[KEYS_MAX];		/* where those are that may open it */
	size_t nkeys;
	void *sealed;
	size_t sealed_len;
	values_fn *fn;			/* NULL: nobody waits any more */
	void *arg;
	struct program *program;	/* that is asked for them */
	struct buf plain;
	struct err err;
	int r;
};

/* --- sealed ones, on a thread --------------------------------------------------------- */

static void
unseal_rest_work(void *arg)
{
	struct opening *o = arg;
	char *aad = xasprintf("credential %s %s", o->name, o->type);

	o->r = unseal_rest(o->c->ag->seal, &o->plain, aad, o->sealed, o->sealed_len, &o->err);
	free(aad);
}

static void
unseal_cms_work(void *arg)
{
	struct opening *o = arg;

	o->r = seal_open_ours(o->keys, o->nkeys, &o->plain, o->sealed, o->sealed_len, &o->err);
}

static void
unsealed(void *arg)
{
	struct opening *o = arg;
	struct json_object *fields = o->r == 0 ? values_read(buf_str(&o->plain), o->plain.len, false) : NULL;

	if (o->r == 0 && fields == NULL)
		o->r = err_set(&o->err, E_BAD, "what is sealed is no JSON object");
	buf_wipe(&o->plain);
	values_done(o, fields, &o->err);
}

static void
open_vault(struct opening *o)
{
	loop_work(o->c->ag->loop, unseal_rest_work, unsealed, o);
}

static void
open_instance(struct opening *o)
{
	const struct config *c = o->c->ag->config;

	o->nkeys = pair_keys(o->keys, KEYS_MAX, c->paths.state_dir, c->instance.cert, c->instance.key);
	loop_work(o->c->ag->loop, unseal_cms_work, unsealed, o);
}

static const struct {
	const char *via;
	void (*open)(struct opening *o);
} openers[] = {
	{ "vault", open_vault }, { "instance", open_instance }, { "command", command_open }, { "kv", kv_open },
};

/* --- an opening -------------------------------------------------------------------------- */

static void
not_known(void *arg)
{
	struct opening *o = arg;

	err_set(&o->err, E_NONE, "who holds its values? creds.external says nobody");
	values_done(o, NULL, &o->err);
}

struct opening *
values_open(struct creds *c, const struct record *r, const char *address, values_fn *fn, void *arg)
{
	struct opening *o = xcalloc(1, sizeof(*o));
	size_t i;

	o->c = c;
	o->id = xstrdup(r->id);
	o->name = xstrdup(r->name);
	o->type = xstrdup(r->type);
	o->ref = xstrdup(r->ref);
	o->address = xstrdup(address);
	if (r->sealed_len > 0) {
		o->sealed = xcalloc(1, r->sealed_len);
		memcpy(o->sealed, r->sealed, r->sealed_len);
		o->sealed_len = r->sealed_len;
	}
	o->fn = fn;
	o->arg = arg;
	buf_init(&o->plain, PLAIN_MAX);
	(void)buf_room(&o->plain, PLAIN_MAX / 2);	/* growing would leave unwiped copies behind */
	o->next = c->opening;
	c->opening = o;
	for (i = 0; i < sizeof(openers) / sizeof(openers[0]); i++)
		if (strcmp(openers[i].via, r->via) == 0) {
			openers[i].open(o);
			return o;
		}
	loop_defer(c->ag->loop, not_known, o);
	return o;
}

void
values_forget(struct opening *o)
{
	if (o != NULL)
		o->fn = NULL;
}

void
values_wipe(struct json_object *o)
{
	json_wipe(o);
	json_object_put(o);
}

void
values_done(struct opening *o, struct json_object *fields, const struct err *err)
{
	struct opening **at = &o->c->opening;

	while (*at != o)
		at = &(*at)->next;
	*at = o->next;
	if (o->fn != NULL && !o->c->closing)
		o->fn(o->arg, fields, err);
	values_wipe(fields);
	buf_wipe(&o->plain);
	free(o->id);
	free(o->name);
	free(o->type);
	free(o->ref);
	free(o->address);
	while (o->nkeys > 0)
		free(o->keys[--o->nkeys]);
	free(o->sealed);
	free(o);
}

const char *
opening_ref(const struct opening *o)
{
	return o->ref;
}

const char *
opening_type(const struct opening *o)
{
	return o->type;
}

const char *
opening_address(const struct opening *o)
{
	return o->address;
}

struct creds *
opening_creds(const struct opening *o)
{
	return o->c;
}

void
opening_set_program(struct opening *o, struct program *p)
{
	o->program = p;
}

/* Those on a thread or at a vault end by themselves. */
void
openings_cancel(struct creds *c)
{
	struct opening *o, *next;
	struct err err = { 0 };

	for (o = c->opening; o != NULL; o = next) {
		next = o->next;
		if (o->program == NULL)
			continue;
		program_cancel(o->program);
		values_done(o, NULL, &err);
	}
}

/* --- other people's words ------------------------------------------------------------------ */

static const struct { const char *theirs, *ours; } names[] = {
	{ "username", "user" }, { "user_name", "user" }, { "pswd", "password" }, { "pkey", "private_key" },
	{ "authprotocol", "auth_protocol" }, { "authkey", "auth_key" }, { "privprotocol", "priv_protocol" },
	{ "privkey", "priv_key" }, { "ssh_private_key", "private_key" },
};

static const char *
our_name(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].theirs, name) == 0)
			return names[i].ours;
	return name;
}

/* Only strings, few of them, under our names; what is no object has none. */
struct json_object *
values_rename_take(struct json_object *o)
{
	struct json_object *out = json_object_new_object();
	int n = 0;

	if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, name, value) {
			if (value != NULL && json_object_is_type(value, json_type_string) && n++ < FIELDS_MAX)
				json_put_str(out, our_name(name), json_object_get_string(value));
		}
	}
	values_wipe(o);
	return out;
}

/* Where it is no JSON the parser would quote it: who calls says so in words of its own. */
struct json_object *
values_read(const char *text, size_t len, bool kv)
{
	struct json_object *o = NULL, *fields;

	if (json_parse(&o, text, len, "values", NULL) < 0)
		return NULL;
	fields = json_object_get(kv ? json_get(json_get(o, "data"), "data") : o);
	fields = fields == NULL ? NULL : values_rename_take(fields);
	values_wipe(o);
	return fields;
}
