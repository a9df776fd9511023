/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a MID Server's config.xml; what is written of them is comments and quoted values only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0, "" };
	struct imported im;
	struct buf out;
	const char *line;

	if (import_xml(&im, (const char *)data, size, &err) < 0)
		return err.text[0] == '\0' ? abort(), 0 : 0;
	buf_init(&out, 8u << 20);
	if (import_yaml(&im, &out) == 0)
		for (line = buf_str(&out); line != NULL && *line != '\0'; line = strchr(line, '\n'), line += line != NULL) {
			size_t n = strcspn(line, "\n");

			if (n > 0 && line[0] != '#' && line[n - 1] != ':' && line[n - 1] != '"')
				abort();
		}
	buf_fini(&out);
	import_fini(&im);
	return 0;
}
