/* SPDX-License-Identifier: Apache-2.0 */
/* A stranger's messages of version 3, to a session that has learned an engine and to one that has not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/usm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct usm_account account = { "user", "SHA", "a long pass phrase", "DES", "another phrase", NULL };
	static struct usm_phrases *phrases;
	const char *why;
	struct message m;
	struct usm u;
	struct pdu pdu;
	uint8_t *copy;
	unsigned i;

	if (phrases == NULL)
		phrases = usm_phrases_new();
	if (usm_init(&u, phrases, &account, 1, &why) < 0)
		abort();
	copy = malloc(size == 0 ? 1 : size);
	for (i = 0; i < 3; i++) {
		memcpy(copy, data, size);
		if (message_read(copy, size, &m) == 0 && m.version == SNMP_V3)
			(void)usm_read(&u, &m, &pdu, copy, size);
	}
	free(copy);
	return 0;
}
