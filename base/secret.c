/* SPDX-License-Identifier: Apache-2.0 */
/* secret - see secret.h. */
#include "secret.h"

#include <openssl/evp.h>
#include <stdio.h>
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

/* --- locked to this machine --------------------------------------------------------- */

#define BEGIN SECRET_LOCKED
#define END "-----END MIDD LOCKED SECRET-----\n"
#define MACHINE "Machine: "
#define LOCKED_MAX (4 * SECRET_FILE_MAX)	/* as text */

/* Lines of 64 characters, as PEM has them. */
static int
put_base64(struct buf *out, const struct buf *b)
{
	EVP_ENCODE_CTX *c = EVP_ENCODE_CTX_new();
	unsigned char *to = (unsigned char *)buf_room(out, b->len / 48 * 65 + 80);
	int n = 0, end = 0;

	if (c != NULL && to != NULL) {
		EVP_EncodeInit(c);
		EVP_EncodeUpdate(c, to, &n, (const unsigned char *)b->data, (int)b->len);
		EVP_EncodeFinal(c, to + n, &end);
		out->len += (size_t)(n + end);
		out->data[out->len] = '\0';
	}
	EVP_ENCODE_CTX_free(c);
	return c != NULL && to != NULL ? 0 : -E_FULL;
}

/* FROM, up to the END. */
static int
take_base64(struct buf *out, const char *from)
{
	const char *end = strstr(from, END);
	size_t len = end != NULL ? (size_t)(end - from) : 0;
	EVP_ENCODE_CTX *c = EVP_ENCODE_CTX_new();
	unsigned char *to = (unsigned char *)buf_room(out, len + 64);
	int n = 0, more = 0;
	bool ok = c != NULL && to != NULL && len > 0 && len < LOCKED_MAX;

	if (ok) {
		EVP_DecodeInit(c);
		ok = EVP_DecodeUpdate(c, to, &n, (const unsigned char *)from, (int)len) >= 0 && EVP_DecodeFinal(c, to + n, &more) == 1;
	}
	out->len += ok ? (size_t)(n + more) : 0;
	EVP_ENCODE_CTX_free(c);
	return ok ? 0 : -E_DAMAGED;
}

int
secret_lock(struct buf *out, const void *p, size_t n, struct err *err)
{
	struct buf locked;
	int r;

	if (!os_machine_binds())
		return buf_put(out, p, n);
	buf_init(&locked, LOCKED_MAX);
	r = os_machine_lock(&locked, p, n, err);
	if (r == 0 && (buf_printf(out, BEGIN MACHINE "%s\n\n", os_host_name()) < 0 || put_base64(out, &locked) < 0 || buf_puts(out, END) < 0))
		r = err_set(err, E_FULL, "%zu bytes are too many for a secret", n);
	buf_fini(&locked);
	return r;
}

const char *
secret_find_locked(const char *text)
{
	return strstr(text, BEGIN);
}

static int
refuse(const char *path, const char *host, const char *why, struct err *err)
{
	if (strcmp(host, os_host_name()) != 0)
		return err_set(err, E_AUTH, "%s was locked by the machine %s, and this is %s: only there it can be opened. "
		    "Take the original to where it belongs, and make a new one here", path, host, os_host_name());
	return err_set(err, E_AUTH, "%s can't be opened, though a machine of this name has locked it: it is damaged, or this is another "
	    "machine or its system was installed anew (%s): make a new one", path, why);
}

int
secret_unlock(struct secret *s, const char *block, const char *path, struct err *err)
{
	const char *host = block + sizeof(BEGIN) - 1, *body = strstr(host, "\n\n");
	struct err why = { 0, "its text is cut off or changed" };
	struct buf locked, open;
	char name[256];
	int r = -E_DAMAGED;

	host += strncmp(host, MACHINE, sizeof(MACHINE) - 1) == 0 ? sizeof(MACHINE) - 1 : 0;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(host, "\n"), host);
	buf_init(&locked, LOCKED_MAX);
	buf_init(&open, SECRET_FILE_MAX);
	if (body != NULL && take_base64(&locked, body + 2) == 0)
		r = os_machine_unlock(&open, locked.data, locked.len, &why);
	if (r == 0)
		secret_set(s, open.data, open.len);
	else
		r = refuse(path, name, why.text, err);
	buf_fini(&locked);
	buf_wipe(&open);
	return r;
}

/* --- files -------------------------------------------------------------------------- */

int
secret_read_file(struct secret *s, const char *path, struct err *err)
{
	struct buf b;
	int r;

	if (os_file_is_private(path) == 0)
		return err_set(err, E_AUTH, "%s may be read by others than its owner: %s%s%s", path,
		    os_make_private[0], path, os_make_private[1]);
	buf_init(&b, SECRET_FILE_MAX);
	r = os_read_file(&b, path, err);
	if (r == 0 && secret_find_locked(buf_str(&b)) == buf_str(&b))
		r = secret_unlock(s, buf_str(&b), path, err);
	else if (r == 0)
		secret_set(s, b.data, b.len);
	buf_wipe(&b);
	return r;
}

static int
write_with(int (*fn)(const char *, const void *, size_t, unsigned, struct err *), const char *path, const void *p, size_t n,
    struct err *err)
{
	struct buf b;
	int r;

	buf_init(&b, SECRET_FILE_MAX);
	r = secret_lock(&b, p, n, err);
	if (r == 0)
		r = fn(path, b.data, b.len, 0600, err);
	else
		r = err_in(err, "lock %s", path);
	buf_wipe(&b);
	return r;
}

int
secret_write_file(const char *path, const void *p, size_t n, struct err *err)
{
	return write_with(os_write_file, path, p, n, err);
}

int
secret_write_new_file(const char *path, const void *p, size_t n, struct err *err)
{
	return write_with(os_write_new_file, path, p, n, err);
}

bool
secret_lies_open(const char *path)
{
	struct buf b;
	bool open;

	if (!os_machine_binds())
		return false;
	buf_init(&b, SECRET_FILE_MAX);
	open = os_read_file(&b, path, NULL) == 0 && b.len > 0 && secret_find_locked(buf_str(&b)) == NULL;
	buf_wipe(&b);
	return open;
}

int
secret_lock_file(const char *path, struct err *err)
{
	struct secret s;
	int r;

	secret_init(&s);
	r = secret_read_file(&s, path, err);
	if (r == 0 && s.len > 0 && strstr((const char *)s.data, "-----BEGIN CERTIFICATE-----") != NULL) {
		r = err_set(err, E_BAD, "%s holds a certificate too, which is read as it is: put the key into a file of its own", path);
	} else if (r == 0 && secret_lies_open(path)) {
		r = secret_write_file(path, s.data, s.len, err);
		r = r == 0 ? 1 : r;
	}
	secret_fini(&s);
	return r;
}
