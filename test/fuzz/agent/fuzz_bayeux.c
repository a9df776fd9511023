/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an answer of the push channel. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "instance/bayeux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bayeux_said said;
	struct err err;
	int ask;

	for (ask = BAYEUX_HANDSHAKE; ask <= BAYEUX_CONNECT; ask++) {
		if (bayeux_read(&said, (enum bayeux_ask)ask, "/mid/server/a", (const char *)data, size, &err) < 0)
			continue;
		if (strlen(said.client) >= sizeof(said.client) || strlen(said.why) >= sizeof(said.why) ||
		    said.interval_ms > 600000 || (ask == BAYEUX_HANDSHAKE && said.ok && said.client[0] == '\0'))
			abort();
	}
	return 0;
}
