/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_keep - what a person has to look at afterwards: payloads that could not
 * be placed, and records that seem to be the same thing. Sent again, neither
 * is noted twice.
 */
#include "ire_inside.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static void
hex_digest(const char *s, char out[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int i, n = 0;

	(void)EVP_Digest(s, strlen(s), md, &n, EVP_sha256(), NULL);
	for (i = 0; i < n && i < 32; i++)
		(void)snprintf(out + (size_t)i * 2, 3, "%02x", md[i]);
}

/* Inserts VALUES with u_key KEY unless a row has that key; 1 when inserted. */
static int
insert_once(struct run *run, const char *table, const char *key,
    struct json_object *values, char sys_id[SYS_ID_LEN + 1])
{
	struct text query = { 0 };
	long count = 0;
	int r;

	text_addf(&query, "u_key=%s", key);
	r = db_count(run->db, table, text_str(&query), &count);
	text_fini(&query);
	if (r == 0 && count > 0)
		return 0;
	json_put(values, "u_key", key);
	if (r == 0)
		r = db_insert(run->db, table, values, sys_id);
	return r < 0 ? run_db_failed(run) : 1;
}

int
ire_hold(struct run *run, struct json_object *what, const char *table,
    const char *message)
{
	struct json_object *row = json_object_new_object();
	const char *text = json_object_to_json_string_ext(what,
	    JSON_C_TO_STRING_PLAIN);
	char key[65] = "";
	int r;

	hex_digest(text, key);
	json_put(row, "payload", text);
	json_put(row, "message", message);
	json_put(row, "status", "new");
	json_put(row, "data_source",
	    run->opt->data_source != NULL ? run->opt->data_source : "");
	r = insert_once(run, table, key, row, NULL);
	json_object_put(row);
	return r < 0 ? r : 0;
}

static int
audit_rows(struct run *run, const char *task,
    const char (*ids)[SYS_ID_LEN + 1], size_t count)
{
	struct json_object *row;
	size_t i;
	int r = 0;

	for (i = 0; i < count && r == 0; i++) {
		row = json_object_new_object();
		json_put(row, "follow_on_task", task);
		json_put(row, "duplicate_ci", ids[i]);
		r = db_insert(run->db, "duplicate_audit_result", row, NULL);
		json_object_put(row);
	}
	return r < 0 ? run_db_failed(run) : 0;
}

int
ire_duplicates(struct run *run, const char *class,
    const char (*ids)[SYS_ID_LEN + 1], size_t count)
{
	struct json_object *row = json_object_new_object();
	struct text key = { 0 }, text = { 0 };
	char number[32], task[SYS_ID_LEN + 1];
	long tasks = 0;
	size_t i;
	int r;

	for (i = 0; i < count; i++)
		text_addf(&key, "%s%s", i > 0 ? "," : "", ids[i]);
	(void)db_count(run->db, "reconcile_duplicate_task", "", &tasks);
	(void)snprintf(number, sizeof(number), "RDT%07ld", tasks + 1);
	text_addf(&text, "%zu records of %s seem to be one", count, class);
	json_put(row, "number", number);
	json_put(row, "short_description", text_str(&text));
	json_put(row, "u_class", class);
	json_put(row, "state", "1");
	json_put(row, "active", "true");
	r = insert_once(run, "reconcile_duplicate_task", text_str(&key), row,
	    task);
	if (r > 0)
		r = audit_rows(run, task, ids, count);
	text_fini(&text);
	text_fini(&key);
	json_object_put(row);
	return r < 0 ? r : 0;
}
