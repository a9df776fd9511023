/* SPDX-License-Identifier: Apache-2.0 */
/* markup - see markup.h. */
#include "flow/markup.h"

#include <string.h>

#define TAG_MAX 16384u		/* of one tag with its attributes */
#define OPEN_MAX (MARKUP_DEPTH * TAG_MAX)

void
markup_init(struct markup *m)
{
	memset(m, 0, sizeof(*m));
	buf_init(&m->open, OPEN_MAX);
	buf_init(&m->tag, TAG_MAX);
}

void
markup_fini(struct markup *m)
{
	buf_fini(&m->open);
	buf_fini(&m->tag);
}

bool
markup_between(const struct markup *m)
{
	return !m->lost && m->ended;
}

static size_t
name_len(const char *tag)
{
	return strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-");
}

static bool
has_name(const char *tag)
{
	const char *name = tag + (tag[1] == '/' ? 2 : 1);
	size_t n = name_len(name);

	return n > 0 && strchr(" \t\r\n/>", name[n]) != NULL;
}

static bool
is_end_of(const char *end, const char *start)
{
	size_t n = name_len(end + 2);

	return n == name_len(start + 1) && memcmp(end + 2, start + 1, n) == 0;
}

/* A whole tag: "<a b="c">", "</a>" or "<a/>". */
static void
take_tag(struct markup *m)
{
	const char *tag = buf_str(&m->tag);

	if (strlen(tag) != m->tag.len || !has_name(tag)) {
		m->lost = true;
	} else if (tag[1] == '/') {
		m->lost = m->depth == 0 || !is_end_of(tag, buf_str(&m->open) + m->at[m->depth - 1]);
		if (!m->lost)
			m->open.len = m->at[--m->depth];
	} else if (tag[m->tag.len - 2] != '/') {
		m->lost = m->depth == MARKUP_DEPTH;
		if (!m->lost) {
			m->at[m->depth++] = m->open.len;
			(void)buf_puts(&m->open, tag);
		}
	}
	m->ended = !m->lost && (tag[1] == '/' || tag[m->tag.len - 2] == '/');
	buf_clear(&m->tag);
}

/* True: a tag has ended with C. */
static bool
take_char(struct markup *m, char c)
{
	m->ended = false;
	if (m->tag.len == 0 && c != '<')
		return false;
	if (buf_put(&m->tag, &c, 1) < 0) {	/* larger than a tag of ours */
		m->lost = true;
	} else if (m->quote != '\0') {
		m->quote = c == m->quote ? '\0' : m->quote;
	} else if (c == '"' || c == '\'') {
		m->quote = c;
	} else if (c == '>') {
		take_tag(m);
		return true;
	}
	return false;
}

size_t
markup_next(struct markup *m, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len && !m->lost; i++)
		if (take_char(m, data[i]))
			return i + 1;
	return len;
}

void
markup_close(const struct markup *m, struct buf *out)
{
	const char *tag;
	unsigned i;

	for (i = m->depth; i > 0; i--) {
		tag = buf_str(&m->open) + m->at[i - 1] + 1;
		(void)buf_printf(out, "</%.*s>", (int)name_len(tag), tag);
	}
}

void
markup_reopen(const struct markup *m, struct buf *out)
{
	(void)buf_put(out, buf_str(&m->open), m->open.len);
}
