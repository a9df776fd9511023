/* SPDX-License-Identifier: Apache-2.0 */
/* os_names - whom this system asks for names; see os.h. */
#include "os.h"

#include "os_win.h"

#include <iphlpapi.h>
#include <stdlib.h>

#include "buf.h"
#include "err.h"
#include "xalloc.h"

int
os_resolvers(struct buf *out, struct err *err)
{
	ULONG n = 0;
	FIXED_INFO *info;
	IP_ADDR_STRING *a;

	if (GetNetworkParams(NULL, &n) != ERROR_BUFFER_OVERFLOW)
		return err_set(err, E_NONE, "Windows names no server for names");
	info = xcalloc(1, n);
	if (GetNetworkParams(info, &n) == NO_ERROR)
		for (a = &info->DnsServerList; a != NULL; a = a->Next)
			if (a->IpAddress.String[0] != '\0')
				(void)buf_printf(out, "%s%s", out->len > 0 ? " " : "", a->IpAddress.String);
	free(info);
	return out->len == 0 ? err_set(err, E_NONE, "Windows names no server for names") : 0;
}

void
os_tcp_patience(intptr_t fd, int ms)
{
	(void)fd;		/* Windows counts by itself: ten keep-alives */
	(void)ms;
}

void
os_use_keytab(const char *file)
{
	(void)file;		/* its account has the tickets */
}
