/* SPDX-License-Identifier: Apache-2.0 */
/* What libraries give back is wiped; see secret.h. */
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"

void
secret_heap_free(void *p)
{
	if (p != NULL)
		OPENSSL_cleanse(p, malloc_usable_size(p));
	free(p);
}

void *
secret_heap_realloc(void *p, size_t n)
{
	size_t was = p == NULL ? 0 : malloc_usable_size(p);
	void *made;

	if (n > 0 && n <= was)
		return p;
	made = n == 0 ? NULL : malloc(n);
	if (made != NULL && p != NULL)
		memcpy(made, p, was);
	if (made != NULL || n == 0)
		secret_heap_free(p);
	return made;
}

/* --- OpenSSL's names for them -------------------------------------------------------- */

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return malloc(n);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	secret_heap_free(p);
}

static void *
openssl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return secret_heap_realloc(p, n);
}

int
secret_wipe_openssl(void)
{
	return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1 ? 0 : -1;
}
