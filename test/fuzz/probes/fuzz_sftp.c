/* SPDX-License-Identifier: Apache-2.0 */
/* What an SFTP server sends: any bytes, and nothing read outside of them. */
#include <stdlib.h>
#include <string.h>

#include "ssh/fxp.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static unsigned
one(const unsigned char *p, size_t n)
{
	struct fxp_reply r;
	struct fxp_name name;
	uint64_t space = 0;
	unsigned sum = 0;
	size_t i;

	if (fxp_parse(&r, p, n) < 0)
		return 0;
	for (i = 0; i < r.text_len; i++)
		sum += (unsigned char)r.text[i];
	for (i = 0; i < r.len; i++)
		sum += r.data[i];
	if (r.type == FXP_VERSION)
		sum += fxp_extends(&r, "fsync@openssh.com");
	if (r.type == FXP_EXTENDED_REPLY && fxp_free_space(&r, &space) == 0)
		sum += (unsigned)space;
	while (fxp_next_name(&r, &name) == 1)
		for (i = 0; i < name.len; i++)
			sum += (unsigned char)name.name[i];
	return sum;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static volatile unsigned sum;
	unsigned char *copy;
	long n;

	while ((n = fxp_length(data, len)) > 0 && (size_t)n <= len) {
		copy = malloc((size_t)n);	/* of just its size: what is read behind it is seen */
		if (copy == NULL)
			return 0;
		memcpy(copy, data, (size_t)n);
		sum += one(copy, (size_t)n);
		free(copy);
		data += n;
		len -= (size_t)n;
	}
	(void)sum;
	return 0;
}
