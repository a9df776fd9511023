/* SPDX-License-Identifier: Apache-2.0 */
/* config - check and show: what midd would read, asked of the midd program itself, running or not. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "cmd.h"
#include "err.h"
#include "json.h"
#include "midctl.h"
#include "os.h"
#include "paths.h"
#include "screen.h"
#include "show.h"

#define OUTPUT_MAX (1u << 20)

/* Asks midd itself; OUT NULL: it prints where we do. Its exit status. */
static int
ask_midd(const struct asked *a, const char *what, bool json, struct buf *out)
{
	const char *argv[] = { path_default(PATH_MIDD), "--config", a->config, what, json ? "--json" : NULL, NULL };
	struct err err = { 0, "" };
	int status = -1;

	fflush(stdout);
	if (os_run(argv, out, &status, &err) < 0)
		complain("%s", err.text);
	return status < 0 ? EXIT_PROBLEM : status;
}

int
cmd_config_check(const struct asked *a)
{
	return ask_midd(a, "--check-config", a->json, NULL);
}

static void
put_option(struct screen *sc, struct json_object *o, bool origin)
{
	const char *value = json_str(o, "value", "");
	bool given = strcmp(json_str(o, "origin", "default"), "default") != 0;

	put_cell(sc, PAINT_NONE, json_str(o, "option", ""), 29);
	put(sc, PAINT_NONE, " ");
	put(sc, given ? PAINT_BOLD : PAINT_DIM, "%s", value[0] ? value : "\"\"");
	if (origin) {
		if (sc->column < 50)
			put_to_column(sc, 50);
		put(sc, PAINT_DIM, "  %s", json_str(o, "origin", ""));
	}
	put_line(sc);
}

int
config_options_of(const struct asked *a, struct json_object **list, char *why, size_t size)
{
	struct err err = { 0, "" };
	struct buf b;
	int status;

	*list = NULL;
	buf_init(&b, OUTPUT_MAX);
	status = ask_midd(a, "--show-config", true, &b);
	if (json_parse(list, buf_str(&b), b.len, "what midd prints", &err) < 0 ||
	    !json_object_is_type(*list, json_type_array)) {
		snprintf(why, size, "%s", json_str(*list, "message", err.text));
		json_object_put(*list);
		*list = NULL;
		status = status == EXIT_OK ? EXIT_PROBLEM : status;
	}
	buf_fini(&b);
	return status;
}

bool
config_is_right(const struct asked *a, char *why, size_t size)
{
	struct json_object *o = NULL;
	struct err err = { 0, "" };
	struct buf b;
	int status;

	buf_init(&b, OUTPUT_MAX);
	status = ask_midd(a, "--check-config", true, &b);
	if (json_parse(&o, buf_str(&b), b.len, "what midd prints", &err) < 0 || status != EXIT_OK)
		snprintf(why, size, "%s", json_str(o, "message", err.text));
	json_object_put(o);
	buf_fini(&b);
	return status == EXIT_OK;
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *list)
{
	size_t i;

	sc->width = 160;		/* file names are worth a broken line */
	for (i = 0; i < json_object_array_length(list); i++)
		put_option(sc, json_object_array_get_idx(list, i), a->origin);
}

int
cmd_config_show(const struct asked *a)
{
	struct json_object *list;
	char why[ERR_TEXT_MAX];
	int status = config_options_of(a, &list, why, sizeof(why));

	if (list == NULL)
		complain("%s", why);
	else
		show(a, list, draw);
	json_object_put(list);
	return status;
}
