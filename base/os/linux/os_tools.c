/* SPDX-License-Identifier: Apache-2.0 */
/* os_tools - see os.h. */
#include "os.h"

const char *const *
os_tool_pack(void)
{
	static const char *const words[] = { "/usr/bin/tar", "--owner=0", "--group=0", "-czf", NULL };

	return words;
}

const char *const *
os_tool_journal(void)
{
	static const char *const words[] = { "/usr/bin/journalctl", "-q", "-u", "midd", "-n", "500", "--no-pager", "-o", "short-iso", NULL };

	return words;
}
