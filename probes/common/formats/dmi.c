/* SPDX-License-Identifier: Apache-2.0 */
/* dmi - all that dmidecode prints, structure by structure; see formats.h. dmi_parts.c has the parts that matter, by name. */
#include <ctype.h>
#include <json-c/json.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

/* "Wake-up Type" is wake-up_type here. */
static void
dmi_key(struct str s, char *to, size_t size)
{
	char *p;

	str_copy(to, size, s);
	for (p = to; *p != '\0'; p++)
		*p = *p == ' ' ? '_' : (char)tolower((unsigned char)*p);
}

/* "Handle 0x0000, DMI type 0, 24 bytes"; old ones have the type in the next line. */
static void
dmi_handle(struct json_object *o, struct str line)
{
	struct str part;
	int64_t n;

	if (skip_prefix(&line, "Handle "))
		put_text(o, "handle", str_trim(before(line, ",")));
	part = after(line, "DMI type ");
	if (part.n > 0 && str_i64(before(part, ","), &n)) {
		put_int(o, "type", n);
		if (digits_of(after(part, ","), &n))
			put_int(o, "bytes", n);
	}
}

bool
read_dmidecode(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL, *values = NULL;
	struct str line, key, value;
	char name[PUT_KEY_MAX] = "";
	size_t in, depth = 0;

	(void)f;
	while (str_line(&text, &line)) {
		in = indent_of(line);
		if (str_starts(line, "Handle ")) {
			o = out_item(top);
			dmi_handle(o, line);
			values = NULL;
			continue;
		}
		line = str_trim(line);
		if (o == NULL || line.n == 0)
			continue;
		if (values == NULL) {
			if (str_starts(line, "DMI type")) {
				dmi_handle(o, line);
				continue;
			}
			put_text(o, "description", line);
			put_null(o, "values");	/* some have none */
			values = o;
			depth = in;
			name[0] = '\0';
		} else if (in <= depth + 1 && str_pair(line, ':', &key, &value)) {
			dmi_key(key, name, sizeof(name));
			values = put_object(o, "values");
			if (value.n > 0)
				put_text(values, name, value);
			else
				put_list(values, name);
		} else if (name[0] != '\0') {
			out_item_text(put_list(values, name), line);
		}
	}
	return o != NULL;
}
