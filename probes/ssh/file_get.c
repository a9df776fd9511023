/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_get - a file is fetched: opened, measured, read in order, measured again.
 * After a lost connection it goes on where it was, if it is still the same file
 * by size and time. The bytes come out as base64, or as they are.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"

enum stage { AT_OPEN, AT_MEASURE, AT_READ, AT_MEASURE_AGAIN, AT_CLOSE, AT_TELL };

struct get {
	struct file_talk *t;
	enum stage at;
	bool text, measured, begun;
	uint64_t offset, length;	/* as wanted */
	struct fxp_attrs attrs;
	unsigned char carry[3];		/* of base64: what is not three bytes yet */
	size_t ncarry;
	char piece[(SFTP_PIECE + 3) / 3 * 4 + 8];
	size_t npiece;			/* made, and not handed on yet */
	bool taken;			/* the bytes of PIECE are, but it is not handed on */
};

static int
bad_param(struct file_talk *t, const char *what)
{
	t->h->fail(t->run, MID_BAD_PARAM, "%s", what);
	return -1;
}

static int
read_params(struct get *g)
{
	const struct mid_host *h = g->t->h;
	const char *encoding = h->param(g->t->run, "encoding");
	int64_t offset = h->param_int(g->t->run, "offset", 0), length = h->param_int(g->t->run, "length", 0);

	if (offset < 0 || length < 0)
		return bad_param(g->t, "offset and length must not be negative");
	if (strcmp(encoding, "base64") != 0 && strcmp(encoding, "text") != 0)
		return bad_param(g->t, "encoding must be base64 or text");
	g->text = strcmp(encoding, "text") == 0;
	g->offset = (uint64_t)offset;
	g->length = (uint64_t)length;
	return 0;
}

static void *
get_begin(struct file_talk *t)
{
	struct get *g = calloc(1, sizeof(*g));

	if (g == NULL) {
		t->h->fail(t->run, MID_INTERNAL, "out of memory");
		return NULL;
	}
	g->t = t;
	if (read_params(g) == 0)
		return g;
	free(g);
	return NULL;
}

/* --- what was read -------------------------------------------------------------------- */

/* 0 handed on; 1 there is no room. */
static int
hand_on(struct get *g)
{
	if (g->npiece > 0 && g->t->h->emit(g->t->run, MID_OUTPUT, g->piece, g->npiece) == MID_AGAIN)
		return 1;
	g->npiece = 0;
	return 0;
}

/* As many threes as there are; LAST: all. */
static void
encode(struct get *g, const unsigned char *p, size_t n, bool last)
{
	unsigned char three[SFTP_PIECE + 3];
	size_t whole;

	memcpy(three, g->carry, g->ncarry);
	if (n > 0)
		memcpy(three + g->ncarry, p, n);
	n += g->ncarry;
	whole = last ? n : n / 3 * 3;
	g->ncarry = n - whole;
	memcpy(g->carry, three + whole, g->ncarry);
	g->npiece = whole == 0 ? 0 : (size_t)EVP_EncodeBlock((unsigned char *)g->piece, three, (int)whole);
}

/* The reader gives a piece again until it is taken: it is taken once it is in PIECE. */
static int
take(void *arg, const void *data, size_t n)
{
	struct get *g = arg;

	if (hand_on(g) != 0)
		return 1;
	if (g->text) {
		memcpy(g->piece, data, n);
		g->npiece = n;
	} else {
		encode(g, data, n, false);
	}
	(void)hand_on(g);
	return 0;
}

/* --- a reply ----------------------------------------------------------------------------- */

static bool
same_file(const struct fxp_attrs *a, const struct fxp_attrs *b)
{
	return a->size == b->size && a->mtime == b->mtime;
}

static int
measured(struct get *g, const struct fxp_attrs *a)
{
	struct file_talk *t = g->t;
	uint64_t end = UINT64_MAX;

	if ((a->has & FXP_HAS_MODE) != 0 && (a->mode & FILE_KIND) == FILE_IS_FOLDER)
		return bad_param(t, "path is a folder: action=list lists it");
	if ((a->has & FXP_HAS_MODE) != 0 && (a->mode & FILE_KIND) != FILE_IS_FILE)
		return bad_param(t, "path is no plain file");
	if (g->measured && !same_file(&g->attrs, a)) {
		t->h->fail(t->run, MID_TARGET, "%s: %s has changed while the connection was away: fetch it again", t->h->address(t->run), t->path);
		return FILE_FAILED;
	}
	g->attrs = *a;
	g->measured = true;
	if (g->length > 0)
		end = g->offset + g->length;
	if (a->size > 0 && a->size < end)	/* what /proc says is 0, and there is more */
		end = a->size > g->offset ? a->size : g->offset;
	if (!g->begun)
		reader_begin(&t->reader, g->offset, end);
	g->begun = true;
	g->at = AT_READ;
	return 0;
}

static void
measured_again(struct get *g, const struct fxp_attrs *a)
{
	if (!same_file(&g->attrs, a))
		g->t->h->partial(g->t->run, "%s has changed while it was read: what was read may be of two states", g->t->path);
	else if (g->attrs.size > 0 && g->t->reader.end < g->attrs.size && g->length == 0)
		g->t->h->partial(g->t->run, "%s ended before its size", g->t->path);
}

static int
get_hear(void *work, struct fxp_reply *r)
{
	struct get *g = work;

	if (r->type == FXP_STATUS && g->at < AT_MEASURE_AGAIN)
		return file_refused(g->t, g->at == AT_OPEN ? "opening" : "measuring", r);
	if (g->at == AT_OPEN && r->type == FXP_HANDLE) {
		memcpy(g->t->reader.handle.p, r->data, r->len);
		g->t->reader.handle.n = r->len;
		g->at = AT_MEASURE;
		return 0;
	}
	if (g->at == AT_MEASURE && r->type == FXP_ATTRS)
		return measured(g, &r->attrs);
	if (g->at < AT_MEASURE_AGAIN)
		return file_nonsense(g->t, "opening");
	if (r->type == FXP_ATTRS)
		measured_again(g, &r->attrs);
	g->at++;
	return 0;
}

/* --- a step --------------------------------------------------------------------------------- */

static int
read_on(struct get *g)
{
	struct file_talk *t = g->t;
	int r = hand_on(g);

	if (r == 0)
		r = reader_step(&t->reader, t->sftp, take, g);
	else
		return FILE_FULL;
	switch (r) {
	case READER_DONE:
		g->at = AT_MEASURE_AGAIN;
		return FILE_WAITS;
	case READER_FULL:
		return FILE_FULL;
	case READER_REFUSED:
		return file_status(t, "reading", t->reader.status);
	case READER_STOPPED:
		return FILE_FAILED;
	default:
		return FILE_WAITS;
	}
}

/* 0 as expected, or nothing was. */
static int
check_hash(struct get *g, const char *hex)
{
	const char *wanted = g->t->h->param(g->t->run, "sha256");

	if (wanted == NULL || wanted[0] == '\0' || strcasecmp(wanted, hex) == 0)
		return 0;
	g->t->h->fail(g->t->run, MID_TARGET, "%s: %s has the SHA-256 %s, expected was %.64s", g->t->h->address(g->t->run), g->t->path, hex, wanted);
	return FILE_FAILED;
}

static int
tell(struct get *g)
{
	struct file_talk *t = g->t;
	char hex[65];

	if (hand_on(g) != 0)
		return FILE_FULL;
	if (g->ncarry > 0)
		encode(g, NULL, 0, true);
	if (hand_on(g) != 0)
		return FILE_FULL;
	reader_hash(&t->reader, hex);
	t->h->note(t->run, "sha256", hex);
	file_note(t, "bytes", t->reader.at - g->offset);
	file_note(t, "size", g->attrs.size);
	file_note(t, "offset", g->offset);
	file_note(t, "mtime", g->attrs.mtime);
	file_note_mode(t, g->attrs.mode);
	t->h->note(t->run, "encoding", g->text ? "text" : "base64");
	return check_hash(g, hex) < 0 ? FILE_FAILED : FILE_DONE;
}

static int
get_go(void *work)
{
	struct get *g = work;
	struct file_talk *t = g->t;

	if (t->waits_for != 0)
		return FILE_WAITS;
	if (g->at == AT_READ) {
		int r = read_on(g);

		if (g->at == AT_READ)
			return r;
	}
	switch (g->at) {
	case AT_OPEN:
		t->waits_for = sftp_open(t->sftp, t->path, FXP_FOR_READ, 0);
		break;
	case AT_MEASURE:
	case AT_MEASURE_AGAIN:
		t->waits_for = sftp_file(t->sftp, FXP_FSTAT, &t->reader.handle);
		break;
	case AT_CLOSE:
		t->waits_for = sftp_file(t->sftp, FXP_CLOSE, &t->reader.handle);
		break;
	default:
		return tell(g);
	}
	return FILE_WAITS;
}

static void
get_far(const void *work, char *out, size_t size)
{
	const struct get *g = work;
	uint64_t at = g->begun ? g->t->reader.at - g->offset : 0, all = g->attrs.size > g->offset ? g->attrs.size - g->offset : 0;

	if (g->length > 0 && (all == 0 || g->length < all))
		all = g->length;
	if (all > 0)
		snprintf(out, size, "%llu of %llu bytes have come", (unsigned long long)at, (unsigned long long)all);
	else
		snprintf(out, size, "%llu bytes have come", (unsigned long long)at);
}

/* All that was read stays; the end needs no connection. */
static void
get_lost(void *work)
{
	struct get *g = work;

	reader_lost(&g->t->reader);
	g->at = g->at >= AT_MEASURE_AGAIN ? AT_TELL : AT_OPEN;
}

static void
get_end(void *work)
{
	free(work);
}

const struct file_work file_get = { "get", get_begin, get_go, get_hear, NULL, get_far, get_lost, get_end };
