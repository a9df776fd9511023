/* SPDX-License-Identifier: Apache-2.0 */
/* snmprec - see snmprec.h. */
#include "snmprec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oid.h"
#include "table.h"
#include "varbind.h"

#define VALUE_MAX 65535u
#define FILE_MAX (64u << 20)

struct line {
	struct oid oid;
	unsigned type;
	bool hex;
	const char *value;
	size_t n;
};

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
split(const char *s, size_t n, struct line *l)
{
	const char *bar = memchr(s, '|', n), *second = bar == NULL ? NULL : memchr(bar + 1, '|', n - (size_t)(bar + 1 - s));
	char tag[16];
	char *end;

	if (second == NULL || second - bar > (ptrdiff_t)sizeof(tag) || oid_read(s, (size_t)(bar - s), &l->oid) < 0)
		return false;
	snprintf(tag, sizeof(tag), "%.*s", (int)(second - bar - 1), bar + 1);
	l->type = (unsigned)strtoul(tag, &end, 10);
	l->hex = *end == 'x';
	l->value = second + 1;
	l->n = n - (size_t)(second + 1 - s);
	return end != tag && (*end == '\0' || *end == 'x' || *end == ':');
}

/* Out of hexadecimal, or as it stands. False: an odd digit, or too long. */
static bool
bytes_of(const struct line *l, uint8_t *out, size_t *n)
{
	size_t i;

	if (!l->hex) {
		*n = l->n;
		if (l->n <= VALUE_MAX)
			memcpy(out, l->value, l->n);
		return l->n <= VALUE_MAX;
	}
	*n = l->n / 2;
	if (l->n % 2 != 0 || *n > VALUE_MAX)
		return false;
	for (i = 0; i < l->n; i++) {
		if (digit(l->value[i]) < 0)
			return false;
		out[i / 2] = (uint8_t)(i % 2 == 0 ? digit(l->value[i]) << 4 : out[i / 2] | digit(l->value[i]));
	}
	return true;
}

static bool
number_of(const struct line *l, struct varbind *vb)
{
	char text[32];
	char *end;

	snprintf(text, sizeof(text), "%.*s", (int)(l->n < sizeof(text) ? l->n : sizeof(text) - 1), l->value);
	errno = 0;
	if (l->type == VB_INTEGER)
		vb->integer = strtoll(text, &end, 10);
	else
		vb->number = strtoull(text, &end, 10);
	return end != text && *end == '\0' && errno == 0;
}

/* Four numbers with dots, or four bytes. */
static bool
address_of(const struct line *l, uint8_t *out, size_t *n)
{
	struct oid o;
	unsigned i;

	if (l->hex)
		return bytes_of(l, out, n) && *n == 4;
	if (oid_read(l->value, l->n, &o) < 0 || o.n != 4)
		return false;
	for (i = 0; i < 4; i++)
		out[i] = (uint8_t)o.id[i];
	*n = 4;
	return true;
}

/* <0: no line of a recording; else what table_put() says. */
static int
put_line(struct table *t, struct line *l, uint8_t *room)
{
	struct varbind vb = { .oid = l->oid.id, .oid_n = l->oid.n, .type = (enum vb_type)l->type };
	struct oid value;
	bool good;

	switch (l->type) {
	case VB_INTEGER: case VB_COUNTER32: case VB_GAUGE32: case VB_TICKS: case VB_COUNTER64:
		good = number_of(l, &vb);
		break;
	case VB_OCTETS: case VB_OPAQUE:
		good = bytes_of(l, room, &vb.len);
		vb.bytes = room;
		break;
	case VB_ADDRESS:
		good = address_of(l, room, &vb.len);
		vb.bytes = room;
		break;
	case VB_OID:
		value.n = 0;
		good = l->n == 0 || oid_read(l->value, l->n, &value) == 0;
		vb.ids = value.id;
		vb.len = value.n;
		break;
	default:
		return l->type == VB_NULL || l->type >= VB_NO_OBJECT ? 1 : 0;
	}
	return !good ? 0 : table_put(t, &vb) < 0 ? -1 : 1;
}

int
snmprec_read(struct table *t, const char *text, size_t n, char *why, size_t room)
{
	uint8_t *value = malloc(VALUE_MAX);
	struct line l;
	size_t at, len;
	unsigned line = 1;
	int r = value == NULL ? -1 : 1;

	for (at = 0; at < n && r > 0; at += len + 1, line++) {
		const char *end = memchr(text + at, '\n', n - at);

		len = end == NULL ? n - at : (size_t)(end - text) - at;
		if (len == 0 || (len == 1 && text[at] == '\r') || text[at] == '#')
			continue;
		if (text[at + len - 1] == '\r' && memchr(text + at, '|', len) != NULL)
			r = split(text + at, len - 1, &l) ? put_line(t, &l, value) : 0;
		else
			r = split(text + at, len, &l) ? put_line(t, &l, value) : 0;
	}
	free(value);
	table_sort(t);
	if (r == 0)
		snprintf(why, room, "line %u is none of a recording: OID|TYPE|VALUE", line - 1);
	else if (r < 0)
		snprintf(why, room, "line %u: the recording is larger than is taken", line - 1);
	return r > 0 ? 0 : -1;
}

/* --- a file ------------------------------------------------------------------------------- */

/* The caller's: free(). NULL after fail(). */
static char *
read_file(const char *file, const struct mid_host *h, struct mid_run *run, size_t *n)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t room = 1u << 20;
	char *text = fd < 0 ? NULL : malloc(room), *bigger;
	ssize_t r = 0;

	*n = 0;
	while (text != NULL && *n < FILE_MAX && (r = read(fd, text + *n, room - *n)) > 0) {
		*n += (size_t)r;
		if (*n < room)
			continue;
		bigger = realloc(text, room *= 2);
		if (bigger == NULL)
			break;
		text = bigger;
	}
	if (fd < 0 || r < 0)
		h->fail(run, MID_BAD_PARAM, "%s cannot be read: %s", file, strerror(errno));
	else if (text == NULL || r > 0)
		h->fail(run, MID_TOO_BIG, "%s has more than %u MB", file, FILE_MAX >> 20);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && r == 0 && text != NULL)
		return text;
	free(text);
	return NULL;
}

int
snmprec_load(struct table *t, const char *file, const struct mid_host *h, struct mid_run *run)
{
	char why[200] = "out of memory";
	size_t n;
	char *text = read_file(file, h, run, &n);
	int r = text == NULL || t == NULL ? -1 : snmprec_read(t, text, n, why, sizeof(why));

	if (text != NULL && r < 0)
		h->fail(run, MID_BAD_PARAM, "%s: %s", file, why);
	free(text);
	return r;
}
