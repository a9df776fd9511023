/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through any parser of facts. An input begins with the name of a
 * parser and a newline (so are the seeds), else its first byte chooses one.
 */
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct facts_parser *
choose(struct str *input)
{
	struct str rest = *input, name;
	size_t n = 0;

	if (str_line(&rest, &name))
		for (n = 0; facts_parsers[n].name != NULL; n++)
			if (str_eq(name, facts_parsers[n].name)) {
				*input = rest;
				return &facts_parsers[n];
			}
	if (input->n == 0)
		return NULL;
	for (n = 0; facts_parsers[n].name != NULL; n++)
		;
	n = (unsigned char)input->p[0] % n;
	*input = str_skip(*input, 1);
	return &facts_parsers[n];
}

/* A copy of exactly that size, so that one byte too far is seen. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	const struct facts_parser *p = choose(&input);
	struct json_object *out;
	char *copy;

	if (p == NULL)
		return 0;
	copy = malloc(input.n > 0 ? input.n : 1);
	out = json_object_new_object();
	if (copy == NULL || out == NULL)
		abort();
	if (input.n > 0)
		memcpy(copy, input.p, input.n);
	(void)p->parse(copy, input.n, out);
	if (json_object_to_json_string(out) == NULL)
		abort();
	json_object_put(out);
	free(copy);
	return 0;
}
