/* SPDX-License-Identifier: Apache-2.0 */
/* pip - what pip show tells of packages; see formats.h. */
#include <json-c/json.h>

#include "formats/put.h"

/* "Home-page: https://...": indented lines below, and those without a name, belong to the value; "---" stands between packages. */
bool
read_pip_show(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL, *old;
	struct str line, name, value;
	char key[PUT_KEY_MAX] = "";
	bool any = false, first;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_eq(str_trim(line), "---")) {
			o = NULL;
		} else if (indent_of(line) == 0 && str_pair(line, ':', &name, &value) && str_find(name, ' ') < 0 && (o != NULL || (o = out_item(top)) != NULL)) {
			key_of(name, key, sizeof(key));
			put_text_or_null(o, key, value);
			any = true;
		} else if (o != NULL && key[0] != '\0') {
			first = !json_object_object_get_ex(o, key, &old) || old == NULL;
			if (first)
				put_text(o, key, STR("\n"));
			put_more(o, key, str_trim(line), first ? "" : "\n");
		}
	}
	return any;
}
