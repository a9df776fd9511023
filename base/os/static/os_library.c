/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_library - a program that is one file (make STATIC=1) loads no modules; see os.h.
 *
 * glibc's own loader would still be in it, for OpenSSL and others that ask for dlopen(), and would
 * bring a second libc along with whatever it loads. These stand in front of it: each says no, with a reason.
 */
#include "os.h"

#include <dlfcn.h>

#include "err.h"

#define NO "a static program loads no modules"

const bool os_library_possible = false;

void *
os_library_open(const char *path, struct err *err)
{
	(void)path;
	err_set(err, E_OS, NO);
	return NULL;
}

void *
os_library_find(void *library, const char *symbol)
{
	(void)library, (void)symbol;
	return NULL;
}

void
os_library_close(void *library)
{
	(void)library;
}

/* --- for the libraries that are linked in ---------------------------------------------- */

void *
dlopen(const char *path, int flags)
{
	(void)path, (void)flags;
	return NULL;
}

void *
dlsym(void *restrict library, const char *restrict symbol)
{
	(void)library, (void)symbol;
	return NULL;
}

int
dlclose(void *library)
{
	(void)library;
	return -1;
}

int
dladdr(const void *address, Dl_info *info)
{
	(void)address, (void)info;
	return 0;
}

char *
dlerror(void)
{
	return (char *)(uintptr_t)NO;
}
