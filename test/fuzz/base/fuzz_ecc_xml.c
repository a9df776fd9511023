/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a payload; any bytes escaped must read back as one value. */
#include <stdint.h>
#include <stdlib.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_one(const char *text, size_t len, int must)
{
	struct json_object *params, *xml;
	struct err err = { 0 };
	int r = xml_read_parameters(text, len, 1u << 20, &params, &xml, &err);

	if (must && r < 0)
		abort();
	if (r < 0) {
		if (err.text[0] == '\0')
			abort();
		return;
	}
	json_object_put(params);
	json_object_put(xml);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t replaced = 0;
	struct buf b;

	read_one(text, size, 0);
	(void)xml_is_see_attachment(text, size);
	if (xml_cut(text, size, size / 2) > size / 2)
		abort();
	buf_init(&b, 1u << 20);
	buf_puts(&b, "<parameters><parameter name=\"v\" value=\"");
	if (xml_escape(&b, text, size, &replaced) == 0) {
		buf_puts(&b, "\"/></parameters>");
		read_one(b.data, b.len, 1);
	}
	buf_fini(&b);
	return 0;
}
