/* SPDX-License-Identifier: Apache-2.0 */
/* oid_spec_list, as any job may bring it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct names *names;
	struct spec spec;
	char why[240], *text = malloc(size + 1);

	if (names == NULL)
		names = names_new();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	(void)spec_read(&spec, names, text, why, sizeof(why));
	spec_free(&spec);
	free(text);
	return 0;
}
