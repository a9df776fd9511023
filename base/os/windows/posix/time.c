/* SPDX-License-Identifier: Apache-2.0 */
/* time - strptime(3) as far as we use it, timegm(3). */
#include <ctype.h>
#include <stdlib.h>

time_t
timegm(struct tm *tm)
{
	return _mkgmtime(tm);
}

static const char *const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* A number of at most N digits. */
static const char *
number(const char *s, int n, int *out)
{
	if (!isdigit((unsigned char)*s))
		return NULL;
	for (*out = 0; n-- > 0 && isdigit((unsigned char)*s); s++)
		*out = *out * 10 + (*s - '0');
	return s;
}

static const char *
month(const char *s, int *out)
{
	for (*out = 0; *out < 12; ++*out)
		if (_strnicmp(s, months + *out * 3, 3) == 0)
			return s + 3;
	return NULL;
}

static const char *
field(const char *s, char what, struct tm *out)
{
	switch (what) {
	case 'Y':
		s = number(s, 4, &out->tm_year);
		out->tm_year -= 1900;
		return s;
	case 'm':
		s = number(s, 2, &out->tm_mon);
		out->tm_mon--;
		return s;
	case 'd': case 'e': return number(s + (*s == ' '), 2, &out->tm_mday);
	case 'H': return number(s, 2, &out->tm_hour);
	case 'M': return number(s, 2, &out->tm_min);
	case 'S': return number(s, 2, &out->tm_sec);
	case 'b': return month(s, &out->tm_mon);
	case 'a': return strlen(s) < 3 ? NULL : s + 3;
	default: return NULL;
	}
}

static const char *
fields(const char *s, const char *form, struct tm *out)
{
	for (; s != NULL && *form != '\0'; form++) {
		if (isspace((unsigned char)*form)) {
			while (isspace((unsigned char)*s))
				s++;
		} else if (*form != '%') {
			s = *s == *form ? s + 1 : NULL;
		} else if (*++form == 'T') {
			s = fields(s, "%H:%M:%S", out);
		} else if (*form == 'F') {
			s = fields(s, "%Y-%m-%d", out);
		} else {
			s = field(s, *form, out);
		}
	}
	return s;
}

char *
strptime(const char *s, const char *form, struct tm *out)
{
	return (char *)(uintptr_t)fields(s, form, out);
}
