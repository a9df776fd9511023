/* SPDX-License-Identifier: Apache-2.0 */
/* cli_order - see the header. */
#include "cli_order.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "cli_call.h"
#include "files.h"
#include "util.h"

char *
cli_id_by(struct client *c, const char *table, const char *field, const char *name)
{
	struct json_object *rows = NULL;
	char *path, *id = NULL;
	struct text query = { 0 };

	text_addf(&query, "%s=%s", field, name);
	path = cli_path(c, "/api/now/table/%s?sysparm_query=%s"
	    "&sysparm_fields=sys_id&sysparm_limit=1", table, text_str(&query));
	text_fini(&query);

	if (cli_call(c, "GET", path, NULL, &rows) == 0) {
		if (json_object_array_length(rows) == 1)
			id = xstrdup(json_str(json_object_array_get_idx(rows,
			    0), "sys_id", ""));
		else
			complain("there is no %s called %s", table, name);
	}
	json_object_put(rows);
	free(path);
	return id;
}

char *
cli_id_of(struct client *c, const char *table, const char *name)
{
	return cli_id_by(c, table, "name", name);
}

int
cli_put_id(struct client *c, struct json_object *o, const char *field,
    const char *table, const char *name)
{
	char *id;

	if (name == NULL)
		return 0;
	id = cli_id_of(c, table, name);
	if (id == NULL)
		return -1;
	json_put(o, field, id);
	free(id);
	return 0;
}

char *
cli_join(char **words, int n)
{
	struct text t = { 0 };
	int i;

	for (i = 0; i < n; i++)
		text_addf(&t, "%s%s", i > 0 ? "," : "", words[i]);
	return text_take(&t);
}

void
cli_put(struct json_object *o, const char *key, const char *value)
{
	if (value != NULL)
		json_put(o, key, value);
}

int
cli_insert(struct client *c, const char *table, struct json_object *row,
    struct json_object **made)
{
	char *path = cli_path(c, "/api/now/table/%s", table);
	int r = cli_call(c, "POST", path, row, made);

	free(path);
	return r;
}
