/* SPDX-License-Identifier: Apache-2.0 */
/* pattern - see pattern.h. The grammar: POSIX.1-2017, XBD 9.4. */
#include "pattern.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 100u

/* A group that is open: the states of what stands in it, and of its last part, which a repeat is of. */
struct group { unsigned all, last; };

static unsigned
bounded(unsigned long long n)
{
	return n > PATTERN_STATES_MAX ? PATTERN_STATES_MAX + 1 : (unsigned)n;
}

static void
add(struct group *g, unsigned states)
{
	g->all = bounded((unsigned long long)g->all + states);
	g->last = states;
}

/* The last part stands there TIMES times. */
static void
repeat(struct group *g, unsigned long times)
{
	unsigned more = times > 1 ? bounded((unsigned long long)g->last * bounded(times - 1)) : 0;

	g->all = bounded((unsigned long long)g->all + more);
	g->last = bounded((unsigned long long)g->last + more);
}

/* Behind a bracket expression that begins at S. A "]" that comes first is of it (9.3.5). */
static const char *
behind_bracket(const char *s)
{
	s += s[1] == '^' ? 2 : 1;
	if (*s == ']')
		s++;
	while (*s != '\0' && *s != ']') {
		if (s[0] == '[' && (s[1] == ':' || s[1] == '.' || s[1] == '=') && strstr(s + 2, "]") != NULL)
			s = strstr(s + 2, "]");
		s++;
	}
	return *s == ']' ? s + 1 : s;
}

/* Behind the interval that begins at S; its greater number goes to TIMES. */
static const char *
behind_interval(const char *s, unsigned long *times)
{
	char *end;
	unsigned long most;

	*times = strtoul(s + 1, &end, 10);
	if (*end == ',') {
		most = strtoul(end + 1, &end, 10);
		*times = most > *times ? most : *times + 1;
	}
	return *end == '}' ? end + 1 : s + 1;
}

unsigned
pattern_states(const char *text)
{
	struct group open[DEPTH_MAX] = { { 0, 0 } };
	unsigned long times;
	unsigned n = 0, group;
	const char *s = text;

	while (*s != '\0')
		switch (*s) {
		case '(':
			if (++n == DEPTH_MAX)
				return PATTERN_STATES_MAX + 1;
			open[n] = (struct group){ 1, 1 };
			s++;
			break;
		case ')':
			group = open[n].all;
			if (n > 0)
				n--;
			add(&open[n], group);
			s++;
			break;
		case '{':
			s = behind_interval(s, &times);
			repeat(&open[n], times);
			break;
		case '+':
			repeat(&open[n], 2);
			s++;
			break;
		case '*':
		case '?':	/* once, and a way around */
			s++;
			break;
		case '[':
			s = behind_bracket(s);
			add(&open[n], 1);
			break;
		default:
			s += s[0] == '\\' && s[1] != '\0' ? 2 : 1;
			add(&open[n], 1);
		}
	while (n-- > 0)
		open[n].all = bounded((unsigned long long)open[n].all + open[n + 1].all);
	return open[0].all;
}

int
pattern_compile(regex_t *re, const char *text, int flags)
{
	return pattern_states(text) > PATTERN_STATES_MAX ? REG_ESPACE : regcomp(re, text, REG_EXTENDED | flags);
}
