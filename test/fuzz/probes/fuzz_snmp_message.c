/* SPDX-License-Identifier: Apache-2.0 */
/* Any datagram at all: read as a message, and its varbinds kept in a table. */
#include <stddef.h>
#include <stdint.h>

#include "snmp/message.h"
#include "snmp/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct varbind_room room;
	struct message m;
	struct varbind vb;
	struct table *t;

	if (message_read(data, size, &m) < 0)
		return 0;
	if (m.version == SNMP_V3 && scoped_read(m.data, &m.pdu) < 0)
		return 0;
	t = table_new(1000, 1 << 16);
	while (varbind_next(&m.pdu.varbinds, &room, &vb) == 1)
		(void)table_put(t, &vb);
	table_sort(t);
	table_free(t);
	return 0;
}
