/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict - what an HTTP status means for the one who asked.
 *
 * One row a range of codes. The first that fits counts: UNSURE is for writes
 * that a gateway or a failing instance may have carried out all the same. A
 * 200 alone is no receipt: a proxy's login page says 200 too. An insert is
 * done when its answer names the row.
 */
#include <stdio.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"

static const struct status_row {
	int from, to;
	bool asked_to_wait;		/* only with a Retry-After */
	enum said read, write;
	int code;			/* E_* */
	bool alive;			/* the link as such works */
	const char *advice;
} rows[] = {
	{ 200, 299, false, SAID_YES,   SAID_YES,    0,      true,  "" },
	{ 300, 399, false, SAID_LATER, SAID_LATER,  E_PEER, false, "; set instance.url to where it really is" },
	{ 401, 401, false, SAID_LATER, SAID_LATER,  E_AUTH, false,
	    "; check that our certificate or user is known there" },
	{ 403, 403, false, SAID_LATER, SAID_LATER,  E_AUTH, true,
	    "; check the roles of our user there (mid_server)" },
	{ 407, 407, false, SAID_LATER, SAID_LATER,  E_AUTH, false, "; check the login for the proxy" },
	{ 408, 408, true,  SAID_LATER, SAID_LATER,  E_AGAIN, true, "" },
	{ 408, 408, false, SAID_LATER, SAID_UNSURE, E_PEER, true,  "" },
	{ 425, 425, false, SAID_LATER, SAID_LATER,  E_AGAIN, true, "" },
	{ 429, 429, false, SAID_LATER, SAID_LATER,  E_AGAIN, true, "" },
	{ 400, 499, false, SAID_NO,    SAID_NO,     E_PEER, true,  "" },
	{ 502, 502, true,  SAID_LATER, SAID_LATER,  E_AGAIN, false, "" },
	{ 503, 503, false, SAID_LATER, SAID_LATER,  E_AGAIN, false, "" },
	{ 504, 504, true,  SAID_LATER, SAID_LATER,  E_AGAIN, false, "" },
	{ 511, 511, false, SAID_LATER, SAID_LATER,  E_NET, false,
	    "; a captive portal stands between: log in there, or have this host let through" },
	{ 502, 504, false, SAID_LATER, SAID_UNSURE, E_PEER, false, "" },
	{ 500, 599, false, SAID_LATER, SAID_UNSURE, E_PEER, true,  "" },
	{ 0,   999, false, SAID_LATER, SAID_UNSURE, E_PEER, false, "; this is not an answer of an instance" },
};

static const struct status_row *
row_for(int status, bool asked_to_wait)
{
	const struct status_row *r = rows;

	while (status < r->from || status > r->to || (r->asked_to_wait && !asked_to_wait))
		r++;	/* curl gives 0..999 only: the last row fits */
	return r;
}

/* Foreign text made fit for a sentence. */
static void
put_words(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from != '\0' && n + 1 < size; from++)
		to[n++] = (unsigned char)*from < ' ' || *from == 0x7F ? ' ' : *from;
	to[n] = '\0';
}

/* The instance's own words: error.message and error.detail, or nothing. */
static void
instance_words(char *to, size_t size, const char *body, size_t len)
{
	struct json_object *o = NULL, *e;
	char message[120], detail[160];

	to[0] = '\0';
	if (len == 0 || json_parse(&o, body, len, "the answer", NULL) < 0)
		return;
	e = json_get(o, "error");
	put_words(message, sizeof(message), json_str(e, "message", ""));
	put_words(detail, sizeof(detail), json_str(e, "detail", ""));
	if (message[0] != '\0')
		snprintf(to, size, ": %s%s%s", message, detail[0] != '\0' ? ": " : "", detail);
	json_object_put(o);
}

/* No code is set aside for it: the words of the database shine through. */
static bool
says_duplicate(const struct heard *h)
{
	static const char *const words[] = { "unique key", "duplicate" };
	size_t i, k, n;

	if (!(h->flags & RQ_INSERTS) || h->status < 400)
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		n = strlen(words[i]);
		for (k = 0; k + n <= h->len; k++)
			if (strncasecmp(h->body + k, words[i], n) == 0)
				return true;
	}
	return false;
}

/* Does BODY hold the row that an insert made? */
static bool
tells_row(const char *body, size_t len)
{
	struct json_object *o = NULL;
	bool tells;

	if (json_parse(&o, body, len, "the new row", NULL) < 0)
		return false;
	tells = json_str(json_get(o, "result"), "sys_id", "")[0] != '\0';
	json_object_put(o);
	return tells;
}

void
verdict_of_status(struct verdict *v, char *why, const struct heard *h)
{
	const struct status_row *r = row_for(h->status, h->retry_after_s >= 0);
	char words[300];

	*v = (struct verdict){
		.said = h->flags & RQ_WRITES ? r->write : r->read,
		.status = h->status,
		.retry_after_ms = h->retry_after_s >= 0 ? h->retry_after_s * 1000 : -1,
		.why = "",
		.err_code = r->code,
		.reached = true,
	};
	if (r->code == 0 && h->flags & RQ_INSERTS && !tells_row(h->body, h->len)) {
		snprintf(why, IN_WHY_MAX, "the answer %d to %s does not name the new row: is it the instance that answers?",
		    h->status, h->what);
		verdict_spoil(v, SAID_UNSURE, why);
		return;
	}
	if (r->code == 0)
		return;
	if (says_duplicate(h)) {
		v->said = SAID_DUPLICATE;
		v->err_code = E_EXISTS;
	}
	instance_words(words, sizeof(words), h->body, h->len);
	snprintf(why, IN_WHY_MAX, "the instance said %d to %s%s%s", h->status, h->what, words, r->advice);
	v->why = why;
}

void
verdict_of_silence(struct verdict *v, const struct err *err, bool reached, bool maybe_done, int flags)
{
	*v = (struct verdict){
		.said = maybe_done && flags & RQ_WRITES ? SAID_UNSURE : SAID_LATER,
		.retry_after_ms = -1,
		.why = err->text,
		.err_code = err->code,
		.reached = reached,
	};
}

void
verdict_spoil(struct verdict *v, enum said said, const char *why)
{
	v->said = said;
	v->why = why;
	v->err_code = E_PEER;
}

bool
verdict_is_alive(const struct verdict *v)
{
	return v->status != 0 && row_for(v->status, v->retry_after_ms >= 0)->alive;
}
