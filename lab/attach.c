/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach - see the header.
 */
#include "attach.h"

#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "blob.h"
#include "db.h"
#include "db_inside.h"
#include "instance.h"
#include "rules.h"

static void
put_hash(struct json_object *o, const void *p, size_t n)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned int len = 0, i;

	EVP_Digest(p, n, md, &len, EVP_sha256(), NULL);
	for (i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	json_put(o, "hash", hex);
}

static int
check(struct instance *in, const struct attachment *at)
{
	struct json_object *row;
	int r;

	if (at->name[0] == '\0')
		return db_say(in->db, DB_E_BAD, "file_name is missing");
	if (at->len > in->attachment_max)
		return db_say(in->db, DB_E_BAD, "the attachment of %zu bytes"
		    " is larger than com.glide.attachment.max_size", at->len);
	r = db_get(in->db, at->table, at->record, &row);
	if (r == 0)
		json_object_put(row);
	else if (r == DB_E_NONE)
		r = db_say(in->db, DB_E_BAD, "there is no record %.40s in"
		    " %.80s", at->record, at->table);
	return r;
}

int
attach(struct instance *in, const struct attachment *at,
    char sys_id[SYS_ID_LEN + 1])
{
	struct json_object *o;
	char id[SYS_ID_LEN + 1], n[24];
	int r;

	r = check(in, at);
	if (r < 0)
		return r;
	o = json_object_new_object();
	json_put(o, "table_name", at->table);
	json_put(o, "table_sys_id", at->record);
	json_put(o, "file_name", at->name);
	json_put(o, "content_type", at->type);
	snprintf(n, sizeof(n), "%zu", at->len);
	json_put(o, "size_bytes", n);
	json_put(o, "compressed", "false");
	json_put(o, "state", "available");
	put_hash(o, at->bytes, at->len);
	sys_id_make(id);
	json_put(o, "sys_id", id);
	r = blob_put(in->db, id, at->bytes, at->len);
	if (r == 0)
		r = record_insert(in, "sys_attachment", o, sys_id);
	json_object_put(o);
	return r;
}

int
attached(struct instance *in, const char *table, const char *record,
    const char *name, char **out, size_t *n)
{
	char *quoted = db_quote(name);
	struct text query = { 0 };
	struct json_object *row;
	int r;

	text_addf(&query, "table_name=%s^table_sys_id=%s^file_name=%s", table,
	    record, quoted);
	r = db_first(in->db, "sys_attachment", text_str(&query), &row);
	if (r == 0) {
		r = blob_get(in->db, json_str(row, "sys_id", ""), out, n);
		json_object_put(row);
	}
	text_fini(&query);
	free(quoted);
	return r;
}
