/* SPDX-License-Identifier: Apache-2.0 */
/* os_refusal - Windows tells no refusals; see os.h. */
#include "os.h"

#include "err.h"

int
os_refusals_pair(intptr_t *ours, int *workers)
{
	*ours = -1;
	*workers = -1;
	return -E_OS;
}

int
os_refusals_next(intptr_t fd, char name[OS_CALL_NAME])
{
	(void)fd, (void)name;
	return -E_NONE;
}
