/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm_header - one package out of its header blob.
 *
 * A blob is two counts, an index of (tag, type, offset, count) and a store of
 * values, all in network order. A tag may be there twice: what rpm added at
 * install time stands after what the package brought, and wins.
 */
#include "facts/parsers.h"

#include "facts/bytes.h"
#include "facts/out.h"

#define INDEX_MAX	65536
#define STORE_MAX	(256u << 20)

enum {
	TYPE_INT32 = 4,
	TYPE_INT64 = 5,
	TYPE_STRING = 6,
	TYPE_STRING_ARRAY = 8,
	TYPE_I18NSTRING = 9,
};

static const struct {
	uint32_t tag;
	const char *key;
} tags[] = {
	{ 1000, "name" },
	{ 1001, "version" },
	{ 1002, "release" },
	{ 1003, "epoch" },
	{ 1004, "summary" },
	{ 1008, "installed_s" },
	{ 1009, "size_bytes" },
	{ 1011, "vendor" },
	{ 1014, "license" },
	{ 1016, "section" },
	{ 1022, "arch" },
	{ 1044, "source" },
	{ 5009, "size_bytes" },
};

static const char *
key_of(uint32_t tag)
{
	size_t i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (tags[i].tag == tag)
			return tags[i].key;
	return NULL;
}

/* The first string; the store may end without a NUL. */
static struct str
first_string(const unsigned char *at, size_t left)
{
	struct str all = { (const char *)at, left };
	long end = str_find(all, '\0');

	return end < 0 ? all : str_left(all, (size_t)end);
}

static void
put_value(struct json_object *out, const char *key, uint32_t type,
    const unsigned char *at, size_t left)
{
	switch (type) {
	case TYPE_INT32:
		if (left >= 4)
			out_u64(out, key, be32(at));
		break;
	case TYPE_INT64:
		if (left >= 8)
			out_u64(out, key, be64(at));
		break;
	case TYPE_STRING:
	case TYPE_STRING_ARRAY:
	case TYPE_I18NSTRING:
		out_text(out, key, first_string(at, left));
		break;
	}
}

int
parse_rpm_header(const char *blob, size_t len, struct json_object *out)
{
	const unsigned char *p = (const unsigned char *)blob, *store, *entry;
	uint32_t count, size, offset, i;
	const char *key;

	/* In a package file, and in a few old databases, a magic stands first. */
	if (len >= 16 && be32(p) == 0x8eade801) {
		p += 8;
		len -= 8;
	}
	if (len < 8)
		return -1;
	count = be32(p);
	size = be32(p + 4);
	if (count == 0 || count > INDEX_MAX || size > STORE_MAX ||
	    8 + (size_t)count * 16 + size > len)
		return -1;
	store = p + 8 + (size_t)count * 16;
	for (i = 0; i < count; i++) {
		entry = p + 8 + (size_t)i * 16;
		key = key_of(be32(entry));
		offset = be32(entry + 8);
		if (key != NULL && offset < size && be32(entry + 12) > 0)
			put_value(out, key, be32(entry + 4), store + offset,
			    size - offset);
	}
	return out_get_text(out, "name") != NULL ? 0 : -1;
}
