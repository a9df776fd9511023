/* SPDX-License-Identifier: Apache-2.0 */
/* rise - see rise.h. */
#include "rise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MARK 32
#define BEGUN '!'
#define ASKS '?'
#define NO_TTY '~'

void
rise_init(struct rise *r, const struct mid_host *h, struct mid_run *run)
{
	unsigned char bytes[MARK / 2];
	size_t i;

	memset(r, 0, sizeof(*r));
	h->random(run, bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(r->mark + 2 * i, 3, "%02x", bytes[i]);
}

void
rise_reset(struct rise *r)
{
	r->begun[0] = r->begun[1] = !r->whole;
	r->tty_wanted = r->wrong = false;
	r->asked = r->said = 0;
	r->carried[0] = r->carried[1] = r->ntold = 0;
}

/* Those that read the password from the terminal only say so (~) when there is none. */
char *
rise_function(const struct rise *r)
{
	const char *flags = !r->password ? "-n" : r->pty ? "" : "-S";
	char needs_tty[100] = "", *text = NULL;

	if (r->password && !r->pty)
		snprintf(needs_tty, sizeof(needs_tty), "printf %%s%c %s >&2; return 125; ", NO_TTY, r->mark);
	if (asprintf(&text, "midd_rise() { if [ \"`id -u 2>/dev/null`\" = 0 ]; then \"$@\"; return; fi\n"
	    "for s in sudo dzdo; do if command -v $s >/dev/null 2>&1; then $s %s %s -p '%s%c' -- \"$@\"; return; fi; done\n"
	    "for s in doas pbrun; do if command -v $s >/dev/null 2>&1; then %s"
	    "if [ $s = doas ]; then doas %s \"$@\"; else pbrun \"$@\"; fi; return; fi; done\n"
	    "echo 'no sudo, dzdo, doas or pbrun is in PATH there' >&2; return 127; }\n", r->keep_environment ? "-E" : "", flags,
	    r->mark, ASKS, needs_tty, r->password ? "" : "-n") < 0)
		return NULL;
	return text;
}

char *
rise_beginning(const struct rise *r)
{
	char *text = NULL;

	if (asprintf(&text, r->pty ? "stty -echo -onlcr 2>/dev/null; printf %%s! %s; " : "printf %%s! %s; printf %%s! %s >&2; ",
	    r->mark, r->mark) < 0)
		return NULL;
	return text;
}

/* --- what comes back --------------------------------------------------------------- */

static void
tell(struct rise *r, const char *p, size_t n)
{
	size_t max = sizeof(r->told) - 1;

	if (n >= max) {
		p += n - max;
		n = max;
	}
	if (r->ntold + n > max) {
		memmove(r->told, r->told + (r->ntold + n - max), max - n);
		r->ntold = max - n;
	}
	memcpy(r->told + r->ntold, p, n);
	r->ntold += n;
	r->told[r->ntold] = '\0';
}

/* Bytes at the end of P that may be the start of a mark. */
static size_t
maybe_mark(const struct rise *r, const char *p, size_t n)
{
	size_t k = n < MARK ? n : MARK;

	while (k > 0 && memcmp(p + n - k, r->mark, k) != 0)
		k--;
	return k;
}

static void
on_mark(struct rise *r, bool err, char what)
{
	if (what == BEGUN)
		r->begun[err] = true;
	else if (what == NO_TTY)
		r->tty_wanted = true;
	else if (what == ASKS)
		r->asked++;
}

/* Of those whose prompt is their own: only before the command, only on a terminal, once. */
static void
look_for_prompt(struct rise *r)
{
	static const char *const prompts[] = { "assword:", "assword: " };
	size_t i, n;

	for (i = 0; i < 2 && r->pty && r->asked == 0; i++) {
		n = strlen(prompts[i]);
		if (r->ntold >= n && strcasecmp(r->told + r->ntold - n, prompts[i]) == 0)
			r->asked++;
	}
	if (r->ntold > 0 && strstr(r->told, "must have a tty") != NULL)
		r->tty_wanted = true;
	if (r->ntold > 0 && r->said > 0 && strstr(r->told, "ry again") != NULL)
		r->wrong = true;
}

/* From here on nothing asks on this stream; what looks like a mark is output, such as sudo's own line in a list of processes. */
static bool
asks_no_more(const struct rise *r, bool err)
{
	return r->begun[err] && (r->uses == (r->whole ? 1u : 0u) || (!r->pty && !err));
}

void
rise_filter(struct rise *r, bool err, char *data, size_t *n, bool end)
{
	size_t in = *n, at = 0, out = 0, found;
	char *m;

	if (r->uses == 0)
		return;
	memmove(data + r->carried[err], data, in);
	memcpy(data, r->carry[err], r->carried[err]);
	in += r->carried[err];
	r->carried[err] = 0;
	while (at < in) {
		if (asks_no_more(r, err)) {
			memmove(data + out, data + at, in - at);
			out += in - at;
			break;
		}
		m = memmem(data + at, in - at, r->mark, MARK);
		found = m != NULL && (size_t)(m - data) + MARK < in ? (size_t)(m - data) : in;
		if (found == in && !end) {	/* a mark whose last byte is missing, or its start */
			r->carried[err] = m != NULL ? in - (size_t)(m - data) : maybe_mark(r, data + at, in - at);
			found -= r->carried[err];
		}
		if (r->begun[err]) {
			memmove(data + out, data + at, found - at);
			out += found - at;
		} else {
			tell(r, data + at, found - at);
			look_for_prompt(r);
		}
		if (r->carried[err] > 0 || found == in)
			break;
		on_mark(r, err, data[found + MARK]);
		at = found + MARK + 1;
	}
	memcpy(r->carry[err], data + in - r->carried[err], r->carried[err]);
	*n = out;
}

const char *
rise_why(struct rise *r)
{
	char *line, *p;

	if (r->wrong || r->asked > r->uses)
		return "the password of this credential is not the one that is asked for";
	if (r->asked > 0 && !r->password)
		return "a password is asked for, and the credential has none";
	do {
		while (r->ntold > 0 && strchr("\r\n ", r->told[r->ntold - 1]) != NULL)
			r->told[--r->ntold] = '\0';
		p = strrchr(r->told, '\n');
		line = p == NULL ? r->told : p + 1;
		/* Where there is a mailer sudo has one more line, which does not say why. */
		if (p == NULL || strncmp(line, "This incident ", 14) != 0)
			break;
		r->ntold = (size_t)(p - r->told);
		*p = '\0';
	} while (r->ntold > 0);
	return *line == '\0' ? "it did not say why" : line;
}
