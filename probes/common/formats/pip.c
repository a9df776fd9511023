/* SPDX-License-Identifier: Apache-2.0 */
/* pip - what pip list and pip show tell of packages; see formats.h. */
#include <json-c/json.h>
#include <string.h>

#include "formats/put.h"

static bool
has_digit(struct str s)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] < '0' || s.p[i] > '9'))
		i++;
	return i < s.n;
}

/* "PACKAGE  VERSION  LOCATION" below a heading, or "PACKAGE (VERSION)" as pip before 10 has it, and notes of pip itself. */
bool
read_pip_list(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, version;
	struct json_object *o;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &name) || !str_word(&line, &version) || !has_digit(version))
			continue;
		if (version.p[0] == '(' && version.n > 2) {
			version = str_skip(version, 1);
			version = str_left(version, version.n - (strchr("),", version.p[version.n - 1]) != NULL));
			line.n -= line.n > 0 && line.p[line.n - 1] == ')';
		}
		if ((o = out_item(top)) == NULL)
			continue;
		put_text(o, "package", name);
		put_text(o, "version", version);
		if (str_trim(line).n > 0)
			put_text(o, "location", str_trim(line));
	}
	return json_object_array_length(top) > 0;
}

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
