/* SPDX-License-Identifier: Apache-2.0 */
/* near_os - see near_os.h: GetIpNetTable2. */
#include <winsock2.h>
#include <ws2tcpip.h>	/* before iphlpapi.h, which then knows the newer tables */
#include <iphlpapi.h>
#undef interface

#include <string.h>

#include "../../near_os.h"

void
near_each(near_fn *fn, void *arg)
{
	struct sockaddr_storage a;
	const MIB_IPNET_ROW2 *r;
	MIB_IPNET_TABLE2 *t;
	struct where w;
	ULONG i;

	if (GetIpNetTable2(AF_UNSPEC, &t) != NO_ERROR)
		return;
	for (i = 0; i < t->NumEntries; i++) {
		r = &t->Table[i];
		memset(&a, 0, sizeof(a));
		memcpy(&a, &r->Address, sizeof(r->Address));
		if (r->PhysicalAddressLength != 6 || r->State < NlnsProbe)
			continue;
		(void)where_from(&w, &a);
		fn(arg, &w, r->PhysicalAddress, r->State == NlnsReachable);
	}
	FreeMibTable(t);
}
