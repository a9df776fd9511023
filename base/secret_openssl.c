/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenSSL gives back is wiped; see secret.h. */
#include "secret.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static void *
wiped_malloc(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return malloc(n);
}

static void
wiped_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	if (p != NULL)
		OPENSSL_cleanse(p, malloc_usable_size(p));
	free(p);
}

static void *
wiped_realloc(void *p, size_t n, const char *file, int line)
{
	size_t was = p == NULL ? 0 : malloc_usable_size(p);
	void *made;

	if (n > 0 && n <= was)
		return p;
	made = n == 0 ? NULL : malloc(n);
	if (made != NULL && p != NULL)
		memcpy(made, p, was);
	if (made != NULL || n == 0)
		wiped_free(p, file, line);
	return made;
}

int
secret_wipe_openssl(void)
{
	return CRYPTO_set_mem_functions(wiped_malloc, wiped_realloc, wiped_free) == 1 ? 0 : -1;
}
