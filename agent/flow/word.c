/* SPDX-License-Identifier: Apache-2.0 */
/* word - see word.h. */
#include "flow/word.h"

#include <string.h>

#include "buf.h"
#include "err.h"
#include "flow/errors.h"
#include "seal/seal.h"
#include "xml.h"

#define HEAD_MAX (64u * 1024)

static int
put_attribute(struct buf *b, const char *name, const char *value)
{
	int r = buf_printf(b, " %s=\"", name);

	if (r == 0)
		r = xml_escape(b, value, strlen(value), NULL);
	return r < 0 ? r : buf_puts(b, "\"");
}

static int
put_head(struct buf *b, const struct word *w)
{
	const char *word = error_class(w->class)->word;
	int r;

	r = buf_printf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<results probe_time=\"%lld\" result_code=\"%d\"", (long long)w->probe_ms, w->class);
	if (r == 0 && w->error[0] != '\0')	/* a part that is missing is no error: the rest is good */
		r = put_attribute(b, w->class == CLASS_OK ? "warning" : "error", w->error);
	if (r == 0 && word != NULL)
		r = put_attribute(b, "error_class", word);
	if (r == 0 && w->partial)
		r = put_attribute(b, "partial", "true");
	if (r == 0 && w->pages > 0)
		r = buf_printf(b, " page=\"%d\" pages=\"%d\"", w->page, w->pages);
	return r < 0 ? r : buf_puts(b, ">");
}

static int
put_body(struct buf *b, const struct word *w)
{
	int r;

	if (w->sealed == NULL)
		return w->inner == NULL ? 0 : buf_put(b, w->inner, w->len);
	r = buf_puts(b, "<sealed>");
	if (r == 0)
		r = seal_base64(b, w->sealed, w->len);
	return r < 0 ? r : buf_puts(b, "</sealed>");
}

static int
put_params(struct buf *b, const struct word_param *p)
{
	int r = buf_puts(b, "<parameters>");

	for (; r == 0 && p != NULL && p->name != NULL; p++) {
		if (p->value == NULL)
			continue;
		r = buf_puts(b, "<parameter");
		if (r == 0)
			r = put_attribute(b, "name", p->name);
		if (r == 0)
			r = put_attribute(b, "value", p->value);
		if (r == 0)
			r = buf_puts(b, "/>");
	}
	return r < 0 ? r : buf_puts(b, "</parameters>");
}

int
word_results(struct buf *b, const struct word *w)
{
	int r = put_head(b, w);

	if (r == 0)
		r = put_body(b, w);
	if (r == 0)
		r = put_params(b, w->params);
	return r < 0 ? r : buf_puts(b, "</results>");
}

size_t
word_size(const struct word *w)
{
	return HEAD_MAX + (w->sealed != NULL ? w->len * 4 / 3 + 8 : w->len);
}
