/* SPDX-License-Identifier: Apache-2.0 */
/* pair - see pair.h. */
#include "pair.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "http.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

#define FILE_MAX (64u * 1024)
#define FOR "for certificate "
#define OLD "renewed-"

static char *
file_of(const char *dir, const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

void
pair_fini(struct pair *p)
{
	free(p->cert);
	free(p->key);
	*p = (struct pair){ NULL, NULL };
}

int
pair_print(char hex[65], const char *file, struct err *err)
{
	BIO *b = BIO_new_file(file, "r");
	X509 *x = b != NULL ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
	unsigned char md[EVP_MAX_MD_SIZE];
	int i, ok = x != NULL && X509_digest(x, EVP_sha256(), md, NULL) == 1;

	for (i = 0; ok && i < 32; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", md[i]);
	ERR_clear_error();
	X509_free(x);
	BIO_free(b);
	return ok ? 0 : err_set(err, E_TLS, "%s holds no certificate in PEM form", file);
}

/* --- one file --------------------------------------------------------------------- */

int
pair_compose(struct secret *out, const char *cert, const char *key_pem, const char *cert_pem, struct err *err)
{
	char hex[65];
	struct buf b;
	int r = pair_print(hex, cert, err);

	if (r < 0)
		return r;
	buf_init(&b, FILE_MAX);
	if (buf_printf(&b, FOR "%s\n", hex) < 0 || (key_pem != NULL && secret_lock(&b, key_pem, strlen(key_pem), err) < 0) ||
	    buf_puts(&b, cert_pem) < 0)
		r = err_set(err, E_FULL, "the new certificate and its key cannot be put into a file of %u kB", FILE_MAX >> 10);
	else
		secret_set(out, b.data, b.len);
	buf_wipe(&b);
	return r;
}

/* Its first line, and whether there is a key in it. False: it cannot be read. */
static bool
look_into(const char *path, char hex[65], bool *has_key)
{
	struct buf b;
	const char *text;
	bool ok;

	buf_init(&b, FILE_MAX);
	ok = os_read_file(&b, path, NULL) == 0;
	text = buf_str(&b);
	hex[0] = '\0';
	if (ok && strncmp(text, FOR, sizeof(FOR) - 1) == 0)
		snprintf(hex, 65, "%.*s", (int)strcspn(text + sizeof(FOR) - 1, "\n"), text + sizeof(FOR) - 1);
	*has_key = ok && (strstr(text, " PRIVATE KEY-----") != NULL || secret_find_locked(text) != NULL);
	buf_wipe(&b);
	return ok;
}

bool
pair_renewed(struct pair *out, const char *state_dir, const char *name, const char *cert, const char *key)
{
	char *path = file_of(state_dir, name), says[65], is[65];
	struct pair p = { path, NULL };
	bool own, ok = look_into(path, says, &own);

	/* A configured one that is lost is no other one. */
	if (ok && pair_print(is, cert, NULL) == 0)
		ok = strcmp(says, is) == 0;
	p.key = xstrdup(own ? path : key);
	if (ok && http_cert_fits(path, p.key, NULL) == 0) {
		*out = p;
		return true;
	}
	pair_fini(&p);
	return false;
}

void
pair_in_force(struct pair *out, const char *state_dir, const char *cert, const char *key)
{
	*out = (struct pair){ NULL, NULL };
	if (cert == NULL || cert[0] == '\0' || pair_renewed(out, state_dir, PAIR_IN_FORCE, cert, key))
		return;
	*out = (struct pair){ xstrdup(cert), xstrdup(key) };
}

/* --- those that were in force -------------------------------------------------------- */

static bool
has_ended(const char *path)
{
	struct http_cert c;

	return http_cert_read(&c, path, NULL) < 0 || c.not_after_s <= os_time_ms() / 1000;
}

int
pair_keep_old(const char *state_dir, const char *name, struct err *err)
{
	char *path = file_of(state_dir, name), *to = NULL, hex[65];
	struct secret text;
	bool own;
	int r = 0;

	secret_init(&text);
	if (look_into(path, hex, &own) && own && pair_print(hex, path, NULL) == 0) {
		to = xasprintf("%s/" OLD "%.16s.pem", state_dir, hex);
		r = secret_read_file(&text, path, err);
		if (r == 0)
			r = os_write_file(to, text.data, text.len, 0600, err);
	}
	secret_fini(&text);
	free(to);
	free(path);
	return r;
}

static int
is_old(const struct dirent *d)
{
	size_t n = strlen(d->d_name), o = sizeof(OLD) - 1;

	return n > o + 4 && strncmp(d->d_name, OLD, o) == 0 && strcmp(d->d_name + n - 4, ".pem") == 0;
}

/* FN with the path of each; it may remove it. */
static void
each_old(const char *state_dir, void (*fn)(void *arg, const char *path), void *arg)
{
	struct dirent **list = NULL;
	int i, n = scandir(state_dir, &list, is_old, alphasort);

	for (i = 0; i < n; i++) {
		char *path = file_of(state_dir, list[i]->d_name);

		fn(arg, path);
		free(path);
		free(list[i]);
	}
	free(list);
}

static void
drop_if_ended(void *arg, const char *path)
{
	(void)arg;
	if (has_ended(path))
		(void)unlink(path);
}

void
pair_drop_ended(const char *state_dir)
{
	each_old(state_dir, drop_if_ended, NULL);
}

/* --- what opens ------------------------------------------------------------------------ */

struct keys {
	char **where;
	size_t n, max;
};

static void
add(struct keys *k, const char *where)
{
	size_t i;

	for (i = 0; i < k->n && strcmp(k->where[i], where) != 0; i++)
		;
	if (i == k->n && k->n < k->max)
		k->where[k->n++] = xstrdup(where);
}

static void
add_old(void *arg, const char *path)
{
	if (!has_ended(path))
		add(arg, path);
}

size_t
pair_keys(char **where, size_t max, const char *state_dir, const char *cert, const char *key)
{
	struct keys k = { where, 0, max };
	struct pair p;

	if (cert == NULL || cert[0] == '\0')
		return 0;
	pair_in_force(&p, state_dir, cert, key);
	add(&k, p.key);
	pair_fini(&p);
	add(&k, key);
	/* Whoever has seen it log in may seal to it before we have written that down. */
	if (pair_renewed(&p, state_dir, PAIR_TRIAL, cert, key)) {
		add(&k, p.key);
		pair_fini(&p);
	}
	each_old(state_dir, add_old, &k);
	return k.n;
}
