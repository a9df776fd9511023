/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smbios - the tables in which the firmware describes the machine.
 */
#include "facts/smbios.h"

#include <string.h>

#define HEADER 4

bool
smbios_next(struct str *rest, struct smbios *s)
{
	size_t len, end;

	if (rest->n < HEADER)
		return false;
	len = (unsigned char)rest->p[1];
	if (len < HEADER || len > rest->n)
		return false;
	s->type = (unsigned char)rest->p[0];
	s->area = str_left(*rest, len);
	/* The strings end with an empty one, also when there is none. */
	for (end = len; end + 1 < rest->n; end++)
		if (rest->p[end] == '\0' && rest->p[end + 1] == '\0')
			break;
	s->strings = (struct str){ rest->p + len,
	    (end < rest->n ? end : rest->n) - len };
	*rest = str_skip(*rest, end + 2);
	return s->type != SMBIOS_END;
}

static bool
field(const struct smbios *s, size_t at, size_t size, uint64_t *v)
{
	size_t i;

	if (at + size > s->area.n)
		return false;
	*v = 0;
	for (i = size; i > 0; i--)
		*v = *v << 8 | (unsigned char)s->area.p[at + i - 1];
	return true;
}

bool
smbios_byte(const struct smbios *s, size_t at, uint64_t *v)
{
	return field(s, at, 1, v);
}

bool
smbios_word(const struct smbios *s, size_t at, uint64_t *v)
{
	return field(s, at, 2, v);
}

bool
smbios_dword(const struct smbios *s, size_t at, uint64_t *v)
{
	return field(s, at, 4, v);
}

struct str
smbios_string(const struct smbios *s, size_t at)
{
	struct str rest = s->strings, text = { "", 0 };
	uint64_t number;

	if (!smbios_byte(s, at, &number) || number == 0)
		return text;
	while (str_part(&rest, '\0', &text))
		if (--number == 0)
			return str_trim(text);
	return (struct str){ "", 0 };
}
