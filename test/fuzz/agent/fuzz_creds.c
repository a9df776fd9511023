/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_creds - records of credentials as a source tells them, and values as a vault or a program gives them: read, or refused with a sentence. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json_object.h>
#include <json-c/linkhash.h>

#include "creds/inside.h"
#include "err.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What is taken keeps to its limits, and can be shown and matched. */
static void
use(const struct record *r)
{
	struct json_object *shown = record_json(r);

	if (!type_known(r->type) || r->name[0] == '\0' || strlen(r->user) > RECORD_TEXT_MAX || r->sealed_len > SEALED_MAX
	    || (r->sealed == NULL && r->ref[0] == '\0'))
		abort();
	if (json_get(shown, "sealed") != NULL || record_is_for(r, "none", "10.0.0.1", "", ""))
		abort();
	(void)record_is_for(r, r->type, "10.0.0.1", r->tags, r->name);
	(void)record_is_for(r, r->type, "no address", "tag", "");
	json_object_put(shown);
}

static void
record(const char *text, size_t n)
{
	struct json_object *o = NULL;
	struct record r;
	struct err err = { 0 };

	if (json_parse(&o, text, n, "fuzz", NULL) < 0)
		return;
	if (record_parse(&r, "vault", "key", o, &err) == 0) {
		use(&r);
		record_fini(&r);
	} else if (err.text[0] == '\0') {
		abort();
	}
	json_object_put(o);
}

static void
values(const char *text, size_t n, bool kv)
{
	struct json_object *fields = values_read(text, n, kv);

	if (fields == NULL)
		return;
	if (json_object_object_length(fields) > FIELDS_MAX)
		abort();
	json_object_object_foreach(fields, name, value) {
		(void)name;
		if (!json_object_is_type(value, json_type_string))
			abort();
	}
	(void)type_lacks("ssh_password", fields);
	values_wipe(fields);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	if (data[0] % 3 == 0)
		record((const char *)data + 1, n - 1);
	else
		values((const char *)data + 1, n - 1, data[0] % 3 == 1);
	return 0;
}
