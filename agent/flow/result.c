/* SPDX-License-Identifier: Apache-2.0 */
/* result - see result.h. */
#include "flow/result.h"

#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "frame.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "workers/pool.h"
#include "xalloc.h"
#include "xml.h"

/* A piece is at most FRAME_EMIT_MAX bytes, and escaping makes six of one. */
#define PAGE_SLACK (6u * FRAME_EMIT_MAX + 64u * 1024)
#define BETWEEN_MAX (64u * 1024)	/* more on a page, where a whole element is to come to its end first */
#define CI_MAX (16u << 20)
#define NOTES_MAX 32
#define SAID_MAX (4u << 20)
#define SENT_MAX (128u << 10)		/* 4,090 hashes (worker/delta.h) */

/* enum mid_kind of the probe ABI -> the element it stands in; NULL: as it is. */
static const char *const elements[] = { "stdout", "stderr", "output", "output", NULL };
#define KINDS (int)(sizeof(elements) / sizeof(elements[0]))

struct outcome *
outcome_new(size_t page_bytes)
{
	struct outcome *o = xcalloc(1, sizeof(*o));

	buf_init(&o->page, page_bytes + PAGE_SLACK);
	buf_init(&o->ci, CI_MAX);
	buf_init(&o->cut, 8);
	buf_init(&o->said, SAID_MAX);
	buf_init(&o->links, SAID_MAX);
	buf_init(&o->sent, SENT_MAX);
	markup_init(&o->markup);
	o->open_kind = -1;
	o->notes = json_object_new_object();
	return o;
}

static void
let_go(struct outcome *o, size_t n)
{
	o->held -= n;
	if (o->held_by_all != NULL)
		*o->held_by_all -= n;
}

int
result_hold(struct outcome *o, struct buf *b, const void *data, size_t len)
{
	size_t max = b->max;

	if ((o->held_by_all == NULL || *o->held_by_all + len <= HELD_MAX) && buf_put(b, data, len) == 0) {
		o->held += len;
		if (o->held_by_all != NULL)
			*o->held_by_all += len;
		return 0;
	}
	let_go(o, b->len);
	buf_wipe(b);
	buf_init(b, max);
	return -1;
}

void
outcome_free(struct outcome *o)
{
	if (o == NULL)
		return;
	let_go(o, o->held);
	buf_wipe(&o->page);
	buf_wipe(&o->ci);
	buf_fini(&o->cut);
	markup_fini(&o->markup);
	buf_wipe(&o->said);
	buf_wipe(&o->links);
	buf_fini(&o->sent);
	json_object_put(o->notes);
	free(o);
}

void
result_begin(struct job *j, struct outcome *o)
{
	outcome_free(j->out);
	j->out = o;
	if (o != NULL && j->flow != NULL)
		o->held_by_all = &j->flow->held;
	j->epoch++;
}

/* --- a page -------------------------------------------------------------------- */

static void
close_element(struct outcome *o)
{
	if (o->open_kind < 0)
		return;
	if (o->cut.len > 0)	/* half a character that never got its rest */
		(void)xml_escape_text(&o->page, o->cut.data, o->cut.len, &o->replaced);
	buf_clear(&o->cut);
	if (elements[o->open_kind] != NULL)
		(void)buf_printf(&o->page, "</%s>", elements[o->open_kind]);
	o->open_kind = -1;
}

static void
open_element(struct outcome *o, int kind)
{
	if (o->open_kind == kind)
		return;
	close_element(o);
	o->open_kind = kind;
	if (elements[kind] != NULL)
		(void)buf_printf(&o->page, "<%s>", elements[kind]);
}

/* Pieces may end inside a character: its first bytes wait in o->cut for the rest. */
static int
put_text(struct outcome *o, const char *text, size_t len)
{
	struct buf whole;
	size_t good;
	int r;

	if (o->cut.len > 0) {
		buf_init(&whole, len + 8);
		(void)buf_put(&whole, o->cut.data, o->cut.len);
		(void)buf_put(&whole, text, len);
		buf_clear(&o->cut);
		r = put_text(o, whole.data, whole.len);
		buf_fini(&whole);
		return r;
	}
	good = xml_cut(text, len, len);
	if (len - good > 3)
		good = len;	/* not a cut character but nonsense: escaped as such */
	r = xml_escape_text(&o->page, text, good, &o->replaced);	/* JSON would be half quotes */
	if (r == 0 && good < len)
		r = buf_put(&o->cut, text + good, len - good);
	return r;
}

/* <result ATTRIBUTES>...</result>: what the seal sees. A topic whose form has a <result> for each of its targets has written them. */
static void
dress_page(struct outcome *o, struct buf *plain, bool last)
{
	const char *page = buf_str(&o->page);

	buf_init(plain, o->page.len + 64u * 1024);
	if (strncmp(page + strspn(page, "\n"), "<result ", 8) == 0) {
		(void)buf_put(plain, page, o->page.len);
		return;
	}
	(void)buf_puts(plain, "<result");
	if (last) {
		json_object_object_foreach(o->notes, name, value) {
			const char *text = json_object_get_string(value);

			(void)buf_printf(plain, " %s=\"", name);
			(void)xml_escape(plain, text, strlen(text), NULL);
			(void)buf_puts(plain, "\"");
		}
		if (o->replaced > 0)
			(void)buf_printf(plain, " midd_replaced=\"%zu\"", o->replaced);
	}
	(void)buf_puts(plain, ">");
	(void)buf_put(plain, buf_str(&o->page), o->page.len);
	(void)buf_puts(plain, "</result>");
}

static void
turn_page(struct job *j, bool last)
{
	struct outcome *o = j->out;
	struct buf plain;
	size_t credit = o->owed;

	close_element(o);
	if (job_is_own(j)) {	/* nobody waits for its answer */
		buf_clear(&o->page);
		if (last)
			spool_ended(j);
		return;
	}
	dress_page(o, &plain, last);
	buf_clear(&o->page);
	o->owed = 0;
	seal_page(j, SINK_ECC, ++o->pages, &plain, credit);
}

/* --- pieces from the worker ------------------------------------------------------ */

static void
give_credit(struct job *j, size_t n)
{
	if (j->run != NULL && n > 0)
		pool_credit(j->run, n);
}

/* An IRE payload grows until its end frame; one that grows too far costs itself, not the job. */
static void
ci_piece(struct job *j, int kind, const void *data, size_t len)
{
	struct outcome *o = j->out;
	struct buf whole;

	give_credit(j, len);
	if (kind == FRAME_KIND_CI) {
		if (!o->ci_lost && result_hold(o, &o->ci, data, len) < 0)
			o->ci_lost = true;
		return;
	}
	if (o->ci_lost || o->ci.len == 0) {
		o->ci_lost = false;
		result_partial(j, "the CIs of this host are too many for one payload, or for what midd holds at once");
		return;
	}
	let_go(o, o->ci.len);
	whole = o->ci;
	buf_init(&o->ci, CI_MAX);
	seal_page(j, SINK_IRE, ++o->cis, &whole, 0);
}

/* XML of a probe, as it is: a page ends between two of its outermost elements, or, where one is too large for that, behind a tag. */
static void
put_markup(struct job *j, const char *data, size_t len, size_t page)
{
	struct outcome *o = j->out;
	struct markup *m = &o->markup;
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = markup_next(m, data, len);
		(void)buf_put(&o->page, data, n);
		o->owed += n;
		if (o->page.len < page || (!m->lost && !markup_between(m)) || (!m->lost && m->depth > 0 && o->page.len < page + BETWEEN_MAX))
			continue;
		if (!m->lost)
			markup_close(m, &o->page);
		turn_page(j, false);
		open_element(o, MID_KIND_XML);
		if (!m->lost)
			markup_reopen(m, &o->page);
	}
}

void
result_piece(struct job *j, int kind, const void *data, size_t len)
{
	struct outcome *o = j->out;
	const struct config *c = j->flow->ag->config;

	if (kind == FRAME_KIND_CI || kind == FRAME_KIND_CI_END) {
		ci_piece(j, kind, data, len);
		return;
	}
	if (job_is_own(j)) {
		own_piece(j, kind, data, len);
		give_credit(j, len);
		return;
	}
	o->emitted += len;
	if (kind < 0 || kind >= KINDS || o->emitted > (size_t)c->results.result_max_bytes) {
		give_credit(j, len);
		if (j->cancel_class == 0) {
			result_partial(j, "it was cut at results.max");
			run_cancel(j, CLASS_TOO_BIG, "its result is larger than results.max: what came before is kept");
		}
		return;
	}
	open_element(o, kind);
	if (elements[kind] == NULL) {
		put_markup(j, data, len, (size_t)c->results.page_bytes);
	} else {
		(void)put_text(o, data, len);
		o->owed += len;
	}
	if (elements[kind] != NULL && o->page.len >= (size_t)c->results.page_bytes) {
		turn_page(j, false);
	} else {
		give_credit(j, o->owed);
		o->owed = 0;
	}
}

/* Names become attributes, so only plain ones are taken. */
static bool
plain_name(const char *s)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t n = strspn(s, good);

	return n > 0 && n < 64 && s[n] == '\0' && (s[0] < '0' || s[0] > '9');
}

void
result_note(struct job *j, const char *name, const char *value)
{
	if (plain_name(name) && json_object_object_length(j->out->notes) < NOTES_MAX)
		json_put_take(j->out->notes, name, json_object_new_string_len(value, (int)strnlen(value, 1000)));
}

void
result_partial(struct job *j, const char *message)
{
	j->out->partial = true;
	if (j->out->message[0] == '\0')
		snprintf(j->out->message, sizeof(j->out->message), "%s", message);
}

/* --- the end ------------------------------------------------------------------------ */

static void
put_error(struct outcome *o)
{
	close_element(o);
	(void)buf_puts(&o->page, "<error>");
	(void)xml_escape(&o->page, o->message, strlen(o->message), NULL);
	(void)buf_puts(&o->page, "</error>");
}

void
result_end(struct job *j, int class, const char *message)
{
	struct outcome *o = j->out;

	o->class = class;
	if (class != CLASS_OK && message != o->message)
		snprintf(o->message, sizeof(o->message), "%s", message);
	if (o->message[0] != '\0')
		put_error(o);
	o->ended = true;
	turn_page(j, true);	/* spool_ended() follows when it has arrived */
}

/* The sentence may quote the instance, and be read on a terminal. */
static void
make_printable(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = '?';
}

void
result_refuse(struct job *j, int class, const char *fmt, ...)
{
	struct outcome *o = outcome_new(4096);
	va_list ap;

	result_begin(j, o);
	o->class = class;
	va_start(ap, fmt);
	vsnprintf(o->message, sizeof(o->message), fmt, ap);
	va_end(ap);
	make_printable(o->message);
	o->ended = true;
}
