/* SPDX-License-Identifier: Apache-2.0 */
/* fxp - see fxp.h. */
#include "fxp.h"

#include <string.h>

/* --- ours -------------------------------------------------------------------------- */

static void
put(struct fxp_out *o, const void *data, size_t n)
{
	if (o->full || n > o->max - o->n) {
		o->full = true;
		return;
	}
	memcpy(o->p + o->n, data, n);
	o->n += n;
}

void
fxp_u32(struct fxp_out *o, uint32_t v)
{
	unsigned char be[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v };

	put(o, be, sizeof(be));
}

void
fxp_u64(struct fxp_out *o, uint64_t v)
{
	fxp_u32(o, (uint32_t)(v >> 32));
	fxp_u32(o, (uint32_t)v);
}

void
fxp_string(struct fxp_out *o, const void *data, size_t n)
{
	fxp_u32(o, (uint32_t)n);
	if (n > 0)
		put(o, data, n);
}

void
fxp_text(struct fxp_out *o, const char *text)
{
	fxp_string(o, text, strlen(text));
}

void
fxp_begin(struct fxp_out *o, enum fxp_type type, uint32_t id)
{
	unsigned char byte = (unsigned char)type;

	o->begun = o->n;
	fxp_u32(o, 0);
	put(o, &byte, 1);
	fxp_u32(o, id);
}

int
fxp_end(struct fxp_out *o)
{
	struct fxp_out head = { .p = o->p + o->begun, .max = 4 };

	if (o->full) {
		o->full = false;
		o->n = o->begun;
		return -1;
	}
	fxp_u32(&head, (uint32_t)(o->n - o->begun - 4));
	return 0;
}

/* --- theirs: nothing is believed ------------------------------------------------------ */

static uint32_t
take_u32(struct fxp_in *in)
{
	uint32_t v;

	if (in->bad || in->n < 4) {
		in->bad = true;
		return 0;
	}
	v = (uint32_t)in->p[0] << 24 | (uint32_t)in->p[1] << 16 | (uint32_t)in->p[2] << 8 | in->p[3];
	in->p += 4;
	in->n -= 4;
	return v;
}

static uint64_t
take_u64(struct fxp_in *in)
{
	uint64_t high = take_u32(in);

	return high << 32 | take_u32(in);
}

static const unsigned char *
take_string(struct fxp_in *in, size_t *len)
{
	size_t n = take_u32(in);
	const unsigned char *p = in->p;

	if (in->bad || n > in->n) {
		in->bad = true;
		*len = 0;
		return in->p;
	}
	in->p += n;
	in->n -= n;
	*len = n;
	return p;
}

static void
take_attrs(struct fxp_in *in, struct fxp_attrs *a)
{
	uint32_t flags = take_u32(in), pairs;
	size_t n;

	memset(a, 0, sizeof(*a));
	a->has = flags & (FXP_HAS_SIZE | FXP_HAS_OWNER | FXP_HAS_MODE | FXP_HAS_TIMES);
	if ((flags & FXP_HAS_SIZE) != 0)
		a->size = take_u64(in);
	if ((flags & FXP_HAS_OWNER) != 0) {
		a->uid = take_u32(in);
		a->gid = take_u32(in);
	}
	if ((flags & FXP_HAS_MODE) != 0)
		a->mode = take_u32(in);
	if ((flags & FXP_HAS_TIMES) != 0) {
		(void)take_u32(in);
		a->mtime = take_u32(in);
	}
	for (pairs = (flags & 0x80000000u) != 0 ? take_u32(in) : 0; pairs > 0 && !in->bad; pairs--) {
		(void)take_string(in, &n);
		(void)take_string(in, &n);
	}
}

long
fxp_length(const unsigned char *p, size_t n)
{
	struct fxp_in in = { .p = p, .n = n };
	uint32_t len = take_u32(&in);

	if (in.bad)
		return 0;
	return len < 5 || len > FXP_PACKET_MAX ? -1 : (long)len + 4;
}

int
fxp_parse(struct fxp_reply *out, const unsigned char *p, size_t n)
{
	struct fxp_in in = { .p = p, .n = n };

	memset(out, 0, sizeof(*out));
	if (n < FXP_HEAD)
		return -1;
	out->type = (enum fxp_type)p[4];
	in.p += 5;
	in.n -= 5;
	out->id = take_u32(&in);
	switch (out->type) {
	case FXP_STATUS:
		out->status = take_u32(&in);
		if (!in.bad && in.n > 0)	/* some old servers leave it out */
			out->text = (const char *)take_string(&in, &out->text_len);
		break;
	case FXP_HANDLE:
	case FXP_DATA:
		out->data = take_string(&in, &out->len);
		if (out->type == FXP_HANDLE && (out->len == 0 || out->len > FXP_HANDLE_MAX))
			return -1;
		break;
	case FXP_ATTRS:
		take_attrs(&in, &out->attrs);
		break;
	case FXP_NAME:
		out->names = take_u32(&in);
		break;
	case FXP_VERSION:
	case FXP_EXTENDED_REPLY:
		break;
	default:
		return -1;
	}
	out->rest = in;
	return in.bad ? -1 : 0;
}

int
fxp_next_name(struct fxp_reply *r, struct fxp_name *out)
{
	size_t n;

	if (r->names == 0)
		return 0;
	r->names--;
	out->name = (const char *)take_string(&r->rest, &out->len);
	(void)take_string(&r->rest, &n);	/* as ls would show it */
	take_attrs(&r->rest, &out->attrs);
	return r->rest.bad ? -1 : 1;
}

bool
fxp_extends(const struct fxp_reply *version, const char *name)
{
	struct fxp_in in = version->rest;
	const unsigned char *p;
	size_t n, ndata;

	while (in.n > 0) {
		p = take_string(&in, &n);
		(void)take_string(&in, &ndata);
		if (in.bad)
			return false;
		if (n == strlen(name) && memcmp(p, name, n) == 0)
			return true;
	}
	return false;
}

int
fxp_free_space(const struct fxp_reply *r, uint64_t *bytes)
{
	struct fxp_in in = r->rest;
	uint64_t unit, avail;

	(void)take_u64(&in);
	unit = take_u64(&in);
	(void)take_u64(&in);
	(void)take_u64(&in);
	avail = take_u64(&in);
	*bytes = unit != 0 && avail > UINT64_MAX / unit ? UINT64_MAX : avail * unit;
	return in.bad ? -1 : 0;
}

/* --- paths ----------------------------------------------------------------------------- */

bool
fxp_path_is_plain(const char *path)
{
	size_t n;

	if (path == NULL || path[0] != '/' || strlen(path) > 4000)
		return false;
	while (*path != '\0') {
		path++;
		n = strcspn(path, "/");
		if ((n == 1 && path[0] == '.') || (n == 2 && path[0] == '.' && path[1] == '.') || (n == 0 && path[0] == '/'))
			return false;
		path += n;
	}
	return true;
}
