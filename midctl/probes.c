/* SPDX-License-Identifier: Apache-2.0 */
/* probes - what the workers can do: topics, and the parameters of each probe. */
#include <stdio.h>

#include "cmd.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

static void
put_param(struct screen *sc, struct json_object *p)
{
	const char *dflt = json_str(p, "default", "");

	put(sc, PAINT_NONE, "      ");
	put_cell(sc, PAINT_NONE, json_str(p, "name", "?"), 15);
	put(sc, PAINT_NONE, " ");
	put_wrapped(sc, PAINT_NONE, json_str(p, "help", ""), 22, 3);
	if (json_flag(p, "required", false))
		put(sc, PAINT_WARN, " (required)");
	else if (dflt[0] != '\0')
		put(sc, PAINT_DIM, " (%s)", dflt);
	put_line(sc);
}

static void
put_params(struct screen *sc, struct json_object *of)
{
	struct json_object *params = json_arr(of, "params");
	size_t i, n = params ? json_object_array_length(params) : 0;

	for (i = 0; i < n; i++)
		put_param(sc, json_object_array_get_idx(params, i));
}

/* What a topic says for itself goes before what its probe says: a program behind exec has its own. */
static void
put_topic(struct screen *sc, struct json_object *topic, struct json_object *probe)
{
	const char *own = json_str(topic, "help", "");
	struct json_object *from = json_arr(topic, "params") != NULL ? topic : probe;

	put(sc, PAINT_BOLD, "%s", json_str(topic, "name", "?"));
	put(sc, PAINT_DIM, "  %s %s%s", json_str(probe, "name", "?"), json_str(probe, "version", "?"),
	    json_flag(topic, "repeatable", false) ? ", repeatable" : "");
	put_line(sc);
	put(sc, PAINT_NONE, "  ");
	put_wrapped(sc, PAINT_NONE, own[0] != '\0' ? own : json_str(probe, "help", ""), 2, 3);
	put_line(sc);
	put_params(sc, from);
}

static void
put_probe(struct screen *sc, struct json_object *probe)
{
	struct json_object *topics = json_arr(probe, "topics");
	size_t i, n = topics ? json_object_array_length(topics) : 0;

	for (i = 0; i < n; i++)
		put_topic(sc, json_object_array_get_idx(topics, i), probe);
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *list)
{
	size_t i;

	(void)a;
	for (i = 0; list != NULL && i < json_object_array_length(list); i++)
		put_probe(sc, json_object_array_get_idx(list, i));
}

int
cmd_probes(const struct asked *a)
{
	struct json_object *o;
	int status = ask(a, "probes", NULL, NULL, NULL, &o);

	if (status == EXIT_OK)
		show(a, json_arr(o, "probes"), draw);
	json_object_put(o);
	return status;
}
