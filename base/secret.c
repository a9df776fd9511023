/* SPDX-License-Identifier: Apache-2.0 */
/* secret - see secret.h. */
#include "secret.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "os.h"
#include "xalloc.h"

#define SECRET_FILE_MAX (64u * 1024)

void
secret_wipe(void *p, size_t n)
{
	if (p != NULL)
		explicit_bzero(p, n);
}

void
secret_init(struct secret *s)
{
	s->data = NULL;
	s->len = 0;
}

void
secret_fini(struct secret *s)
{
	secret_wipe(s->data, s->len);
	free(s->data);
	secret_init(s);
}

void
secret_set(struct secret *s, const void *p, size_t n)
{
	secret_fini(s);
	s->data = xcalloc(1, n + 1);
	if (n > 0)
		memcpy(s->data, p, n);
	s->len = n;
}

int
secret_read_file(struct secret *s, const char *path, struct err *err)
{
	struct buf b;
	int r;

	if (os_file_is_private(path) == 0)
		return err_set(err, E_AUTH, "%s may be read by others than its owner: chmod 600 %s", path, path);
	buf_init(&b, SECRET_FILE_MAX);
	r = os_read_file(&b, path, err);
	if (r == 0)
		secret_set(s, b.data, b.len);
	buf_wipe(&b);
	return r;
}
