/* SPDX-License-Identifier: Apache-2.0 */
/* os_near - who is on our own links, by the system's table of neighbours; see os.h. GetIpNetTable2. */
#include <winsock2.h>
#include <ws2tcpip.h>	/* before iphlpapi.h, which then knows the newer tables */
#include <iphlpapi.h>
#undef interface

#include "os.h"

void
os_near_six(os_near_fn *fn, void *arg)
{
	MIB_IPNET_TABLE2 *t;
	ULONG i;

	if (GetIpNetTable2(AF_INET6, &t) != NO_ERROR)
		return;
	for (i = 0; i < t->NumEntries; i++)
		if (t->Table[i].State >= NlnsProbe)
			fn(arg, (const unsigned char *)&t->Table[i].Address.Ipv6.sin6_addr);
	FreeMibTable(t);
}
