/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_unseal - bytes from a damaged store: none opens, none reads out of bounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "seal/seal.h"

static struct seal *
the_seal(void)
{
	static struct seal *s;
	char dir[] = "/tmp/midd-fuzz-XXXXXX", key[64];
	struct seal_config cfg = { .mode = SEAL_AT_REST, .rest_key_file = key };
	struct err err;

	if (s != NULL)
		return s;
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(key, sizeof(key), "%s/key", dir);
	if (seal_open(&s, &cfg, &err) != 0)
		abort();
	remove(key);
	rmdir(dir);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Once as it is; once with a good head and the bytes behind it, or it would never get past the key id. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf good, out;
	struct err err;

	buf_init(&good, 1 << 20);
	buf_init(&out, 1 << 20);
	if (unseal_rest(the_seal(), &out, "aad", data, size, &err) == 0)
		abort();
	if (seal_rest(the_seal(), &good, "aad", data, size, &err) != 0)
		abort();
	if (unseal_rest(the_seal(), &out, "aad", good.data, good.len, &err) != 0 || out.len != size)
		abort();
	for (size_t i = 0; i < size; i++)
		good.data[(i * 7) % good.len] ^= (char)data[i];
	buf_clear(&out);
	if (unseal_rest(the_seal(), &out, "aad", good.data, good.len, &err) != 0 && out.len != 0)
		abort();
	buf_fini(&good);
	buf_fini(&out);
	return 0;
}
