/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_lines - rules of policy and lines of known_hosts: read, or refused with a sentence. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "creds/known_hosts.h"
#include "err.h"
#include "policy/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
known(const uint8_t *data, size_t n)
{
	char *line = malloc(n + 1);
	struct known_line l;
	struct err err = { 0 };
	unsigned i;
	int r;

	if (line == NULL)
		abort();
	memcpy(line, data, n);
	line[n] = '\0';
	r = known_line_parse(&l, line, &err);
	if (r < 0 && err.text[0] == '\0')
		abort();
	for (i = 0; r == 0 && i < l.hosts; i++)
		if (l.host[i].name[0] == '\0' || !known_key_fits(l.type, l.key) || known_hash_fits(l.host[i].name, "nobody", 22))
			abort();
	free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct rules rules = { NULL, 0 };
	struct err err = { 0 };
	int r;

	if (n == 0)
		return 0;
	if (data[0] & 1) {
		known(data + 1, n - 1);
		return 0;
	}
	r = rules_parse(&rules, (const char *)data + 1, n - 1, &err);
	if (r < 0 && err.text[0] == '\0')
		abort();
	if (r == 0)
		rules_free(&rules);
	return 0;
}
