/* SPDX-License-Identifier: Apache-2.0 */
/* show - see show.h. */
#include "show.h"

#include "json.h"
#include "midctl.h"
#include "screen.h"

void
show(const struct asked *a, struct json_object *o, show_fn *draw)
{
	struct screen sc;

	if (a->json) {
		print_json(o);
		return;
	}
	screen_of_terminal(&sc);
	draw(&sc, a, o);
	screen_show(&sc);
	screen_fini(&sc);
}

int
show_answer(const struct asked *a, const char *verb, struct json_object *args, show_fn *draw)
{
	struct json_object *o;
	int status = ask(a, verb, args, NULL, NULL, &o);

	json_object_put(args);
	if (status == EXIT_OK)
		show(a, o, draw);
	json_object_put(o);
	return status;
}

long
rows_limit(const struct asked *a)
{
	return a->limit > 0 ? a->limit : 20;
}

int
show_rows(const struct asked *a, const char *verb, struct json_object *args, show_rows_fn *draw)
{
	struct json_object *rows, *answer = NULL;
	struct screen sc;
	int status = ask_rows(a, verb, args, &rows, &answer);

	json_object_put(args);
	if (status == EXIT_OK && a->json) {
		print_json(rows);
	} else if (status == EXIT_OK) {
		screen_of_terminal(&sc);
		draw(&sc, a, rows, answer);
		screen_show(&sc);
		screen_fini(&sc);
	}
	json_object_put(rows);
	json_object_put(answer);
	return status;
}
