/* SPDX-License-Identifier: Apache-2.0 */
/* show - a configuration seen from outside: every row with value and origin, and what differs from another. */
#include "config.h"

#include <stdlib.h>

#include "buf.h"
#include "check.h"
#include "json.h"
#include "options.h"
#include "xalloc.h"

#define SHOWN_MAX 8192

static struct json_object *
show_row(const struct config *c, const struct option *o)
{
	const struct config_origin *org = &c->origins[o - config_options];
	struct json_object *row = json_object_new_object();
	struct buf value;
	char *where = org->file ? xasprintf("%s:%d", org->file, org->line) : xstrdup("default");

	buf_init(&value, SHOWN_MAX);
	option_print(c, o, &value);
	json_put_str(row, "option", o->key);
	json_put_str(row, "value", buf_str(&value));
	json_put_str(row, "default", option_default(o));
	json_put_str(row, "origin", where);
	json_put_bool(row, "restart", o->restart);
	json_put_str(row, "help", o->help);
	buf_fini(&value);
	free(where);
	return row;
}

struct json_object *
config_show(const struct config *c)
{
	struct json_object *list = json_object_new_array();
	const struct option *o;

	for (o = config_options; o->key != NULL; o++)
		json_add_take(list, show_row(c, o));
	return list;
}

char *
config_needs_restart(const struct config *was, const struct config *now)
{
	const struct option *o;
	struct buf b;
	char *s;

	buf_init(&b, SHOWN_MAX);
	for (o = config_options; o->key != NULL; o++)
		if (o->restart && !option_same(was, now, o))
			(void)buf_printf(&b, "%s%s", b.len ? ", " : "", o->key);
	if (b.len > 0)
		(void)buf_puts(&b, ": takes effect at the next start");
	s = buf_take(&b, NULL);
	return s;
}
