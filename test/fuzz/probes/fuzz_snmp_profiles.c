/* SPDX-License-Identifier: Apache-2.0 */
/* A file of device profiles, and what its rows make of a device that has something of all they ask for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/profile_rows.h"
#include "snmp/snmprec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char device[] =
    "1.3.6.1.2.1.1.1.0|4|Acme Router v12.5, Serial: ABC123\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1\n1.3.6.1.2.1.1.5.0|4|core1\n"
    "1.3.6.1.2.1.2.2.1.3.1|2|6\n1.3.6.1.2.1.47.1.1.1.1.4.1|2|0\n1.3.6.1.2.1.47.1.1.1.1.5.1|2|3\n1.3.6.1.2.1.47.1.1.1.1.13.1|4|M-1\n"
    "1.3.6.1.4.1.9.1.0|4x|00014142434445\n";

static void
forget(void *arg, const struct profile_said *row)
{
	*(size_t *)arg += strlen(row->name) + strlen(row->oids) + strlen(row->descr);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct table *t;
	struct profiles *p = profiles_new();
	struct facts_found found;
	struct oid object = { .n = 9, .id = { 1, 3, 6, 1, 4, 1, 9, 1, 1 } };
	struct oid_ref *roots;
	bool open[256] = { false };
	char why[2000] = "";
	size_t n = 0;
	unsigned nroots;

	if (t == NULL) {
		t = table_new(100, 1 << 16);
		(void)snmprec_read(t, device, sizeof(device) - 1, why, sizeof(why));
	}
	profiles_read_text(p, "fuzz.yaml", data, size, why, sizeof(why));
	profiles_find(p, t, &found);
	profiles_list(p, forget, &n);
	if (profiles_roots(p, &object, "Acme", open, &roots, &nroots) == 0)
		free(roots);
	profiles_free(p);
	return 0;
}
