/* SPDX-License-Identifier: Apache-2.0 */
/* profile_rule - see profile_rule.h. */
#include "profile_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "text.h"
#include "value.h"

#define GROUPS 9u
#define PATTERN_MAX 1024u
#define OBJECT_LEAST 8u		/* numbers of a sysObjectID that names more than a maker */

/* --- reading ---------------------------------------------------------------------------- */

static const struct { const char *word; uint32_t column; } columns[] = {
	{ "descr", 2 }, { "name", 7 }, { "hardware", 8 }, { "firmware", 9 }, { "software", 10 }, { "serial", 11 },
	{ "maker", 12 }, { "model", 13 },
};

static const struct { const char *word; enum rule_from from; } sources[] = {
	{ "descr", FROM_DESCR }, { "object", FROM_OBJECT }, { "name", FROM_NAME }, { "get", FROM_GET },
	{ "first", FROM_FIRST }, { "count", FROM_COUNT }, { "ports", FROM_PORTS }, { "entity", FROM_ENTITY },
};

int
profile_name(struct profiles *p, const char *text, size_t len, struct ids_at *out)
{
	struct oid o;
	uint32_t *ids;

	if (oid_read(text, len, &o) < 0)
		return -1;
	ids = realloc(p->ids, (p->nids + o.n) * sizeof(*ids));
	if (ids == NULL)
		return -1;
	p->ids = ids;
	memcpy(ids + p->nids, o.id, o.n * sizeof(*ids));
	*out = (struct ids_at){ p->nids, o.n };
	p->nids += o.n;
	return 0;
}

/* \n, \r and \t are what they are in C: regular expressions of POSIX do not know them. */
void
pattern_unescape(char *s)
{
	static const char from[] = "nrt", to[] = "\n\r\t";
	const char *which;
	char *out = s;

	for (; *s != '\0'; s++) {
		which = s[0] == '\\' && s[1] != '\0' ? strchr(from, s[1]) : NULL;
		if (which != NULL) {
			*out++ = to[which - from];
			s++;
		} else {
			if (s[0] == '\\' && s[1] != '\0')
				*out++ = *s++;
			*out++ = *s;
		}
	}
	*out = '\0';
}

/* "/pattern/" to the end, or "/pattern/ -> what is said instead". */
static int
read_pattern(struct rule *rule, const char *s, const char **why)
{
	char text[PATTERN_MAX];
	const char *arrow;
	size_t len;

	s += strspn(s, " ");
	if (*s == '\0')
		return 0;
	arrow = strstr(s, "/ -> ");
	len = arrow == NULL ? strlen(s) : (size_t)(arrow + 1 - s);
	*why = "a pattern stands between two slashes, and behind them nothing or \" -> \" and a text";
	if (s[0] != '/' || len < 2 || s[len - 1] != '/' || len > sizeof(text))
		return -1;
	snprintf(text, sizeof(text), "%.*s", (int)(len - 2), s + 1);
	pattern_unescape(text);
	*why = "the pattern is no extended regular expression, or one too large";
	if (pattern_compile(&rule->pattern, text, 0) != 0)
		return -1;
	rule->has_pattern = true;
	rule->text = arrow == NULL ? NULL : arrow + 5;
	return 0;
}

static int
read_entity(struct rule *rule, const char *s, const char **why)
{
	size_t len, i;

	s += strspn(s, " ");
	len = strcspn(s, " ");
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strlen(columns[i].word) == len && strncmp(columns[i].word, s, len) == 0) {
			rule->column = columns[i].column;
			return read_pattern(rule, s + len, why);
		}
	*why = "entity has model, serial, software, firmware, hardware, name, maker and descr";
	return -1;
}

static int
read_oid(struct profiles *p, struct rule *rule, const char *s, const char **why)
{
	size_t len;

	s += strspn(s, " ");
	*why = "get, first and count are followed by an OID in numbers, or by object.NUMBERS";
	rule->of_object = strncmp(s, "object", 6) == 0;
	if (rule->of_object) {
		s += 6;
		rule->up = (unsigned)strspn(s, "^");
		s += rule->up;
		if (*s++ != '.')
			return -1;
	}
	len = strcspn(s, " ");
	if (profile_name(p, s, len, &rule->oid) < 0 || rule->oid.n < (rule->of_object ? 1 : 3) || (rule->of_object && rule->oid.n > RULE_TAIL_MAX))
		return -1;
	return read_pattern(rule, s + len, why);
}

int
rule_read(struct profiles *p, struct rule *rule, const char *text, const char **why)
{
	size_t len = strcspn(text, " "), i;
	const char *rest = text + len;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strlen(sources[i].word) == len && strncmp(sources[i].word, text, len) == 0 && *rest == ' ')
			break;
	if (i == sizeof(sources) / sizeof(sources[0])) {
		rule->text = text;
		return 0;
	}
	rule->from = sources[i].from;
	if (rule->from == FROM_ENTITY)
		return read_entity(rule, rest, why);
	if (rule->from == FROM_GET || rule->from == FROM_FIRST || rule->from == FROM_COUNT)
		return read_oid(p, rule, rest, why);
	return read_pattern(rule, rest, why);
}

/* --- what it says ------------------------------------------------------------------------- */

/* Without what some agents put around a text: blanks, line ends, quotes. */
void
subject_bare(char *s)
{
	static const char blanks[] = " \t\r\n";
	size_t lead = strspn(s, blanks), n = strlen(s);

	while (n > lead && strchr(blanks, s[n - 1]) != NULL)
		n--;
	if (n >= lead + 3 && s[lead] == '"' && s[n - 1] == '"' && memchr(s + lead + 1, '"', n - lead - 2) == NULL) {
		s[n - 1] = '\0';
		s[lead] = ' ';
		subject_bare(s);
		return;
	}
	memmove(s, s + lead, n - lead);
	s[n - lead] = '\0';
}

/* A fact is one line, without blanks around it. */
static void
trim(char *s)
{
	size_t lead = strspn(s, " \t\r\n"), n = lead + strcspn(s + lead, "\r\n");

	while (n > lead && strchr(" \t", s[n - 1]) != NULL)
		n--;
	memmove(s, s + lead, n - lead);
	s[n - lead] = '\0';
}

/* What stands for nothing is nothing. */
static void
tidy(char *s)
{
	static const char *const nothing[] = { "n/a", "none", "unknown", "-", "--", "na", "null", "(null)", "not set", "not available",
	    "not specified", "unspecified", "undefined", "default string", "to be filled by o.e.m.", "system serial number",
	    "system product name", "not applicable", "no serial number", "noserial", "\"\"", "0", "n.a." };
	size_t i;

	for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		if (strcasecmp(s, nothing[i]) == 0)
			s[0] = '\0';
	if (strncmp(s, "ff:ff", 5) == 0 && s[strspn(s, "f:")] == '\0')	/* a memory that was never written */
		s[0] = '\0';
}

static size_t
put_group(const regmatch_t *m, const char *subject, char *out, size_t at)
{
	if (m->rm_so < 0 || m->rm_eo <= m->rm_so || at >= FACT_MAX - 1)
		return at;
	at += (size_t)snprintf(out + at, FACT_MAX - at, "%.*s", (int)(m->rm_eo - m->rm_so), subject + m->rm_so);
	return at < FACT_MAX ? at : FACT_MAX - 1;
}

/* TEXT with \1 to \9 taken from SUBJECT. */
static void
put_said(const char *text, const regmatch_t *m, const char *subject, char *out)
{
	size_t at = 0;

	for (out[0] = '\0'; *text != '\0' && at < FACT_MAX - 1; text++)
		if (text[0] == '\\' && text[1] >= '1' && text[1] <= '9') {
			at = put_group(&m[*++text - '0'], subject, out, at);
		} else {
			out[at++] = *text;
			out[at] = '\0';
		}
}

/* The groups of the pattern, joined by blanks; all of it when there are none. False: it does not fit. */
static bool
filter(const struct rule *rule, const char *subject, char out[FACT_MAX])
{
	regmatch_t m[GROUPS + 1];
	size_t at = 0, i;

	out[0] = '\0';
	if (!rule->has_pattern) {
		snprintf(out, FACT_MAX, "%s", subject);
	} else if (regexec(&rule->pattern, subject, GROUPS + 1, m, 0) != 0) {
		return false;
	} else if (rule->text != NULL) {
		put_said(rule->text, m, subject, out);
	} else {
		for (i = rule->pattern.re_nsub == 0 ? 0 : 1; i <= GROUPS && i <= rule->pattern.re_nsub; i++) {
			if (at > 0 && at < FACT_MAX - 1 && m[i].rm_eo > m[i].rm_so && m[i].rm_so >= 0) {
				out[at++] = ' ';
				out[at] = '\0';
			}
			at = put_group(&m[i], subject, out, at);
		}
	}
	trim(out);
	if (!rule->has_pattern || rule->text == NULL)
		tidy(out);
	return out[0] != '\0';
}

/* Of bytes that are no text the letters in it: some agents put a length or a code page in front. */
static void
letters(const struct varbind *vb, char *out)
{
	size_t i, n = 0;

	for (i = 0; i < vb->len && n + 1 < SUBJECT_MAX; i++)
		if (vb->bytes[i] >= 0x20 && vb->bytes[i] < 0x7f)
			out[n++] = (char)vb->bytes[i];
	out[n] = '\0';
}

static bool
from_value(const struct rule *rule, const struct varbind *vb, char out[FACT_MAX])
{
	char subject[SUBJECT_MAX], text[SUBJECT_MAX];

	value_text(vb, subject, sizeof(subject));
	subject_bare(subject);
	if (vb->type != VB_OCTETS || text_is(vb->bytes, vb->len))
		return filter(rule, subject, out);
	letters(vb, text);
	subject_bare(text);
	if (rule->has_pattern && filter(rule, subject, out))
		return true;
	return filter(rule, strlen(text) >= 4 && strlen(text) * 2 >= vb->len ? text : subject, out);
}

bool
rule_oid(const struct rule *rule, const struct profiles *p, const struct oid *object, struct oid *out)
{
	out->n = 0;
	if (rule->of_object && (object->n < OBJECT_LEAST + rule->up || oid_append(out, object->id, object->n - rule->up) < 0))
		return false;
	return oid_append(out, p->ids + rule->oid.at, rule->oid.n) == 0;
}

static bool
from_below(const struct rule *rule, const struct subject *of, char out[FACT_MAX])
{
	struct varbind vb;
	struct oid o;
	size_t i;

	if (!rule_oid(rule, of->profiles, &of->id, &o))
		return false;
	for (i = table_lower(of->table, o.id, o.n); table_below(of->table, i, o.id, o.n, &vb); i++)
		if (from_value(rule, &vb, out))
			return true;
	return false;
}

static const uint32_t if_type[] = { 1, 3, 6, 1, 2, 1, 2, 2, 1, 3 };

/* How many stand below the name; of IFTYPE those whose value is that of Ethernet. */
static bool
from_count(const struct rule *rule, const struct table *t, const uint32_t *ids, unsigned n, bool ethernet, char out[FACT_MAX])
{
	char subject[24];
	struct varbind vb;
	unsigned count = 0;
	size_t i;

	for (i = table_lower(t, ids, n); table_below(t, i, ids, n, &vb); i++)
		count += !ethernet || vb.integer == 6 || vb.integer == 117;
	snprintf(subject, sizeof(subject), "%u", count);
	return filter(rule, subject, out);
}

/* --- ENTITY-MIB: which of the parts stands for the whole -------------------------------------- */

static const uint32_t entity[] = { 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1 };

enum { E_IN = 4, E_CLASS = 5 };		/* columns */
enum { CHASSIS = 3, POWER_SUPPLY = 6, FAN, SENSOR, PORT = 10 };	/* of entPhysicalClass */

static bool
cell(const struct table *t, uint32_t col, uint32_t index, struct varbind *vb)
{
	struct oid o = { .n = 0 };
	const uint32_t tail[] = { col, index };

	return oid_append(&o, entity, 11) == 0 && oid_append(&o, tail, 2) == 0 && table_get(t, o.id, o.n, vb);
}

static int64_t
number(const struct table *t, uint32_t col, uint32_t index, int64_t dflt)
{
	struct varbind vb;

	return cell(t, col, index, &vb) && vb.type == VB_INTEGER ? vb.integer : dflt;
}

/* A part stands for nothing but itself, also where the agent knows nothing that contains it. */
static bool
is_part(int64_t class)
{
	return (class >= POWER_SUPPLY && class <= SENSOR) || class == PORT;
}

/*
 * 0: a chassis that is in no other chassis; 1: any chassis; 2: what is contained in
 * nothing, such as the stack, or all there is of an agent that knows no chassis.
 */
static bool
stands_for_all(const struct table *t, uint32_t index, unsigned pass)
{
	int64_t in = number(t, E_IN, index, 0);

	if (pass == 2)
		return in == 0 && !is_part(number(t, E_CLASS, index, 0));
	return number(t, E_CLASS, index, 0) == CHASSIS && (pass == 1 || in == 0 || number(t, E_CLASS, (uint32_t)in, 0) != CHASSIS);
}

static bool
from_entity(const struct rule *rule, const struct subject *of, char out[FACT_MAX])
{
	struct oid classes = { .n = 0 };
	const uint32_t column = rule->column;
	struct varbind vb;
	unsigned pass;
	size_t i;

	(void)oid_append(&classes, entity, 11);
	(void)oid_append(&classes, &column, 1);
	for (pass = 0; pass < 3; pass++)
		for (i = table_lower(of->table, classes.id, classes.n); table_below(of->table, i, classes.id, classes.n, &vb); i++)
			if (stands_for_all(of->table, vb.oid[vb.oid_n - 1], pass) && from_value(rule, &vb, out))
				return true;
	return false;
}

bool
rule_apply(const struct rule *rule, const struct subject *of, char out[FACT_MAX])
{
	struct varbind vb;
	struct oid o;

	switch (rule->from) {
	case FROM_TEXT:
		snprintf(out, FACT_MAX, "%s", rule->text);
		return true;
	case FROM_DESCR:
		return filter(rule, of->descr, out);
	case FROM_OBJECT:
		return filter(rule, of->object, out);
	case FROM_NAME:
		return filter(rule, of->name, out);
	case FROM_GET:
		return rule_oid(rule, of->profiles, &of->id, &o) && table_get(of->table, o.id, o.n, &vb) && from_value(rule, &vb, out);
	case FROM_FIRST:
		return from_below(rule, of, out);
	case FROM_COUNT:
		return rule_oid(rule, of->profiles, &of->id, &o) && from_count(rule, of->table, o.id, o.n, false, out);
	case FROM_PORTS:
		return from_count(rule, of->table, if_type, 10, true, out);
	default:
		return from_entity(rule, of, out);
	}
}
