/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of an SSH host: whatever bytes come, no more than a no. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ssh/hostcert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct hostcert_want want = { "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKrzFzrzFzrzFzrzFzrzFzrzFzrzFzrzFzrzFzrzFzrz", { "web", "10.0.0.1" }, 1800000000 };
	char why[300];

	if (hostcert_judge(&want, data, size, why) == 0)
		abort();	/* nobody has that authority's key */
	return 0;
}
