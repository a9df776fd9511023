/* SPDX-License-Identifier: Apache-2.0 */
/* What midd-raw reads: packets that come to this host, and the line of its targets. The first byte chooses. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "raw/grant.h"
#include "raw/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct packet_key key = { .port = 0x3412 };
	static struct grant g;
	struct raw_record r = { 0 };
	char *line;

	if (size == 0)
		return 0;
	if (data[0] % 3 == 0) {
		(void)packet_read_tcp(data + 1, size - 1, &key, &r);
	} else if (data[0] % 3 == 1) {
		(void)packet_read_icmp(data + 1, size - 1, &key, &r);
	} else {
		line = calloc(1, size);
		memcpy(line, data + 1, size - 1);
		if (grant_read(&g, line) && (grant_has(&g, 0x0100007f) || g.n > GRANT_SPANS))
			abort();
		free(line);
	}
	return 0;
}
