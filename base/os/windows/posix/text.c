/* SPDX-License-Identifier: Apache-2.0 */
/* text - functions on strings and bytes that mingw-w64 lacks; see midd_posix.h and their manuals. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

char *
strsep(char **rest, const char *ends)
{
	char *word = *rest, *end;

	if (word == NULL)
		return NULL;
	end = word + strcspn(word, ends);
	*rest = *end == '\0' ? NULL : end + 1;
	*end = '\0';
	return word;
}

char *
strcasestr(const char *in, const char *what)
{
	size_t n = strlen(what);

	for (; strlen(in) >= n; in++)
		if (_strnicmp(in, what, n) == 0)
			return (char *)(uintptr_t)in;
	return NULL;
}

char *
stpcpy(char *to, const char *from)
{
	size_t n = strlen(from);

	memcpy(to, from, n + 1);
	return to + n;
}

char *
strchrnul(const char *s, int c)
{
	const char *at = strchr(s, c);

	return (char *)(uintptr_t)(at != NULL ? at : s + strlen(s));
}

void *
mempcpy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	return (char *)to + n;
}

void *
memmem(const void *in, size_t n, const void *what, size_t m)
{
	const char *at = in, *last = at + n;

	if (m == 0)
		return (void *)(uintptr_t)in;
	for (; (size_t)(last - at) >= m; at++) {
		at = memchr(at, *(const unsigned char *)what, (size_t)(last - at) - m + 1);
		if (at == NULL)
			return NULL;
		if (memcmp(at, what, m) == 0)
			return (void *)(uintptr_t)at;
	}
	return NULL;
}

void *
memrchr(const void *in, int c, size_t n)
{
	const unsigned char *p = in;

	while (n-- > 0)
		if (p[n] == (unsigned char)c)
			return (void *)(uintptr_t)(p + n);
	return NULL;
}

void
explicit_bzero(void *p, size_t n)
{
	volatile unsigned char *at = p;

	while (n-- > 0)
		*at++ = 0;
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, n * size);
}

const char *
strsignal(int signo)
{
	return signo == SIGKILL ? "killed" : "a signal";
}

ssize_t
getline(char **line, size_t *room, FILE *f)
{
	size_t n = 0;
	int c = 0;

	while (c != '\n' && (c = getc(f)) != EOF) {
		if (n + 2 > *room) {
			char *more = realloc(*line, *room + 256);

			if (more == NULL)
				return -1;
			*line = more;
			*room += 256;
		}
		(*line)[n++] = (char)c;
	}
	if (n == 0)
		return -1;
	(*line)[n] = '\0';
	return (ssize_t)n;
}

char *
strndup(const char *s, size_t max)
{
	size_t n = strnlen(s, max);
	char *made = malloc(n + 1);

	if (made != NULL) {
		memcpy(made, s, n);
		made[n] = '\0';
	}
	return made;
}

/* As strcmp(), but digits count as numbers. */
int
strverscmp(const char *a, const char *b)
{
	size_t n, m;

	for (;; a++, b++) {
		n = strspn(a, "0123456789");
		m = strspn(b, "0123456789");
		if (n > 0 && m > 0) {
			if (*a != '0' && *b != '0' && n != m)
				return n < m ? -1 : 1;
			if (strncmp(a, b, n < m ? n : m) != 0 || n != m)
				return strncmp(a, b, n > m ? n : m);
			a += n;
			b += n;
		}
		if (*a != *b || *a == '\0')
			return (unsigned char)*a - (unsigned char)*b;
	}
}

struct order { int (*fn)(const void *, const void *, void *); void *arg; };

static int
in_order(void *o, const void *a, const void *b)
{
	const struct order *by = o;

	return by->fn(a, b, by->arg);
}

void
qsort_r(void *p, size_t n, size_t size, int (*order)(const void *, const void *, void *), void *arg)
{
	struct order o = { order, arg };

	qsort_s(p, n, size, in_order, &o);
}
