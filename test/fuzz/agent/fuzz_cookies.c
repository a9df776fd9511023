/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as Set-Cookie of an instance, in two answers: what is sent back is one line, bounded, of cookies only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "instance/cookies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take(struct cookies *jar, const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	cookies_take(jar, text);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cookies jar = { .n = 0 };
	struct buf b;
	size_t i;

	take(&jar, data, size / 2);
	take(&jar, data + size / 2, size - size / 2);
	buf_init(&b, COOKIES_MAX * (COOKIE_LEN_MAX + 2) + 10);
	cookies_write(&jar, &b);
	for (i = 0; i < b.len; i++)
		if (b.data[i] < ' ' || b.data[i] >= 0x7F)
			abort();
	if (jar.n > COOKIES_MAX || (jar.n > 0) != (b.len > 0))
		abort();
	for (i = 0; i < jar.n; i++)
		if (strlen(jar.pair[i]) > COOKIE_LEN_MAX || strchr(jar.pair[i], '=') == NULL || strpbrk(jar.pair[i], "; ,") != NULL)
			abort();
	cookies_drop(&jar);
	buf_fini(&b);
	return 0;
}
