/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - the lines of the rules file:
 *
 *	allow|deny  TOPIC  TARGETS  TAG  PATTERN...
 *
 * The pattern is the rest of the line. In it a * stands for any characters
 * but those by which a shell begins another command, so that "tail *"
 * does not fit "tail x; reboot"; in a line that denies, it stands for those
too. Every other character is itself; a pattern that is * alone is anything.
 */
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "policy/inside.h"
#include "xalloc.h"

#define LINE_MAX_BYTES 4000

/* What makes more than one plain command of a line. A pattern may name them itself. */
#define SHELL_META ";&|`$<>(){}\n\r\\\"'"

bool
rule_fits(const char *pattern, const char *text, bool careful)
{
	const char *star = NULL, *back = NULL;

	if (strcmp(pattern, "*") == 0)
		return true;
	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			back = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL && (!careful || strchr(SHELL_META, *back) == NULL)) {
			pattern = star + 1;
			text = ++back;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

void
rules_free(struct rules *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		free(r->v[i].topic);
		free(r->v[i].targets);
		free(r->v[i].tag);
		free(r->v[i].pattern);
	}
	free(r->v);
	r->v = NULL;
	r->n = 0;
}

/* The next word of LINE, the caller's; "" at its end. */
static char *
word(char **line)
{
	char *at = *line + strspn(*line, " \t");
	size_t n = strcspn(at, " \t");

	*line = at + n;
	return xstrndup(at, n);
}

static int
rule_bad(const struct rule *r, struct err *err)
{
	if (r->topic[0] == '\0' || r->targets[0] == '\0' || r->tag[0] == '\0' || r->pattern[0] == '\0')
		return err_set(err, E_BAD, "line %d: write allow or deny, then topic, targets, tag and the pattern of the "
		    "command; * is any", r->line);
	if (strcmp(r->targets, "*") != 0 && strcmp(r->targets, "local") != 0 && ranges_check(r->targets, err) < 0)
		return err_in(err, "line %d", r->line);
	return 0;
}

static int
rule_parse(struct rule *r, char *line, struct err *err)
{
	char *action = word(&line);
	size_t n;

	r->topic = word(&line);
	r->targets = word(&line);
	r->tag = word(&line);
	line += strspn(line, " \t");
	n = strlen(line);
	while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL)
		n--;
	r->pattern = xstrndup(line, n);
	r->allow = strcmp(action, "allow") == 0;
	if (!r->allow && strcmp(action, "deny") != 0) {
		err_set(err, E_BAD, "line %d begins with \"%.40s\": it must be allow or deny", r->line, action);
		free(action);
		return -E_BAD;
	}
	free(action);
	return rule_bad(r, err);
}

static int
rules_add(struct rules *out, const char *text, size_t len, int number, struct err *err)
{
	char *line;
	int r;

	if (len > LINE_MAX_BYTES || out->n >= RULES_MAX || memchr(text, '\0', len) != NULL)
		return err_set(err, E_BAD, "line %d: more than %d rules, more than %d bytes in a line, or a NUL", number,
		    RULES_MAX, LINE_MAX_BYTES);
	line = xstrndup(text, len);
	if (line[strspn(line, " \t\r")] == '\0' || line[strspn(line, " \t")] == '#') {
		free(line);
		return 0;
	}
	out->v = xrealloc(out->v, (out->n + 1) * sizeof(*out->v));
	memset(&out->v[out->n], 0, sizeof(*out->v));
	out->v[out->n].line = number;
	r = rule_parse(&out->v[out->n++], line, err);
	free(line);
	return r;
}

int
rules_parse(struct rules *out, const char *text, size_t len, struct err *err)
{
	struct rules rules = { NULL, 0 };
	const char *end = text + len, *nl;
	int r = 0, number;

	for (number = 1; r == 0 && text < end; number++) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (nl == NULL)
			nl = end;
		r = rules_add(&rules, text, (size_t)(nl - text), number, err);
		text = nl + 1;
	}
	if (r < 0) {
		rules_free(&rules);
		return r;
	}
	*out = rules;
	return 0;
}
