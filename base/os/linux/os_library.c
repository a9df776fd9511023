/* SPDX-License-Identifier: Apache-2.0 */
/* os_library - modules on Linux; see os.h. */
#include "os.h"

#include <dlfcn.h>

#include "err.h"

const bool os_library_possible = true;

void *
os_library_open(const char *path, struct err *err)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		err_set(err, E_OS, "%s", dlerror());
	return library;
}

void *
os_library_find(void *library, const char *symbol)
{
	return dlsym(library, symbol);
}

void
os_library_close(void *library)
{
	dlclose(library);
}
