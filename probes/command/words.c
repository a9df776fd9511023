/* SPDX-License-Identifier: Apache-2.0 */
/* words - see words.h. */
#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"

#define SHELL_ONLY ";&|<>(){}$`*?[]~#!\n\r"

struct split {
	const char *at;
	char *to;			/* where the next character of a word goes */
	char quote;			/* inside of which, 0 none */
	bool in_word;
};

/* One character of the line. false: a shell would be needed. */
static bool
take(struct split *s)
{
	char c = *s->at++;

	if (s->quote != 0 && c == s->quote) {
		s->quote = 0;
	} else if (s->quote == 0 && (c == '\'' || c == '"')) {
		s->quote = c;
	} else if (c == '\\' && s->quote != '\'' && *s->at != '\0') {
		*s->to++ = *s->at++;
	} else if (s->quote != '\'' && strchr(s->quote == 0 ? SHELL_ONLY : "$`", c) != NULL) {
		return false;
	} else {
		*s->to++ = c;
	}
	s->in_word = true;
	return true;
}

static void
end_word(struct split *s)
{
	if (s->in_word)
		*s->to++ = '\0';
	s->in_word = false;
}

/* The block: pointers, then the characters, never more than the line has. */
char **
words_split(const char *line, const char **why)
{
	size_t n = strlen(line), count = 0;
	char **out = calloc(1, (WORDS_COUNT_MAX + 1) * sizeof(*out) + n + 2);
	struct split s = { .at = line, .to = out == NULL ? NULL : (char *)(out + WORDS_COUNT_MAX + 1) };

	*why = out == NULL ? "out of memory" : NULL;
	while (*why == NULL && *s.at != '\0') {
		if (s.quote == 0 && (*s.at == ' ' || *s.at == '\t')) {
			end_word(&s);
			s.at++;
			continue;
		}
		if (!s.in_word && count == WORDS_COUNT_MAX)
			*why = "it has more than 200 words";
		else if (!s.in_word)
			out[count++] = s.to;
		if (*why == NULL && !take(&s))
			*why = "it needs a shell, and there is none here: quote the character, or put the command in a script";
	}
	if (*why == NULL && s.quote != 0)
		*why = "a quote is not closed";
	if (*why == NULL && count == 0)
		*why = "there is no command: it stands in the column name, or in the parameter name";
	if (*why == NULL && !child_is_absolute(out[0]))
		*why = "its program must be an absolute path";
	if (*why == NULL)
		return out;
	free(out);
	return NULL;
}
