/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpuset - a set of CPU numbers, as the kernel writes it.
 */
#include "facts/cpuset.h"

#include <stdio.h>
#include <string.h>

void
cpuset_add(struct cpuset *s, unsigned int cpu)
{
	if (cpu < CPUSET_MAX)
		s->bits[cpu / 64] |= (uint64_t)1 << (cpu % 64);
}

bool
cpuset_has(const struct cpuset *s, unsigned int cpu)
{
	return cpu < CPUSET_MAX && (s->bits[cpu / 64] >> (cpu % 64) & 1) != 0;
}

void
cpuset_join(struct cpuset *s, const struct cpuset *more)
{
	size_t i;

	for (i = 0; i < CPUSET_MAX / 64; i++)
		s->bits[i] |= more->bits[i];
}

unsigned int
cpuset_count(const struct cpuset *s)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < CPUSET_MAX / 64; i++)
		n += (unsigned int)__builtin_popcountll(s->bits[i]);
	return n;
}

unsigned int
cpuset_next(const struct cpuset *s, unsigned int from)
{
	size_t i = from / 64;
	uint64_t word;

	if (from >= CPUSET_MAX)
		return CPUSET_MAX;
	word = s->bits[i] & ~(uint64_t)0 << (from % 64);
	while (word == 0) {
		if (++i == CPUSET_MAX / 64)
			return CPUSET_MAX;
		word = s->bits[i];
	}
	return (unsigned int)(i * 64) + (unsigned int)__builtin_ctzll(word);
}

/* "4" or "0-3" */
static bool
add_range(struct cpuset *s, struct str text)
{
	struct str from, to;
	uint64_t a, b;

	if (!str_pair(text, '-', &from, &to))
		from = to = text;
	if (!str_u64(from, 10, &a) || !str_u64(to, 10, &b) || b < a)
		return false;
	for (; a <= b && a < CPUSET_MAX; a++)
		cpuset_add(s, (unsigned int)a);
	return true;
}

bool
cpuset_of_list(struct cpuset *out, struct str text)
{
	struct str part;

	memset(out, 0, sizeof(*out));
	text = str_trim(text);
	while (str_part(&text, ',', &part))
		if (!add_range(out, part)) {
			memset(out, 0, sizeof(*out));
			return false;
		}
	return true;
}

/* Hexadecimal words of 32 bits, the highest first. Read from the back. */
bool
cpuset_of_mask(struct cpuset *out, struct str text)
{
	unsigned int bit = 0, digits = 0;
	uint64_t v;
	size_t i;

	memset(out, 0, sizeof(*out));
	text = str_trim(text);
	for (i = text.n; i > 0; i--) {
		if (text.p[i - 1] == ',') {
			bit += (8 - digits) * 4;
			digits = 0;
			continue;
		}
		if (digits == 8 ||
		    !str_u64((struct str){ text.p + i - 1, 1 }, 16, &v)) {
			memset(out, 0, sizeof(*out));
			return false;
		}
		if (bit < CPUSET_MAX)
			out->bits[bit / 64] |= v << (bit % 64);
		bit += 4;
		digits++;
	}
	return text.n > 0;
}

void
cpuset_text(const struct cpuset *s, char *to, size_t size)
{
	unsigned int a, b;
	size_t at = 0;
	int n;

	to[0] = '\0';
	for (a = cpuset_next(s, 0); a < CPUSET_MAX; a = cpuset_next(s, b + 1)) {
		for (b = a; cpuset_has(s, b + 1); b++)
			;
		n = snprintf(to + at, size - at, a == b ? "%s%u" : "%s%u-%u",
		    at > 0 ? "," : "", a, b);
		if (n < 0 || (size_t)n >= size - at) {
			to[at] = '\0';
			return;
		}
		at += (size_t)n;
	}
}
