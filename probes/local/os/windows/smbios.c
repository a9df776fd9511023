/* SPDX-License-Identifier: Apache-2.0 */
/* smbios - the firmware's table, as the system keeps it; see win.h. */
#include "win.h"

#include <stdlib.h>
#include <string.h>

#define HEAD 8		/* RawSMBIOSData: version, length */
#define PROVIDER 0x52534d42u	/* "RSMB" */

char *
win_smbios(size_t *n)
{
	UINT size = GetSystemFirmwareTable(PROVIDER, 0, NULL, 0);
	char *raw = size > HEAD ? malloc((size_t)size + 1) : NULL;

	if (raw == NULL)
		return NULL;
	if (GetSystemFirmwareTable(PROVIDER, 0, raw, size) != size) {
		free(raw);
		return NULL;
	}
	*n = size - HEAD;
	memmove(raw, raw + HEAD, *n);
	raw[*n] = '\0';
	return raw;
}
