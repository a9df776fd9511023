/* SPDX-License-Identifier: Apache-2.0 */
/* os_library - modules on Windows: what they need is looked for beside them and in System32, nowhere else. */
#include "os.h"

#include "err.h"
#include "os_win.h"

const bool os_library_possible = true;

void *
os_library_open(const char *path, struct err *err)
{
	char full[MAX_PATH * 4];
	HMODULE library = NULL;

	if (GetFullPathNameA(path, sizeof(full), full, NULL) > 0)
		library = LoadLibraryExA(full, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
	if (library == NULL)
		(void)win_err(err, "it can't be loaded");
	return library;
}

void *
os_library_find(void *library, const char *symbol)
{
	return (void *)(uintptr_t)GetProcAddress(library, symbol);
}

void
os_library_close(void *library)
{
	FreeLibrary(library);
}
