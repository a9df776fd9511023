/* SPDX-License-Identifier: Apache-2.0 */
/* by_hand - see by_hand.h. */
#include "by_hand.h"

#include <string.h>

#include "json.h"
#include "xml.h"

#define NAME_MAX_LEN 100
#define VALUE_MAX 1000

const char *const by_hand_kinds[BY_HAND_KINDS] = { "stdout", "stderr", "output", "json", "xml", "recording" };

bool
by_hand_note(struct json_object *notes, const char *name, const char *value)
{
	if (strlen(name) > NAME_MAX_LEN || json_object_object_length(notes) >= BY_HAND_NOTES_MAX)
		return false;
	json_put_take(notes, name, json_object_new_string_len(value, (int)xml_cut(value, strlen(value), VALUE_MAX)));
	return true;
}

bool
by_hand_fits(const char *type, const char *list)
{
	size_t n = strlen(type);

	for (; list != NULL; list = strchr(list, ','), list = list == NULL ? NULL : list + 1)
		if (n > 0 && strncmp(list, type, n) == 0 && (list[n] == ',' || list[n] == '\0'))
			return true;
	return false;
}
