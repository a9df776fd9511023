/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the XML of a probe: cut wherever it may be cut, each page begins with what the one before left open. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct markup m, again;
	struct buf closed, opened;
	size_t n, k;

	markup_init(&m);
	buf_init(&closed, 1u << 20);
	buf_init(&opened, 1u << 20);
	for (; size > 0; text += n, size -= n) {
		n = markup_next(&m, text, size);
		if (n == 0 || n > size)
			abort();
		if (!markup_between(&m))
			continue;
		buf_clear(&closed);
		buf_clear(&opened);
		markup_close(&m, &closed);
		markup_reopen(&m, &opened);
		/* Opened and closed again nothing is left. */
		markup_init(&again);
		(void)buf_put(&opened, buf_str(&closed), closed.len);
		for (k = 0; k < opened.len;)
			k += markup_next(&again, buf_str(&opened) + k, opened.len - k);
		if (again.depth != 0 || again.lost)
			abort();
		markup_fini(&again);
	}
	buf_fini(&closed);
	buf_fini(&opened);
	markup_fini(&m);
	return 0;
}
