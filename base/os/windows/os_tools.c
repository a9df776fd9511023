/* SPDX-License-Identifier: Apache-2.0 */
/* os_tools - see os.h: they are in Windows' own folder. */
#include "os.h"

#include <stdio.h>

#include "os_service.h"
#include "os_win.h"

/* Its whole path, so that none that lies about is run. */
static const char *
tool(char *room, size_t n, const char *name)
{
	char folder[MAX_PATH] = "";

	(void)GetSystemDirectoryA(folder, sizeof(folder));
	snprintf(room, n, "%s/%s", folder, name);
	os_path_tidy(room);
	return room;
}

const char *const *
os_tool_journal(void)
{
	static char wevtutil[MAX_PATH + 40];
	static const char *words[] = { NULL, "qe", "Application", "/q:*[System[Provider[@Name='" WIN_SERVICE "']]]", "/c:500", "/rd:true", "/f:text", NULL };

	words[0] = tool(wevtutil, sizeof(wevtutil), "wevtutil.exe");
	return words;
}
