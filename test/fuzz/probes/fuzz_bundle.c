/* SPDX-License-Identifier: Apache-2.0 */
/* What a host sends for its facts, and all collectors over it: any bytes, no crash, and JSON at the end. */
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "facts/source_bundle.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct facts_source *src;
	struct facts_run *run;
	struct facts_err err;
	const char *text;
	char *copy = malloc(len + 1);
	size_t n;
	bool whole;

	if (copy == NULL)
		return 0;
	memcpy(copy, data, len);
	if (facts_source_bundle(&src, copy, len, "@@", &whole) == 0) {
		if (facts_begin(&run, src, NULL, &err) == 0) {
			while (facts_next(run, &text, &n) > 0)
				;
			facts_end(run);
		}
		facts_source_close(src);
	}
	free(copy);
	return 0;
}
