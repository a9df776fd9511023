/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form - see the header.
 */
#include "form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX 70		/* RFC 2046, 5.1.1 */
#define HEAD_MAX 4096		/* the header lines of one part */
#define TEXT_MAX 4096

/* "\r\n--boundary", which ends each part; false when TYPE names none. */
static bool
read_boundary(const char *type, struct text *out)
{
	static const char form[] = "multipart/form-data";
	const char *b;
	size_t n;

	if (strncasecmp(type, form, sizeof(form) - 1) != 0)
		return false;
	b = strcasestr(type, "boundary=");
	if (b == NULL)
		return false;
	b += strlen("boundary=");
	n = *b == '"' ? strcspn(++b, "\"") : strcspn(b, "; \t");
	if (n == 0 || n > BOUNDARY_MAX)
		return false;
	text_add(out, "\r\n--");
	text_add_mem(out, b, n);
	return true;
}

/* NAME="value" of a part's head, or NULL; caller frees. */
static char *
quoted(const char *head, const char *name)
{
	struct text key = { 0 };
	const char *v;

	text_addf(&key, "; %s=\"", name);
	v = strcasestr(head, text_str(&key));
	if (v != NULL)
		v += key.len;
	text_fini(&key);
	return v != NULL ? xstrndup(v, strcspn(v, "\"\r\n")) : NULL;
}

static char *
type_of(const char *head)
{
	static const char key[] = "\r\nContent-Type:";
	const char *v = strcasestr(head, key);

	if (v == NULL)
		return xstrdup("application/octet-stream");
	v += sizeof(key) - 1;
	v += strspn(v, " \t");
	return xstrndup(v, strcspn(v, "\r\n;"));
}

/* HEAD begins with the line break after the boundary. */
static bool
add_part(struct form *f, const char *head, const char *at, size_t n)
{
	char *name = quoted(head, "name"), *file = quoted(head, "filename");
	char *value;
	bool ok = name != NULL;

	if (ok && file != NULL && f->file == NULL) {
		f->file = at;
		f->file_len = n;
		f->file_name = file;
		f->file_type = type_of(head);
		file = NULL;
	} else if (ok && file == NULL && (ok = n <= TEXT_MAX)) {
		value = xstrndup(at, n);
		ok = pairs_add(&f->texts, name, value);
		free(value);
	}
	free(name);
	free(file);
	return ok;
}

/* The part at P, up to the next boundary: *P is set behind it. */
static bool
read_part(struct form *f, const char **p, const char *end,
    const struct text *boundary)
{
	const char *data, *stop;
	size_t left = (size_t)(end - *p);
	char *head;
	bool ok;

	data = memmem(*p, left < HEAD_MAX ? left : HEAD_MAX, "\r\n\r\n", 4);
	if (data == NULL)
		return false;
	head = xstrndup(*p, (size_t)(data - *p));
	data += 4;
	stop = memmem(data, (size_t)(end - data), boundary->at, boundary->len);
	ok = stop != NULL && add_part(f, head, data, (size_t)(stop - data));
	free(head);
	if (ok)
		*p = stop + boundary->len;
	return ok;
}

bool
form_read(struct form *f, const char *type, const char *body, size_t len)
{
	struct text boundary = { 0 };
	const char *p = body, *end = body + len;
	bool ok;

	memset(f, 0, sizeof(*f));
	ok = read_boundary(type, &boundary) && len > boundary.len &&
	    memcmp(body, boundary.at + 2, boundary.len - 2) == 0;
	if (ok)
		p += boundary.len - 2;
	while (ok && !(end - p >= 2 && memcmp(p, "--", 2) == 0))
		ok = read_part(f, &p, end, &boundary);
	text_fini(&boundary);
	return ok && f->file != NULL;
}

const char *
form_text(const struct form *f, const char *name)
{
	const char *v = pairs_get(&f->texts, name);

	return v != NULL ? v : "";
}

void
form_fini(struct form *f)
{
	pairs_fini(&f->texts);
	free(f->file_name);
	free(f->file_type);
	memset(f, 0, sizeof(*f));
}
