/* SPDX-License-Identifier: Apache-2.0 */
/* os_tools - see os.h. */
#include "os.h"

const char *const *
os_tool_journal(void)
{
	static const char *const words[] = { "/usr/bin/journalctl", "-q", "-u", "midd", "-n", "500", "--no-pager", "-o", "short-iso", NULL };

	return words;
}
