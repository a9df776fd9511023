/* SPDX-License-Identifier: Apache-2.0 */
/* A recording, and with it any variables a device may tell: read, judged by the shipped profiles, and told as JSON. */
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>

#include "snmp/facts.h"
#include "snmp/snmprec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profiles *profiles;
	struct table *t = table_new(5000, 1 << 20);
	struct json_object *doc;
	struct text out;
	char why[4000];

	if (profiles == NULL)
		profiles = profiles_load("share/profiles", why, sizeof(why));
	(void)snmprec_read(t, (const char *)data, size, why, sizeof(why));
	text_init(&out, 8u << 20);
	facts_write(&out, profiles, t, "10.0.0.1", "2c");
	if (!out.full) {
		doc = json_tokener_parse(out.data);
		if (doc == NULL)
			abort();
		json_object_put(doc);
	}
	text_fini(&out);
	text_init(&out, 1u << 20);
	facts_explain(&out, profiles, t);
	text_fini(&out);
	table_free(t);
	return 0;
}
