/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vault - the local vault: one file, creds.vault beside the store, written
 * whole or not at all. What a credential is for stands in it as JSON, its
 * values are sealed with the key at rest, bound to its name and type.
 */
#include <json-c/json_object.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "creds/inside.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "secret.h"
#include "store/store.h"
#include "xalloc.h"

#define FILE_MAX (16u << 20)
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static char *
vault_path(const struct creds *c)
{
	return xasprintf("%s/creds.vault", c->ag->config->paths.state_dir);
}

/* *OUT is the caller's, {"records": []} when there is no file yet. */
static int
vault_read(const struct creds *c, struct json_object **out, struct err *err)
{
	char *path = vault_path(c);
	struct buf b;
	int r;

	buf_init(&b, FILE_MAX);
	r = os_read_file(&b, path, err);
	if (r == -E_NONE) {
		*out = json_object_new_object();
		json_put_take(*out, "records", json_object_new_array());
		r = 0;
	} else if (r == 0) {
		r = json_parse(out, buf_str(&b), b.len, path, err);
		if (r == 0 && json_arr(*out, "records") == NULL) {
			json_object_put(*out);
			r = err_set(err, E_DAMAGED, "%s is no vault of midd", path);
		}
	}
	buf_fini(&b);
	free(path);
	return r;
}

static int
vault_write(const struct creds *c, struct json_object *o, struct err *err)
{
	char *path = vault_path(c);
	struct buf b;
	int r;

	buf_init(&b, FILE_MAX);
	json_put_int(o, "version", 1);
	r = json_write(&b, o);
	r = r < 0 ? err_set(err, E_FULL, "the local vault would have more than %u MB", FILE_MAX >> 20)
	    : os_write_file(path, b.data, b.len, 0600, err);
	buf_fini(&b);
	free(path);
	return r;
}

/* --- as a source -------------------------------------------------------------------- */

struct loading { struct creds *c; unsigned index; };

static void
load_now(void *arg)
{
	struct loading *l = arg;
	struct records rs = { NULL, 0 };
	struct json_object *o = NULL, *list, *row;
	struct record rec;
	struct err err = { 0 }, bad;
	int r = vault_read(l->c, &o, &err);
	size_t i;

	list = json_arr(o, "records");
	for (i = 0; r == 0 && i < json_object_array_length(list) && rs.n < RECORDS_MAX; i++) {
		row = json_object_array_get_idx(list, i);
		if (record_parse(&rec, "vault", json_str(row, "name", ""), row, &bad) < 0) {
			log_warn("creds", "record %zu of the local vault is left out: %s", i + 1, bad.text);
			continue;
		}
		rs.v = xrealloc(rs.v, (rs.n + 1) * sizeof(*rs.v));
		rs.v[rs.n++] = rec;
	}
	json_object_put(o);
	source_loaded(l->c, l->index, &rs, r < 0 ? &err : NULL);
	free(l);
}

void
vault_load(struct creds *c, unsigned index)
{
	struct loading *l = xcalloc(1, sizeof(*l));

	l->c = c;
	l->index = index;
	loop_defer(c->ag->loop, load_now, l);
}

/* --- changed by a person ---------------------------------------------------------------- */

static int
find_row(struct json_object *list, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		if (strcmp(json_str(json_object_array_get_idx(list, i), "name", ""), name) == 0)
			return (int)i;
	return -1;
}

/* FIELDS sealed, as base64 in ROW. */
static int
seal_fields(struct creds *c, struct json_object *row, struct json_object *fields, struct err *err)
{
	const char *name = json_str(row, "name", ""), *type = json_str(row, "type", "");
	char *aad = xasprintf("credential %s %s", name, type);
	struct buf plain, sealed, b64;
	int r;

	buf_init(&plain, SEALED_MAX);
	(void)buf_room(&plain, SEALED_MAX);
	buf_init(&sealed, SEALED_MAX + 1024);
	buf_init(&b64, SEALED_MAX * 2);
	r = json_write(&plain, fields);
	r = r < 0 ? err_set(err, E_FULL, "its values have more than %u kB", SEALED_MAX / 1024)
	    : seal_rest(c->ag->seal, &sealed, aad, plain.data, plain.len, err);
	if (r == 0)
		r = seal_base64(&b64, sealed.data, sealed.len);
	if (r == 0)
		json_put_str(row, "sealed", buf_str(&b64));
	buf_wipe(&plain);
	buf_fini(&sealed);
	buf_fini(&b64);
	free(aad);
	return r;
}

/* What ARGS say, without the values. NULL and the sentence. */
static struct json_object *
new_row(struct creds *c, struct json_object *args, struct err *err)
{
	static const char *const columns[] = { "name", "type", "user", "tags", "ranges", "scope", "via", "ref" };
	struct json_object *row = json_object_new_object(), *fields = json_get(args, "fields");
	const char *name = json_str(args, "name", ""), *type = json_str(args, "type", ""), *lacks;
	struct record rec;
	size_t i;
	int r = 0;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_str(row, columns[i], json_str(args, columns[i], ""));
	json_put_int(row, "order", json_int(args, "order", 100));
	if (name[0] == '\0' || strspn(name, NAME_CHARS) != strlen(name) || strlen(name) > 80)
		r = err_set(err, E_BAD, "a name has 1 to 80 of the characters a-z A-Z 0-9 . _ -");
	if (r == 0 && json_str(args, "ref", "")[0] == '\0') {
		json_put_str(row, "via", "vault");
		lacks = type_lacks(type, fields);
		if (lacks != NULL)
			r = err_set(err, E_BAD, "a credential of type %.40s needs a %s", type, lacks);
		if (r == 0)
			r = seal_fields(c, row, fields, err);
	}
	if (r == 0)
		r = record_parse(&rec, "vault", name, row, err);
	if (r == 0) {
		record_fini(&rec);
		return row;
	}
	json_object_put(row);
	return NULL;
}

static void
answer(struct creds *c, struct control_call *call, int r, const struct err *err, const char *what, const char *name)
{
	struct json_object *o;

	if (r < 0) {
		control_no(call, -r, "%s", err->text);
		return;
	}
	store_audit(c->ag->store, what, "", name);
	log_info("creds", "%s: %s", what, name);
	source_load(c, 0);
	o = json_object_new_object();
	json_put_str(o, "name", name);
	control_ok_take(call, o);
}

void
creds_add(struct creds *c, struct control_call *call, struct json_object *args)
{
	struct json_object *vault = NULL, *row, *list;
	struct err err = { 0 };
	int r = vault_read(c, &vault, &err), at;

	row = r < 0 ? NULL : new_row(c, args, &err);
	if (r == 0 && row == NULL)
		r = -err.code;
	if (r == 0) {
		list = json_arr(vault, "records");
		at = find_row(list, json_str(row, "name", ""));
		if (at >= 0)
			json_object_array_put_idx(list, (size_t)at, row);
		else
			json_add_take(list, row);
		r = vault_write(c, vault, &err);
	}
	answer(c, call, r, &err, "credential-added", json_str(args, "name", ""));
	json_wipe(json_get(args, "fields"));
	json_object_put(vault);
}

void
creds_remove(struct creds *c, struct control_call *call, const char *name)
{
	struct json_object *vault = NULL, *list;
	struct err err = { 0 };
	int r = vault_read(c, &vault, &err), at;

	if (strncmp(name, "vault:", 6) == 0)
		name += 6;
	if (r == 0) {
		list = json_arr(vault, "records");
		at = find_row(list, name);
		if (at < 0) {
			r = err_set(&err, E_NONE, "the local vault has no credential %.80s: midctl creds list", name);
		} else {
			json_object_array_del_idx(list, (size_t)at, 1);
			r = vault_write(c, vault, &err);
		}
	}
	answer(c, call, r, &err, "credential-removed", name);
	json_object_put(vault);
}
