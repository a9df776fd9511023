/* SPDX-License-Identifier: Apache-2.0 */
/* wiped - see wiped.h. Each block has its size in front. */
#include "wiped.h"

#include <openssl/crypto.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FRONT (sizeof(size_t) > alignof(max_align_t) ? sizeof(size_t) : alignof(max_align_t))

static size_t
size_of(const unsigned char *block)
{
	size_t n;

	memcpy(&n, block, sizeof(n));
	return n;
}

void *
wiped_new(size_t n, void **abstract)
{
	unsigned char *block = n > SIZE_MAX - FRONT ? NULL : malloc(FRONT + n);

	(void)abstract;
	if (block == NULL)
		return NULL;
	memcpy(block, &n, sizeof(n));
	return block + FRONT;
}

void
wiped_free(void *p, void **abstract)
{
	unsigned char *block;

	(void)abstract;
	if (p == NULL)
		return;
	block = (unsigned char *)p - FRONT;
	OPENSSL_cleanse(block, FRONT + size_of(block));
	free(block);
}

void *
wiped_resize(void *p, size_t n, void **abstract)
{
	void *made = wiped_new(n, abstract);
	size_t was = p == NULL ? 0 : size_of((unsigned char *)p - FRONT);

	if (made == NULL || p == NULL)
		return made;
	memcpy(made, p, was < n ? was : n);
	wiped_free(p, abstract);
	return made;
}

void *
wiped_copy(const void *p, size_t n)
{
	void *copy = wiped_new(n, NULL);

	return copy == NULL ? NULL : memcpy(copy, p, n);
}
