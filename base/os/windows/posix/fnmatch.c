/* SPDX-License-Identifier: Apache-2.0 */
/* fnmatch(3) with * and ?, which is all that host names need. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>

static bool
same(char a, char b, int flags)
{
	if (flags & FNM_CASEFOLD)
		return tolower((unsigned char)a) == tolower((unsigned char)b);
	return a == b;
}

int
fnmatch(const char *pattern, const char *s, int flags)
{
	const char *star = NULL, *from = s;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			from = s;
		} else if (*pattern == '?' || same(*pattern, *s, flags)) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star + 1;
			s = ++from;
		} else {
			return FNM_NOMATCH;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0' ? 0 : FNM_NOMATCH;
}
