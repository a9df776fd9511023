/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malice - see the header.
 */
#include "malice.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "exchange.h"
#include "util.h"

#define BLOCK 65536
#define DRIP_MAX (1 << 20)

/* --- bodies that are made while they are read ------------------------------------ */

static const char opening[] = "{\"result\":[";

/* What stands at POS of a JSON answer that never closes. */
static char
endless_byte(uint64_t pos)
{
	return pos < sizeof(opening) - 1 ? opening[pos] : ' ';
}

static ssize_t
endless_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	size_t i;

	(void)cls;
	if (pos >= MALICE_MAX)
		return MHD_CONTENT_READER_END_OF_STREAM;
	for (i = 0; i < max; i++)
		buf[i] = endless_byte(pos + i);
	return (ssize_t)max;
}

/* One byte, and then a pause: the connection sleeps as a stalled one does. */
struct drip {
	struct exchange *ex;
	long pause_ms;
	bool due;
};

static ssize_t
drip_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	struct drip *d = cls;

	(void)max;
	if (pos >= DRIP_MAX)
		return MHD_CONTENT_READER_END_OF_STREAM;
	d->due = !d->due;
	if (!d->due) {
		exchange_pause(d->ex, d->pause_ms);
		return 0;
	}
	buf[0] = endless_byte(pos);
	return 1;
}

/* gzip of blanks: a thousand times larger on the other side. */
static ssize_t
bomb_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	static unsigned char blanks[BLOCK];
	z_stream *z = cls;

	(void)pos;
	if (z->total_in >= MALICE_MAX)
		return MHD_CONTENT_READER_END_OF_STREAM;
	memset(blanks, ' ', sizeof(blanks));
	z->next_out = (unsigned char *)buf;
	z->avail_out = (unsigned)max;
	while (z->avail_out > 0) {
		if (z->avail_in == 0) {
			z->next_in = blanks;
			z->avail_in = sizeof(blanks);
		}
		if (deflate(z, Z_NO_FLUSH) != Z_OK)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	return (ssize_t)max;
}

static void
bomb_free(void *cls)
{
	deflateEnd(cls);
	free(cls);
}

/* --- the answers, a function each ---------------------------------------------------- */

static struct MHD_Response *
endless(struct exchange *ex, long arg, unsigned *status)
{
	(void)ex;
	(void)arg;
	(void)status;
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, endless_read, NULL, NULL);
}

static struct MHD_Response *
drip(struct exchange *ex, long arg, unsigned *status)
{
	struct drip *d = xcalloc(1, sizeof(*d));

	(void)status;
	d->ex = ex;
	d->pause_ms = arg;
	return MHD_create_response_from_callback(DRIP_MAX, 64, drip_read, d, free);
}

static struct MHD_Response *
bomb(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r;
	z_stream *z = xcalloc(1, sizeof(*z));

	(void)ex;
	(void)arg;
	(void)status;
	if (deflateInit2(z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(z);
		return NULL;
	}
	r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, bomb_read, z, bomb_free);
	if (r != NULL)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	return r;
}

static struct MHD_Response *
empty(void)
{
	return MHD_create_response_from_buffer(0, (void *)(uintptr_t)"", MHD_RESPMEM_PERSISTENT);
}

/* Back to where it came from, for ever. */
static struct MHD_Response *
loop(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r = empty();

	(void)arg;
	*status = 307;
	if (r != NULL)
		MHD_add_response_header(r, "Location", ex->req.path);
	return r;
}

/* To a host that nobody has vouched for. */
static struct MHD_Response *
away(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r = empty();
	char where[128];

	(void)ex;
	*status = 307;
	snprintf(where, sizeof(where), "https://127.0.0.9:%ld/api/now/table/ecc_queue", arg);
	if (r != NULL)
		MHD_add_response_header(r, "Location", where);
	return r;
}

/* To where nothing is encrypted. */
static struct MHD_Response *
plain(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r = empty();
	char where[128];

	(void)ex;
	*status = 307;
	snprintf(where, sizeof(where), "http://localhost:%ld/api/now/table/ecc_queue", arg);
	if (r != NULL)
		MHD_add_response_header(r, "Location", where);
	return r;
}

/* One header of ARG kilobytes. */
static struct MHD_Response *
header(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r = empty();
	char *value = xcalloc((size_t)arg * 1000 + 1, 1);

	(void)ex;
	(void)status;
	memset(value, 'x', (size_t)arg * 1000);
	if (r != NULL)
		MHD_add_response_header(r, "X-More", value);
	free(value);
	return r;
}

/* ARG kilobytes of headers. */
static struct MHD_Response *
headers(struct exchange *ex, long arg, unsigned *status)
{
	struct MHD_Response *r = empty();
	char name[40], value[1001];
	long i;

	(void)ex;
	(void)status;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (i = 0; r != NULL && i < arg; i++) {
		snprintf(name, sizeof(name), "X-More-%ld", i);
		MHD_add_response_header(r, name, value);
	}
	return r;
}

/* ARG lists, one within the other. */
static struct MHD_Response *
deep(struct exchange *ex, long arg, unsigned *status)
{
	size_t n = (size_t)arg, head = sizeof("{\"result\":") - 1;
	char *p = xcalloc(head + 2 * n + 2, 1);

	(void)ex;
	(void)status;
	memcpy(p, "{\"result\":", head);
	memset(p + head, '[', n);
	memset(p + head + n, ']', n);
	p[head + 2 * n] = '}';
	return MHD_create_response_from_buffer(head + 2 * n + 1, p, MHD_RESPMEM_MUST_FREE);
}

static const struct {
	int what;
	struct MHD_Response *(*make)(struct exchange *, long, unsigned *);
} kinds[] = {
	{ FAULT_ENDLESS, endless },
	{ FAULT_DRIP, drip },
	{ FAULT_BOMB, bomb },
	{ FAULT_LOOP, loop },
	{ FAULT_AWAY, away },
	{ FAULT_PLAIN, plain },
	{ FAULT_HEADER, header },
	{ FAULT_HEADERS, headers },
	{ FAULT_DEEP, deep },
};

bool
malice_is(int what)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (kinds[i].what == what)
			return true;
	return false;
}

struct MHD_Response *
malice_response(struct exchange *ex, int what, long arg, unsigned *status)
{
	size_t i;

	*status = 200;
	for (i = 0; i < COUNT(kinds); i++)
		if (kinds[i].what == what)
			return kinds[i].make(ex, arg, status);
	return NULL;
}
