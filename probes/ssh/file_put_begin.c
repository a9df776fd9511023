/* SPDX-License-Identifier: Apache-2.0 */
/* file_put_begin - what a job says of the file to put; see file_put.c. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_put.h"

#define WHOLE_MAX ((int64_t)1 << 40)

static int
bad(struct put *p, const char *what)
{
	p->t->h->fail(p->t->run, MID_BAD_PARAM, "%s", what);
	return -1;
}

static int
no_memory(struct put *p)
{
	p->t->h->fail(p->t->run, MID_INTERNAL, "out of memory");
	return -1;
}

static void
to_hex(char hex[65], const unsigned char *md)
{
	int i;

	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
}

static int
hash_of(const void *data, size_t n, char hex[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];

	if (EVP_Digest(data, n, md, NULL, EVP_sha256(), NULL) != 1)
		return -1;
	to_hex(hex, md);
	return 0;
}

/* Base64 with line breaks, blanks left out. <0: it is none. */
static int
unbase64(struct put *p, const char *text)
{
	size_t n = 0, pad = 0, i, len = strlen(text);
	char *clean = malloc(len + 1);
	int got = 0;

	if (clean == NULL)
		return no_memory(p);
	for (i = 0; i < len; i++)
		if (strchr(" \t\r\n", text[i]) == NULL)
			clean[n++] = text[i];
	while (pad < 2 && n > pad && clean[n - 1 - pad] == '=')
		pad++;
	p->data = malloc(n / 4 * 3 + 1);
	if (p->data != NULL && n % 4 == 0 && n > 0)
		got = EVP_DecodeBlock(p->data, (const unsigned char *)clean, (int)n);
	OPENSSL_cleanse(clean, len);
	free(clean);
	if (p->data == NULL)
		return no_memory(p);
	if (n % 4 != 0 || got < (int)pad)
		return bad(p, "content_base64 is no base64");
	p->n = (size_t)got - pad;
	return 0;
}

static int
read_content(struct put *p)
{
	const char *text = p->t->h->param(p->t->run, "content"), *base64 = p->t->h->param(p->t->run, "content_base64");

	if ((text == NULL) == (base64 == NULL))
		return bad(p, "one of content and content_base64 is needed: what stands in the file");
	if (base64 != NULL)
		return unbase64(p, base64);
	p->n = strlen(text);
	p->data = malloc(p->n + 1);
	if (p->data == NULL)
		return no_memory(p);
	memcpy(p->data, text, p->n);
	return 0;
}

/* All of it in this job, or a piece of a larger one. */
static int
read_extent(struct put *p)
{
	const struct mid_host *h = p->t->h;
	const char *sha256 = h->param(p->t->run, "sha256");
	int64_t offset = h->param_int(p->t->run, "offset", 0), size = h->param_int(p->t->run, "size", -1);

	if (offset >= 0 && offset <= WHOLE_MAX && size < 0)
		size = offset + (int64_t)p->n;
	if (offset < 0 || offset > WHOLE_MAX || size > WHOLE_MAX || (uint64_t)size < (uint64_t)offset + p->n)
		return bad(p, "offset must not be negative, and the piece must lie within size");
	p->offset = (uint64_t)offset;
	p->whole = (uint64_t)size;
	if (p->whole == p->n && hash_of(p->data, p->n, p->sha256) < 0)
		return no_memory(p);
	if (p->whole != p->n && (sha256 == NULL || strlen(sha256) != 64))
		return bad(p, "a piece of a file needs sha256 (64 hex digits) and size, both of the whole");
	if (p->whole != p->n)
		snprintf(p->sha256, sizeof(p->sha256), "%s", sha256);
	else if (sha256 != NULL && sha256[0] != '\0' && strcasecmp(sha256, p->sha256) != 0)
		return bad(p, "the content has another SHA-256 than sha256 says: nothing was sent");
	for (char *c = p->sha256; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'F' ? (char)(*c - 'A' + 'a') : *c;
	return 0;
}

static int
read_mode(struct put *p)
{
	const char *mode = p->t->h->param(p->t->run, "mode");
	char *end;

	p->mode = -1;
	if (mode == NULL || mode[0] == '\0')
		return 0;
	p->mode = (int)strtol(mode, &end, 8);
	if (*end != '\0' || p->mode < 0 || p->mode > 0777)
		return bad(p, "mode must be octal, 0 to 0777");
	return 0;
}

/* Two files in one folder may have the same content: their names are in it too. */
static int
name_part(struct put *p)
{
	const char *path = p->t->path, *slash = strrchr(path, '/');
	char *both = NULL, hex[65];
	int r;

	if (slash[1] == '\0')
		return bad(p, "path ends with a slash: name the file");
	if (asprintf(&both, "%s %s", p->sha256, path) < 0)
		return no_memory(p);
	r = hash_of(both, strlen(both), hex);
	free(both);
	if (r < 0 || asprintf(&p->part, "%.*s/.midd-part-%.32s", (int)(slash - path), path, hex) < 0)
		return no_memory(p);
	p->folder = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
	return p->folder == NULL ? no_memory(p) : 0;
}

void *
put_begin(struct file_talk *t)
{
	struct put *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		t->h->fail(t->run, MID_INTERNAL, "out of memory");
		return NULL;
	}
	p->t = t;
	p->over = t->h->param_bool(t->run, "overwrite", false);
	if (read_content(p) == 0 && read_extent(p) == 0 && read_mode(p) == 0 && name_part(p) == 0)
		return p;
	put_end(p);
	return NULL;
}

void
put_end(void *work)
{
	struct put *p = work;

	if (p->data != NULL)
		OPENSSL_cleanse(p->data, p->n);
	free(p->data);
	free(p->part);
	free(p->folder);
	free(p->mark);
	free(p);
}
