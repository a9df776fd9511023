/* SPDX-License-Identifier: Apache-2.0 */
/* Captured outputs: the first two bytes choose the format, the rest is its text. */
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct format *f = size < 2 ? NULL : format_at(data[0] + 256U * (data[1] & 3));
	struct json_object *top;

	if (f == NULL)
		return 0;
	top = f->list ? json_object_new_array() : json_object_new_object();
	(void)f->read(f, (struct str){ (const char *)data + 2, size - 2 }, top);
	json_object_put(top);
	return 0;
}
