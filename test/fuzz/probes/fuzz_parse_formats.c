/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captured outputs: a first line "linux df" chooses the formats of that command,
 * else the first two bytes choose one; the rest is the text.
 */
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_as(const struct format *f, struct str text)
{
	struct json_object *top = f->list ? json_object_new_array() : json_object_new_object();

	(void)f->read(f, text, top);
	(void)json_object_to_json_string(top);
	json_object_put(top);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size }, line, system, command;
	const struct format *f = NULL;
	char s[40], c[80];

	char *copy;

	if (size < 2)
		return 0;
	copy = malloc(size);
	if (copy != NULL) {
		memcpy(copy, data, size);
		if (format_clean(copy, size) > size)
			abort();
		free(copy);
	}
	if (str_line(&text, &line) && str_word(&line, &system) && str_word(&line, &command)) {
		str_copy(s, sizeof(s), system);
		str_copy(c, sizeof(c), command);
		for (f = format_find(NULL, s, c); f != NULL; f = format_find(f, s, c))
			read_as(f, text);
		if (format_find(NULL, s, c) != NULL)
			return 0;
	}
	f = format_at((unsigned)data[0] << 8 | data[1]);
	if (f != NULL)
		read_as(f, (struct str){ (const char *)data + 2, size - 2 });
	return 0;
}
